"""Clocks as a fold over operations: what they add up to, and which sequences are refused."""

import datetime as dt

import pytest

from mingtang.timing.rules import (
    BadClock,
    ClockConflict,
    ClockKind,
    ClockStatus,
    DayOff,
    Pause,
    apply,
    clock_label,
    fold,
    shipped_calendar,
)

day = dt.date.fromisoformat
CALENDAR = shipped_calendar()


def op(name, kind="promised", **more):
    return {"kind": kind, "op": name, **more}


def start(amount=20, on="2013-09-02", unit="working_day", kind="promised", **more):
    return op("start", kind, start=on, amount=amount, unit=unit, **more)


def folded(*ops, calendar=CALENDAR, kind="promised"):
    return fold(ops, calendar)[kind]


def test_a_started_clock_runs_to_its_due_date():
    state = folded(start(5, "2013-09-17", due="2013-09-25", provisional=False))
    assert (state.status, state.due, state.provisional) == ("running", day("2013-09-25"), False)
    assert state.is_open


def test_a_pause_moves_the_due_date_when_it_ends():
    pause, resume = op("pause", on="2013-09-10"), op("resume", on="2013-09-24")
    paused = folded(start(), pause)
    assert (paused.status, paused.due) == (ClockStatus.PAUSED, day("2013-09-30"))
    resumed = folded(start(), pause, resume)
    assert (resumed.status, resumed.due) == (ClockStatus.RUNNING, day("2013-10-17"))
    assert resumed.pauses == (Pause(day("2013-09-10"), day("2013-09-24")),)


def test_an_extension_adds_to_the_limit():
    state = folded(start(), op("extend", amount=10))
    assert (state.amount, state.due) == (30, day("2013-10-18"))


def test_a_pause_given_at_the_start_counts():
    state = folded(start(pauses=[["2013-09-10", "2013-09-24"]]))
    assert state.due == day("2013-10-17")


def test_calendar_days_roll_only_when_the_start_says_so():
    asked = {"amount": 30, "on": "2013-09-05", "unit": "calendar_day"}
    assert folded(start(**asked)).due == day("2013-10-05")
    assert folded(start(**asked, roll=True)).due == day("2013-10-08")


def test_office_hours_keep_their_moment():
    state = folded(start(1, "2013-09-17T17:00:00+08:00", "office_hour"))
    assert state.due_at == dt.datetime.fromisoformat("2013-09-18T09:30:00+08:00")


def test_a_stopped_clock_keeps_the_date_that_was_recorded():
    ops = start(5, "2026-12-28", due="2027-01-04", provisional=True), op("stop", on="2026-12-30")
    revised = CALENDAR.with_year(2027, [DayOff(day("2027-01-01"), False, "元旦")])
    state = folded(*ops, calendar=revised)
    assert (state.status, state.due, state.stopped_on) == (
        ClockStatus.STOPPED,
        day("2027-01-04"),
        day("2026-12-30"),
    )
    assert folded(ops[0], calendar=revised).due == day("2027-01-05")  # an open one follows


def test_stopping_a_paused_clock_ends_its_pause():
    state = folded(start(), op("pause", on="2013-09-10"), op("stop", on="2013-09-12"))
    assert state.pauses == (Pause(day("2013-09-10"), day("2013-09-12")),)


def test_a_stopped_clock_may_start_again():
    state = folded(start(), op("stop", on="2013-09-10"), start(5, "2013-09-12"))
    assert (state.status, state.due) == (ClockStatus.RUNNING, day("2013-09-22"))


def test_kinds_are_kept_apart_and_steps_by_name():
    ops = [start(), start(3, kind="step:review"), start(1, kind="step:visit")]
    states = fold(ops, CALENDAR)
    assert set(states) == {"promised", "step:review", "step:visit"}
    assert clock_label("step:review") == "环节时限（review）"
    assert clock_label("problem:3032570994255462400") == "问题解决时限"
    assert clock_label(ClockKind.STATUTORY) == "法定时限"


PAUSED = [start(), op("pause", on="2013-09-10")]
STOPPED = [start(), op("stop", on="2013-09-10")]


@pytest.mark.parametrize(
    ("ops", "sentence"),
    [
        ([op("stop", on="2013-09-10")], "还没有开始"),
        ([op("pause", on="2013-09-10")], "还没有开始"),
        ([start(), start()], "不能重复开始"),
        ([*PAUSED, start()], "不能重复开始"),
        ([*PAUSED, op("pause", on="2013-09-11")], "不能重复暂停"),
        ([start(), op("resume", on="2013-09-11")], "没有暂停"),
        ([*STOPPED, op("stop", on="2013-09-11")], "停止计时"),
        ([*STOPPED, op("pause", on="2013-09-11")], "停止计时"),
        ([*STOPPED, op("resume", on="2013-09-11")], "停止计时"),
        ([*STOPPED, op("extend", amount=5)], "停止计时"),
        ([*STOPPED, op("recompute", due="2013-10-01")], "停止计时"),
        ([start(), op("pause", on="2013-09-01")], "早于"),
        ([*PAUSED, op("resume", on="2013-09-09")], "早于"),
        ([*PAUSED, op("stop", on="2013-09-09")], "早于"),
        ([start(), op("stop", on="2013-09-01")], "早于"),
    ],
)
def test_an_impossible_sequence_is_refused(ops, sentence):
    fold(ops[:-1], CALENDAR)  # up to there it is possible
    with pytest.raises(ClockConflict, match=sentence) as refused:
        fold(ops, CALENDAR)
    assert refused.value.status == 409


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (start(kind="lunch"), "计时种类"),
        (op("explode"), "计时操作"),
        (start(pauses=[["2013-09-10", None]]), "已结束"),
    ],
)
def test_an_operation_that_cannot_be_read_is_refused(wrong, sentence):
    with pytest.raises(BadClock, match=sentence):
        fold([wrong], CALENDAR)


def test_an_extension_of_nothing_is_refused():
    with pytest.raises(BadClock, match="至少为 1"):
        fold([start(), op("extend", amount=0)], CALENDAR)


def test_one_operation_is_the_same_rule_as_the_fold():
    state = apply(apply(None, start(), CALENDAR), op("extend", amount=10), CALENDAR)
    assert state == folded(start(), op("extend", amount=10))
