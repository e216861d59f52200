"""The dates that are facts: reckoned by hand and by others before this program was written."""

import datetime as dt

import pytest

from mingtang.timing.rules import (
    Pause,
    Unit,
    due,
    shipped_calendar,
    working_days_left,
    working_days_over,
    working_days_used,
)

day = dt.date.fromisoformat
CALENDAR = shipped_calendar()
EXPERTS = ("2013-09-10", "2013-09-24")

VECTORS = [
    ("2013-09-17", 5, [], "2013-09-25"),
    ("2013-09-17", 20, [], "2013-10-21"),
    ("2013-09-30", 1, [], "2013-10-08"),
    ("2013-09-30", 20, [], "2013-11-01"),
    ("2013-01-31", 5, [], "2013-02-07"),
    ("2013-01-31", 20, [], "2013-03-05"),
    ("2013-02-08", 5, [], "2013-02-20"),
    ("2013-04-26", 5, [], "2013-05-06"),
    ("2013-09-28", 5, [], "2013-10-10"),
    ("2013-09-29", 5, [], "2013-10-11"),
    ("2013-09-02", 20, [], "2013-09-30"),
    ("2013-09-02", 30, [], "2013-10-18"),
    ("2013-09-02", 45, [], "2013-11-08"),
    ("2013-09-02", 60, [], "2013-11-29"),
    ("2013-09-30", 10, [], "2013-10-18"),
    ("2013-09-02", 20, [EXPERTS], "2013-10-17"),
    ("2013-09-02", 20, [("2013-09-10", "2013-09-21")], "2013-10-14"),
    ("2013-09-02", 20, [("2013-09-08", "2013-09-24")], "2013-10-21"),
    ("2013-09-02", 20, [EXPERTS, ("2013-10-09", "2013-10-12")], "2013-10-22"),
    ("2013-09-02", 20, [EXPERTS, ("2013-09-20", "2013-09-27")], "2013-10-22"),
    ("2013-09-17", 20, [("2013-10-01", "2013-10-07")], "2013-10-21"),
    ("2013-09-12", 5, [], "2013-09-22"),
    ("2013-09-12", 6, [], "2013-09-23"),
    ("2013-09-12", 7, [], "2013-09-24"),
    ("2025-01-20", 5, [], "2025-01-26"),
    ("2026-02-10", 5, [], "2026-02-24"),
    ("2026-02-10", 20, [], "2026-03-16"),
    ("2026-09-30", 45, [], "2026-12-08"),
]


def pauses_of(pairs):
    return [Pause(day(after), day(until)) for after, until in pairs]


@pytest.mark.parametrize(("start", "n", "pauses", "expected"), VECTORS)
def test_a_known_deadline_comes_out(start, n, pauses, expected):
    found = due(CALENDAR, day(start), n, Unit.WORKING_DAY, pauses_of(pauses))
    assert found == (day(expected), False, None)


MADE_UP = """
    2013-10-12 2013-02-16 2013-02-17 2014-09-28 2026-02-14 2026-02-28 2026-01-04
    2013-09-22 2013-09-29 2025-01-26
"""


@pytest.mark.parametrize("works", MADE_UP.split())
def test_a_made_up_weekend_day_is_a_working_day(works):
    assert day(works).weekday() >= 5
    assert CALENDAR.is_working_day(day(works))


@pytest.mark.parametrize("rests", ["2013-10-13", "2013-09-28", "2013-10-07", "2013-09-19"])
def test_a_rest_day_is_none(rests):
    assert not CALENDAR.is_working_day(day(rests))


@pytest.mark.parametrize(
    ("year", "count"),
    [(2012, 249), (2013, 250), (2014, 250), (2024, 251), (2025, 248), (2026, 248)],
)
def test_a_year_has_its_number_of_working_days(year, count):
    before = dt.date(year - 1, 12, 31)
    assert CALENDAR.count(before, dt.date(year, 12, 31)) == count


def test_2013_had_twelve_working_weekend_days():
    days = (dt.date(2013, 1, 1) + dt.timedelta(n) for n in range(365))
    assert sum(one.weekday() >= 5 and CALENDAR.is_working_day(one) for one in days) == 12


def test_a_promise_of_five_days_is_watched_on_the_right_days():
    end = due(CALENDAR, day("2013-09-12"), 5).date
    left = {text: working_days_left(CALENDAR, day(text), end) for text in WATCHED}
    assert left == WATCHED
    over = [working_days_over(CALENDAR, day(f"2013-09-{n}"), end) for n in (22, 23, 24)]
    assert over == [0, 1, 2]


WATCHED = {
    "2013-09-12": 5,
    "2013-09-17": 2,
    "2013-09-18": 1,  # remind: one working day is left, and it is a Sunday
    "2013-09-21": 1,
    "2013-09-22": 0,
    "2013-09-23": -1,  # yellow
    "2013-09-24": -2,  # red
}


def test_used_days_leave_out_the_pause():
    used = working_days_used(CALENDAR, day("2013-09-02"), day("2013-09-27"), pauses_of([EXPERTS]))
    assert (used, 20 - used) == (9, 11)


def test_a_deemed_acceptance_counts_from_the_day_of_receipt():
    received = day("2013-09-17")
    checked_by = due(CALENDAR, received, 5).date
    assert checked_by == day("2013-09-25")
    assert due(CALENDAR, received, 20).date == day("2013-10-21")


@pytest.mark.parametrize(("start", "n"), [("2026-12-30", 2), ("2026-09-30", 70), ("2026-12-31", 1)])
def test_any_end_in_2027_is_provisional(start, n):
    found = due(CALENDAR, day(start), n)
    assert (found.date.year, found.provisional) == (2027, True)


def test_an_end_on_the_last_day_of_2026_is_not():
    assert due(CALENDAR, day("2026-12-30"), 1) == (day("2026-12-31"), False, None)
