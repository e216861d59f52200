"""What a board shows: decisions, figures of today, publications, what is put in between.

Names of natural persons are masked here already: nothing behind it knows them.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from mingtang.base.clock import LEGAL_ZONE, day_bounds, legal_date
from mingtang.cases import present as cases_present
from mingtang.cases import queries as cases
from mingtang.counts import queries as counts
from mingtang.disclosure.queries import section as openness
from mingtang.interaction import queries as interaction
from mingtang.interaction.rules import Tally
from mingtang.queues import queries as queues
from mingtang.regions import queries as regions
from mingtang.screens.queries.inserts import running
from mingtang.screens.rules.board import (
    STALE_AFTER,
    Content,
    Figure,
    InsertKind,
    Row,
    Table,
    bounded,
)

DECISIONS, PUBLICATIONS = 40, 16
RECEIVED = ("case.submitted", "case.taken_in")
DECIDED = ("case.granted", "case.refused", "case.deemed_granted")
YEAR = timedelta(days=364)
CALL_SHOWN = timedelta(minutes=30)


def content(at: datetime, hall: int | None = None) -> Content:
    """What the boards of a hall show now; without a hall, of all."""
    inserts = running(at, hall)
    urgent = [one for one in inserts if one.kind == InsertKind.URGENT.value]
    return Content(
        as_of=at,
        figures=tuple(_figures(legal_date(at), hall)),
        tables=(_calls(at, hall), _decisions(at), _publications(at)),
        notices=tuple(_insert(one, at) for one in inserts if one not in urgent),
        urgent=_insert(urgent[0], at) if urgent else None,
    )


def _insert(one: Any, at: datetime) -> Row:
    return Row((one.text,), bounded(one.ends_at, at))


def _figures(on: date, hall: int | None) -> Iterator[Figure]:
    if queues.queues_of(hall):
        yield Figure("大厅等候", str(queues.waiting_count(on, hall)))
    day = counts.totals([*RECEIVED, *DECIDED], since=on, until=on)
    yield Figure("今日收件", str(sum(day[measure] for measure in RECEIVED)))
    yield Figure("今日办结", str(sum(day[measure] for measure in DECIDED)))
    yield Figure("在办", str(cases.open_count()))
    tally = sum((unit.tally for unit in interaction.by_unit(on - YEAR, on)), Tally())
    if tally.good + tally.bad >= settings.MINGTANG_RATING_LEAST:
        yield Figure("满意率", f"{100 * tally.good / (tally.good + tally.bad):.1f}%")


# ── tables ────────────────────────────────────────────────────────────────────────────────────


def _calls(at: datetime, hall: int | None) -> Table:
    """Which number is called to which window; for half an hour, and while it is served."""
    rows = [
        Row(
            (one.label, f"请到 {one.window.number} 号窗口", one.window.name),
            bounded(one.called_at + CALL_SHOWN, at),
        )
        for one in queues.called_now(legal_date(at), hall)
        if one.called_at and one.window
    ]
    return Table("calls", "正在叫号", ("号码", "窗口", "办什么"), tuple(rows))


def _decisions(at: datetime) -> Table:
    """The decisions of the last days. Procedures, items and themes that tell of people's
    circumstances are left out, by what their items say of themselves."""
    first = legal_date(at) - timedelta(days=settings.MINGTANG_BOARD_DAYS - 1)
    found = cases.result_notices(limit=2 * DECISIONS).rows
    shown = [one for one in found if _day(one) >= first and not _is_private(one)]
    names = regions.short_names_of({one.organisation_id for one in shown}, legal_date(at))
    rows = [_decision(one, names.get(one.organisation_id, ""), at) for one in shown[:DECISIONS]]
    return Table(
        key="decisions",
        title="审批事项办结公示",
        headings=("办件编号", "事项", "部门", "申请人", "办结日期", "结果"),
        rows=tuple(rows),
        empty="近日没有可以公示的决定。",
    )


def _day(case: Any) -> date:
    return legal_date(case.decided_at)


def _is_private(case: Any) -> bool:
    """Aid, marriage, households: an item under one of these themes is never on a wall."""
    themes = case.edition.details.get("themes") or ()
    return not settings.MINGTANG_BOARD_NEVER_THEMES.isdisjoint(themes)


def _decision(case: Any, unit: str, at: datetime) -> Row:
    told = cases_present.notice(case, unit)
    day = told["decided_on"]
    end = day_bounds(day + timedelta(days=settings.MINGTANG_BOARD_DAYS - 1))[1]
    cells = (
        *(told["number"], told["item_name"], unit, told["applicant"]),
        *(f"{day.month}月{day.day}日", told["outcome"]),
    )
    return Row(cells, bounded(end, at), told["tone"])


def _publications(at: datetime) -> Table:
    rows = [
        Row(
            (one.title, one.organ, f"{one.public_date.month}月{one.public_date.day}日"),
            at + STALE_AFTER,
        )
        for one in openness.latest(PUBLICATIONS, legal_date(at))
    ]
    return Table(
        key="publications",
        title="最新公开信息",
        headings=("标题", "公开机关", "公开日期"),
        rows=tuple(rows),
    )


def spoken(at: datetime) -> str:
    """12月30日 10:28, where the hall stands."""
    local = at.astimezone(LEGAL_ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


WEEKDAYS = "一二三四五六日"


def weekday(at: datetime) -> str:
    return f"星期{WEEKDAYS[legal_date(at).weekday()]}"
