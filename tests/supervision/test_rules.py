"""Cards from events: the vectors, each rule of the catalogue, versions, profiles, bad rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.supervision.rules import (
    BadRule,
    CardType,
    Colour,
    State,
    book_of,
    check_rule,
    is_off,
    look,
    next_look,
)
from mingtang.timing.rules import Unit, due
from tests.supervision import oracle
from tests.supervision.making import CALENDAR, FAR, SHIPPED, History, fires, rule, shipped

DAY = timedelta(days=1)
START = date(2013, 9, 12)
DUE = date(2013, 9, 22)  # a Sunday on which offices worked
LONG = "材料不符合规定的条件，详见附件。"
DOCUMENT = {"id": "1"}


def promised(due: date = DUE, clock: str = "promised", start: date = START) -> History:
    op = {"kind": clock, "op": "start", "due": due.isoformat()}
    return History().tell("case.accepted", start, clocks=[op], document=DOCUMENT)


# ── the vectors ───────────────────────────────────────────────────────────────────────────────


def test_vector_18_by_both_ways_of_reminding():
    days = promised().days(*shipped())
    assert due(CALENDAR, START, 5, Unit.WORKING_DAY).date == DUE
    assert days["TIME_DUE_SOON"] == date(2013, 9, 18)
    assert days["TIME_PROMISE_OVER"] == date(2013, 9, 23)
    assert days["TIME_PROMISE_OVER2"] == date(2013, 9, 24)
    assert promised().days(rule("TIME_LAST_DAY")) == {"TIME_LAST_DAY": DUE}


def test_in_the_other_profile_yellow_comes_before_the_end_and_red_after_it():
    found = look(promised().events, CALENDAR, shipped("expiring"), FAR).due
    assert [(one.rule.code, one.rule.colour, one.day) for one in found] == [
        ("TIME_DUE_SOON", Colour.YELLOW, date(2013, 9, 18)),
        ("TIME_PROMISE_OVER", Colour.RED, date(2013, 9, 23)),
    ]


def test_a_reminder_comes_on_the_last_day_and_never_after_it():
    """The old code reminded only after the limit was over."""
    on_the_spot = promised(due=START)
    assert on_the_spot.days(rule("TIME_DUE_SOON")) == {}
    assert on_the_spot.days(rule("TIME_PROMISE_OVER")) == {"TIME_PROMISE_OVER": date(2013, 9, 13)}
    short = promised(due=date(2013, 9, 13))
    assert short.days(rule("TIME_DUE_SOON")) == {"TIME_DUE_SOON": date(2013, 9, 13)}


@pytest.mark.parametrize(
    ("charged", "waived", "paid", "is_wrong"),
    [
        (10000, 0, 10000, False),  # the old code fired here
        (10000, 0, 10400, False),
        (10000, 0, 10600, True),
        (10000, 0, 9500, False),
        (10000, 0, 9400, True),
        (0, 0, 100, True),
        (10000, 2000, 8000, False),
        (10000, 2000, 10000, True),
    ],
)
def test_fees_as_charged_less_what_was_waived(charged, waived, paid, is_wrong):
    history = History()
    if charged:
        history.tell("case.charged", charge_id="1", cents=charged)
    if waived:
        history.tell("case.waiver_answered", charge_id="1", cents=waived, is_approved=True)
    history.tell("case.paid", charge_id="1", cents=paid)
    assert fires("FEE_OFF", history) is is_wrong


def test_fees_are_compared_charge_by_charge_and_a_waiver_refused_is_none():
    history = History().tell("case.charged", charge_id="1", cents=100)
    history.tell("case.charged", charge_id="2", cents=900).tell(
        "case.paid", charge_id="1", cents=100
    )
    history.tell("case.waiver_answered", charge_id="2", cents=0, is_approved=False)
    assert not fires("FEE_OFF", history)
    history.tell("case.paid", charge_id="2", cents=500)
    assert fires("FEE_OFF", history)
    assert is_off(0, 1, 5)
    assert not is_off(0, 0, 5)


# ── each rule fires, and does not ─────────────────────────────────────────────────────────────


def over(clock: str, kind: str = "case.accepted") -> History:
    return History().clock(kind, "start", START, clock=clock, due=DUE.isoformat())


def stopped(history: History, clock: str, on: date = DUE) -> History:
    return history.clock("case.moved", "stop", on, clock=clock)


def examined(on: date = START) -> History:
    history = History().tell("case.submitted", START)
    return history.tell("case.examined", on)


OVER = date(2013, 9, 23)  # a working day past what was due
FIRING = {
    "TIME_DUE_SOON": promised(),
    "TIME_LAST_DAY": promised(),
    "TIME_PROMISE_OVER": stopped(promised(), "promised", date(2013, 9, 23)),
    "TIME_PROMISE_OVER2": stopped(promised(), "promised", date(2013, 9, 24)),
    "TIME_STATUTORY_OVER": over("statutory"),
    "PRE_EXAM_DUE_SOON": promised(clock="pre_examination"),
    "PRE_EXAM_OVER": stopped(promised(clock="pre_examination"), "pre_examination", OVER),
    "PRE_EXAM_OVER2": stopped(promised(clock="pre_examination"), "pre_examination", OVER + DAY),
    "STEP_OVER": over("step:初审"),
    "ACCEPT_LATE": over("completeness", "case.submitted"),
    "DELIVER_LATE": over("delivery", "case.granted"),
    "REGISTER_ORDER": History().tell("case.submitted", START).tell("case.examined", START - DAY),
    "FINISH_ORDER": examined().tell("case.granted").tell("case.step_claimed", START + DAY),
    "MULTI_SUPPLEMENT": History().tell("case.correction_asked", round=2),
    "SUPPLEMENT_AFTER_ACCEPT": History().tell(
        "case.correction_asked", round=1, is_after_acceptance=True
    ),
    "NOT_ACCEPTED": History().tell("case.declined", reason=LONG),
    "NO_SUMMARY": History().tell("case.submitted"),
    "NO_MATERIALS": History()
    .tell("case.submitted", required_count=2, file_count=0, given_count=0)
    .tell("case.accepted"),
    "NO_ACCEPT_DOC": History().tell("case.accepted"),
    "NO_DECISION_DOC": History().tell("case.granted"),
    "NO_PROCESS": History().tell("case.submitted").tell("case.granted"),
    "BAD_RESULT": History().tell("case.granted", outcome=""),
    "FEE_OFF": History().tell("case.paid", charge_id="1", cents=1),
    "REFUSE_NO_REASON": History().tell("case.refused", reason="不行。"),
    "PAUSE_NO_NOTICE": History().tell("case.paused"),
    "PAUSE_OVER": over("pause", "case.paused"),
    "RATING_BAD": History().tell("bad_rating.opened", level="very_dissatisfied"),
    "RATING_UNANSWERED": over("rectify", "bad_rating.confirmed"),
    "LETTER_DUE_SOON": over("letter", "letter.filed"),
    "COMPLAINT_LATE": over("letter", "letter.filed"),
    "ORDER_UNANSWERED": over("directive", "card.ordered"),
    "PROJECT_NODE_SOON": over("node_plan:land", "project.node_planned"),
    "PROJECT_NODE_OVER": over("node_plan:land", "project.node_planned"),
    "PROJECT_REPORT_LATE": over("monthly_report", "project.admitted"),
    "PROJECT_PROBLEM_OVER": over("problem:1", "project.problem_raised"),
    "VILLAGE_DISCLOSURE_LATE": over("disclosure", "village.owed"),
    "VILLAGE_DISCLOSURE_FAR_LATE": over("disclosure", "village.owed"),
    "VILLAGE_OBJECTION_LATE": over("objection:异1", "village.objected"),
    "CONSULTATION_RESULT_LATE": over("feedback", "consultation.closed"),
    "JOINT_DUE_SOON": over("promised", "joint.accepted"),
    "JOINT_PROMISE_OVER": stopped(over("promised", "joint.accepted"), "promised", OVER),
    "JOINT_STATUTORY_OVER": over("statutory", "joint.accepted"),
    "JOINT_STEP_OVER": stopped(over("step:review", "joint.part_begun"), "step:review", OVER),
    "JOINT_ACCEPT_LATE": over("completeness", "joint.filed"),
    "OPINION_LATE": over("opinion:1-水利局", "meeting.invited"),
    "MEETING_ABSENT": History().tell("meeting.attended", attendance="absent"),
}
SILENT = {
    "TIME_DUE_SOON": stopped(promised(), "promised", date(2013, 9, 17)),
    "TIME_LAST_DAY": stopped(promised(), "promised", date(2013, 9, 18)),
    "TIME_PROMISE_OVER": stopped(promised(), "promised"),
    "TIME_PROMISE_OVER2": stopped(promised(), "promised", date(2013, 9, 23)),
    "TIME_STATUTORY_OVER": stopped(over("statutory"), "statutory"),
    "PRE_EXAM_DUE_SOON": stopped(
        promised(clock="pre_examination"), "pre_examination", date(2013, 9, 17)
    ),
    "PRE_EXAM_OVER": stopped(promised(clock="pre_examination"), "pre_examination"),
    "PRE_EXAM_OVER2": stopped(promised(clock="pre_examination"), "pre_examination", OVER),
    "STEP_OVER": stopped(over("step:初审"), "step:初审"),
    "ACCEPT_LATE": over("completeness", "case.supplied"),  # the day to confirm, no five days
    "DELIVER_LATE": stopped(over("delivery"), "delivery"),
    "REGISTER_ORDER": examined(),
    "FINISH_ORDER": examined()
    .tell("case.withdrawn")
    .tell("case.reopened", START + DAY)
    .tell("case.examined", START + 2 * DAY),
    "MULTI_SUPPLEMENT": History().tell("case.correction_asked", round=1),
    "SUPPLEMENT_AFTER_ACCEPT": History().tell("case.correction_asked", round=2),
    "NOT_ACCEPTED": History().tell("case.accepted", document=DOCUMENT),
    "NO_SUMMARY": History().tell("case.submitted", has_summary=True),
    "NO_MATERIALS": History()
    .tell("case.submitted", required_count=2, file_count=1)
    .tell("case.accepted"),
    "NO_ACCEPT_DOC": History().tell("case.accepted", document=DOCUMENT),
    "NO_DECISION_DOC": History().tell("case.granted", document=DOCUMENT),
    "NO_PROCESS": examined().tell("case.granted"),
    "BAD_RESULT": History().tell("case.granted", outcome="granted"),
    "FEE_OFF": History()
    .tell("case.charged", charge_id="1", cents=1)
    .tell("case.paid", charge_id="1", cents=1),
    "REFUSE_NO_REASON": History().tell("case.refused", reason=LONG),
    "PAUSE_NO_NOTICE": History().tell("case.paused", document=DOCUMENT),
    "PAUSE_OVER": stopped(over("pause", "case.paused"), "pause"),
    "RATING_BAD": History().tell("rating.given", level="very_dissatisfied"),
    "RATING_UNANSWERED": stopped(over("call_back", "bad_rating.opened"), "call_back"),
    "LETTER_DUE_SOON": stopped(over("letter"), "letter", START),
    "COMPLAINT_LATE": stopped(over("letter"), "letter"),
    "ORDER_UNANSWERED": stopped(over("directive"), "directive"),
    "PROJECT_NODE_SOON": stopped(over("node_plan:land"), "node_plan:land", START),
    "PROJECT_NODE_OVER": stopped(over("node_plan:land"), "node_plan:land"),
    "PROJECT_REPORT_LATE": stopped(over("monthly_report"), "monthly_report"),
    "PROJECT_PROBLEM_OVER": stopped(over("problem:1"), "problem:1"),
    "VILLAGE_DISCLOSURE_LATE": stopped(over("disclosure"), "disclosure"),
    "VILLAGE_DISCLOSURE_FAR_LATE": stopped(over("disclosure"), "disclosure", OVER),
    "VILLAGE_OBJECTION_LATE": stopped(over("objection:异1"), "objection:异1"),
    "CONSULTATION_RESULT_LATE": stopped(over("feedback"), "feedback"),
    "JOINT_DUE_SOON": stopped(over("promised"), "promised", date(2013, 9, 17)),
    "JOINT_PROMISE_OVER": stopped(over("promised"), "promised"),
    "JOINT_STATUTORY_OVER": stopped(over("statutory"), "statutory"),
    "JOINT_STEP_OVER": stopped(over("step:review"), "step:review"),
    "JOINT_ACCEPT_LATE": stopped(over("completeness", "joint.filed"), "completeness"),
    "OPINION_LATE": stopped(over("opinion:1-水利局", "meeting.invited"), "opinion:1-水利局"),
    "MEETING_ABSENT": History().tell("meeting.attended", attendance="late"),
}
CODES = [row["code"] for row in SHIPPED["rules"]]


def test_every_shipped_rule_is_tried_both_ways():
    assert set(FIRING) == set(SILENT) == set(CODES)
    assert len(CODES) == len(set(CODES))


@pytest.mark.parametrize("code", CODES)
def test_a_rule_fires_where_it_should_and_there_alone(code):
    assert fires(code, FIRING[code])
    assert not fires(code, SILENT[code])


@pytest.mark.parametrize("profile", ["overdue", "expiring"])
def test_the_shipped_rules_are_sound_and_what_is_off_says_why(profile):
    for one in shipped(profile, with_off=True):
        check_rule(one)
    off = [row for row in SHIPPED["rules"] if "off_reason" in row]
    assert off
    assert all(len(row["off_reason"]) > 10 for row in off)


# ── what stands when a day begins ─────────────────────────────────────────────────────────────


def test_decided_one_day_late_is_late_and_the_day_of_a_pause_still_counts():
    over_by_one, over_by_two = date(2013, 9, 23), date(2013, 9, 24)
    history = promised().clock("case.granted", "stop", over_by_one)
    assert set(history.days(*shipped())) >= {"TIME_PROMISE_OVER"}
    assert "TIME_PROMISE_OVER2" not in history.days(*shipped())
    paused = promised().clock("case.paused", "pause", over_by_one)
    assert "TIME_PROMISE_OVER2" not in paused.days(*shipped())
    assert next_look(paused.events, CALENDAR, shipped(), over_by_one) is None
    resumed = paused.clock("case.resumed", "resume", date(2013, 10, 12), due="2013-10-11")
    assert resumed.days(rule("TIME_PROMISE_OVER2"))["TIME_PROMISE_OVER2"] == date(2013, 10, 14)
    assert over_by_two not in resumed.days(*shipped()).values()


def test_an_extension_moves_the_day_and_a_taken_up_clock_is_the_same_clock():
    statutory = over("statutory").clock(
        *("case.extended", "extend", date(2013, 9, 16)), clock="statutory", due="2013-10-11"
    )
    assert statutory.days(rule("TIME_STATUTORY_OVER")) == {
        "TIME_STATUTORY_OVER": date(2013, 10, 12)
    }
    again = promised().clock("case.withdrawn", "stop", date(2013, 9, 25))
    again.clock(
        *("case.reopened", "start", date(2013, 10, 8)),
        due="2013-09-29",
        pauses=[["2013-09-25", "2013-10-08"]],
    )
    found = look(again.events, CALENDAR, [rule("TIME_PROMISE_OVER2")], FAR).due
    assert [(one.key, one.day) for one in found] == [("promised@1", date(2013, 9, 24))]


def test_looking_ahead_says_when_to_look_again():
    events, rules = promised().events, shipped()
    assert next_look(events, CALENDAR, rules, START) == date(2013, 9, 18)
    assert next_look(events, CALENDAR, rules, date(2013, 9, 18)) == date(2013, 9, 23)
    assert next_look(events, CALENDAR, rules, date(2013, 9, 24)) is None


def test_a_step_is_the_office_of_the_step_and_its_claimer():
    steps = [{"key": "审", "name": "审", "organisation_id": "9"}]
    history = History().tell("case.accepted", START, steps=steps, clocks=[], document=DOCUMENT)
    op = {"kind": "step:审", "op": "start", "due": DUE.isoformat()}
    history.tell("case.step_claimed", START, step_key="审", clocks=[op])
    (found,) = look(history.events, CALENDAR, [rule("STEP_OVER")], FAR).due
    assert (found.organisation_id, found.person_id) == ("9", "7")
    assert found.facts["over_days"] == 1


# ── versions and profiles ─────────────────────────────────────────────────────────────────────


def test_a_day_is_judged_by_the_version_and_the_profile_of_that_day():
    old = rule("TIME_PROMISE_OVER")
    new = replace(old, version=2, id=99, params=old.params | {"over_days": 3}, valid_from=DUE)
    other = rule("TIME_PROMISE_OVER", "expiring", id=100)
    choices = [(date(2010, 1, 1), "overdue"), (date(2013, 9, 25), "expiring")]
    book = book_of([old, new, other], choices)
    found = look(promised().events, CALENDAR, book.rules, FAR).due
    assert [(one.rule.id, one.day) for one in found] == [(100, date(2013, 9, 25))]
    held = {(one.id, one.valid_from, one.valid_until) for one in book.rules}
    assert (old.id, date(2010, 1, 1), DUE - DAY) in held
    assert (99, DUE, date(2013, 9, 24)) in held


def test_a_rule_switched_off_ends_and_one_of_a_place_goes_before():
    on = rule("TIME_PROMISE_OVER")
    off = replace(on, version=2, valid_from=DUE, is_on=False)
    assert [one.valid_until for one in book_of([on, off], [(START, "overdue")]).rules] == [
        DUE - DAY
    ]
    local = replace(on, id=50, region_id=3, region_ids=frozenset({3, 4}))
    book = book_of([on, local], [(START, "overdue")])
    assert [one.id for one in book.for_subject("case", 4)] == [50]
    assert [one.id for one in book.for_subject("case", 8)] == [on.id]
    assert book.for_subject("letter", 4) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"trigger": "guess"}, "不认识的触发条件"),
        ({"params": {"clocks": ["promised"]}}, "缺少参数 over_days"),
        ({"params": {"clocks": [], "over_days": 1}}, "参数 clocks 应为"),
        ({"params": {"clocks": ["promised"], "over_days": -1}}, "参数 over_days"),
        ({"params": {"clocks": ["promised"], "over_days": 1, "hue": 1}}, "不认识的参数 hue"),
        ({"params": {"clocks": ["p"], "over_days": 1, "tells": ["mayor"]}}, "通知对象 mayor"),
        ({"valid_until": date(2009, 1, 1)}, "早于生效日期"),
    ],
)
def test_a_rule_that_contradicts_itself_says_all_that_is_wrong(change, words):
    with pytest.raises(BadRule, match=words):
        check_rule(rule("TIME_PROMISE_OVER", **change))


def test_codes_are_stable():
    assert [one.number for one in CardType] == [1, 2, 3, 4, 5, 6]
    assert len({one.value for one in State}) == 8


# ── against the oracle ────────────────────────────────────────────────────────────────────────

OPS = st.sampled_from(["pause", "resume", "extend", "stop", "again", "wait", "other"])


@st.composite
def histories(draw):
    """A promised limit and what may happen to it, in any order that a clock allows."""
    history = promised(due=START + draw(st.integers(0, 12)) * DAY)
    state, on, due_date = "running", START, START + 6 * DAY
    for op in draw(st.lists(OPS, max_size=8)):
        on += draw(st.integers(0, 6)) * DAY
        due_date += draw(st.integers(0, 9)) * DAY
        told = {"due": due_date.isoformat()}
        if op == "pause" and state == "running":
            history.clock("case.paused", "pause", on)
            state = "paused"
        elif op == "resume" and state == "paused":
            history.clock("case.resumed", "resume", on, **told)
            state = "running"
        elif op == "extend" and state != "stopped":
            history.clock("case.extended", "extend", on, **told)
        elif op == "stop" and state != "stopped":
            history.clock("case.withdrawn", "stop", on)
            state = "stopped"
        elif op == "again" and state == "stopped":
            more = draw(st.sampled_from([{}, {"pauses": [["2013-09-12", "2013-09-13"]]}]))
            history.clock("case.reopened", "start", on, **told, **more)
            state = "running"
        elif op == "other":
            history.tell("case.correction_asked", on, round=draw(st.integers(1, 3)))
    return history


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(histories(), st.sampled_from(["overdue", "expiring"]))
def test_random_histories_give_what_the_oracle_finds(history, profile):
    facts = [oracle.Fact(one.seq, one.kind, one.on, dict(one.facts)) for one in history.events]
    until = date(2014, 2, 28)
    found = look(history.events, CALENDAR, shipped(profile), until).due
    said = {(one.key, one.rule.code): (one.day, one.rule.colour.value) for one in found}
    assert said == oracle.expected(facts, lambda day: profile, until)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(histories())
def test_looking_day_by_day_gives_what_looking_late_gives(history):
    """And where nothing happens, nothing is missed between two looks."""
    rules, last = shipped(), date(2013, 12, 31)
    late = {
        (one.key, one.rule.code): one.day for one in look(history.events, CALENDAR, rules, last).due
    }
    daily, day = {}, START
    while day <= last:
        known = [event for event in history.events if event.on <= day]
        for one in look(known, CALENDAR, rules, day).due:
            daily.setdefault((one.key, one.rule.code), one.day)
            assert daily[one.key, one.rule.code] == one.day
        day += DAY
    assert daily == late


def test_the_oracle_can_disagree():
    """A positive control: with another threshold the two differ."""
    events = promised().events
    facts = [oracle.Fact(one.seq, one.kind, one.on, dict(one.facts)) for one in events]
    changed = [
        replace(one, params=one.params | {"over_days": 3}) if "over_days" in one.params else one
        for one in shipped()
    ]
    said = {
        (one.key, one.rule.code): (one.day, one.rule.colour.value)
        for one in look(events, CALENDAR, changed, FAR).due
    }
    assert said != oracle.expected(facts, lambda day: "overdue", FAR)
