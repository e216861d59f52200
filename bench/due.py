"""What one deadline costs, against the plainest thing it could be: date + timedelta.

    python bench/due.py

Medians of seven rounds. The goal for a date from a date, `calendar.add`, is at most twice
date + timedelta; `due` also says whether the date is provisional.
"""

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable

from mingtang.timing.rules import Pause, Unit, due, shipped_calendar
from mingtang.timing.rules.shipped import shipped_years

COUNT, ROUNDS = 100_000, 7
CALENDAR = shipped_calendar()
RESTS = {day.date for days in shipped_years().values() for day in days if not day.works}
WORKS = {day.date for days in shipped_years().values() for day in days if day.works}
ONE = dt.timedelta(days=1)


def samples() -> list[tuple[dt.date, int]]:
    dice = random.Random(1)
    first = dt.date(2004, 1, 1).toordinal()
    return [
        (dt.date.fromordinal(first + dice.randrange(8000)), dice.randrange(1, 61))
        for _ in range(COUNT)
    ]


def plain(asked: list[tuple[dt.date, int]]) -> None:
    for start, n in asked:
        start + dt.timedelta(days=n)


def added(asked: list[tuple[dt.date, int]]) -> None:
    add = CALENDAR.add
    for start, n in asked:
        add(start, n)


def reckoned(asked: list[tuple[dt.date, int]]) -> None:
    for start, n in asked:
        due(CALENDAR, start, n)


def paused(asked: list[tuple[dt.date, int]]) -> None:
    for start, n in asked:
        due(CALENDAR, start, n, Unit.WORKING_DAY, (Pause(start, start + ONE),))


def walked(asked: list[tuple[dt.date, int]]) -> None:
    for start, n in asked[: COUNT // 20]:
        day, left = start, n
        while left:
            day += ONE
            left -= day in WORKS or (day.weekday() < 5 and day not in RESTS)


TABLE: dict[str, tuple[Callable[[list[tuple[dt.date, int]]], None], int]] = {
    "date + timedelta": (plain, COUNT),
    "calendar.add": (added, COUNT),
    "due, date and mark": (reckoned, COUNT),
    "due, one pause": (paused, COUNT),
    "walk day by day": (walked, COUNT // 20),
}


def main() -> None:
    asked = samples()
    taken: dict[str, list[float]] = {name: [] for name in TABLE}
    for _ in range(ROUNDS):
        for name, (work, count) in TABLE.items():
            begin = time.perf_counter()
            work(asked)
            taken[name].append((time.perf_counter() - begin) / count * 1e9)
    base = statistics.median(taken["date + timedelta"])
    print(f"{'':22}{'ns/deadline':>12}{'ratio':>8}")
    for name, rounds in taken.items():
        print(f"{name:22}{statistics.median(rounds):12.0f}{statistics.median(rounds) / base:8.2f}")


if __name__ == "__main__":
    main()
