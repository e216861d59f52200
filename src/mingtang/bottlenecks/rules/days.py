"""Rules of bottlenecks: how many working days each passage took, waiting and in hand. Pure.

A working day d counts where after < d ≤ until, as it does in a limit; days on which the limits
stood still are left out. So waiting and handling add up to the whole, and what is done on the day
on which it came took no day.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mingtang.bottlenecks.rules.steps import Passage, Way
from mingtang.timing.rules import OutsideCalendar, Pause, WorkingCalendar, working_days_used


@dataclass(frozen=True, slots=True)
class Timed:
    """A passage with its working days; None while it is not over, or was never ready."""

    passage: Passage
    waiting_days: int | None = None
    handling_days: int | None = None
    paused_days: int | None = None
    is_overdue: bool = False

    @property
    def days(self) -> int | None:
        if self.waiting_days is None or self.handling_days is None:
            return None
        return self.waiting_days + self.handling_days


def timed(way: Way, calendar: WorkingCalendar) -> list[Timed]:
    """In the order of the passages. A limit is that of all attempts of a node together, as its
    clock has it."""
    used: Counter[str] = Counter()
    found = []
    for passage in way.passages:
        one = _timed(passage, way.pauses, calendar)
        used[passage.key] += one.days or 0
        is_overdue = _is_overdue(passage, used[passage.key], calendar)
        found.append(replace(one, is_overdue=is_overdue))
    return found


def _is_overdue(passage: Passage, used: int, calendar: WorkingCalendar) -> bool:
    """After its last day, be it on the day of rest that follows: so a stopped clock says too."""
    limit, over = passage.limit_days, passage.over_date
    if not limit or over is None or used != limit:
        return limit is not None and used > limit
    return not calendar.is_working_day(over)


def _timed(passage: Passage, pauses: Sequence[Pause], calendar: WorkingCalendar) -> Timed:
    ready, over = passage.ready_date, passage.over_date
    if ready is None or over is None:
        return Timed(passage)
    begun = passage.begun_date or over
    waiting = days_between(ready, begun, pauses, calendar)
    handling = days_between(begun, over, pauses, calendar)
    whole = days_between(ready, over, (), calendar)
    return Timed(passage, waiting, handling, whole - waiting - handling)


def days_between(
    since: date, until: date, pauses: Iterable[Pause], calendar: WorkingCalendar
) -> int:
    """Working days after a day up to another one, without what stood still; 0 the other way
    round, and where no calendar reaches."""
    if until <= since:
        return 0
    closed = [Pause(after, end or max(after, until)) for after, end in pauses]
    try:
        return working_days_used(calendar, since, until, closed)
    except OutsideCalendar:
        return 0
