"""Explanations: they lead to the same day as the reckoning, count right and stay short."""

import datetime as dt
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.timing.rules import Pause, Reason, Unit, due, explain, shipped_calendar
from tests.timing.test_deadlines import limits

day = dt.date.fromisoformat
CALENDAR = shipped_calendar()
COUNTED = {Reason.COUNTED, Reason.MAKE_UP}


def told(*args, **more):
    return [line.text for line in explain(CALENDAR, *args, **more)]


def test_the_way_over_mid_autumn_names_every_stretch():
    assert told(day("2013-09-17"), 5) == [
        "2013-09-17（星期二）起算，当日不计入。",
        "2013-09-18（星期三）计入 1 个工作日（第 1 个）。",
        "2013-09-19（星期四）至 2013-09-20（星期五）中秋放假，不计入。",
        "2013-09-21（星期六）周末休息，不计入。",
        "2013-09-22（星期日）中秋调休上班，计入 1 个工作日（第 2 个）。",
        "2013-09-23（星期一）至 2013-09-25（星期三）计入 3 个工作日（第 3–5 个）。",
        "2013-09-25（星期三）到期，共 5 个工作日。",
    ]


def test_a_weekend_inside_a_festival_belongs_to_it():
    lines = told(day("2013-09-30"), 1)
    assert "2013-10-01（星期二）至 2013-10-07（星期一）国庆节放假，不计入。" in lines


def test_a_pause_says_how_many_working_days_it_holds():
    pause = Pause(day("2013-09-10"), day("2013-09-24"))
    lines = told(day("2013-09-02"), 20, pauses=[pause])
    assert "2013-09-11（星期三）至 2013-09-24（星期二）暂停计时，其中 9 个工作日不计入。" in lines


def test_an_on_the_spot_case_counts_its_own_day():
    assert told(day("2013-09-17"), 0)[0] == "2013-09-17（星期二）起算，时限为 0：当日计入。"


def test_months_tell_of_the_short_month_and_of_rolling():
    lines = told(
        day("2013-08-31"), 1, Unit.MONTH, [Pause(day("2013-09-10"), day("2013-09-15"))], roll=True
    )
    assert lines == [
        "2013-08-31（星期六）起算，当日不计入。",
        "1 个月后为 2013-09-30（星期一）（该月没有 31 日，取月末）。",
        "2013-09-11（星期三）至 2013-09-15（星期日）暂停计时，到期日顺延 5 天。",
        "2013-10-05（星期六）至 2013-10-07（星期一）国庆节放假，不计入。",
        "2013-10-05（星期六）不上班或暂停计时，顺延到 2013-10-08（星期二）。",
        "2013-10-08（星期二）到期，共 1 个月。",
    ]


def test_calendar_days_tell_the_running_sum():
    pause = Pause(day("2013-09-10"), day("2013-09-24"))
    lines = told(day("2013-09-02"), 30, Unit.CALENDAR_DAY, [pause])
    assert lines[1:] == [
        "2013-09-03（星期二）至 2013-09-10（星期二）计入 8 天（累计 8 天）。",
        "2013-09-11（星期三）至 2013-09-24（星期二）暂停计时，14 天不计入。",
        "2013-09-25（星期三）至 2013-10-16（星期三）计入 22 天（累计 30 天）。",
        "2013-10-16（星期三）到期，共 30 个自然日。",
    ]


def test_office_hours_tell_each_stretch_of_hours():
    assert told(dt.datetime(2013, 9, 17, 16, 0), 20, Unit.OFFICE_HOUR) == [
        "2013-09-17（星期二） 16:00 起算。",
        "2013-09-17（星期二） 16:00–17:30 计入 1 小时 30 分。",
        "2013-09-18（星期三） 09:00–12:00、13:30–17:30 计入 7 小时。",
        "2013-09-19（星期四）至 2013-09-20（星期五）中秋放假，不计入。",
        "2013-09-21（星期六）周末休息，不计入。",
        "2013-09-22（星期日） 中秋调休上班，09:00–12:00、13:30–17:30 计入 7 小时。",
        "2013-09-23（星期一） 09:00–12:00、13:30–15:00 计入 4 小时 30 分。",
        "2013-09-23（星期一） 15:00 到期，共 20 个办公小时。",
    ]


def test_a_provisional_end_says_so():
    last = explain(CALENDAR, day("2026-12-30"), 5)[-1]
    assert last.reason == Reason.PROVISIONAL
    assert "2026 年" in last.text


@given(limits())
def test_the_stretches_join_and_hold_exactly_the_counted_days(limit):
    start, n, pauses = limit
    lines = explain(CALENDAR, start, n, pauses=pauses)
    stretches = [line for line in lines if line.reason not in {Reason.START, Reason.DUE}]
    for earlier, later in pairwise(stretches):
        assert later.first - earlier.last == dt.timedelta(days=1)
    counted = sum((one.last - one.first).days + 1 for one in stretches if one.reason in COUNTED)
    assert counted == (n or 1)
    assert stretches[-1].last == lines[-1].last == due(CALENDAR, start, n, pauses=pauses).date


@settings(max_examples=50)
@given(limits(most=12), st.sampled_from(list(Unit)), st.booleans())
def test_every_unit_explains_itself_up_to_its_due_date(limit, unit, roll):
    start, n, pauses = limit
    lines = explain(CALENDAR, start, n, unit, pauses, roll=roll)
    assert lines[-1].last == due(CALENDAR, start, n, unit, pauses, roll=roll).date


def test_office_hours_that_start_on_a_rest_day_count_nothing_on_it():
    assert told(dt.datetime(2013, 9, 19, 10, 0), 1, Unit.OFFICE_HOUR) == [
        "2013-09-19（星期四） 10:00 起算。",
        "2013-09-20（星期五）中秋放假，不计入。",
        "2013-09-21（星期六）周末休息，不计入。",
        "2013-09-22（星期日） 中秋调休上班，09:00–10:00 计入 1 小时。",
        "2013-09-22（星期日） 10:00 到期，共 1 个办公小时。",
    ]
