"""Rules of time: the day a limit ends, its pauses, how much is left, and the light it shows.

The day of the start is not counted, nor the day of a pause's start: (after, until] is a pause.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mingtang.base.errors import Conflict, DomainError
from mingtang.timing.rules.calendar import WorkingCalendar

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
FOREVER = dt.date.max.toordinal()
_FAR_TOO_MANY_HOURS = 10**6  # beyond any calendar, within timedelta


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    OFFICE_HOUR = "office_hour"


_USUAL, _DATE = Unit.WORKING_DAY, dt.date

UNIT_LABELS = {
    Unit.WORKING_DAY: "个工作日",
    Unit.CALENDAR_DAY: "个自然日",
    Unit.MONTH: "个月",
    Unit.OFFICE_HOUR: "个办公小时",
}


class BadLimit(DomainError):
    """A limit that cannot be reckoned: a negative amount, an unknown unit, a pause run back."""


class StillPaused(Conflict):
    """The end of a pause is not known, so neither is the end of the limit."""


class Pause(NamedTuple):
    """The days d with after < d ≤ until are not counted. `until` None: not resumed yet."""

    after: dt.date
    until: dt.date | None = None


class Due(NamedTuple):
    """When a limit ends. `provisional`: it rests on a year whose holidays are not fixed yet, which
    calendar days and months do only where their end rolls.

    `at` is the moment within the day, for office hours only.
    """

    date: dt.date
    provisional: bool
    at: dt.datetime | None = None


@dataclass(frozen=True)
class OfficeHours:
    """When the windows are open: the one place for the spans and for the zone where law counts."""

    spans: tuple[tuple[dt.time, dt.time], ...] = (
        (dt.time(9, 0), dt.time(12, 0)),
        (dt.time(13, 30), dt.time(17, 30)),
    )
    zone: dt.tzinfo = LEGAL_ZONE

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise BadLimit("办公时间应按先后写成不重叠的时段，例如 9:00–12:00、13:30–17:30。")

    @property
    def per_day(self) -> dt.timedelta:
        return self.left_from(dt.time.min)

    def left_from(self, clock: dt.time) -> dt.timedelta:
        """The office time between a time of day and closing."""
        return sum(
            (_gap(max(opens, clock), closes) for opens, closes in self.spans if clock < closes),
            dt.timedelta(),
        )

    def after(self, clock: dt.time, amount: dt.timedelta) -> dt.time:
        """The time of the same day at which `amount` of office time has passed since `clock`."""
        for opens, closes in self.spans:
            begin = max(opens, clock)
            if begin <= closes:
                if amount <= _gap(begin, closes):
                    return (dt.datetime.combine(dt.date.min, begin) + amount).time()
                amount -= _gap(begin, closes)
        raise BadLimit("当天的办公时间不够用：这是程序错误，请报告。")


OFFICE_HOURS = OfficeHours()


def _gap(begin: dt.time, end: dt.time) -> dt.timedelta:
    return dt.datetime.combine(dt.date.min, end) - dt.datetime.combine(dt.date.min, begin)


def due(
    calendar: WorkingCalendar,
    start: dt.date,
    amount: int,
    unit: Unit = Unit.WORKING_DAY,
    pauses: Sequence[Pause] = (),
    *,
    roll: bool = False,
    hours: OfficeHours = OFFICE_HOURS,
) -> Due:
    """The end of a limit: the n-th counted day strictly after `start`.

    0 working days (即办件) end on the start day, or on the first working day after it. A month ends
    on the same day of a later month, or on that month's last day. Office hours start at a datetime
    (a bare date stands for the end of that day) and end at one. `roll` moves the end of calendar
    days and months from a rest day to the next working day; permit law is silent about it.
    Time grows with the number of pauses only.
    """
    if not pauses and unit == _USUAL and type(start) is _DATE:  # nearly every limit
        day = calendar.add(start, amount)
        return Due(day, calendar.is_provisional(start, day))
    _check(calendar, start, amount, unit, hours)
    if unit == Unit.OFFICE_HOUR:
        return _due_in_hours(calendar, start, amount, pauses, hours)
    day = _LAST_DAYS[unit](calendar, start, amount, pauses)
    if roll and unit != Unit.WORKING_DAY:
        day = _by_working_days(calendar, day, 0, pauses)
    rests_on_work = roll or unit == Unit.WORKING_DAY
    return Due(day, rests_on_work and calendar.is_provisional(start, day))


def _check(
    calendar: WorkingCalendar, start: dt.date, amount: int, unit: str, hours: OfficeHours
) -> None:
    if unit not in UNIT_LABELS:
        raise BadLimit(f"不认识的计时单位“{unit}”。可用：{'、'.join(Unit)}。")
    if amount < 0:
        raise BadLimit(f"时限 {amount} 不能是负数。请写 0 或更大的整数。")
    if unit != Unit.OFFICE_HOUR and isinstance(start, dt.datetime):
        raise BadLimit("按日、按月计时从日期起算，不带时刻。请只写日期，如 2013-09-17。")
    calendar.check(local_start(start, hours)[0])


def local_start(start: dt.date, hours: OfficeHours) -> tuple[dt.date, dt.time]:
    """The legal day and time of a start; an aware datetime is read in the zone of the office."""
    if not isinstance(start, dt.datetime):
        return start, dt.time.max
    local = start.astimezone(hours.zone) if start.tzinfo else start
    return local.date(), local.time()


def merged(pauses: Iterable[Pause], floor: int) -> Iterator[tuple[int, int]]:
    """Pauses as ordinals, in order, joined where they overlap, nothing at or before `floor`."""
    spans = sorted(_ordinals(pause) for pause in pauses)
    open_after, open_until = floor, floor
    for after, until in spans:
        if after > open_until:
            yield from _if_any(open_after, open_until)
            open_after = after
        open_until = max(open_until, until)
    yield from _if_any(open_after, open_until)


def _if_any(after: int, until: int) -> Iterator[tuple[int, int]]:
    if until > after:
        yield after, until


def _ordinals(pause: Pause) -> tuple[int, int]:
    if pause.until is None:
        return pause.after.toordinal(), FOREVER
    if pause.until < pause.after:
        raise BadLimit(f"暂停从 {pause.after} 到 {pause.until}：结束早于开始。请核对两个日期。")
    return pause.after.toordinal(), pause.until.toordinal()


def _floor(start: dt.date, amount: int) -> tuple[int, int]:
    """Zero days count as the first day after yesterday."""
    ordinal = start.toordinal()
    return (ordinal, amount) if amount else (ordinal - 1, 1)


def _by_working_days(
    calendar: WorkingCalendar, start: dt.date, amount: int, pauses: Sequence[Pause]
) -> dt.date:
    floor, amount = _floor(start, amount)
    target = calendar.rank(floor) + amount
    for after, until in merged(pauses, floor):
        if target <= calendar.rank(after):
            break
        _refuse_open(until)
        target += calendar.rank(until) - calendar.rank(after)
    return calendar.nth(target)


def _by_calendar_days(
    calendar: WorkingCalendar, start: dt.date, amount: int, pauses: Sequence[Pause]
) -> dt.date:
    floor, amount = _floor(start, amount)
    return calendar.day(_pushed(floor + amount, floor, pauses))


def _by_months(
    calendar: WorkingCalendar, start: dt.date, amount: int, pauses: Sequence[Pause]
) -> dt.date:
    floor, _ = _floor(start, amount)
    return calendar.day(_pushed(months_later(calendar, start, amount).toordinal(), floor, pauses))


_LAST_DAYS = {
    Unit.WORKING_DAY: _by_working_days,
    Unit.CALENDAR_DAY: _by_calendar_days,
    Unit.MONTH: _by_months,
}


def months_later(calendar: WorkingCalendar, start: dt.date, amount: int) -> dt.date:
    """The same day of a later month, or that month's last day (《民法典》第二百零二条)."""
    years, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
    if years > calendar.last_day.year:
        return calendar.day(FOREVER)
    return dt.date(years, month + 1, min(start.day, monthrange(years, month + 1)[1]))


def _pushed(target: int, floor: int, pauses: Sequence[Pause]) -> int:
    for after, until in merged(pauses, floor):
        if target <= after:
            break
        _refuse_open(until)
        target += until - after
    return target


def _refuse_open(until: int) -> None:
    if until == FOREVER:
        raise StillPaused("计时仍在暂停，尚无到期日。请先恢复计时，或写明暂停的结束日期。")


def _due_in_hours(
    calendar: WorkingCalendar,
    start: dt.date,
    amount: int,
    pauses: Sequence[Pause],
    hours: OfficeHours,
) -> Due:
    first, clock = local_start(start, hours)
    day, need = first, dt.timedelta(hours=min(amount, _FAR_TOO_MANY_HOURS))
    left = hours.left_from(clock) if counts(calendar, day, pauses) else dt.timedelta()
    if need > left or not left:
        full, rest = divmod(need - left, hours.per_day)
        if not rest and need:
            full, rest = full - 1, hours.per_day
        day = _by_working_days(calendar, day, full + 1, pauses)
        clock, need = dt.time.min, rest
    moment = dt.datetime.combine(day, hours.after(clock, need))
    if isinstance(start, dt.datetime) and start.tzinfo:
        moment = moment.replace(tzinfo=hours.zone)
    return Due(day, calendar.is_provisional(first, day), moment)


def counts(calendar: WorkingCalendar, day: dt.date, pauses: Sequence[Pause]) -> bool:
    """Whether this day itself is counted: it works and no pause holds it."""
    ordinal = day.toordinal()
    paused = any(after < ordinal <= until for after, until in map(_ordinals, pauses))
    return calendar.is_working_day(day) and not paused
