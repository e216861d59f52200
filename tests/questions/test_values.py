"""Values: what each kind of question takes, what it refuses, and that reading is done once."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.errors import DomainError
from mingtang.questions.rules import Kind, Question, as_typed, compiled, read
from tests.questions.schemas import EVERY, GOOD, JSON, ON, OPTIONS

QUESTIONS = {question.path: question for question in compiled(EVERY).questions()}
NUMBER = QUESTIONS["works.amount"]
ALL = list(QUESTIONS.values())

HONEST: list[tuple[str, Any, Any]] = [
    ("matter.sort", "new", "new"),
    ("matter.old_number", " 取水2013-A12 ", "取水2013-A12"),
    ("matter.old_number", "", None),
    ("matter.reason", "一\r\n二\x00 ", "一\n二"),
    ("matter.uses", ["change", "new"], ["new", "change"]),
    ("matter.uses", "new", ["new"]),
    ("matter.uses", [], None),
    ("matter.is_dry", "yes", True),
    ("matter.is_dry", "no", False),
    ("matter.is_dry", False, False),
    ("matter.is_dry", "", None),
    ("works.amount", "１，０００", 1000),
    ("works.amount", "1000m³", 1000),
    ("works.amount", "0", 0),
    ("works.amount", 0, 0),
    ("works.area", "12", "12"),
    ("works.area", "-0", "0"),
    ("works.area", "12.5 亩", "12.5"),
    ("works.start", "2013年9月7日", "2013-09-07"),
    ("works.start", "2013/9/7", "2013-09-07"),
    ("works.start", "20130907", "2013-09-07"),
    ("works.place", {"region": "", "place": "", "detail": ""}, None),
    ("works.place", GOOD["works"]["place"] | {"x": "y"}, GOOD["works"]["place"]),
    ("works.wells", [{"depth": 3}], [{"depth": 3}]),
    ("works.wells", [], None),
    ("person.phone", "１３８ 0000 0001", "13800000001"),
    ("person.phone", "0570-4012345", "0570-4012345"),
    ("person.number", "33088119000101004x", "33088119000101004X"),
    ("person.firm", GOOD["person"]["firm"].lower(), GOOD["person"]["firm"]),
    ("person.car", "浙h·12345", "浙H12345"),
    ("person.car", "浙HD12345", "浙HD12345"),
]


@pytest.mark.parametrize(("path", "typed", "value"), HONEST)
def test_an_honest_answer_is_read(path: str, typed: Any, value: Any) -> None:
    assert read(QUESTIONS[path], typed, on=ON) == value


WRONG: list[tuple[str, Any, str]] = [
    ("matter.sort", "other", "从列出的选项中选择"),
    ("matter.sort", ["new"], "应是文字"),
    ("matter.old_number", "取水13", "格式不对：如 取水2013-A12"),
    ("matter.reason", "长" * 501, "有 501 个字，最多 500 个字"),
    ("matter.uses", ["other"], "从列出的选项中选择"),
    ("matter.uses", [{}], "从列出的选项中选择"),
    ("matter.uses", {"new": 1}, "从列出的选项中选择"),
    ("matter.is_dry", "maybe", "请选“是”或“否”"),
    ("matter.is_dry", 1, "请选“是”或“否”"),
    ("works.amount", "许多", "请填整数"),
    ("works.amount", "1.5", "请填整数"),
    ("works.amount", True, "应是文字"),
    ("works.amount", 2.0, "应是文字"),
    ("works.amount", "-1", "不能小于 0m³"),
    ("works.amount", "100001", "不能大于 100000m³"),
    ("works.area", "1.25", "小数不超过 1 位"),
    ("works.area", "1e3", "请填数字"),
    ("works.area", "NaN", "请填数字"),
    ("works.start", "2013-02-30", "日期写成"),
    ("works.start", "2013111", "日期写成"),  # the first of November, or the eleventh of January
    ("works.start", "1813-01-01", "年份须在"),
    ("works.place", "峡口", "应有所在的村"),
    ("works.place", {"region": "330881100200", "place": "村", "detail": ""}, "写明街路、门牌号"),
    ("works.place", {"region": "x", "place": "村", "detail": "3号"}, "请选择所在的乡镇"),
    ("works.wells", 3, "应是若干行"),
    ("person.phone", "12345", "11 位数字"),
    ("person.number", "33088119000101004", "18"),
    ("person.firm", "9133", "18"),
    ("person.car", "浙I12345", "不像车牌号"),
]


@pytest.mark.parametrize(("path", "typed", "sentence"), WRONG)
def test_a_wrong_answer_is_refused_with_a_sentence(path: str, typed: Any, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        read(QUESTIONS[path], typed, on=ON)


def test_every_kind_is_tried_both_ways() -> None:
    tried = [{QUESTIONS[path].kind for path, *_more in table} for table in (HONEST, WRONG)]
    assert tried == [set(Kind), set(Kind)]


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.path)
def test_what_was_read_reads_the_same_again(question: Question) -> None:
    loose = replace(question, pattern="")
    digits = st.text("0123456789０１.-/年月日,，亩m³ 浙HＤ·", max_size=12)

    @given(st.text(max_size=12) | digits | JSON)
    def twice(raw: Any) -> None:
        try:
            value = read(loose, raw, on=ON)
        except DomainError:
            return
        assert read(loose, value, on=ON) == value

    twice()


@given(st.sampled_from(ALL), JSON | st.text())
def test_nothing_that_may_come_breaks_the_reading(question: Question, raw: Any) -> None:
    try:
        value = read(question, raw, on=ON)
    except DomainError:
        return
    assert value not in ("", [], {})


def test_a_number_of_choices_is_held_to_its_bounds() -> None:
    several = replace(QUESTIONS["matter.uses"], least=2, most=2)
    assert read(several, ["new", "change"], on=ON) == [one["const"] for one in OPTIONS]
    with pytest.raises(DomainError, match="至少选 2 项"):
        read(several, ["new"], on=ON)
    with pytest.raises(DomainError, match="最多选 1 项"):
        read(replace(several, least=None, most=1), ["new", "change"], on=ON)


@given(JSON | st.text())
def test_what_could_not_be_read_is_kept_without_signs_that_none_can_keep(raw: Any) -> None:
    kept = as_typed(raw)
    assert "\\u0000" not in repr(kept)
    assert "\x00" not in str(kept)
    assert as_typed(kept) == kept
