"""Each row of docs/asvs.md names tests that are there, or gives a reason; the page counts right."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "asvs.md"
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([123]) \| (.+?) \| (.+?) \|")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
REQUIREMENTS = 253  # of levels 1 and 2 in ASVS 5.0.0
MARKS = ("部分：", "不满足：", "不适用：")  # before what is said; without a mark it is met
SENTENCE = re.compile(r"Of \d+ requirements of levels 1 and 2 [^.]+\.")


@cache
def _names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def faults(page: str) -> list[str]:
    """Rows that are told twice or out of order, and those whose test is not there."""
    rows = ROW.findall(page)
    ids = [row[0] for row in rows]
    found = [f"{one} twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    in_order = sorted(ids, key=lambda one: [int(part) for part in one.split(".")])
    found += [] if ids == in_order else ["rows out of order"]
    for number, _level, _said, why in rows:
        for file, name in TEST.findall(why):
            if name not in _names(ROOT / file):
                found.append(f"{number}: {file}::{name}")
        if "`tests/" in why and not TEST.search(why):
            found.append(f"{number}: names no test")
    return found


def sentence(page: str) -> str:
    """How many requirements of levels 1 and 2 are met and are not, as the rows of a page say."""
    said = [said for _number, level, said, _why in ROW.findall(page) if level != "3"]
    of = Counter(next((mark for mark in MARKS if one.startswith(mark)), "") for one in said)
    partly, unmet, apart = (of[mark] for mark in MARKS)
    return (
        f"Of {REQUIREMENTS} requirements of levels 1 and 2 {of['']} are met, {partly} in part, "
        f"{unmet} are not, {apart} do not apply, and {REQUIREMENTS - len(said)} were not looked at."
    )


def test_every_row_has_a_test_that_is_there_or_a_reason():
    page = PAGE.read_text(encoding="utf-8")
    assert len(ROW.findall(page)) == page.count("\n| ") - 1 > 40
    assert faults(page) == []


def test_a_test_that_is_gone_is_found():
    row = "| 1.2.1 | 1 | something | `tests/structure/test_asvs.py::test_that_never_was` |\n"
    assert faults(row) == ["1.2.1: tests/structure/test_asvs.py::test_that_never_was"]
    assert faults(row.replace("test_that_never_was", "test_a_test_that_is_gone_is_found") * 2) == [
        "1.2.1 twice"
    ]


def test_a_row_out_of_its_order_is_found():
    row = "| {} | 1 | something | a reason |\n"
    assert faults(row.format("1.10.1") + row.format("1.9.1")) == ["rows out of order"]
    assert faults(row.format("1.9.1") + row.format("1.10.1")) == []


@pytest.mark.parametrize("changed", [False, True])
def test_the_page_counts_its_rows(changed):
    """Control: of a page in which one row is no more met than another, the count is another."""
    page = PAGE.read_text(encoding="utf-8")
    if changed:
        page = page.replace("| 1.2.1 | 1 | ", "| 1.2.1 | 1 | 不满足：")
    is_right = SENTENCE.findall(page) == [sentence(page)]
    assert is_right is not changed, sentence(page)
