"""Which parts may begin, when the whole is done; one form, each material once. Pure."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.cases.rules import Outcome, State
from mingtang.joint.rules.law import law_on
from mingtang.joint.rules.moves import MOVE_OF, MOVES, IllegalMove, Verb, target_of
from mingtang.joint.rules.parts import (
    NotNow,
    check_skip,
    failed,
    is_done,
    is_free,
    may_simulate,
    now_ready,
    open_needs,
    promised_days,
)
from mingtang.joint.rules.route import Node, Route, Stage
from mingtang.joint.rules.settling import are_delivered, status_of
from mingtang.joint.rules.states import FINISHED, JointState, PartStatus
from mingtang.joint.rules.union import (
    Asked,
    answers_for,
    faults_in,
    material_key,
    materials_of,
    union_of,
)
from mingtang.questions.rules import check, compiled


@dataclass
class Part:
    key: str
    stage: int = 1
    is_serial: bool = True
    needs: list[dict[str, Any]] = field(default_factory=list)
    is_required: bool = True
    status: str = "not_ready"


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    """Parts in up to three stages; a need names an earlier part: no cycles."""
    made: list[Part] = []
    stage = 1
    for number in range(draw(st.integers(1, 8))):
        stage += draw(st.integers(0, 1)) if stage < 3 else 0
        keys = [one.key for one in made]
        needed = draw(st.lists(st.sampled_from(keys), max_size=2, unique=True)) if keys else []
        ties = [draw(st.sampled_from(["hard", "simulate"])) for _ in needed]
        made.append(
            Part(
                key=f"k{number}",
                stage=stage,
                is_serial=draw(st.booleans()),
                needs=[{"node": k, "tie": t} for k, t in zip(needed, ties, strict=True)],
                is_required=draw(st.booleans()),
                status=draw(st.sampled_from([one.value for one in PartStatus])),
            )
        )
    return made


@given(parts())
def test_a_part_is_ready_exactly_when_nothing_it_waits_for_is_open(found):
    """Told once more in other words: by hand over all parts."""
    by_key = {one.key: one for one in found}
    ready = {one.key for one in now_ready(found)}
    for part in found:
        needs_done = all(by_key[need["node"]].status == "done" for need in part.needs)
        before = [one for one in found if one.stage < part.stage and one.is_required]
        stage_open = not part.is_serial or all(one.status in FINISHED for one in before)
        assert (part.key in ready) == (part.status == "not_ready" and needs_done and stage_open)


@given(parts())
def test_what_may_be_simulated_is_never_ready_and_waits_for_no_hard_need(found):
    status = {one.key: one.status for one in found}
    for part in found:
        if may_simulate(part, found):
            assert part not in now_ready(found)
            assert not is_free(part, found)
            waits = [need for need in part.needs if status[need["node"]] != "done"]
            assert {need["tie"] for need in waits} == {"simulate"}


@given(parts())
def test_granting_everything_in_any_order_finishes_every_route(found):
    """No dead end: each round something becomes ready, until all are done."""
    for part in found:
        part.status = "not_ready"
    for _ in found:
        for part in now_ready(found):
            part.status = "done"
    assert all(part.status == "done" for part in found)
    assert is_done(found)
    assert not failed(found)


def test_a_need_that_was_not_chosen_holds_nobody_up():
    alone = Part("fire", needs=[{"node": "land", "tie": "hard"}])
    assert open_needs(alone, [alone]) == []
    assert now_ready([alone]) == [alone]


def test_a_part_that_others_wait_for_is_not_skipped_before_them():
    land, fire = Part("land"), Part("fire", needs=[{"node": "land", "tie": "hard"}])
    with pytest.raises(NotNow, match="消防"):
        check_skip("land", [land, fire], {"land": "用地", "fire": "消防"})
    fire.status = "skipped"
    check_skip("land", [land, fire], {"land": "用地", "fire": "消防"})


@pytest.mark.parametrize("state", JointState)
@pytest.mark.parametrize("verb", Verb)
def test_a_verb_goes_where_its_row_says_and_nowhere_else(verb, state):
    move = MOVE_OF[verb]
    if state in move.sources:
        assert target_of(verb, state) == (move.target or state)
    else:
        with pytest.raises(IllegalMove):
            target_of(verb, state)


def test_every_verb_has_one_row_and_somebody_who_may():
    assert [move.verb for move in MOVES] == list(dict.fromkeys(Verb))
    assert all(move.roles or move.by_system for move in MOVES)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_a_part_is_where_its_case_is_and_what_was_given_up_stays_so(state, outcome):
    assert status_of(PartStatus.SKIPPED, state, outcome) is PartStatus.SKIPPED
    found = status_of(PartStatus.RUNNING, state, outcome)
    if outcome is not None:
        assert found is (PartStatus.DONE if outcome.is_grant else PartStatus.REFUSED)
    else:
        assert found in {PartStatus.RUNNING, PartStatus.STOPPED}


def test_everything_is_delivered_when_nothing_is_left_to_hand_over():
    assert are_delivered([State.DELIVERED, State.ARCHIVED, State.WITHDRAWN])
    assert not are_delivered([State.DELIVERED, State.GRANTED])
    assert not are_delivered([State.REVIEWING])


def test_the_limits_of_joint_handling_are_those_of_article_forty_two():
    law = law_on(date(2013, 9, 17))
    assert (law.days, law.extension_days, law.completeness_days) == (45, 15, 5)


def test_the_promise_is_the_sum_of_serial_stages_and_nothing_where_one_is_silent():
    one, two = Node("a", "甲"), Node("b", "乙")
    both = Route((Stage("s", "一", (one,), days=10), Stage("t", "二", (two,), days=7)))
    assert promised_days(both, ["a", "b"]) == 17
    assert promised_days(both, ["b"]) == 7
    silent = Route((Stage("s", "一", (one,), days=10), Stage("t", "二", (two,))))
    assert promised_days(silent, ["a", "b"]) is None
    beside = Stage("t", "二", (two,), days=7, is_serial=False)
    assert promised_days(Route((both.stages[0], beside)), ["a", "b"]) is None


# ── one form, each material once ──────────────────────────────────────────────────────────────


def _form(**questions: dict[str, Any]) -> Any:
    asked = {
        key: {"type": "string", "title": key, "x-purpose": "审查", **more}
        for key, more in questions.items()
    }
    properties = {"s": {"type": "object", "title": "项目", "properties": asked}}
    required = [key for key, more in questions.items() if more.pop("must", False)]
    properties["s"]["required"] = required
    for one in asked.values():
        one.pop("must", None)
    return compiled({"type": "object", "title": "表", "properties": properties})


def test_the_same_question_is_asked_once_and_answered_to_each():
    plan = Asked("plan", "备案", _form(name={"title": "项目名称"}, sum={"title": "总投资"}))
    fire = Asked("fire", "消防", _form(what={"title": "项目名称"}, high={"title": "建筑高度"}))
    union = union_of([plan, fire])
    titles = [question.title for question in union.form.questions()]
    assert titles == ["项目名称", "总投资", "建筑高度"]
    answers = {"p1_s": {"name": "茶油厂", "sum": "八千万"}, "p2_s": {"high": "二十米"}}
    assert answers_for(union, plan, answers) == {"s": {"name": "茶油厂", "sum": "八千万"}}
    assert answers_for(union, fire, answers) == {"s": {"what": "茶油厂", "high": "二十米"}}


def test_a_fault_is_told_once_and_where_it_was_asked():
    plan = Asked("plan", "备案", _form(name={"title": "项目名称"}))
    fire = Asked("fire", "消防", _form(what={"title": "项目名称", "must": True}))
    union = union_of([plan, fire])
    faults = faults_in(union, [plan, fire], {}, date(2013, 9, 17))
    assert [(fault.path, fault.is_missing) for fault in faults] == [("p1_s.name", True)]
    assert next(union.form.questions()).is_required


@given(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=6))
def test_answers_to_the_one_form_satisfy_every_form(titles):
    """Each part asks some of four questions; whoever answers the union has answered each."""
    asked = [
        Asked(f"k{n}", f"部门{n}", _form(**{f"q{n}": {"title": title, "must": True}}))
        for n, title in enumerate(titles)
    ]
    union = union_of(asked)
    questions = list(union.form.questions())
    assert sorted(one.title for one in questions) == sorted(set(titles))
    answers: dict[str, Any] = {}
    for one in questions:
        section, _, key = one.path.rpartition(".")
        answers.setdefault(section, {})[key] = "答"
    assert check(union.form, answers, on=date(2013, 9, 17)) == []
    assert faults_in(union, asked, answers, date(2013, 9, 17)) == []


def test_a_material_is_the_same_by_its_name_however_it_is_typed():
    assert material_key("营业执照（复印件）") == material_key("营业执照(复印件) ")
    assert material_key("营业执照") != material_key("申请书")


def test_a_material_is_asked_for_once_and_required_where_anybody_requires_it():
    line = {"note": "", "need": "非必要"}
    wanted = materials_of(
        [
            ("plan", [{"id": "a1", "name": "红线图", **line}]),
            ("fire", [{"id": "b1", "name": "红线图 ", **line, "need": "必要"}]),
        ]
    )
    assert [(one.name, one.is_required, one.by) for one in wanted] == [
        ("红线图", True, (("plan", "a1"), ("fire", "b1")))
    ]
