"""Answers: what is asked is kept and checked, and nothing else is."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.questions.rules import check, compiled, is_asked, offered, relevant
from mingtang.questions.rules.answers import walk
from tests.questions.schemas import EVERY, GOOD, ON, answers, every, schemas

FORM = compiled(EVERY)
CASES = schemas().flatmap(lambda schema: st.tuples(st.just(schema), answers(schema)))


def given_with(**sections: dict[str, Any]) -> dict[str, Any]:
    made = deepcopy(GOOD)
    for key, changes in sections.items():
        made[key] = {k: v for k, v in (made[key] | changes).items() if v is not None}
    return made


def faults(answered: dict[str, Any], schema: Any = EVERY) -> list[tuple[str, int | None, str]]:
    return [(one.path, one.row, one.text) for one in check(compiled(schema), answered, on=ON)]


def test_good_answers_have_no_fault_and_are_all_kept() -> None:
    assert faults(GOOD) == []
    assert relevant(FORM, GOOD) == GOOD


@given(CASES)
def test_the_answers_to_what_is_asked_are_kept_and_no_others(
    case: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    form, given_ = compiled(case[0]), case[1]
    kept = relevant(form, given_)
    asked = {
        (one.question.path, one.row): one.value
        for _section, some in walk(form, given_)
        for one in some
        if one.value is not None
    }
    found = {
        (f"{key}.{name}", None): value for key, part in kept.items() for name, value in part.items()
    }
    assert found.keys() == {place for place in asked if place[1] is None}
    for (path, row), value in asked.items():
        section, key, *inner = path.split(".")
        here = kept[section][key]
        if row is not None:
            assert here[row][inner[0]] == value
        elif not isinstance(value, list) or not all(isinstance(line, dict) for line in value):
            assert type(here) is type(value)
    assert relevant(form, kept) == kept


@given(CASES)
def test_what_is_left_out_changes_no_verdict(case: tuple[dict[str, Any], dict[str, Any]]) -> None:
    form, given_ = compiled(case[0]), case[1]
    assert check(form, relevant(form, given_), on=ON) == check(form, given_, on=ON)


@pytest.mark.slow
@given(CASES)
def test_the_faults_of_all_sections_are_those_of_the_form(
    case: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    form, given_ = compiled(case[0]), case[1]
    each = [f for one in form.sections for f in check(form, given_, on=ON, only=one.key)]
    assert each == check(form, given_, on=ON)


# ── conditions ────────────────────────────────────────────────────────────────────────────────


def test_what_hangs_on_another_answer_is_neither_asked_nor_kept() -> None:
    new = given_with(matter={"sort": "new"})
    kept = relevant(FORM, new)
    assert "old_number" not in kept["matter"]
    assert "change" not in kept["works"]["wells"][0]
    assert faults(given_with(matter={"sort": "new", "old_number": "乱写"})) == []


def test_a_condition_of_a_row_looks_into_its_own_row() -> None:
    rows = [{"depth": 40, "driller": "甲"}, {"depth": 5, "driller": "乙"}]
    kept = relevant(FORM, given_with(works={"wells": rows}))
    assert kept["works"]["wells"] == [{"depth": 40, "driller": "甲"}, {"depth": 5}]


@pytest.mark.parametrize(
    ("amount", "is_kept"), [(999, False), (1000, True), ("many", False), ([], False), (None, False)]
)
def test_a_number_is_compared_as_a_number(amount: Any, is_kept: bool) -> None:
    kept = relevant(FORM, given_with(works={"amount": amount, "area": "3.0"}))
    assert ("area" in kept["works"]) is is_kept


@pytest.mark.parametrize(
    ("condition", "answer", "is_asked_"),
    [
        ({"question": "matter.is_dry", "is": True}, {"is_dry": True}, True),
        ({"question": "matter.is_dry", "is": True}, {"is_dry": False}, False),
        ({"question": "matter.is_dry", "filled": False}, {"is_dry": None}, True),
        ({"question": "matter.is_dry", "filled": True}, {"is_dry": None}, False),
        ({"question": "matter.reason", "filled": True}, {"reason": ""}, False),
        ({"question": "matter.uses", "has": "new"}, {"uses": ["change"]}, False),
        ({"question": "matter.uses", "has": "new"}, {"uses": ["change", "new"]}, True),
        ({"question": "matter.uses", "has": "new"}, {"uses": "renewed"}, False),
        ({"question": "matter.sort", "in": ["change"]}, {"sort": "new"}, False),
    ],
)
def test_a_section_is_asked_where_its_condition_holds(
    condition: dict[str, Any], answer: dict[str, Any], is_asked_: bool
) -> None:
    form = compiled(every("person", x_when=condition))
    given_ = given_with(matter=answer)
    assert is_asked(form, given_, "person") is is_asked_
    assert ("person" in relevant(form, given_)) is is_asked_


def test_conditions_on_the_same_page_are_left_to_the_page() -> None:
    found = offered(FORM, {"matter": {"sort": "change"}}, ["matter"])
    assert [one.path for one in found["matter.old_number"]] == ["matter.sort"]
    changed = offered(FORM, {"matter": {"sort": "change"}}, ["works"])
    assert changed["works.wells.change"] == ()
    assert [one.path for one in changed["works.wells.driller"]] == ["works.wells.depth"]
    assert "works.wells.change" not in offered(FORM, {"matter": {"sort": "new"}}, ["works"])


# ── faults ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("blank", [None, "", "  ", "\x00"])
def test_a_required_answer_is_missed_in_whatever_shape_it_is_blank(blank: Any) -> None:
    answered = {"matter": {"sort": blank}, "works": {}, "person": {}}
    assert faults(answered) == [("matter.sort", None, "请选择“办理类型”。")]


def test_rows_are_counted_and_each_is_checked() -> None:
    rows: list[Any] = [{"depth": "deep"}, {}]
    assert faults(given_with(works={"wells": rows})) == [
        ("works.wells.depth", 0, "“井深”请填整数，如 3。"),
        ("works.wells.depth", 1, "请填写“井深”。"),
    ]
    many = [{"depth": 1}] * 6
    [(_path, _row, text)] = faults(given_with(works={"wells": many}))
    assert text == "“水井”最多填 5 行，现在是 6 行，请删去多余的。"
    for rubbish in (3, "x", [3], {"depth": 1}):
        told = faults(given_with(works={"wells": rubbish}))
        assert told[0] == ("works.wells", None, "“水井”应是若干行。")
    few = every("works.wells", minItems=2)
    assert "至少要填 2 行，现在是 1 行" in faults(given_with(works={"wells": many[:1]}), few)[0][2]


@pytest.mark.parametrize(
    ("changes", "days", "sentence"),
    [
        ({}, ("2013-09-02", "2013-09-01"), "“完工日期”不能早于2013-09-02，请核对日期。"),
        ({}, ("2013-09-02", "2013/9/1"), "“完工日期”不能早于2013-09-02，请核对日期。"),
        ({}, ("2013-09-01", "2013-09-01"), ""),
        ({}, (None, "2013-09-01"), ""),
        ({"x_not_before": "today"}, (None, "2013-09-16"), "不能早于今天"),
        ({"x_not_before": None, "x_not_after": "today"}, (None, "2013-09-18"), "不能晚于今天"),
        ({"x_not_before": "2013-10-01"}, (None, "2013-09-18"), "不能早于2013-10-01"),
    ],
)
def test_days_are_held_to_their_order(
    changes: dict[str, Any], days: tuple[str | None, str], sentence: str
) -> None:
    answered = given_with(works={"start": days[0], "end": days[1]})
    told = [text for _path, _row, text in faults(answered, every("works.end", **changes))]
    assert len(told) == bool(sentence)
    assert sentence in "".join(told)


def test_a_path_as_long_as_a_day_is_no_day() -> None:
    day = {"type": "string", "format": "date", "title": "日", "x-purpose": "用。"}
    later = day | {"x-not-before": "m.birthday"}
    schema = {"properties": {"m": {"title": "甲", "properties": {"birthday": day, "end": later}}}}
    assert faults({"m": {"end": "2013-09-17"}}, schema) == []


def test_days_of_a_row_are_compared_within_the_row() -> None:
    day = {"type": "string", "format": "date", "title": "日", "x-purpose": "用。"}
    inside = {"a": day, "b": day | {"x-not-before": "a"}}
    rows = {"type": "array", "title": "段", "x-purpose": "用。"}
    rows["items"] = {"type": "object", "properties": inside}
    schema = {"properties": {"m": {"title": "甲", "properties": {"rows": rows}}}}
    lines = [{"a": "2013-09-09"}, {"b": "2013-09-08"}, {"a": "2013-09-09", "b": "2013-09-08"}]
    assert [place[:2] for place in faults({"m": {"rows": lines}}, schema)] == [("m.rows.b", 2)]
