"""Which statements each test sends to the database: noted by every run on SQLite, so that the lane
on PostgreSQL need not send the same one a hundred times (tests/spared.py).

What is noted of a statement is its shape: its text without numbers, quoted words and how many
values it has; the line of the program that sent it; the types of its values; whether it would lock
what it reads, for which SQLite has no words; and whether it was refused. Where the program asks
which database it has, that is noted too: on PostgreSQL it goes another way from there.

A note holds for the code that it was taken of and for no other. It tells of a whole test that
passed: one that started another Python, whose statements nobody saw, or that tries something else
each time (hypothesis), has none.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.backends.sqlite3.features import DatabaseFeatures
from django.utils.connection import ConnectionProxy

import mingtang

PROGRAM = f"{Path(mingtang.__file__).parent}{os.sep}"
BASE = f"{PROGRAM}base{os.sep}"  # sends for others: the line that asked it to is told
TESTS = Path(__file__).parent
KEPT = "mingtang-statements-"
SOURCES = {".py", ".html", ".json"}
INSPECTORS = "mingtang.files.inspectors"  # a process that knows no database

VALUES = re.compile(r"\(%s(?:, ?%s)*\)")
ROWS = re.compile(r"\(%s\)(?:, ?\(%s\))+")
NUMBERS = re.compile(r"\b\d+\b")
WORDS = re.compile(r"'[^']*'")
OUTER = ("SAVEPOINT", "RELEASE", "ROLLBACK")

Sent = tuple[str, str, str, bool, bool]


class Note(NamedTuple):
    """What one test sent, as shapes, and how many seconds of computing it took on SQLite."""

    seconds: float
    shapes: frozenset[str]


class _Seen:
    """What the test that runs now has sent so far."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.sent: set[Sent] = set()
        self.is_whole = True  # and passed
        self.is_locking = False


_seen = _Seen()


@lru_cache(maxsize=50_000)
def text_of(sql: str) -> str:
    """The statement without what differs from one time to the next; of a savepoint nothing."""
    if sql.startswith(OUTER):
        return ""
    return NUMBERS.sub("0", WORDS.sub("''", ROWS.sub("(%s)", VALUES.sub("(%s)", sql))))


@cache
def _is_asking(file: str) -> bool:
    return file.startswith(PROGRAM) and not file.startswith(BASE)


def _line() -> str:
    """The innermost line of the program outside of its base, or none: the test itself sent it."""
    frame = sys._getframe(2)
    while frame is not None and not _is_asking(frame.f_code.co_filename):
        frame = frame.f_back  # type: ignore[assignment]
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else ""


def _types(params: Any) -> str:
    if not isinstance(params, list | tuple):
        return ""
    return " ".join(dict.fromkeys(type(one).__name__ for one in params))


def _sending(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    text = text_of(sql)
    if not text:
        return execute(sql, params, many, context)
    is_refused, is_locking = True, _seen.is_locking
    _seen.is_locking = False
    try:
        answer = execute(sql, params, many, context)
        is_refused = False
        return answer
    finally:
        _seen.sent.add((text, _line(), _types(params), is_locking, is_refused))


def _listen(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if connection.vendor == "sqlite" and _sending not in connection.execute_wrappers:
        connection.execute_wrappers.append(_sending)


def _would_lock(_features: DatabaseFeatures) -> bool:
    """Django asks this of a statement that is to lock rows, and of no other."""
    _seen.is_locking = True
    return False


_by_proxy = ConnectionProxy.__getattr__.__code__  # as the program asks, and not Django


def _vendor(_connection: DatabaseWrapper) -> str:
    frame = sys._getframe(1)
    if frame.f_code is _by_proxy and (asking := frame.f_back):
        place = f"{asking.f_code.co_filename}:{asking.f_lineno}"
        _seen.sent.add(("vendor", _line(), place, False, False))
    return "sqlite"


_popen = subprocess.Popen.__init__


def _starting(process: "subprocess.Popen[Any]", args: Any, *more: Any, **named: Any) -> None:
    words = args if isinstance(args, list | tuple | str) else ()
    if sys.executable in words and INSPECTORS not in words:
        _seen.is_whole = False
    _popen(process, args, *more, **named)


connection_created.connect(_listen)
DatabaseWrapper.vendor = property(_vendor)  # type: ignore[assignment]
DatabaseFeatures.has_select_for_update = property(_would_lock)  # type: ignore[assignment]
subprocess.Popen.__init__ = _starting  # type: ignore[assignment]


@cache
def folder() -> Path:
    """In the environment, named for the program and its tests; the notes of other code go."""
    digest = hashlib.sha256()
    for top in (Path(PROGRAM), TESTS):
        for path in sorted(top.rglob("*")):
            if path.suffix in SOURCES:
                digest.update(str(path.relative_to(top)).encode() + path.read_bytes())
    return Path(sys.prefix) / f"{KEPT}{digest.hexdigest()[:16]}"


def write(place: Path, name: str, seconds: float, sent: set[Sent]) -> None:
    """Add a note to the file of this process."""
    shapes = sorted(hashlib.sha256(repr(one).encode()).hexdigest()[:12] for one in sent)
    if not place.exists():
        for other in place.parent.glob(f"{KEPT}*"):
            shutil.rmtree(other, ignore_errors=True)
        place.mkdir(parents=True, exist_ok=True)
    with (place / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps([name, round(seconds, 3), shapes]) + "\n")


def read(place: Path) -> dict[str, Note]:
    """All notes of a folder by the name of the test; of a test that was noted more than once, what
    it sent in any of its runs."""
    notes: dict[str, Note] = {}
    for path in sorted(place.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, seconds, shapes = json.loads(line)
            before = notes.get(name, Note(seconds, frozenset()))
            notes[name] = Note(before.seconds, before.shapes.union(shapes))
    return notes


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if "DATABASE_URL" in os.environ or item.get_closest_marker("database") is None:
        return (yield)
    place = folder()  # of the code as it is now, however long this test takes
    _seen.begin()
    began = time.process_time()
    answer = yield
    if _seen.is_whole and _seen.sent and item.get_closest_marker("hypothesis") is None:
        write(place, item.nodeid, time.process_time() - began, _seen.sent)
    return answer


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not report.passed:
        _seen.is_whole = False
