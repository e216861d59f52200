"""Editing: what a schema says comes back from its parts; parts move and keep their keys."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.questions.rules import compiled, faults_of, in_order, ordered
from mingtang.questions.rules.compiling.words import PLAIN
from mingtang.questions.rules.editing import (
    Part,
    add,
    comparisons,
    earlier,
    keyed,
    move,
    options_of,
    parts_of,
    remove,
    schema_of,
)
from tests.questions.schemas import EVERY, every, schemas


@given(schemas())
def test_any_form_comes_back_from_its_parts(schema: dict[str, Any]) -> None:
    assert compiled(schema_of(parts_of(schema))) == compiled(schema)


@pytest.mark.parametrize("schema", [PLAIN, EVERY], ids=["plain", "every"])
def test_a_schema_comes_back_from_its_parts_word_for_word(schema: dict[str, Any]) -> None:
    made = schema_of(parts_of(schema))
    person = made["properties"].get("person")
    if person:  # a list of one condition is written as the one
        assert person["x-when"] == EVERY["properties"]["person"]["x-when"]
    assert compiled(made) == compiled(schema)
    assert schema_of(parts_of(made)) == made


def test_everything_that_the_page_does_not_show_is_kept() -> None:
    both = [{"question": "matter.sort", "is": "new"}, {"question": "matter.is_dry", "is": True}]
    schema = every("works.amount", x_when=both)
    assert compiled(schema_of(parts_of(schema))) == compiled(schema)


# ── moves ─────────────────────────────────────────────────────────────────────────────────────


def keys(root: Part) -> list[str]:
    return [part.key for _place, part in root.walk()][1:]


def test_parts_are_added_with_keys_that_were_never_there() -> None:
    root = Part()
    assert add(root, ()) == (0,)
    assert [add(root, (0,)), add(root, (0,)), add(root, (0, 1))] == [(0, 0), (0, 1), (0, 1, 0)]
    assert keys(root) == ["section_1", "q_1", "q_2", "q_3"]
    remove(root, (0, 0))
    add(root, (0,))
    assert keys(root) == ["section_1", "q_2", "q_3", "q_4"]


def test_a_key_that_a_condition_still_names_is_not_given_again() -> None:
    root = Part()
    for place in ((), (0,), (0,)):
        add(root, place)
    root.at((0, 0)).words["when"] = "section_1.q_2 filled"
    remove(root, (0, 1))
    assert root.at(add(root, (0,))).key == "q_3"


@given(st.integers(0, 3), st.sampled_from([-1, 1]))
def test_a_part_moves_by_one_and_keeps_its_words(at: int, by: int) -> None:
    root = Part("", {}, [Part("s", {}, [Part(f"q_{n}", {"title": str(n)}) for n in range(4)])])
    there = move(root, (0, at), by)
    assert there == (0, min(max(at + by, 0), 3))
    assert root.at(there).words == {"title": str(at)}
    assert sorted(part.key for part in root.at((0,)).parts) == ["q_0", "q_1", "q_2", "q_3"]


def test_forged_keys_are_replaced_and_no_two_are_the_same() -> None:
    forged = ["q_1", "q_1", "A b", "", "q_9"]
    root = keyed(Part("", {}, [Part("s", {}, [Part(key) for key in forged]), Part("s")]))
    assert [part.key for part in root.at((0,)).parts] == ["q_1", "q_10", "q_11", "q_12", "q_9"]
    assert root.at((1,)).key == "section_1"


# ── what is typed ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("new 新办\nchange 变更", [("new", "新办"), ("change", "变更")]),
        ("新办\n\n 变更 ", [("o_1", "新办"), ("o_2", "变更")]),
        ("o_1 新办\n变更", [("o_1", "新办"), ("o_2", "变更")]),
        ("01　河流\nA级 以上", [("01", "河流"), ("o_1", "A级 以上")]),
        ("", []),
    ],
)
def test_options_are_lines_with_codes_or_without(text: str, found: list[Any]) -> None:
    assert [(one["const"], one["title"]) for one in options_of(text)] == found


def test_codes_once_made_stay() -> None:
    first = options_of("新办\n变更")
    text = "延续\n" + "\n".join(f"{one['const']} {one['title']}" for one in first)
    assert [(one["const"], one["title"]) for one in options_of(text)] == [
        ("o_3", "延续"),
        ("o_1", "新办"),
        ("o_2", "变更"),
    ]


def test_a_word_where_a_number_belongs_is_told_and_full_width_is_read() -> None:
    root = parts_of(EVERY)
    amount = root.at((1, 0))
    amount.words |= {"least": "１，０００", "most": "许多"}
    [fault] = faults_of(schema_of(root))
    assert "“年取水量”的最大值（maximum）应是" in fault
    assert schema_of(root)["properties"]["works"]["properties"]["amount"]["minimum"] == 1000


def test_words_of_another_kind_are_left_out_of_the_schema() -> None:
    root = parts_of(EVERY)
    root.at((0, 0)).words |= {"kind": "phone", "unit": "米", "least": "x"}
    made = schema_of(root)["properties"]["matter"]["properties"]["sort"]
    assert made.keys() == {"type", "format", "title", "x-purpose"}


def test_a_question_looks_back_on_those_before_it_only() -> None:
    root = parts_of(EVERY)
    assert earlier(root, (0, 0)) == []
    assert [path for path, _part in earlier(root, (0, 2))] == ["matter.sort", "matter.old_number"]
    assert [path for path, _part in earlier(root, (1,))] == [
        f"matter.{key}" for key in EVERY["properties"]["matter"]["properties"]
    ]
    inside = [path for path, _part in earlier(root, (1, 5, 1))]
    assert inside[-2:] == ["works.place", "depth"]


def test_whatever_may_be_chosen_compiles() -> None:
    root = parts_of(EVERY)
    for place in ((1, 0), (1, 5, 1), (2,)):
        for path, part in earlier(root, place):
            for test, _label in comparisons(part):
                again = parts_of(EVERY)
                again.at(place).words |= {"when": f"{path} {test}", "when_number": "3"}
                assert faults_of(schema_of(again)) == [], (path, test)


# ── order ─────────────────────────────────────────────────────────────────────────────────────


def shuffled(value: Any) -> Any:
    """As a database may give an object back: its keys sorted."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in sorted(value, reverse=True)}
    return [shuffled(one) for one in value] if isinstance(value, list) else value


@given(schemas())
def test_a_form_that_was_kept_has_its_order_still(schema: dict[str, Any]) -> None:
    kept = shuffled(ordered(schema))
    assert compiled(kept) == compiled(schema)
    assert compiled(schema_of(parts_of(kept))) == compiled(schema)
    assert list(in_order(kept)["properties"]) == list(schema["properties"])
    assert in_order(kept) == schema
    assert ordered(kept) == kept


@pytest.mark.parametrize("order", [["a"], ["matter", "works", "person", "person"], "matter", [{}]])
def test_an_order_that_is_none_of_the_parts_is_a_fault(order: Any) -> None:
    [fault] = faults_of(EVERY | {"x-order": order})
    assert "的顺序（x-order）应正好列出" in fault


@pytest.mark.parametrize("rubbish", [None, 3, [], {"properties": 3}, {"items": 3}])
def test_what_is_no_schema_has_no_order(rubbish: Any) -> None:
    assert ordered(rubbish) == rubbish
