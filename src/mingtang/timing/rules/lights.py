"""Rules of time: what is left of a limit, and the light it shows when someone looks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mingtang.timing.rules.calendar import WorkingCalendar
from mingtang.timing.rules.clocks import ClockState, ClockStatus
from mingtang.timing.rules.deadlines import Pause, merged


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class LightRule:
    """When a light changes. Cities differ: some mean "about to end" by yellow, some "just over".

    Yellow from `yellow_within` working days before the end; red when the end is past and at least
    `red_over` working days have gone by since.
    """

    yellow_within: int = 1
    red_over: int = 0


LIGHT_RULE = LightRule()


def working_days_left(calendar: WorkingCalendar, today: dt.date, due: dt.date) -> int:
    """Working days after today up to the due date; negative when overdue.

    On a rest day just after the due date it is already −1: for people who look. What a card
    needs, whole working days gone by, is `working_days_over`.
    """
    left = calendar.count(today, due)
    return min(left, -1) if today > due else left


def days_left_of(calendar: WorkingCalendar, state: ClockState, on: dt.date) -> int:
    """Working days left of a clock; what it was when it was paused or stopped stays so.

    The days of a pause are not counted (《行政许可法》第四十五条), so nothing runs down meanwhile.
    """
    return working_days_left(calendar, min(on, _last_run(state) or on), state.due)


def _last_run(state: ClockState) -> dt.date | None:
    """The day up to which a clock ran that runs no more; a pause may have come before its stop."""
    last = state.pauses[-1] if state.pauses else None
    if state.status == ClockStatus.PAUSED or (last and last.until == state.stopped_on):
        return last.after if last else None
    return state.stopped_on


def working_days_over(calendar: WorkingCalendar, today: dt.date, due: dt.date) -> int:
    """Working days d with due < d ≤ today; 0 while nothing is overdue."""
    return max(calendar.count(due, today), 0)


def working_days_used(
    calendar: WorkingCalendar, start: dt.date, on: dt.date, pauses: Sequence[Pause] = ()
) -> int:
    """Counted days d with start < d ≤ on, without the paused ones."""
    calendar.check(start)
    calendar.check(on)
    floor, last = start.toordinal(), on.toordinal()
    paused = sum(
        calendar.rank(min(until, last)) - calendar.rank(min(after, last))
        for after, until in merged(pauses, floor)
    )
    return calendar.count(start, on) - paused


def light(
    calendar: WorkingCalendar, today: dt.date, due: dt.date, rule: LightRule = LIGHT_RULE
) -> Light:
    if today > due and working_days_over(calendar, today, due) >= rule.red_over:
        return Light.RED
    near = calendar.count(today, due) <= rule.yellow_within
    return Light.YELLOW if near else Light.GREEN
