"""Compiling: any schema gives a form, or sentences that name the place; never anything else."""

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.questions.rules import Form, Kind, SchemaInvalid, compiled, faults_of
from mingtang.questions.rules.compiling.words import PLAIN
from tests.questions.schemas import EVERY, OPTIONS, every, schemas

NAMED = re.compile(r"“.+”.*。", re.DOTALL)


def test_the_plain_form_and_one_with_every_kind_compile() -> None:
    assert faults_of(PLAIN) == []
    form = compiled(EVERY)
    assert {question.kind for question in form.questions()} == set(Kind)
    assert [section.key for section in form.sections] == ["matter", "works", "person"]
    assert compiled(PLAIN).section("matter").questions[0].is_required


def places(schema: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a schema something stands that may be spoiled."""
    found = [path]
    inside = schema if isinstance(schema, dict) else dict(enumerate(schema))
    for key, value in inside.items():
        found += places(value, (*path, key)) if isinstance(value, dict | list) else [(*path, key)]
    return found


PLACES = places(EVERY)
LEAVES = [
    *(None, True, 0, -1, 10**30, 0.5, float("nan"), "", " ", "x", "长" * 5000, "\x00", "\ud800"),
    *("matter.sort", "works.start", "today", "string", "array", "object", "date", "[z-a]"),
    *("a{9,1}", "(a+)+", "[^]"),
]
NAMES = ["type", "title", "properties", "items", "oneOf", "question", "is", "A"]
RUBBISH = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYWORDS = [
    *("type", "title", "description", "properties", "required", "items", "oneOf", "format"),
    *("examples", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems"),
    *("maxItems", "uniqueItems", "x-purpose", "x-when", "x-known-as", "x-unit", "x-decimals"),
    *("x-minimum", "x-maximum", "x-not-before", "x-not-after", "x-pattern-help", "$ref"),
]


def spoiled(path: tuple[Any, ...], verb: str, rubbish: Any, keyword: str) -> Any:
    schema: Any = {"": deepcopy(EVERY)}
    holder = schema
    for key in ("", *path)[:-1]:
        holder = holder[key]
    last = ("", *path)[-1]
    if verb == "drop" and path:
        del holder[last]
    elif verb == "add" and isinstance(holder[last], dict):
        holder[last][keyword] = rubbish
    else:
        holder[last] = rubbish
    return schema[""]


@given(
    st.sampled_from(PLACES),
    st.sampled_from(["drop", "add", "put"]),
    RUBBISH,
    st.sampled_from(KEYWORDS),
)
def test_any_change_of_a_good_schema_gives_a_form_or_sentences(
    path: tuple[Any, ...], verb: str, rubbish: Any, keyword: str
) -> None:
    told_or_compiled(spoiled(path, verb, rubbish, keyword))


@given(RUBBISH | st.dictionaries(st.sampled_from(KEYWORDS), RUBBISH, max_size=4))
def test_anything_at_all_gives_a_form_or_sentences(schema: Any) -> None:
    told_or_compiled(schema)


def told_or_compiled(schema: Any) -> None:
    sentences = faults_of(schema)
    for sentence in sentences:
        assert NAMED.fullmatch(sentence), sentence
    assert sentences or isinstance(compiled(schema), Form)


@given(schemas())
def test_any_sound_schema_compiles_and_its_conditions_point_backwards(
    schema: dict[str, Any],
) -> None:
    form = compiled(schema)
    seen: set[str] = set()
    for section in form.sections:
        assert {one.path for one in section.when} <= seen
        for question in section.questions:
            assert {one.path for one in question.when} <= seen
            within = set(seen)
            for inner in question.rows:
                assert {one.path for one in inner.when} <= within
                within.add(inner.path)
            seen.add(question.path)


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("matter.sort", "works.amount"),  # later
        ("matter.sort", "matter.sort"),  # itself
        ("works.amount", "works.area"),
        ("works.wells.depth", "driller"),  # later in the same row
        ("person.phone", "works.wells.depth"),  # inside rows, from outside
        ("matter.old_number", "nowhere"),
        ("works", "works.amount"),  # a section on its own question
    ],
)
def test_a_condition_on_anything_but_an_earlier_question_is_refused(
    path: str, question: str
) -> None:
    [fault] = faults_of(every(path, x_when={"question": question, "filled": True}))
    assert f"引用了“{question}”，这份表里在它之前没有这个问题" in fault


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("matter", {"title": ""}, "没有写名称"),
    ("matter", {"properties": {}}, "里面还没有内容"),
    ("matter", {"type": "array"}, "的类型（type）应写 object"),
    ("matter", {"required": ["nobody"]}, "没有“nobody”这个问题"),
    ("matter", {"required": [{}]}, "没有“{}”这个问题"),
    ("matter.sort", {"x_purpose": None}, "没有写收集目的"),
    ("matter.sort", {"oneOf": []}, "1 到 60 个选项"),
    ("matter.sort", {"oneOf": [{"const": "a b", "title": "甲"}]}, "的选项“甲”的代码应是"),
    ("matter.sort", {"oneOf": [{"const": "a"}]}, "的选项“a”没有写名称"),
    ("matter.sort", {"oneOf": [OPTIONS[0], OPTIONS[0]]}, "的选项代码“new”重复"),
    ("matter.sort", {"description": "坏\x00"}, "含有不能保存的字符"),
    ("matter.sort", {"examples": [{}]}, "例子（examples）"),
    ("matter.sort", {"minimum": 3}, "“minimum”不在可用的写法内"),
    ("matter.old_number", {"pattern": "(a+)+"}, "的格式（pattern）只能由"),
    ("matter.old_number", {"pattern": "[z-a]"}, "的格式（pattern）只能由"),
    ("matter.old_number", {"pattern": "a{3,1}"}, "的格式（pattern）只能由"),
    ("matter.old_number", {"x_pattern_help": None}, "没有写格式提示"),
    ("matter.old_number", {"type": "number"}, "的类型“number”不在"),
    ("matter.old_number", {"format": ["x"]}, "不在申请表可用的范围内"),
    ("matter.old_number", {"x_when": "new"}, "应是对象或对象的列表"),
    ("matter.old_number", {"x_when": {"question": "matter.sort"}}, "一种比较"),
    ("matter.old_number", {"x_when": {"question": "matter.sort", "is": "x"}}, "“x”不是"),
    ("matter.old_number", {"x_when": {"question": "matter.sort", "is": [[]]}}, "“[[]]”不是"),
    ("matter.old_number", {"x_when": {"question": "matter.sort", "has": "new"}}, "只能用 filled"),
    ("matter.old_number", {"x_when": {"question": "matter.sort", "in": "new"}}, "应写一个列表"),
    ("matter.old_number", {"x_when": {"question": "matter.sort", "filled": "yes"}}, "true 或"),
    ("works.area", {"x_when": {"question": "works.amount", "at_least": "many"}}, "应写整数"),
    ("works.area", {"x_when": {"question": "matter.reason", "at_least": 3}}, "只能用 filled"),
    ("works.area", {"x_when": {"question": "matter.is_dry", "is": "yes"}}, "true 或 false"),
    ("works.amount", {"minimum": 9, "maximum": 3}, "最小值（minimum）大于最大值（maximum）"),
    ("works.amount", {"minimum": "9"}, "的最小值（minimum）应是"),
    ("works.end", {"x_not_before": "works.amount"}, "“年取水量”不是日期"),
    ("works.end", {"x_not_after": "2013-9-1"}, "引用了“2013-9-1”"),
    ("works.wells", {"minItems": 9, "maxItems": 5}, "最少个数（minItems）大于最多个数（maxItems）"),
    ("works.wells", {"maxItems": 31}, "的最多个数（maxItems）应是 1 到 30"),
    ("works.wells.depth", {"type": "array", "items": {"type": "object"}}, "不能再放表行"),
]


@pytest.mark.parametrize(("path", "changes", "sentence"), WRONG)
def test_each_fault_is_told_with_its_place(
    path: str, changes: dict[str, Any], sentence: str
) -> None:
    told = "".join(faults_of(every(path, **changes)))
    assert sentence in told
    assert NAMED.fullmatch(told)


def test_all_faults_are_told_at_once() -> None:
    schema = every("matter.sort", x_purpose=None)
    schema["properties"]["works"]["properties"]["amount"]["minimum"] = "x"
    assert len(faults_of(schema)) == 2


def test_a_form_too_large_is_refused() -> None:
    question = {"type": "string", "title": "问", "x-purpose": "用。"}
    many = {f"q_{n}": question for n in range(201)}
    sections = {f"s_{n}": {"title": "甲", "properties": {"q": question}} for n in range(21)}
    assert "最多 200 个" in faults_of({"properties": {"s": {"title": "甲", "properties": many}}})[0]
    assert "最多 20 个" in faults_of({"properties": sections})[0]


def test_faults_know_the_path_of_their_question() -> None:
    schema = every("works.wells.depth", minimum="x")
    schema["properties"]["works"]["title"] = ""
    schema["properties"]["matter"]["properties"]["sort"]["title"] = ""
    schema["surprise"] = 1
    with pytest.raises(SchemaInvalid) as refused:
        compiled(schema)
    paths = [path for path, _sentence in refused.value.placed]
    assert paths == ["", "matter.sort", "works.wells.depth", "works"]
