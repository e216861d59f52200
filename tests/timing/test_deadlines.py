"""Deadlines in every unit: against a walk day by day, at the edges, and what is refused."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.base.errors import DomainError
from mingtang.timing import rules
from mingtang.timing.rules import (
    DayOff,
    OfficeHours,
    Pause,
    Unit,
    WorkingCalendar,
    due,
    light,
    shipped_calendar,
    working_days_left,
    working_days_over,
    working_days_used,
)
from tests.timing import oracle

day = dt.date.fromisoformat
CALENDAR = shipped_calendar()
days = st.dates(dt.date(2004, 1, 1), dt.date(2025, 6, 30))


@st.composite
def pauses_near(draw, start, most=4):
    """Pauses before, across and after the start; overlapping, touching or empty."""
    begins = draw(st.lists(st.integers(-20, 60), max_size=most))
    lengths = [draw(st.integers(0, 30)) for _ in begins]
    return [
        Pause(start + dt.timedelta(begin), start + dt.timedelta(begin + length))
        for begin, length in zip(begins, lengths, strict=True)
    ]


@st.composite
def limits(draw, most=80):
    start = draw(days.filter(lambda one: one > dt.date(2004, 2, 1)))
    return start, draw(st.integers(0, most)), draw(pauses_near(start))


def sampled(count, seed):
    """Random limits, quickly made: every third has pauses."""
    dice = random.Random(seed)
    first, span = dt.date(2004, 2, 1).toordinal(), 8000
    for number in range(count):
        start = dt.date.fromordinal(first + dice.randrange(span))
        pauses = []
        for _ in range(dice.randrange(4) if number % 3 == 0 else 0):
            after = start + dt.timedelta(dice.randrange(-10, 40))
            pauses.append(Pause(after, after + dt.timedelta(dice.randrange(20))))
        yield start, dice.randrange(31), pauses


def disagreements(count, seed):
    return [
        limit
        for limit in sampled(count, seed)
        if due(CALENDAR, limit[0], limit[1], pauses=limit[2]).date != oracle.walk(*limit)
    ]


def test_the_prefix_sums_agree_with_a_walk_day_by_day():
    assert disagreements(5_000, seed=2013) == []


@pytest.mark.slow
def test_the_prefix_sums_agree_with_a_walk_day_by_day_a_hundred_thousand_times():
    assert disagreements(100_000, seed=330881) == []


def test_the_walk_notices_a_forgotten_make_up_day():
    off = [one for days in rules.shipped_years().values() for one in days]
    forgetful = WorkingCalendar([one for one in off if one.date != day("2013-09-22")], [2026])
    assert due(forgetful, day("2013-09-17"), 5).date != oracle.walk(day("2013-09-17"), 5)


@given(limits())
def test_working_days_end_where_a_walk_ends(limit):
    start, n, pauses = limit
    assert due(CALENDAR, start, n, Unit.WORKING_DAY, pauses).date == oracle.walk(*limit)


@given(limits())
def test_calendar_days_end_where_a_walk_ends(limit):
    start, n, pauses = limit
    found = due(CALENDAR, start, n, Unit.CALENDAR_DAY, pauses)
    assert found.date == oracle.walk(start, n, pauses, counts=lambda _day: True)


@given(limits(most=14))
def test_months_end_where_a_walk_ends(limit):
    start, n, pauses = limit
    assert due(CALENDAR, start, n, Unit.MONTH, pauses).date == oracle.walk_months(*limit)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(limits(most=16), st.integers(0, 24 * 60 - 1))
def test_office_hours_end_where_a_walk_by_minutes_ends(limit, minute):
    start, hours, pauses = limit
    moment = dt.datetime.combine(start, dt.time(minute // 60, minute % 60))
    found = due(CALENDAR, moment, hours + 1, Unit.OFFICE_HOUR, pauses)
    assert found.at == oracle.walk_minutes(moment, hours + 1, pauses)
    assert found.date == found.at.date()


@given(limits(), st.sampled_from([Unit.CALENDAR_DAY, Unit.MONTH]))
def test_a_rolled_end_is_the_next_working_day_that_is_not_paused(limit, unit):
    start, n, pauses = limit
    n = min(n, 14)
    plain = due(CALENDAR, start, n, unit, pauses).date
    assert due(CALENDAR, start, n, unit, pauses, roll=True).date == oracle.walk(plain, 0, pauses)


@given(days, st.integers(1, 300))
def test_adding_and_counting_are_inverse(start, n):
    end = CALENDAR.add(start, n)
    assert CALENDAR.count(start, end) == n
    assert CALENDAR.count(end, start) == -n
    assert CALENDAR.is_working_day(end)


@given(days, st.integers(0, 300), st.integers(0, 40), st.integers(0, 40))
def test_adding_is_monotone(start, n, more_days, later):
    later_start = start + dt.timedelta(later)
    assert CALENDAR.add(start, n) <= CALENDAR.add(start, n + more_days)
    assert CALENDAR.add(start, n) <= CALENDAR.add(later_start, n)


@given(limits(), pauses_near(dt.date(2013, 9, 17)))
def test_a_pause_never_makes_a_limit_end_sooner(limit, more):
    start, n, pauses = limit
    assert (
        due(CALENDAR, start, n, pauses=[*pauses, *more]).date
        >= due(CALENDAR, start, n, pauses=pauses).date
    )


@given(limits())
def test_on_the_due_date_exactly_the_limit_is_used(limit):
    start, n, pauses = limit
    end = due(CALENDAR, start, n + 1, pauses=pauses).date
    assert working_days_used(CALENDAR, start, end, pauses) == n + 1


@given(limits())
def test_the_order_of_pauses_and_cutting_one_in_two_make_no_difference(limit):
    start, n, pauses = limit
    cut = [Pause(p.after, p.after + (p.until - p.after) / 2) for p in pauses]
    both = [
        *reversed(pauses),
        *cut,
        *(Pause(c.until, p.until) for c, p in zip(cut, pauses, strict=True)),
    ]
    assert due(CALENDAR, start, n, pauses=both) == due(CALENDAR, start, n, pauses=pauses)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2013-09-17", "2013-09-17"), ("2013-09-19", "2013-09-22"), ("2013-09-28", "2013-09-29")],
)
def test_an_on_the_spot_case_ends_on_its_day_or_the_first_working_day_after(start, end):
    assert due(CALENDAR, day(start), 0).date == day(end)
    assert CALENDAR.first_working_day_on_or_after(day(start)) == day(end)


def test_the_first_day_of_the_calendar_can_be_a_start():
    first = dt.date(2004, 1, 1)  # a holiday, before a Friday
    assert due(CALENDAR, first, 0).date == due(CALENDAR, first, 1).date == dt.date(2004, 1, 2)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2013-01-31", 1, "2013-02-28"),
        ("2012-01-31", 1, "2012-02-29"),
        ("2013-08-31", 1, "2013-09-30"),
        ("2013-12-15", 1, "2014-01-15"),
        ("2013-11-30", 3, "2014-02-28"),
        ("2012-02-29", 12, "2013-02-28"),
        ("2013-09-17", 0, "2013-09-17"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_last(start, n, end):
    assert due(CALENDAR, day(start), n, Unit.MONTH).date == day(end)


def test_rolling_is_a_choice():
    asked = (CALENDAR, day("2013-09-05"), 30, Unit.CALENDAR_DAY)  # 5 October, a holiday
    assert due(*asked).date == day("2013-10-05")
    assert due(*asked, roll=True).date == day("2013-10-08")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2013-09-17T09:00", 3, "2013-09-17T12:00"),
        ("2013-09-17T09:00", 4, "2013-09-17T14:30"),
        ("2013-09-17T12:00", 4, "2013-09-17T17:30"),
        ("2013-09-17T17:30", 1, "2013-09-18T10:00"),
        ("2013-09-18T17:00", 1, "2013-09-22T09:30"),  # over Mid-Autumn, to a working Sunday
        ("2013-09-17T20:00", 7, "2013-09-18T17:30"),
        ("2013-09-17T07:00", 0, "2013-09-17T09:00"),
        ("2013-09-17T12:30", 0, "2013-09-17T13:30"),
        ("2013-09-19T10:00", 0, "2013-09-22T09:00"),
    ],
)
def test_office_hours_count_while_the_windows_are_open(start, hours, end):
    found = due(CALENDAR, dt.datetime.fromisoformat(start), hours, Unit.OFFICE_HOUR)
    assert found.at == dt.datetime.fromisoformat(end)


def test_a_bare_date_starts_office_hours_at_its_end():
    found = due(CALENDAR, day("2013-09-17"), 1, Unit.OFFICE_HOUR)
    assert found.at == dt.datetime(2013, 9, 18, 10, 0)


def test_an_instant_is_read_in_the_zone_of_the_office():
    start = dt.datetime(2013, 9, 17, 17, 0, tzinfo=dt.UTC)  # 01:00 of the 18th in China
    found = due(CALENDAR, start, 1, Unit.OFFICE_HOUR)
    assert found.at.isoformat() == "2013-09-18T10:00:00+08:00"


def test_other_office_hours_can_be_given():
    mornings = OfficeHours(spans=((dt.time(8), dt.time(12)),))
    start = dt.datetime(2013, 9, 17, 11, 0)
    assert due(CALENDAR, start, 2, Unit.OFFICE_HOUR, hours=mornings).at.hour == 9
    with pytest.raises(rules.BadLimit, match="办公时间"):
        OfficeHours(spans=((dt.time(12), dt.time(8)),))


def test_an_open_pause_leaves_no_due_date_unless_the_limit_ended_before():
    start = day("2013-09-02")
    with pytest.raises(rules.StillPaused, match="恢复"):
        due(CALENDAR, start, 20, pauses=[Pause(day("2013-09-10"))])
    assert due(CALENDAR, start, 6, pauses=[Pause(day("2013-09-10"))]).date == day("2013-09-10")
    with pytest.raises(rules.StillPaused):
        due(CALENDAR, start, 20, Unit.CALENDAR_DAY, [Pause(day("2013-09-10"))])


def test_a_year_without_a_notice_between_two_with_one_makes_the_end_provisional():
    gap = WorkingCalendar([], [2024, 2026])
    assert due(gap, day("2024-12-30"), 3).provisional
    assert due(gap, day("2025-06-02"), 3).provisional
    assert due(gap, day("2024-06-03"), 500).provisional  # 2025 lies between
    assert not due(gap, day("2025-12-31"), 3).provisional  # every counted day is in 2026
    assert not due(gap, day("2024-12-30"), 1).provisional


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("n", [10_000, 10**8, 10**30])
def test_an_end_beyond_the_calendar_is_refused(unit, n):
    with pytest.raises(rules.OutsideCalendar, match="2038-12-31"):
        due(CALENDAR, day("2026-01-05"), n * (6 if unit == Unit.OFFICE_HOUR else 1), unit)


@pytest.mark.parametrize("start", ["2003-12-31", "2039-01-01", "0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("n", [0, 5])
def test_a_start_outside_the_calendar_is_refused(start, unit, n):
    with pytest.raises(rules.OutsideCalendar, match="2004-01-01"):
        due(CALENDAR, day(start), n, unit)


def test_the_last_day_of_the_calendar_can_still_be_an_end():
    assert due(CALENDAR, day("2038-12-30"), 1).date == day("2038-12-31")
    with pytest.raises(rules.OutsideCalendar):
        due(CALENDAR, day("2038-12-30"), 2)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_negative_limit_is_refused(unit):
    with pytest.raises(DomainError, match="负数"):
        due(CALENDAR, day("2013-09-17"), -1, unit)


def test_what_cannot_be_reckoned_is_refused_with_a_sentence():
    start = day("2013-09-17")
    with pytest.raises(rules.BadLimit, match="不认识的计时单位"):
        due(CALENDAR, start, 5, "week")
    with pytest.raises(rules.BadLimit, match="早于"):
        due(CALENDAR, start, 5, pauses=[Pause(day("2013-09-24"), day("2013-09-10"))])
    with pytest.raises(rules.BadLimit, match="不带时刻"):
        due(CALENDAR, dt.datetime(2013, 9, 17, 9, 0), 5)
    with pytest.raises(rules.BadCalendar, match="两次"):
        WorkingCalendar([DayOff(start, True, "甲"), DayOff(start, False, "乙")], [2013])


def test_lights_follow_the_days_that_are_left():
    end = day("2013-09-27")  # a Friday; Saturday rests, Sunday works
    shown = [light(CALENDAR, day(f"2013-09-{n}"), end) for n in (24, 25, 26, 27, 28, 29)]
    assert shown == ["green", "green", "yellow", "yellow", "red", "red"]
    left = [working_days_left(CALENDAR, day(f"2013-09-{n}"), end) for n in (26, 27, 28, 29, 30)]
    assert left == [1, 0, -1, -1, -2]
    assert working_days_over(CALENDAR, day("2013-09-28"), end) == 0


def test_a_city_may_mean_just_overdue_by_yellow():
    rule = rules.LightRule(yellow_within=0, red_over=2)
    shown = [
        light(CALENDAR, day(f"2013-09-{n}"), day("2013-09-22"), rule) for n in (18, 22, 23, 24)
    ]
    assert shown == ["green", "yellow", "yellow", "red"]


def test_unofficial_years_follow_the_weekday_rule():
    new_year = dt.date(2027, 1, 1)
    assert CALENDAR.is_working_day(new_year)
    with_notice = CALENDAR.with_year(2027, [DayOff(new_year, False, "元旦")])
    assert not with_notice.is_working_day(new_year)
    assert with_notice.last_day == dt.date(2039, 12, 31)
    with pytest.raises(rules.BadCalendar, match="逐年"):
        CALENDAR.with_year(2028, [])


def test_the_day_on_which_a_pause_begins_still_counts_in_hours():
    start, pause = dt.datetime(2013, 9, 17, 16, 0), Pause(day("2013-09-17"), day("2013-09-22"))
    found = due(CALENDAR, start, 3, Unit.OFFICE_HOUR, [pause])
    assert found.at == dt.datetime(2013, 9, 23, 10, 30)
    inside = Pause(day("2013-09-16"), day("2013-09-17"))  # the day it ends on does not
    found = due(CALENDAR, start, 3, Unit.OFFICE_HOUR, [inside])
    assert found.at == dt.datetime(2013, 9, 18, 12, 0)
