"""What pages show of supervision, and where the pages about it stand."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.ids import parse_id
from mingtang.base.subjects import titles_of, url_of
from mingtang.ledger import queries as ledger
from mingtang.ledger.queries import Event
from mingtang.regions import queries as regions
from mingtang.supervision import queries
from mingtang.supervision.rules import CancelReason, Colour, State
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind, clock_label

Row = dict[str, Any]
TONES = {Colour.REMIND: "info", Colour.YELLOW: "warn", Colour.RED: "bad"}
STATE_TONES = {
    State.APPEALED: "warn",
    State.UPHELD: "bad",
    State.CANCELLED: "ok",
    State.CLOSED: "ok",
}


# ── subjects ──────────────────────────────────────────────────────────────────────────────────


def page_of_card(key: str, for_staff: bool) -> str | None:
    """The page of the subject `card:KEY`; the public has none."""
    card_id = parse_id(key)
    return reverse("supervision:card", args=[card_id]) if for_staff and card_id else None


def titles_of_cards(keys: Iterable[str]) -> dict[str, str]:
    """What cards are called, by the key of their subject."""
    ids = {key: card_id for key in keys if (card_id := parse_id(key)) is not None}
    named = queries.numbers_of(ids.values())
    return {key: named[card_id] for key, card_id in ids.items() if card_id in named}


def page_of_watched(key: str, for_staff: bool) -> str | None:
    """The cards about a subject, of which there are some: `watched:case:42`."""
    if not for_staff or not queries.has_cards(key):
        return None
    return cards_url(subject=key)


def cards_url(**asked: Any) -> str:
    """The list of cards, narrowed."""
    wanted = {name: value for name, value in asked.items() if value not in {None, ""}}
    return reverse("supervision:cards") + (f"?{urlencode(wanted)}" if wanted else "")


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


def colour(value: str) -> Row:
    found = Colour(value)
    return {"label": found.label, "tone": TONES[found], "value": value}


def state(value: str) -> Row:
    found = State(value)
    return {"label": found.label, "tone": STATE_TONES.get(found, "info")}


def unit_names(ids: Iterable[int | None], on: date) -> dict[int | None, str]:
    """Short names of offices; what has none is said to have none."""
    named = regions.short_names_of({one for one in ids if one}, on)
    return {None: _("没有责任单位")} | named


def rows(cards: Iterable[queries.Card], on: date) -> list[Row]:
    """Cards as lists show them, with what they are about: a statement for each kind of subject."""
    listed = list(cards)
    names = unit_names((card.organisation_id for card in listed), on)
    titles = titles_of(card.subject for card in listed)
    return [
        {
            "number": card.number,
            "url": reverse("supervision:card", args=[card.id]),
            "colour": colour(card.colour),
            "state": state(card.state),
            "is_proposed": card.proposed_at is not None and card.cancelled_at is None,
            "rule": card.rule.name,
            "what": titles[card.subject],
            "unit": names.get(card.organisation_id, ""),
            "person": card.person.name if card.person else "",
            "raised": card.raised_date,
            "score": card.score if card.counts else None,
        }
        for card in listed
    ]


# ── boards ────────────────────────────────────────────────────────────────────────────────────


def board(found: queries.Board, since: date) -> Row:
    """Numbers, each with the list that it counts."""
    on = found.on
    span = {"since": since, "until": on, "show": "counts"}
    names = unit_names(found.by_unit, on)
    rules = queries.rule_names(found.by_rule)
    units = [
        _line(names.get(unit, ""), numbers, {"unit": unit or "0", **span})
        for unit, numbers in found.by_unit.items()
    ]
    by_rule = [
        _line(rules.get(code, code), numbers, {"rule": code, **span})
        for code, numbers in found.by_rule.items()
    ]
    return {
        "today": _cells(found.today, {"since": on, "until": on}),
        "open": _cells(found.open, {"show": "open", "until": on}),
        "waiting": [
            {
                "label": _("申诉等待处理"),
                "count": found.waiting["appealed"],
                "url": cards_url(state=State.APPEALED.value, until=on),
            },
            {
                "label": _("核销等待批准"),
                "count": found.waiting["proposed"],
                "url": cards_url(show="proposed", until=on),
            },
        ],
        "units": _heaviest_first(units),
        "rules": _heaviest_first(by_rule),
    }


def _cells(numbers: Mapping[str, int], asked: Row) -> list[Row]:
    return [
        {**colour(name), "count": count, "url": cards_url(colour=name, **asked)}
        for name, count in numbers.items()
    ]


def _line(label: str, numbers: Mapping[str, int], asked: Row) -> Row:
    return {"label": label, "cells": _cells(numbers, asked), "sum": sum(numbers.values())}


def _heaviest_first(lines: list[Row]) -> list[Row]:
    def weight(line: Row) -> tuple[Any, ...]:
        return (*(-cell["count"] for cell in reversed(line["cells"])), line["label"])

    return sorted(lines, key=weight)


# ── a card ────────────────────────────────────────────────────────────────────────────────────

EVENT_TITLES = {
    "card.raised": "发出",
    "card.notified": "通知有关人员",
    "card.explained": "单位说明情况",
    "card.appealed": "单位申诉",
    "card.upheld": "维持",
    "card.cancel_proposed": "提出核销",
    "card.cancel_rejected": "不批准核销",
    "card.cancelled": "核销",
    "card.closed": "了结",
    "card.superseded": "被更高的牌取代",
    "card.ordered": "发出督办单",
    "card.order_answered": "反馈督办单",
    "clock.recomputed": "工作日日历修订，重算时限",
}


def card(found: queries.Card, on: date) -> Row:
    """A card as its page shows it."""
    named = unit_names([found.organisation_id], on)
    above = found.superseded_by_card
    return {
        "id": found.id,
        "number": found.number,
        "colour": colour(found.colour),
        "state": state(found.state),
        "rule": found.rule.name,
        "version": found.rule.version,
        "type": found.rule.get_type_display(),
        "score": found.score,
        "counts": found.counts,
        "raised": found.raised_date,
        "raised_at": found.raised_at,
        "what": titles_of([found.subject])[found.subject],
        "what_url": url_of(found.subject, for_staff=True),
        "others_url": cards_url(subject=found.subject),
        "unit": named.get(found.organisation_id, ""),
        "person": found.person.name if found.person else "",
        "clock": clock(found),
        "occasion": occasion(found),
        "above": {"number": above.number, "url": reverse("supervision:card", args=[above.id])}
        if above
        else None,
        "document": found.document.number if found.document else "",
        "said": said(found),
        "proposal": proposal(found),
    }


def clock(found: queries.Card) -> Row | None:
    """The limit by which the card was issued, explained event by event."""
    limit = queries.limit_of(found)
    if limit is None:
        return None
    return {
        "label": limit.label,
        "due": limit.due,
        "over": found.facts.get("over_days") or 0,
        "left": found.facts.get("left_days"),
        "lines": limit.lines,
    }


def occasion(found: queries.Card) -> Row | None:
    """The event that shows what the rule looks for, where no limit is concerned."""
    if found.facts.get("clock"):
        return None
    seq = found.facts.get("event_seq")
    event = ledger.event_of(found.subject, seq) if isinstance(seq, int) else None
    return (
        {"seq": event.seq, "kind": event.kind, "at": event.at, "who": who(event)} if event else None
    )


def who(event: Event) -> str:
    """Who acted, as labelled at that moment."""
    if event.actor_id is None:
        return event.actor_label or _("系统")
    name = event.actor_label
    if event.acting_for_label:
        name = _("%(name)s代%(other)s") % {"name": name, "other": event.acting_for_label}
    return " ".join(filter(None, (event.organisation_label, name)))


def said(found: queries.Card) -> list[Row]:
    """What the office and the inspectors said, in their words."""
    wanted = [
        (_("情况说明"), found.explanation, found.explained_by, found.explained_at),
        (_("申诉的理由"), found.appeal, found.appealed_by, found.appealed_at),
        (_("维持的理由"), found.finding, found.upheld_by, found.upheld_at),
    ]
    return [
        {"label": label, "text": text, "by": by.name if by else "", "at": at}
        for label, text, by, at in wanted
        if text
    ]


def proposal(found: queries.Card) -> Row | None:
    """Why it is to be cancelled, or was, and by which two."""
    if found.proposed_at is None:
        return None
    return {
        "reason": CancelReason(found.cancel_reason).label,
        "note": found.cancel_note,
        "by": found.proposed_by.name if found.proposed_by else "",
        "at": found.proposed_at,
        "approved_by": found.cancelled_by.name if found.cancelled_by else "",
        "approved_at": found.cancelled_at,
    }


def history(found: queries.Card) -> list[Row]:
    """The card's own stream, oldest first."""
    return [
        {
            "seq": event.seq,
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "at": event.at,
            "who": who(event),
            "text": _event_text(event),
        }
        for event in ledger.history(found.stream)
    ]


def _event_text(event: Event) -> str:
    facts = event.facts
    if event.kind == "card.cancel_proposed":
        return CancelReason(facts["reason"]).label
    if event.kind == "card.cancel_rejected":
        return str(facts.get("reason", ""))
    if event.kind == "card.ordered":
        return _("%(number)s，期限 %(due)s") % {"number": facts["directive"], "due": facts["due"]}
    if facts.get("is_late"):
        return _("逾期")
    if event.kind == "card.notified":
        return _("%(count)d 人") % {"count": len(facts.get("people") or ())}
    return str(facts.get("note") or "")


def limits(found: queries.Card, on: date) -> list[Row]:
    """Until when the office may speak, while those limits run."""
    wanted = {ClockKind.EXPLANATION, ClockKind.APPEAL, ClockKind.DIRECTIVE}
    rows = []
    for one in timing.clocks_of(found.stream):
        if one.kind in wanted and one.state.is_open:
            left = timing.days_left_of(one, on)
            rows.append(
                {
                    "label": clock_label(one.kind),
                    "due": one.due_date,
                    "left": left,
                    "is_over": left < 0,
                }
            )
    return rows


def directives(found: queries.Card, on: date) -> list[Row]:
    return [
        {
            "number": one.document.number if one.document else one.number,
            "url": reverse("supervision:directive_paper", args=[one.id]),
            "detail": one.detail,
            "suggestion": one.suggestion,
            "due": one.due_date,
            "by": one.ordered_by.name,
            "at": one.ordered_at,
            "answer": one.answer,
            "answered_by": one.answered_by.name if one.answered_by else "",
            "answered_at": one.answered_at,
            "is_over": one.answered_at is None and on > one.due_date,
        }
        for one in queries.directives_of(found)
    ]
