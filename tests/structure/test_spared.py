"""What the lane on PostgreSQL leaves out: tests of which others send all statements."""

import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from mingtang.ledger.models import Event
from mingtang.timing.models import Clock
from mingtang.timing.services import seed_calendars
from tests import statements
from tests.spared import SPARED, cover, spared
from tests.spared import pytest_testnodedown as down
from tests.statements import KEPT, TESTS, Note, read, text_of, write

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="notes are taken on SQLite; they are read on PostgreSQL"
)


@pytest.fixture
def sent(db):
    """What the test has sent since it began."""
    statements._seen.begin()
    return lambda: sorted(statements._seen.sent)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t WHERE b = 7 LIMIT 21", "SELECT a FROM t WHERE b = 30 LIMIT 5"),
        ("SELECT a FROM t WHERE b IN (%s, %s)", "SELECT a FROM t WHERE b IN (%s)"),
        ("INSERT INTO t (a, b) VALUES (%s, %s), (%s, %s)", "INSERT INTO t (a, b) VALUES (%s, %s)"),
        ("SELECT 'one' AS place", "SELECT 'two' AS place"),
    ],
)
def test_numbers_words_and_how_many_make_no_other_statement(one, other):
    assert text_of(one) == text_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t WHERE b = %s", "SELECT a FROM t WHERE b >= %s"),
        ("SELECT a FROM t WHERE b = %s", "SELECT a FROM t WHERE c = %s"),
        ("SELECT t1.a FROM t1", "SELECT t2.a FROM t2"),
    ],
)
def test_what_is_asked_makes_another_one(one, other):
    assert text_of(one) != text_of(other)


def test_savepoints_are_nobodys_statements(sent):
    with transaction.atomic():
        pass
    assert sent() == []


def test_a_statement_is_noted_with_the_types_of_its_values(sent):
    list(Event.objects.filter(kind="case.accepted", id=1))
    list(Event.objects.filter(kind="case.accepted", id=2))
    assert [(text[:6], *more) for text, *more in sent()] == [
        ("SELECT", "", "int str", False, False)
    ]


def test_one_that_would_lock_is_another_one(sent):
    list(Clock.objects.filter(id=1))
    list(Clock.objects.select_for_update().filter(id=1))
    list(Clock.objects.filter(id=1))
    assert [is_locking for _, _, _, is_locking, _ in sent()] == [False, True]


def test_one_that_is_refused_is_another_one(sent):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert [is_refused for *_, is_refused in sent()] == [True]


def test_the_line_that_asked_is_noted_and_where_postgres_goes_another_way(sent, at):
    seed_calendars(at=at)
    told = {(text[:6], Path(line).name.partition(":")[0]) for text, line, *_ in sent()}
    assert ("INSERT", "services.py") in told
    assert any(text == "vendor" and "timing" in place for text, _, place, *_ in sent())


def test_what_starts_another_python_has_no_note(sent):
    subprocess.run(["true"], check=True)
    assert statements._seen.is_whole
    subprocess.run([sys.executable, "-c", ""], check=True)
    assert not statements._seen.is_whole


def notes(**shapes: tuple[float, str]) -> dict[str, Note]:
    return {name: Note(seconds, frozenset(sent)) for name, (seconds, sent) in shapes.items()}


SENT = notes(long=(9, "abcd"), short=(0.1, "abc"), twin=(0.1, "abc"), little=(0.1, "a"))


def test_what_only_one_test_sends_keeps_that_test():
    assert cover(SENT, set()) == {"long"}  # `short` sends more for its time, but nothing besides
    planted = SENT | notes(planted=(500, "aX"))
    assert cover(planted, set()) == {"long", "planted"}


def test_what_is_kept_anyway_sends_for_others():
    assert cover(SENT, {"long", "has no note"}) == set()


def test_two_senders_where_there_are_two():
    assert cover(SENT, set(), senders=2) == {"long", "twin"}


def shapes_of(told):
    return {shape for note in told for shape in note.shapes}


def test_every_shape_is_sent_and_the_same_notes_give_the_same_choice():
    chance = random.Random(7)
    for _ in range(200):
        told = {
            f"test_{number}": Note(chance.random(), frozenset(chance.sample("abcdefgh", number)))
            for number in range(chance.randrange(9))
        }
        kept = {name for name in told if chance.random() < 0.2}
        found = cover(told, kept)
        sending = found | kept
        assert shapes_of(told[name] for name in sending) == shapes_of(told.values())
        assert not found & kept
        assert found == cover(dict(reversed(told.items())), kept)


def item(name, *marks):
    """As much of a test as the choice looks at."""
    path, has = TESTS / name.partition("::")[0], set(marks)
    return SimpleNamespace(
        nodeid=f"tests/{name}", path=path, get_closest_marker=lambda mark: mark in has or None
    )


LANE = [
    item("cases/test_a.py::test_whole"),
    item("cases/test_a.py::test_less"),
    item("cases/test_a.py::test_marked", "both"),
    item("cases/test_a.py::test_without_a_note"),
    item("faults/test_b.py::test_of_the_database"),
]


def test_a_lane_spares_what_others_send_and_nothing_without_notes(tmp_path):
    assert spared(LANE, tmp_path) == set()
    one = ("SELECT a", "", "int", False, False)
    for number, each in enumerate((LANE[0], LANE[1], LANE[2], LANE[4])):
        write(tmp_path, each.nodeid, 1 + number, {one})
    write(tmp_path, LANE[0].nodeid, 1, {one, ("SELECT a", "", "str", False, False)})
    assert spared(LANE, tmp_path) == {"tests/cases/test_a.py::test_less"}
    assert spared(LANE[:2], tmp_path) == {"tests/cases/test_a.py::test_less"}
    assert spared(LANE[1:2], tmp_path) == set()  # who asks for one test alone gets it


def test_a_worker_that_died_changes_nothing_of_what_is_told():
    config = SimpleNamespace(stash=pytest.Stash())
    for more in ({"workeroutput": {"spared": 7}}, {"workeroutput": {}}, {}):
        down(SimpleNamespace(config=config, **more))
    assert config.stash[SPARED] == 7


def test_notes_of_other_code_go_and_hold_no_more(tmp_path):
    old, new = tmp_path / f"{KEPT}1", tmp_path / f"{KEPT}2"
    for place in (old, new):
        write(place, "tests/a.py::test_a", 1, {("SELECT a", "", "", False, False)})
    assert (old.exists(), len(read(new))) == (False, 1)
