"""Which tests run on PostgreSQL: every one that uses a database, by whichever way."""

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from _pytest.assertion.rewrite import _read_pyc
from django.db import connection
from scripts.rewrite_tests import rewrite

from tests import marked, migrated
from tests.conftest import dealt

TESTS = Path(__file__).parents[1]
LAID = TESTS / "laid.py"  # lifts the guard while a module's rows are laid; each test asks by `db`


def _has_mark(request) -> bool:
    return request.node.get_closest_marker("database") is not None


@pytest.mark.django_db
def test_the_mark_of_pytest_django_counts(request):
    assert _has_mark(request)


def test_a_fixture_that_needs_the_database_counts(world, request):
    assert _has_mark(request)


def test_what_asks_for_no_database_is_pure_and_gets_none(request):
    assert not _has_mark(request)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


@pytest.mark.slow
@pytest.mark.parametrize(
    "way", ["db", "transactional_db", "django_db_reset_sequences", "world", "people"]
)
def test_the_database_cannot_be_asked_for_on_the_way(request, way):
    """As the test on PostgreSQL would be left out."""
    with pytest.raises(pytest.fail.Exception, match="not on the way"):
        request.getfixturevalue(way)


def _named(name: str) -> SimpleNamespace:
    mark = name if name.startswith("early") else None
    return SimpleNamespace(name=name, get_closest_marker=lambda asked: mark and asked == "early")


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_each_worker_begins_with_what_takes_long(workers, count):
    early = [f"early {number}" for number in range(count)]
    names = [*[f"{number}" for number in range(20)], *early]
    found = [one.name for one in dealt([_named(name) for name in names], workers)]
    assert sorted(found) == sorted(names)
    assert [name for name in found if name not in early] == names[:20]  # in their order
    left = found
    for number in range(workers):  # as the tests are handed out
        size = len(left) // (workers - number)
        hand, left = left[:size], left[size:]
        assert hand[: len(early[number::workers])] == early[number::workers]


def test_no_test_goes_round_the_door():
    """Django's own test classes and a lifted guard would open the database unseen."""
    names = ("django_db_" + "blocker", "Transaction" + "TestCase", "LiveServer" + "TestCase")
    found = {
        f"{path.name}: {name}"
        for path in TESTS.rglob("*.py")
        if path != LAID
        for name in (*names, "import " + "TestCase", "unittest." + "TestCase")
        if name in path.read_text()
    }
    assert found == set()


@pytest.mark.parametrize("is_made", [True, False])
def test_only_a_database_that_was_made_is_kept_and_the_turn_ends(tmp_path, monkeypatch, is_made):
    """Where no test of a run asks for one, none is made; the next run may still make it."""
    kept = tmp_path / "kept.sqlite3"
    monkeypatch.setattr(migrated, "_kept", lambda: kept)
    ours, own = tmp_path / "test.sqlite3", tmp_path / "own.sqlite3"
    with closing(sqlite3.connect(ours)) as database:
        database.execute("CREATE TABLE base_marker (name text)")
    assert migrated.is_ours_to_make()
    migrated.keep({"NAME": str(ours if is_made else own), "TEST": {"NAME": str(ours)}})
    assert (kept.exists(), own.exists()) == (is_made, False)
    with kept.with_suffix(".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("mark", ["slow", "shared"])
def test_a_file_without_the_mark_is_not_read_by_the_longer_lane_nor_may_its_tests_have_it(
    tmp_path, mark
):
    with_it, without = tmp_path / "test_with.py", tmp_path / "test_without.py"
    with_it.write_text(f"@pytest.mark.{mark}\ndef test_a():\n    pass\n")
    without.write_text(f"from elsewhere import {mark}\n@{mark}\ndef test_a():\n    pass\n")
    assert marked.pytest_ignore_collect(with_it) is None
    assert marked.pytest_ignore_collect(tmp_path) is None
    assert marked.pytest_ignore_collect(without) is True
    marks = [SimpleNamespace(name=mark)]
    one, other = (
        SimpleNamespace(path=path, nodeid=path.name, iter_markers=lambda: marks)
        for path in (with_it, without)
    )
    marked.check_is_read(one)
    with pytest.raises(pytest.UsageError, match=mark):
        marked.check_is_read(other)


def test_what_is_rewritten_ahead_is_what_pytest_takes_until_the_file_changes(tmp_path):
    path = tmp_path / "test_one.py"
    path.write_text("def test_one():\n    assert 1 == 2\n")
    made = rewrite(path)
    code = _read_pyc(path, made)
    assert code is not None
    assert any("@pytest_ar" in name for name in code.co_names)
    path.write_text("def test_one():\n    assert 1 == 3 - 2\n")
    assert _read_pyc(path, made) is None
