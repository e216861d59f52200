"""docs/forms.md says what the code does: its examples compile, nothing allowed goes unnamed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mingtang.questions.rules import Kind, compiled
from mingtang.questions.rules.compiling import words as rules

TEXT = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
QUESTIONS = [one for one in EXAMPLES if "x-purpose" in one]


def form_of(example: dict[str, Any]) -> Any:
    """A whole form as it stands; a question as the only one of its form."""
    if example in QUESTIONS:
        example = {"properties": {"s": {"title": "部分", "properties": {"q": example}}}}
    return compiled(example)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["title"]))
def test_every_example_compiles(example: dict[str, Any]) -> None:
    assert form_of(example).sections


def test_every_kind_has_an_example_under_its_heading() -> None:
    headings = re.findall(r"^### (.+)（(\w+)）$", TEXT, re.MULTILINE)
    assert dict(headings) == {kind.label: kind.value for kind in Kind}
    kinds = [form_of(example).sections[0].questions[0].kind for example in QUESTIONS]
    assert [kind.value for kind in kinds] == [key for _label, key in headings]


def test_every_keyword_format_and_test_is_named() -> None:
    allowed = {word for words in rules.OF_KINDS.values() for word in words}
    allowed |= rules.OF_QUESTIONS | rules.OF_SECTIONS | {"question", "const"} | set(rules.TESTS)
    named = set(re.findall(r"`([\w-]+)`", TEXT))
    assert allowed - named == set()
    for name in (*rules.FORMATS, "address"):
        assert f'"format": "{name}"' in TEXT
    for test, words in rules.TESTS.items():
        assert f"| `{test}` | {words} |" in TEXT
    assert set(rules.KNOWN_OF_PERSONS) <= named


def test_the_limits_are_those_of_the_code() -> None:
    for line in (
        f"| 部分 | {rules.MOST_SECTIONS} |",
        f"| 问题（连表行里的） | {rules.MOST_QUESTIONS} |",
        f"| 选项 | {rules.MOST_OPTIONS} |",
        f"| 表行 | {rules.MOST_ROWS} |",
        f"| 一行文字 | {rules.MOST_LINE} 字 |",
        f"| 多行文字 | {rules.MOST_LONG} 字 |",
    ):
        assert line in TEXT


def test_a_keyword_left_out_of_the_page_would_be_noticed() -> None:
    named = set(re.findall(r"`([\w-]+)`", TEXT.replace("`x-decimals`", "")))
    assert "x-decimals" not in named
