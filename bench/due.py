"""What one deadline costs, against the plainest thing it could be: date + timedelta."""

import datetime as dt
import random
import statistics
from collections.abc import Callable

from bench.figures import Figure, spread
from bench.measure import alternating
from mingtang.timing.rules import Pause, Unit, due, shipped_calendar
from mingtang.timing.rules.shipped import shipped_years

COUNT, ROUNDS = 100_000, 7
CALENDAR = shipped_calendar()
RESTS = {day.date for days in shipped_years().values() for day in days if not day.works}
WORKS = {day.date for days in shipped_years().values() for day in days if day.works}
ONE = dt.timedelta(days=1)
Asked = list[tuple[dt.date, int]]


def samples() -> Asked:
    dice = random.Random(1)
    first = dt.date(2004, 1, 1).toordinal()
    return [
        (dt.date.fromordinal(first + dice.randrange(8000)), dice.randrange(1, 61))
        for _ in range(COUNT)
    ]


def plain(asked: Asked) -> None:
    for start, n in asked:
        start + dt.timedelta(days=n)


def added(asked: Asked) -> None:
    add = CALENDAR.add
    for start, n in asked:
        add(start, n)


def reckoned(asked: Asked) -> None:
    for start, n in asked:
        due(CALENDAR, start, n)


def paused(asked: Asked) -> None:
    for start, n in asked:
        due(CALENDAR, start, n, Unit.WORKING_DAY, (Pause(start, start + ONE),))


def walked(asked: Asked) -> None:
    for start, n in asked[: COUNT // 20]:
        day, left = start, n
        while left:
            day += ONE
            left -= day in WORKS or (day.weekday() < 5 and day not in RESTS)


BASE = "date + timedelta"
TABLE: dict[str, tuple[Callable[[Asked], None], int]] = {
    BASE: (plain, COUNT),
    "calendar.add": (added, COUNT),
    "due: with the mark “provisional”": (reckoned, COUNT),
    "due: with one pause": (paused, COUNT),
    "walk day by day": (walked, COUNT // 20),
}


def run(size: str) -> list[Figure]:
    """The goal is about a date from a date; the other lines are told beside it."""
    asked = samples()
    works = {name: lambda work=work: work(asked) for name, (work, _) in TABLE.items()}
    taken = alternating(works, ROUNDS)
    each = {
        name: [one.wall / TABLE[name][1] * 1e9 for one in rounds] for name, rounds in taken.items()
    }
    base = statistics.median(each[BASE])
    return [
        Figure(
            row="7",
            what=f"one deadline: {name}",
            goal="≤ 2 ×" if name == "calendar.add" else "",
            figure=spread(rounds, "ns"),
            yardstick=f"{BASE} {base:.0f} ns",
            ratio=statistics.median(rounds) / base,
            most=2 if name == "calendar.add" else None,
        )
        for name, rounds in each.items()
        if name != BASE
    ]
