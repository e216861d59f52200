"""An independent reckoning for tests: it walks day by day and shares no code with the rules."""

import csv
import datetime as dt
from pathlib import Path

import mingtang

ONE_DAY = dt.timedelta(days=1)
CSV = Path(mingtang.__file__).parent / "timing" / "data" / "calendar_cn.csv"


def _table() -> tuple[set[dt.date], set[dt.date]]:
    rests, works = set(), set()
    with CSV.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            (works if row["works"] == "1" else rests).add(dt.date.fromisoformat(row["date"]))
    return rests, works


RESTS, WORKS = _table()


def works(day: dt.date) -> bool:
    return day in WORKS or (day.weekday() not in {5, 6} and day not in RESTS)


def is_paused(day: dt.date, pauses) -> bool:
    return any(after < day <= until for after, until in pauses)


def walk(start: dt.date, n: int, pauses=(), counts=works) -> dt.date:
    """The n-th counted day after the start; with 0 the first one from the start on."""
    day, left = (start, n) if n else (start - ONE_DAY, 1)
    while left:
        day += ONE_DAY
        if counts(day) and not is_paused(day, pauses):
            left -= 1
    return day


def walk_months(start: dt.date, n: int, pauses=()) -> dt.date:
    """Month by month to the same day or the month's end, then one day on for each paused one."""
    first, end = start.replace(day=1), start
    for _ in range(n):
        first = (first + dt.timedelta(days=32)).replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - ONE_DAY
    if n:
        end = min(first + dt.timedelta(days=start.day - 1), last)
    day = start + ONE_DAY if n else start
    while day <= end:
        if is_paused(day, pauses):
            end += ONE_DAY
        day += ONE_DAY
    return end


def walk_minutes(start: dt.datetime, hours: int, pauses=()) -> dt.datetime:
    """Minute by minute through the windows' hours."""
    moment, left, minute = start, hours * 60, dt.timedelta(minutes=1)
    while left:
        clock = moment.hour * 60 + moment.minute
        is_open = 9 * 60 <= clock < 12 * 60 or 13 * 60 + 30 <= clock < 17 * 60 + 30
        day = moment.date()
        left -= is_open and works(day) and not is_paused(day, pauses)
        moment += minute
    return moment
