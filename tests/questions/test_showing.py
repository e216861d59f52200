"""Showing: answers in words, masked or not; what two submissions differ in; a form read over."""

from copy import deepcopy
from typing import Any

from hypothesis import given

from mingtang.questions.rules import compiled, differences, in_words, outline, shown
from tests.questions.schemas import EVERY, GOOD, every
from tests.questions.test_answers import CASES, given_with

FORM = compiled(EVERY)


def texts(answered: dict[str, Any], **more: bool) -> dict[tuple[str, int | None], str]:
    return {(line.path, line.row): line.text for line in shown(FORM, answered, **more)}


def test_every_kind_is_shown_as_people_read_it() -> None:
    told = texts(GOOD)
    assert told["matter.sort", None] == "变更"
    assert told["matter.uses", None] == "新办、变更"
    assert told["matter.is_dry", None] == "否"
    assert told["works.amount", None] == "1000 m³"
    assert told["works.area", None] == "12.5 亩"
    assert told["works.start", None] == "2013年9月1日"
    assert told["works.place", None] == "峡口镇广渡村3号"
    assert told["works.wells.depth", 1] == "5"
    assert ("works.wells.driller", 1) not in told
    titles = [line.title for line in shown(FORM, GOOD) if line.row == 1]
    assert titles == ["井深（第 2 行）", "变更情况（第 2 行）"]


def test_numbers_of_persons_are_masked_and_nothing_else_is() -> None:
    plain, masked = texts(GOOD), texts(GOOD, is_masked=True)
    assert {path for path in plain if plain[path] != masked[path]} == {
        ("person.phone", None),
        ("person.number", None),
    }
    assert masked["person.number", None] == "330*************4X"
    assert masked["person.phone", None] == "138****0001"


@given(CASES)
def test_whatever_was_answered_can_be_shown(case: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for line in shown(compiled(case[0]), case[1], is_masked=True):
        assert isinstance(line.text, str)


def test_differences_name_what_changed_came_and_went() -> None:
    before = shown(FORM, GOOD)
    assert differences(before, before) == []
    after = shown(FORM, given_with(matter={"sort": "new"}, works={"amount": 5}))
    told = {(one.title, one.before, one.after) for one in differences(before, after)}
    assert ("办理类型", "变更", "新办") in told
    assert ("年取水量", "1000 m³", "5 m³") in told
    assert ("原证号", "取水2013-A12", "") in told
    assert len(told) == 5  # with the area and what changed of the first well
    back = {(one.title, one.after, one.before) for one in differences(after, before)}
    assert back == told


def test_rows_that_were_added_are_told_each() -> None:
    more = deepcopy(GOOD)
    more["works"]["wells"].append({"depth": 7})
    [change] = differences(shown(FORM, GOOD), shown(FORM, more))
    assert (change.title, change.before, change.after) == ("井深（第 3 行）", "", "7")


def test_conditions_are_told_in_words() -> None:
    questions = {question.path: question for question in FORM.questions()}
    assert in_words(FORM, questions["matter.old_number"].when) == "“办理类型”选“变更”时填写"
    assert in_words(FORM, questions["works.area"].when) == "“年取水量”不小于 1000m³时填写"
    assert in_words(FORM, questions["works.amount"].when) == ""
    person = FORM.section("person")
    assert person is not None
    assert in_words(FORM, person.when) == "“办理类型”选“新办”或“变更”时填写"
    for condition, words in (
        ({"question": "matter.is_dry", "is": False}, "“是否枯水期取水”选“否”时填写"),
        ({"question": "matter.old_number", "is": "取水"}, "“原证号”填“取水”时填写"),
        ({"question": "matter.reason", "filled": False}, "“理由”没有填写时填写"),
        ({"question": "matter.uses", "has": "new"}, "“用途”选“新办”时填写"),
    ):
        form = compiled(every("works.amount", x_when=condition))
        [question] = [one for one in form.questions() if one.path == "works.amount"]
        assert in_words(form, question.when) == words


def test_the_outline_has_a_line_for_each_question() -> None:
    lines = outline(FORM)
    assert len(lines) == len(list(FORM.questions()))
    assert lines[0] == "申请什么：办理类型（单选；必填；新办、变更；用途：分清新办和变更。）"
    assert lines[1] == (
        "申请什么：原证号（一行文字；选填；“办理类型”选“变更”时填写；用途：找到原来的许可。）"
    )
    assert "取水工程：　井深（整数；必填；用途：登记水井。）" in lines
