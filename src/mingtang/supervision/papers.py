"""Papers of supervision: a card, a directive, as an office is given them. Official Chinese texts,
whatever the language of the interface."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.subjects import titles_of
from mingtang.files.rules.documents import chinese_date
from mingtang.regions import queries as regions
from mingtang.supervision import queries
from mingtang.supervision.present import unit_names
from mingtang.supervision.rules import Colour, State
from mingtang.supervision.rules.notices import (
    DIRECTIVE_TITLE,
    TITLES,
    card_asks,
    card_text,
    directive_text,
)

Paper = dict[str, Any]
COLOUR_HEADS = tuple(colour.label for colour in Colour)
STATE_HEADS = ("说明", "申诉", "维持", "核销", "取代", "了结")
NARROW = (
    *COLOUR_HEADS,
    *STATE_HEADS,
    "日期",
    "颜色",
    "计分",
)  # columns of numbers and single words


def paper_of(
    title: str, number: str, *, addressee: str = "", issuer: str = "", issued: date, **more: Any
) -> Paper:
    """What `supervision/parts/paper.html` shows."""
    blank: Paper = {"paragraphs": [], "tables": [], "closing": []}
    head = {
        "title": title,
        "number": number,
        "addressee": addressee,
        "issuer": issuer or settings.MINGTANG_CENTRE_NAME,
        "issued": chinese_date(issued),
        "issued_date": issued,
    }
    return {**blank, **head, **more}


def table(heads: tuple[str, ...], rows: list[tuple[Any, ...]], caption: str = "") -> Paper:
    """A table; each cell knows its heading, for phones."""
    cells = [[(head, value) for head, value in zip(heads, row, strict=True)] for row in rows]
    return {
        "caption": caption,
        "heads": heads,
        "rows": cells,
        "narrow": NARROW,
        "is_lean": all(head in NARROW for head in heads[1:]),
    }


def of_card(card: queries.Card) -> Paper:
    """A reminder, or a card of before there were numbered notices, as its office is told."""
    told = queries.card_words(card)
    days = settings.MINGTANG_EXPLAIN_DAYS, settings.MINGTANG_APPEAL_DAYS
    state = State(card.state)
    lifted = [f"本牌现为“{state.label}”，不计分。"] if not card.counts else []
    return paper_of(
        TITLES[told.colour],
        card.number,
        addressee=_name(card.organisation_id, card.raised_date),
        paragraphs=card_text(told),
        closing=[card_asks(told.colour, *days), *lifted],
        issued=card.raised_date,
    )


def of_directive(made: queries.Directive) -> Paper:
    """A directive (督办单) of before they were numbered papers, with its answer if there is one."""
    on = legal_date(made.ordered_at)
    closing = []
    if made.answered_at:
        by = made.answered_by.name if made.answered_by else ""
        closing = [f"反馈（{chinese_date(legal_date(made.answered_at))}，{by}）：{made.answer}"]
    return paper_of(
        DIRECTIVE_TITLE,
        made.number,
        addressee=_name(made.ordered_unit_id, on),
        issuer=_name(made.ordering_unit_id, on),
        paragraphs=directive_text(queries.directive_words(made)),
        closing=closing,
        issued=on,
    )


def _name(unit_id: int | None, on: date) -> str:
    return regions.name_of(unit_id, on) if unit_id else ""


# ── the bulletin ──────────────────────────────────────────────────────────────────────────────

SHOWN_STATES = (
    *(State.EXPLAINED, State.APPEALED, State.UPHELD),
    *(State.CANCELLED, State.SUPERSEDED, State.CLOSED),
)


def of_bulletin(
    found: queries.Bulletin, first: date, on: date, unit_id: int | None = None
) -> Paper:
    """The bulletin of a month (通报), as things stand on a day."""
    names = unit_names(found.units, on)
    rules = queries.rule_names(found.rules)
    whose = f"（{_name(unit_id, on)}）" if unit_id else ""
    units = [(names.get(unit, ""), numbers) for unit, numbers in found.units.items()]
    windows = list(found.windows.items())
    by_rule = [(rules.get(code, code), numbers) for code, numbers in found.rules.items()]
    tables = [
        _table("责任单位", units, "一、各单位"),
        _table("窗口", windows, "二、各窗口（按责任人月末的窗口）"),
        _by_rule(by_rule),
        _listed(found, names),
    ]
    return paper_of(
        f"效能监察通报{whose}",
        f"{first.year}年{first.month}月",
        paragraphs=_summary(found, first, on),
        tables=[one for one in tables if one["rows"]],
        closing=[f"另有 {found.more} 张没有列出。"] if found.more else [],
        issued=on,
    )


def _summary(found: queries.Bulletin, first: date, on: date) -> list[str]:
    whole = found.whole
    if not whole.count:
        return [f"{first.year}年{first.month}月没有发出提醒、黄牌和红牌。"]
    colours = "、".join(f"{Colour(one).label} {n} 张" for one, n in whole.colours.items())
    states = whole.states
    told = [
        f"{first.year}年{first.month}月共发出 {whole.count} 张，其中{colours}",
        f"截至{chinese_date(on)}，已核销 {states[State.CANCELLED]} 张",
        f"被更高的牌取代 {states[State.SUPERSEDED]} 张，申诉待理 {states[State.APPEALED]} 张",
        f"计 {_points(whole.score)} 分",
    ]
    return [f"{'；'.join(told)}。"]


def _points(score: Decimal) -> str:
    """1.5, not 1.50."""
    return f"{score.normalize():f}"


def _table(head: str, lines: list[tuple[str, queries.Numbers]], caption: str) -> Paper:
    rows = [
        (
            label,
            *numbers.colours.values(),
            *(numbers.states[state] for state in SHOWN_STATES),
            _points(numbers.score),
        )
        for label, numbers in sorted(lines, key=_weight)
    ]
    return table((head, *COLOUR_HEADS, *STATE_HEADS, "计分"), rows, caption)


def _by_rule(lines: list[tuple[str, queries.Numbers]]) -> Paper:
    rows = [
        (label, *numbers.colours.values(), _points(numbers.score))
        for label, numbers in sorted(lines, key=_weight)
    ]
    return table(("规则", *COLOUR_HEADS, "计分"), rows, "三、各规则")


def _weight(line: tuple[str, queries.Numbers]) -> tuple[Any, ...]:
    """The most points first."""
    return (-line[1].score, -line[1].count, line[0])


def _listed(found: queries.Bulletin, names: dict[int | None, str]) -> Paper:
    titles = titles_of(card.subject for card in found.cards)
    rows = [
        (
            f"{card.raised_date:%m-%d}",
            Colour(card.colour).label,
            titles[card.subject],
            names.get(card.organisation_id, ""),
            f"{card.rule.name}（{State(card.state).label}）",
        )
        for card in found.cards
    ]
    heads = ("日期", "颜色", "关于", "责任单位", "规则和状态")
    return table(heads, rows, "四、计分的黄牌和红牌")
