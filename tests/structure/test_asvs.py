"""Each row of docs/asvs.md names tests that are there, or gives a reason."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "asvs.md"
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([123]) \| (.+?) \| (.+?) \|")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def faults(page: str) -> list[str]:
    """Rows that are told twice, and those whose test is not there."""
    rows = ROW.findall(page)
    ids = [row[0] for row in rows]
    found = [f"{one} twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    for number, _level, _said, why in rows:
        for file, name in TEST.findall(why):
            if name not in _names(ROOT / file):
                found.append(f"{number}: {file}::{name}")
        if "`tests/" in why and not TEST.search(why):
            found.append(f"{number}: names no test")
    return found


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
