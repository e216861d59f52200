"""The longer lane reads the files alone in which a test is marked for it.

Loaded by name (`-p tests.marked`, just test-long). The mark stands in the file: where it came from
elsewhere, the fast lane, which reads all files, fails (tests/conftest.py).
"""

import re
from functools import cache
from pathlib import Path

import pytest

MARK = re.compile(r"\bmark\.(slow|shared)\b")


@cache
def is_marked(path: Path) -> bool:
    return MARK.search(path.read_text(encoding="utf-8")) is not None


def check_is_read(item: pytest.Item) -> None:
    """What no lane would run is an error of the lane that comes across it."""
    if is_marked(item.path):
        return
    if names := {one.name for one in item.iter_markers()} & {"slow", "shared"}:
        raise pytest.UsageError(f"{item.nodeid} is {names} by no mark of its file: no lane runs it")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if is_test and not is_marked(collection_path) else None
