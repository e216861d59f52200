"""What pages show of a case's limits: what is left, until when, and why this date."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mingtang.base.words import said
from mingtang.cases.models import Case
from mingtang.cases.present.case import limit_label
from mingtang.ledger.queries import Event
from mingtang.timing import queries as timing
from mingtang.timing.queries import Clock
from mingtang.timing.rules import (
    UNIT_LABELS,
    ClockKind,
    ClockStatus,
    Light,
    Unit,
    WorkingCalendar,
    clock_label,
    days_left_of,
    light,
    working_days_left,
)


def limit(clock: Clock, on: date, calendar: WorkingCalendar, name: str = "") -> dict[str, Any]:
    """One clock as a panel: what is left, until when, under which sign."""
    shown: dict[str, Any] = {
        "label": name or clock_label(clock.kind),
        "due": clock.due_date,
        "provisional": False,
        "note": _note(clock),
        "explain": [],
    }
    if clock.stopped_date:
        is_late = clock.stopped_date > clock.due_date
        shown["headline"] = _("超期完成") if is_late else _("按期完成")
        shown["light"] = (Light.RED if is_late else Light.GREEN).value
    elif clock.status == ClockStatus.PAUSED.value:
        left = days_left_of(calendar, clock.state, on)
        shown["headline"], shown["light"] = _("暂停，%(left)s") % {"left": limit_label(left)}, ""
        shown["due"], shown["note"] = None, _("暂停期间不计时，恢复后顺延。") + _note(clock)
    else:
        shown["headline"], shown["provisional"] = _left(clock, on, calendar), clock.is_provisional
        shown["light"] = light(calendar, on, clock.due_date).value
    return shown


def _left(clock: Clock, on: date, calendar: WorkingCalendar) -> str:
    """What is left, in the days that the limit counts."""
    if clock.unit != Unit.CALENDAR_DAY.value:
        return limit_label(working_days_left(calendar, on, clock.due_date))
    days = (clock.due_date - on).days
    if days < 0:
        return _("超期 %(days)d 天") % {"days": -days}
    return _("剩 %(days)d 天") % {"days": days} if days else _("今天到期")


def _note(clock: Clock) -> str:
    if clock.kind == ClockKind.RENEWAL.value:
        return _("%(day)s 原证件到期") % {"day": date_format(clock.due_date)}
    limit = said(f"{clock.amount} {UNIT_LABELS[Unit(clock.unit)]}")
    start = date_format(clock.start_date)
    return _("%(limit)s，%(day)s 的次日起算") % {"limit": limit, "day": start}


def is_aside(clock: Clock) -> bool:
    """Whether a clock is of less interest: it has stopped, or is a step's own."""
    return clock.stopped_date is not None or clock.kind.partition(":")[0] == ClockKind.STEP


def limits(
    clocks: Iterable[Clock],
    on: date,
    calendar: WorkingCalendar,
    events: Sequence[Event],
    step_names: dict[str, str],
) -> list[dict[str, Any]]:
    """All clocks of a case, running ones first, each with what happened to it and the days that
    make its date."""
    running_first = sorted(clocks, key=lambda clock: clock.stopped_date is not None)
    return [
        {
            **limit(clock, on, calendar, _step_label(clock, step_names)),
            "explain": timing.explain_history(clock, events, calendar),
            "is_aside": is_aside(clock),
        }
        for clock in running_first
    ]


def _step_label(clock: Clock, names: dict[str, str]) -> str:
    base, _colon, key = clock.kind.partition(":")
    return f"环节时限：{names.get(key, key)}" if base == ClockKind.STEP and key else ""


def latest(clocks: Iterable[Clock], kinds: Iterable[ClockKind]) -> Clock | None:
    """The last started clock of the first of these kinds that there is."""
    found = {clock.kind: clock for clock in clocks}
    return next((found[kind.value] for kind in kinds if kind.value in found), None)


def leading(case: Case, clocks: Iterable[Clock]) -> Clock | None:
    """The clock that an applicant looks at now."""
    running = [clock for clock in clocks if clock.stopped_date is None]
    order = [ClockKind.CORRECTION, ClockKind.PAUSE, ClockKind.DELIVERY]
    order += [ClockKind.STATUTORY] if case.extended_at else []
    order += [
        ClockKind.PRE_EXAMINATION,
        ClockKind.PROMISED,
        ClockKind.STATUTORY,
        ClockKind.COMPLETENESS,
    ]
    return latest(running, order)
