"""Rules of time: why a limit ends on its day, line by line, in plain Chinese.

It walks the days one by one, so that it also checks the arithmetic of `due`.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from mingtang.timing.rules.calendar import WorkingCalendar
from mingtang.timing.rules.deadlines import (
    OFFICE_HOURS,
    UNIT_LABELS,
    Due,
    OfficeHours,
    Pause,
    Unit,
    counts,
    due,
    local_start,
    merged,
    months_later,
)

WEEKDAYS = "一二三四五六日"


class Reason(StrEnum):
    START = "start"
    COUNTED = "counted"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    MONTHS = "months"
    ROLLED = "rolled"
    DUE = "due"
    PROVISIONAL = "provisional"


@dataclass(frozen=True)
class Line:
    """One step of the explanation: a day or a range of days, and why."""

    reason: Reason
    first: dt.date
    last: dt.date
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class _Day:
    date: dt.date
    reason: Reason
    name: str = ""


def explain(
    calendar: WorkingCalendar,
    start: dt.date,
    amount: int,
    unit: Unit = Unit.WORKING_DAY,
    pauses: Sequence[Pause] = (),
    *,
    roll: bool = False,
    hours: OfficeHours = OFFICE_HOURS,
) -> list[Line]:
    """The way from the start to the due date; ranges are merged."""
    found = due(calendar, start, amount, unit, pauses, roll=roll, hours=hours)
    unit = Unit(unit)
    way = _WAYS[unit](calendar, start, amount, pauses, found, hours)
    lines = [*_start_lines(start, amount, unit, hours), *way]
    if roll and unit in {Unit.CALENDAR_DAY, Unit.MONTH}:
        plain = due(calendar, start, amount, unit, pauses).date
        lines += _rolled_lines(calendar, plain, found.date, pauses)
    return [*lines, *_end_lines(calendar, found, amount, unit)]


def named(day: dt.date) -> str:
    """A day as it is told: 2013-09-17（星期二）."""
    return f"{day}（星期{WEEKDAYS[day.weekday()]}）"


def _range(first: dt.date, last: dt.date) -> str:
    return named(first) if first == last else f"{named(first)}至 {named(last)}"


def _start_lines(start: dt.date, amount: int, unit: Unit, hours: OfficeHours) -> Iterator[Line]:
    day, clock = local_start(start, hours)
    if unit == Unit.OFFICE_HOUR and isinstance(start, dt.datetime):
        text = f"{named(day)} {clock:%H:%M} 起算。"
    elif unit != Unit.OFFICE_HOUR and amount == 0:
        text = f"{named(day)}起算，时限为 0：当日计入。"
    else:
        text = f"{named(day)}起算，当日不计入。"
    yield Line(Reason.START, day, day, text)


def _end_lines(calendar: WorkingCalendar, found: Due, amount: int, unit: Unit) -> Iterator[Line]:
    moment = f" {found.at:%H:%M} " if found.at else ""
    text = f"{named(found.date)}{moment}到期，共 {amount} {UNIT_LABELS[unit]}。"
    yield Line(Reason.DUE, found.date, found.date, text)
    if found.provisional:
        text = provisional_sentence(calendar)
        yield Line(Reason.PROVISIONAL, found.date, found.date, text)


def provisional_sentence(calendar: WorkingCalendar) -> str:
    return (
        f"节假日安排只公布到 {calendar.last_official_year} 年，以后的日子按周一至周五上班推算；"
        "载入新一年的日历后会重新计算。"
    )


def _days(first: int, last: int) -> Iterator[dt.date]:
    return map(dt.date.fromordinal, range(first, last + 1))


def _why_rest(calendar: WorkingCalendar, day: dt.date) -> _Day:
    off = calendar.day_off(day)
    if off and off.is_exception:
        return _Day(day, Reason.HOLIDAY, off.name)
    friday = calendar.day_off(day - dt.timedelta(day.weekday() - 4))
    monday = calendar.day_off(day + dt.timedelta(7 - day.weekday()))
    if friday and monday and friday.name == monday.name and not friday.works | monday.works:
        return _Day(day, Reason.HOLIDAY, friday.name)  # a weekend inside a festival
    return _Day(day, Reason.WEEKEND)


def _why(calendar: WorkingCalendar, day: dt.date, paused: bool) -> _Day:
    if paused:
        return _Day(day, Reason.PAUSED)
    if not calendar.is_working_day(day):
        return _why_rest(calendar, day)
    off = calendar.day_off(day)
    return _Day(day, Reason.MAKE_UP, off.name) if off else _Day(day, Reason.COUNTED)


def _walk(
    calendar: WorkingCalendar, first: int, last: int, pauses: Sequence[Pause]
) -> Iterator[list[_Day]]:
    """Runs of days for which the same is true."""
    spans = list(merged(pauses, first - 1))
    days = [
        _why(calendar, day, any(after < day.toordinal() <= until for after, until in spans))
        for day in _days(first, last)
    ]
    for _, run in groupby(days, key=lambda day: (day.reason, day.name)):
        yield list(run)


def _first_day(start: dt.date, amount: int, hours: OfficeHours) -> int:
    return local_start(start, hours)[0].toordinal() + (amount > 0)


def _working_way(
    calendar: WorkingCalendar,
    start: dt.date,
    amount: int,
    pauses: Sequence[Pause],
    found: Due,
    hours: OfficeHours,
) -> Iterator[Line]:
    done = 0
    for run in _walk(calendar, _first_day(start, amount, hours), found.date.toordinal(), pauses):
        reason, first, last = run[0].reason, run[0].date, run[-1].date
        if reason in {Reason.COUNTED, Reason.MAKE_UP}:
            text = f"{_counted(run, done)}。"
            done += len(run)
        else:
            text = _not_counted(calendar, run)
        yield Line(reason, first, last, text)


def _counted(run: list[_Day], done: int) -> str:
    first, last = run[0], run[-1]
    which = f"第 {done + 1}" + (f"–{done + len(run)}" if len(run) > 1 else "") + " 个"
    made_up = f"{first.name}调休上班，" if first.reason == Reason.MAKE_UP else ""
    return f"{_range(first.date, last.date)}{made_up}计入 {len(run)} 个工作日（{which}）"


def _not_counted(calendar: WorkingCalendar, run: list[_Day]) -> str:
    days = _range(run[0].date, run[-1].date)
    match run[0].reason:
        case Reason.PAUSED:
            works = sum(calendar.is_working_day(day.date) for day in run)
            return f"{days}暂停计时，其中 {works} 个工作日不计入。"
        case Reason.HOLIDAY:
            return f"{days}{run[0].name}放假，不计入。"
        case _:
            return f"{days}周末休息，不计入。"


def _calendar_way(
    calendar: WorkingCalendar,
    start: dt.date,
    amount: int,
    pauses: Sequence[Pause],
    found: Due,
    hours: OfficeHours,
) -> Iterator[Line]:
    plain = due(calendar, start, amount, Unit.CALENDAR_DAY, pauses).date.toordinal()
    first = _first_day(start, amount, hours)
    done = 0
    for begin, end, paused in _pieces(first, plain, pauses):
        days, count = _range(*_span(begin, end)), end - begin + 1
        if paused:
            yield Line(Reason.PAUSED, *_span(begin, end), f"{days}暂停计时，{count} 天不计入。")
        else:
            done += count
            text = f"{days}计入 {count} 天（累计 {done} 天）。"
            yield Line(Reason.COUNTED, *_span(begin, end), text)


def _span(begin: int, end: int) -> tuple[dt.date, dt.date]:
    return dt.date.fromordinal(begin), dt.date.fromordinal(end)


def _pieces(first: int, last: int, pauses: Sequence[Pause]) -> Iterator[tuple[int, int, bool]]:
    """The days from first to last, cut where a pause begins or ends: (begin, end, paused)."""
    begin = first
    for after, until in merged(pauses, first - 1):
        if after >= last:
            break
        if begin <= after:
            yield begin, after, False
        yield after + 1, until, True
        begin = until + 1
    if begin <= last:
        yield begin, last, False


def _month_way(
    calendar: WorkingCalendar,
    start: dt.date,
    amount: int,
    pauses: Sequence[Pause],
    found: Due,
    hours: OfficeHours,
) -> Iterator[Line]:
    target = months_later(calendar, start, amount)
    clamped = "" if target.day == start.day else f"（该月没有 {start.day} 日，取月末）"
    yield Line(Reason.MONTHS, start, target, f"{amount} 个月后为 {named(target)}{clamped}。")
    plain = due(calendar, start, amount, Unit.MONTH, pauses).date.toordinal()
    for begin, end, paused in _pieces(_first_day(start, amount, hours), plain, pauses):
        if paused:
            days, count = _range(*_span(begin, end)), end - begin + 1
            text = f"{days}暂停计时，到期日顺延 {count} 天。"
            yield Line(Reason.PAUSED, *_span(begin, end), text)


def _rolled_lines(
    calendar: WorkingCalendar, plain: dt.date, rolled: dt.date, pauses: Sequence[Pause]
) -> Iterator[Line]:
    if plain != rolled:
        for run in _walk(calendar, plain.toordinal(), rolled.toordinal() - 1, pauses):
            yield Line(run[0].reason, run[0].date, run[-1].date, _not_counted(calendar, run))
        text = f"{named(plain)}不上班或暂停计时，顺延到 {named(rolled)}。"
        yield Line(Reason.ROLLED, plain, rolled, text)


def _hour_way(
    calendar: WorkingCalendar,
    start: dt.date,
    amount: int,
    pauses: Sequence[Pause],
    found: Due,
    hours: OfficeHours,
) -> Iterator[Line]:
    first, clock = local_start(start, hours)
    ends = found.at.time() if found.at else dt.time.max
    if counts(calendar, first, pauses) and hours.left_from(clock):
        closing = ends if found.date == first else dt.time.max
        yield _hours_line([_Day(first, Reason.COUNTED)], clock, closing, hours)
    for run in _walk(calendar, first.toordinal() + 1, found.date.toordinal(), pauses):
        reason = run[0].reason
        if reason not in {Reason.COUNTED, Reason.MAKE_UP}:
            yield Line(reason, run[0].date, run[-1].date, _not_counted(calendar, run))
            continue
        whole = run[:-1] if run[-1].date == found.date else run
        if whole:
            yield _hours_line(whole, dt.time.min, dt.time.max, hours)
        if len(whole) < len(run):
            yield _hours_line(run[-1:], dt.time.min, ends, hours)


def _hours_line(run: list[_Day], opens: dt.time, closes: dt.time, hours: OfficeHours) -> Line:
    """What these days give between two times of day."""
    spans = [
        (max(begin, opens), min(end, closes))
        for begin, end in hours.spans
        if begin < closes and end > opens
    ]
    amount = (hours.left_from(opens) - hours.left_from(closes)) * len(run)
    open_hours = "、".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in spans)
    minutes = int(amount.total_seconds() // 60)
    made_up = f"{run[0].name}调休上班，" if run[0].reason == Reason.MAKE_UP else ""
    text = (
        f"{_range(run[0].date, run[-1].date)} {made_up}{open_hours} "
        f"计入 {minutes // 60} 小时" + (f" {minutes % 60} 分" if minutes % 60 else "") + "。"
    )
    return Line(run[0].reason, run[0].date, run[-1].date, text)


_WAYS = {
    Unit.WORKING_DAY: _working_way,
    Unit.CALENDAR_DAY: _calendar_way,
    Unit.MONTH: _month_way,
    Unit.OFFICE_HOUR: _hour_way,
}
