"""Clocks tell their lives: every act with its effect, and what is left while they stand still."""

import datetime as dt
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import record
from mingtang.timing import queries, rules, services
from mingtang.timing.rules import (
    Act,
    BadClock,
    ClockKind,
    ClockStatus,
    DayOff,
    Unit,
    acts_of,
    apply,
    clock_label,
    days_left_of,
    shipped_calendar,
    tell_acts,
    working_days_left,
)
from tests.timing import oracle
from tests.timing.test_clocks import op
from tests.timing.test_clocks import start as start_op
from tests.timing.test_services import AT, NOTICE_2027, Life, load, the_clock

day = dt.date.fromisoformat
CALENDAR = shipped_calendar()
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def until(stream="case:1", kind="renewal", start="2013-09-17", due="2013-10-31"):
    return services.start_clock_until(stream=stream, kind=kind, start=day(start), due_date=day(due))


def last_date(lines: list[str]) -> str:
    return DATE.findall("\n".join(lines))[-1]


# ── kinds, and ends that are fixed ────────────────────────────────────────────────────────────


def test_every_kind_of_clock_has_a_label() -> None:
    labels = [clock_label(kind) for kind in ClockKind]
    assert len(set(labels)) == len(ClockKind)
    assert clock_label("deferred:身份证明") == "容缺补交时限（身份证明）"
    assert clock_label(ClockKind.RENEWAL) == "到期前决定时限"


@pytest.mark.django_db
def test_a_clock_with_a_fixed_end_is_a_clock_like_any_other() -> None:
    written = until()
    assert (written["unit"], written["amount"], written["due"]) == (
        "calendar_day",
        44,
        "2013-10-31",
    )
    assert rules.fold([written], CALENDAR)["renewal"] == the_clock(kind="renewal").state
    assert until("case:2", start="2013-09-17", due="2013-09-17")["due"] == "2013-09-17"


@pytest.mark.django_db
def test_a_fixed_end_beyond_the_known_holidays_is_fixed_all_the_same() -> None:
    written = until(start="2026-11-27", due="2028-05-01")
    assert (written["due"], written["provisional"]) == ("2028-05-01", False)
    assert load(NOTICE_2027)["moved"] == 0
    assert "2026 年" not in queries.explain_clock(the_clock(kind="renewal"))[-1]


@pytest.mark.parametrize("unit", [Unit.CALENDAR_DAY, Unit.MONTH])
def test_days_and_months_are_provisional_only_where_their_end_rolls(unit: Unit) -> None:
    assert not rules.due(CALENDAR, day("2026-12-30"), 6, unit).provisional
    assert rules.due(CALENDAR, day("2026-12-30"), 6, unit, roll=True).provisional


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "due", "sentence"),
    [
        (day("2013-09-17"), day("2013-09-16"), "早于起算日"),
        (dt.datetime(2013, 9, 17, tzinfo=dt.UTC), day("2013-09-18"), "不带时刻"),
        (day("2013-09-17"), dt.datetime(2013, 9, 18, tzinfo=dt.UTC), "不带时刻"),
    ],
)
def test_a_fixed_end_that_makes_no_sense_is_refused(start, due, sentence) -> None:
    with pytest.raises(BadClock, match=sentence):
        services.start_clock_until(stream="case:1", kind="renewal", start=start, due_date=due)


# ── the story ─────────────────────────────────────────────────────────────────────────────────

CLERK = Actor(id="7", label="祝晓芳", organisation_id="3", organisation_label="市水利局")
STAND_IN = Actor(id="8", label="郑梅", acting_for_id="7", acting_for_label="祝晓芳")


def happened(on: str, written: dict, actor: Actor = CLERK, stream: str = "case:1") -> None:
    record(
        stream=stream,
        kind="case.happened",
        facts={"clocks": [written]},
        effective_on=day(on),
        actor=actor,
        at=AT,
        command_id="test",
    )


@pytest.mark.django_db
def test_the_whole_life_of_a_clock_is_told() -> None:
    act = {"stream": "case:1", "kind": "promised"}
    begin = {"start": day("2026-11-30"), "amount": 20, "unit": "working_day"}
    happened("2026-11-30", services.start_clock(**act, **begin))
    other = services.start_clock(**{**act, "kind": "statutory"}, **begin)
    happened("2026-11-30", other)  # another clock's act is not told
    happened("2026-12-08", services.pause_clock(**act, on=day("2026-12-08")), STAND_IN)
    happened("2026-12-18", services.resume_clock(**act, on=day("2026-12-18")))
    happened("2026-12-21", services.extend_clock(**act, amount=5))
    load(NOTICE_2027)
    happened("2027-01-20", services.stop_clock(**act, on=day("2027-01-20")), SYSTEM)
    lines = queries.explain_history(the_clock(), ledger.history("case:1"))
    assert lines[:6] == [
        (
            "2026-11-30（星期一），市水利局祝晓芳开始计时，2026-11-30（星期一）起算，20 个工作日，"
            "到期日 2026-12-28（星期一）。"
        ),
        (
            "2026-12-08（星期二），郑梅代祝晓芳暂停计时，2026-12-08（星期二）之后的日子不计入，"
            "当时还剩 14 个工作日。"
        ),
        (
            "2026-12-18（星期五），市水利局祝晓芳恢复计时，共暂停 10 天（8 个工作日），"
            "到期日由 2026-12-28（星期一）改为 2027-01-07（星期四）。"
        ),
        (
            "2026-12-21（星期一），市水利局祝晓芳延期 5 个工作日，"
            "到期日由 2027-01-07（星期四）改为 2027-01-14（星期四）。"
        ),
        (
            "2026-11-22（星期日），徐志强载入修订的工作日日历，"
            "到期日由 2027-01-14（星期四）改为 2027-01-15（星期五）。"
        ),
        "2027-01-20（星期三），系统停止计时，已超期 3 个工作日，到期日定为 2027-01-15（星期五）。",
    ]
    assert lines[6:] == queries.explain_clock(the_clock())
    assert last_date(lines) == "2027-01-15"


def test_a_calendar_that_moves_nothing_says_so() -> None:
    begun = start_op(5, "2026-12-28", due="2027-01-04", provisional=True)
    same = op("recompute", due="2027-01-04", provisional=False)
    told = tell_acts(
        [Act(day("2026-12-28"), "", begun), Act(day("2026-12-29"), "", same)], CALENDAR
    )
    assert told[1].endswith("到期日不变，仍是 2027-01-04（星期一），不再是暂定。")


def test_pauses_given_at_the_start_and_hours_are_told() -> None:
    begun = start_op(2, "2013-09-17T16:00:00+08:00", "office_hour")
    [line] = tell_acts([Act(day("2013-09-17"), "系统", begun)], CALENDAR)
    assert line.endswith("2 个办公小时，到期日 2013-09-18（星期三） 09:30。")
    begun = start_op(pauses=[["2013-09-10", "2013-09-24"]])
    assert (
        "20 个工作日，其中 1 段不计入"
        in tell_acts([Act(day("2013-09-02"), "", begun)], CALENDAR)[0]
    )


def test_of_several_runs_each_clock_tells_its_own() -> None:
    first = [start_op(5, "2013-09-02"), op("stop", on="2013-09-04")]
    second = [start_op(9, "2013-09-10"), op("stop", on="2013-09-12")]
    acts = [Act(day("2013-09-30"), "", one) for one in [*first, *second, start_op(3, "2013-09-16")]]
    ended = apply(apply(None, first[0], CALENDAR), first[1], CALENDAR)
    assert [act.op for act in acts_of(ended, acts, CALENDAR)] == first
    running = apply(None, start_op(3, "2013-09-16"), CALENDAR)
    assert [act.op for act in acts_of(running, acts, CALENDAR)] == [start_op(3, "2013-09-16")]
    assert acts_of(running, [], CALENDAR) == []


@pytest.mark.django_db
def test_more_events_cost_no_more_questions(django_assert_num_queries) -> None:
    act = {"stream": "case:1", "kind": "promised"}
    happened(
        "2013-09-02",
        services.start_clock(**act, start=day("2013-09-02"), amount=20, unit="working_day"),
    )
    for number in range(3, 9):
        on = day(f"2013-09-{number:02}")
        happened(on.isoformat(), services.pause_clock(**act, on=on))
        happened(on.isoformat(), services.resume_clock(**act, on=on))
    events, clock = ledger.history("case:1"), the_clock()
    with django_assert_num_queries(1):  # whether another calendar was loaded
        assert len(queries.explain_history(clock, events)) > 13


# ── what is left ──────────────────────────────────────────────────────────────────────────────

START = start_op()  # 20 working days from 2013-09-02, due 2013-09-30


@pytest.mark.parametrize(
    ("ops", "on", "left"),
    [
        ([], "2013-09-27", 2),
        ([op("pause", on="2013-09-10")], "2013-09-09", 15),
        ([op("pause", on="2013-09-10")], "2013-09-10", 14),
        ([op("pause", on="2013-09-10")], "2014-09-10", 14),  # it does not run down
        ([op("pause", on="2013-10-11")], "2013-12-10", -4),
        ([op("pause", on="2013-09-10"), op("resume", on="2013-09-24")], "2013-09-24", 14),
        ([op("pause", on="2013-09-10"), op("resume", on="2013-09-24")], "2013-09-25", 13),
        ([op("pause", on="2013-09-10"), op("extend", amount=10)], "2014-01-01", 24),
        ([op("stop", on="2013-09-10")], "2014-09-10", 14),
        ([op("pause", on="2013-09-10"), op("stop", on="2013-09-20")], "2014-09-10", 14),
    ],
)
def test_what_is_left_stands_still_while_the_clock_does(ops, on, left) -> None:
    state = rules.fold([START, *ops], CALENDAR)["promised"]
    assert days_left_of(CALENDAR, state, day(on)) == left


@given(
    st.dates(day("2010-01-01"), day("2024-01-01")),
    st.integers(1, 60),
    st.integers(0, 90),
    st.integers(0, 300),
)
def test_a_limit_has_as_much_left_after_the_pause_as_before(begin, amount, after, length) -> None:
    paused_on = begin + dt.timedelta(after)
    resumed_on = paused_on + dt.timedelta(length)
    began = apply(None, start_op(amount, begin.isoformat()), CALENDAR)
    paused = apply(began, op("pause", on=paused_on.isoformat()), CALENDAR)
    left = days_left_of(CALENDAR, paused, resumed_on)
    assert left == working_days_left(CALENDAR, paused_on, began.due)
    resumed = apply(paused, op("resume", on=resumed_on.isoformat()), CALENDAR)
    if left > 0:
        assert days_left_of(CALENDAR, resumed, resumed_on) == left
        assert resumed.due == oracle.walk(resumed_on, left)


@pytest.mark.django_db
def test_a_paused_clock_says_what_was_left() -> None:
    happened(
        "2013-09-02",
        services.start_clock(
            stream="case:1", kind="promised", start=day("2013-09-02"), amount=20, unit="working_day"
        ),
    )
    services.pause_clock(stream="case:1", kind="promised", on=day("2013-09-10"))
    assert queries.days_left_of(the_clock(), day("2013-12-31")) == 14
    assert queries.explain_clock(the_clock())[-1] == (
        "自 2013-09-10 起暂停计时，当时还剩 14 个工作日；恢复后从 2013-09-30 顺延。"
    )


# ── whatever happens ──────────────────────────────────────────────────────────────────────────


@st.composite
def histories(draw):
    """Possible acts on one clock, and the calendar that holds at the end."""
    today = draw(st.dates(day("2026-01-05"), day("2026-12-20")))
    unit = draw(st.sampled_from(list(Unit)))
    calendar, acts, state = CALENDAR, [], None
    for _ in range(draw(st.integers(1, 12))):
        status = state.status if state else ClockStatus.STOPPED
        verb = draw(
            st.sampled_from(
                {
                    "running": ["pause", "extend", "stop", "recompute"],
                    "paused": ["resume", "extend", "stop", "recompute"],
                    "stopped": ["start"],
                }[status]
            )
        )
        today += dt.timedelta(draw(st.integers(0, 12)))
        if verb == "recompute":
            rests = draw(st.sets(st.dates(day("2027-01-01"), day("2027-03-31")), max_size=20))
            offs = [DayOff(one, one.weekday() > 4, "节") for one in sorted(rests)]
            calendar = CALENDAR.with_year(2027, offs)
        written = op(verb, on=today.isoformat())
        if verb == "extend":
            written = op(verb, amount=draw(st.integers(1, 9)))
        elif verb == "start":
            hour = f"T{draw(st.integers(0, 23)):02}:15:00+08:00"
            begin = today.isoformat() + (hour if unit == "office_hour" else "")
            amount = draw(st.integers(0, 3 if unit == "month" else 40))
            written = start_op(amount, begin, unit.value, roll=draw(st.booleans()))
        state = apply(state, written, calendar)
        if verb in {"start", "resume", "extend", "recompute"}:
            written |= rules.written_due(state)
        acts.append(Act(today, "某人", written))
    return acts, state, calendar


@settings(max_examples=2 * settings.default.max_examples)
@given(histories())
def test_any_life_can_be_told_and_ends_on_its_due_date(history) -> None:
    acts, state, calendar = history
    own = acts_of(state, acts, calendar)
    told = tell_acts(own, calendar)
    assert len(told) == len(own) >= 1
    assert own[0].op["op"] == "start"
    verb = own[-1].op["op"]
    if verb != "pause":
        assert DATE.findall(told[-1])[-1] == state.due.isoformat()
    assert rules.fold([act.op for act in acts], calendar)["promised"] == state


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_what_the_ledger_tells_of_a_clock_ends_on_its_due_date(seed: int) -> None:
    dice = random.Random(seed)
    services.seed_calendars(at=AT)
    lives = [Life(number, dice) for number in range(8)]
    for turn in range(10):
        for life in dice.sample(lives, 5):
            life.go_on()
        if turn == 5:
            load([DayOff(day("2027-01-01") + dt.timedelta(7 * n), False, "节") for n in range(9)])
    for life in lives:
        events = ledger.history(life.stream)
        for clock in queries.clocks_of(life.stream):
            lines = queries.explain_history(clock, events)
            assert last_date(lines) == clock.due_date.isoformat()
            assert "开始计时" in lines[0]
            assert clock.start_date.isoformat() in lines[0]
