"""Commands once, events in order."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.base.db import install_guards, missing_guards
from mingtang.base.errors import Conflict
from mingtang.ledger import queries
from mingtang.ledger.models import Command, Event
from mingtang.ledger.rules import SYSTEM, CommandConflict
from mingtang.ledger.services import Entry, command, record, record_all
from tests.world import morning

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unfollowed(settings):
    settings.LEDGER_FOLLOWERS = []


@command("test.note")
def note(*, text: str, actor, at, command_id) -> dict[str, Any]:
    event = record(
        stream="test:1",
        kind="test.noted",
        facts={"text": text},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    if text == "refuse":
        raise Conflict("不行")
    return {"seq": event.seq}


def test_events_of_a_stream_are_numbered_and_linked(at, command_id):
    for text in "abc":
        note(text=text, actor=SYSTEM, at=at, command_id=command_id())
    events = queries.history("test:1")
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.previous_leaf for event in events[1:]] == [event.leaf for event in events[:-1]]
    assert queries.verify().is_ok


def test_a_stream_that_is_said_to_begin_and_does_not_goes_on(at):
    by = {"actor": SYSTEM, "at": at, "command_id": "one"}
    with transaction.atomic():
        _command("one")
        record_all([Entry("test:1", "test.noted", begins=True)], **by)
        record_all([Entry(f"test:{n}", "test.noted", begins=True) for n in range(3)], **by)
    assert [(stream, seq) for stream, seq, _ in _leaves()] == [
        *(("test:0", 1), ("test:1", 1), ("test:1", 2), ("test:2", 1)),
    ]
    assert queries.verify().is_ok


AT = morning(2013, 9, 17)
# No form and no operation lets NUL in, and PostgreSQL keeps none.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
ENTRIES = st.lists(
    st.builds(
        Entry,
        stream=st.sampled_from(["test:1", "test:2", "test:3"]),
        kind=st.just("test.noted"),
        facts=st.dictionaries(
            st.text(LETTERS, max_size=3), st.text(LETTERS, max_size=4) | st.integers()
        ),
    ),
    min_size=1,
    max_size=8,
)


def _leaves() -> list[tuple[str, int, str]]:
    return list(Event.objects.order_by("stream", "seq").values_list("stream", "seq", "leaf"))


def _command(command_id: str) -> None:
    Command.objects.create(command_id=command_id, kind="test", digest="", at=AT)


class _Undone(Exception):
    """Raised to undo what a block wrote."""


def _written(write: Callable[[], object]) -> tuple[list[tuple[str, int, str]], bool]:
    """The leaves that something writes, and whether they hold; undone."""
    told: list[Any] = []
    with contextlib.suppress(_Undone), transaction.atomic():
        _command("one")
        write()
        told += _leaves(), queries.verify().is_ok
        raise _Undone
    return told[0], told[1]


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(entries=ENTRIES)
def test_events_recorded_together_hash_as_one_by_one(at, entries):
    by = {"actor": SYSTEM, "at": at, "command_id": "one"}

    def one_by_one() -> None:
        for each in entries:
            record(stream=each.stream, kind=each.kind, facts=each.facts, **by)

    together = _written(lambda: record_all(entries, **by))
    assert together == _written(one_by_one)
    assert together[1]


def test_together_in_another_order_they_hash_otherwise(at):
    """The control of the test above."""
    by = {"actor": SYSTEM, "at": at, "command_id": "one"}
    entries = [Entry("test:1", "test.noted", {"n": number}) for number in range(3)]
    here = _written(lambda: record_all(entries, **by))
    assert here != _written(lambda: record_all(entries[::-1], **by))


def test_streams_that_another_began_meanwhile_are_gone_on_with(at, monkeypatch):
    """What was looked for before another committed was not there; it is looked for once more."""
    by = {"actor": SYSTEM, "at": at, "command_id": "one"}
    entries = [Entry(f"test:{number}", "test.noted", {}) for number in range(3)]
    with transaction.atomic():
        _command("one")
        record_all(entries[1:2], **by)
    found, looks = queries.ends, []

    def too_early(names):
        looks.append(names)
        return {} if len(looks) == 1 else found(names)

    monkeypatch.setattr(queries, "ends", too_early)
    with transaction.atomic():
        record_all(entries, **by)
    assert len(looks) == 2
    assert [(stream, seq) for stream, seq, _ in _leaves()] == [
        *(("test:0", 1), ("test:1", 1), ("test:1", 2), ("test:2", 1)),
    ]
    assert queries.verify().is_ok


def test_the_same_command_twice_has_one_effect_and_the_same_answer(at, command_id):
    one = command_id()
    first = note(text="a", actor=SYSTEM, at=at, command_id=one)
    again = note(text="a", actor=SYSTEM, at=at + timedelta(minutes=1), command_id=one)
    assert again == first
    assert Event.objects.count() == 1


def test_the_same_id_with_other_content_is_a_conflict(at, command_id):
    one = command_id()
    note(text="a", actor=SYSTEM, at=at, command_id=one)
    with pytest.raises(CommandConflict):
        note(text="b", actor=SYSTEM, at=at, command_id=one)
    assert Event.objects.count() == 1


def test_the_same_id_from_another_person_is_a_conflict(at, command_id, clerk_actor):
    one = command_id()
    note(text="a", actor=SYSTEM, at=at, command_id=one)
    with pytest.raises(CommandConflict):
        note(text="a", actor=clerk_actor, at=at, command_id=one)


def test_a_refused_command_leaves_nothing_and_may_come_again(at, command_id):
    one = command_id()
    with pytest.raises(Conflict):
        note(text="refuse", actor=SYSTEM, at=at, command_id=one)
    assert (Event.objects.count(), Command.objects.count()) == (0, 0)
    assert note(text="a", actor=SYSTEM, at=at, command_id=one) == {"seq": 1}


def test_many_events_cost_a_handful_of_statements(at, command_id, django_assert_max_num_queries):
    entries = [Entry(f"item:{n % 40}", "item.published", {"n": n}) for n in range(200)]

    @command("test.many")
    def many(*, actor, at, command_id):
        record_all(entries, actor=actor, at=at, command_id=command_id)
        return {}

    with django_assert_max_num_queries(16):
        many(actor=SYSTEM, at=at, command_id=command_id())
    found = queries.verify()
    assert (found.events, found.streams, found.is_ok) == (200, 40, True)


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_event SET kind = 'x'", "DELETE FROM ledger_event"]
)
def test_the_database_refuses_to_rewrite_history(statement, at, command_id):
    note(text="a", actor=SYSTEM, at=at, command_id=command_id())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_postgresql_refuses_truncate_too(at, command_id):
    if connection.vendor != "postgresql":
        assert connection.vendor == "sqlite"  # which has no TRUNCATE
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("TRUNCATE ledger_event CASCADE")


def test_a_missing_guard_is_noticed_and_put_back():
    assert missing_guards() == []
    table = "" if connection.vendor == "sqlite" else ' ON "ledger_event"'
    name = "ledger_event_guard_update"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"{table}')
    assert missing_guards() == [name]
    install_guards()
    assert missing_guards() == []


def _tamper(statement: str) -> None:
    """What someone with the database's own rights could do: lift the guard, write, put it back."""
    names = ["ledger_event_guard_update", "ledger_event_guard_delete"]
    on = "" if connection.vendor == "sqlite" else ' ON "ledger_event"'
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'DROP TRIGGER "{name}"{on}')
        cursor.execute(statement)
    install_guards()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET actor_label = '别人' WHERE seq = 2",
        "UPDATE ledger_event SET effective_on = '2013-01-01' WHERE seq = 1",
        "UPDATE ledger_event SET command_id = 'nobody' WHERE seq = 3",
        "DELETE FROM ledger_event WHERE seq = 2",
        "DELETE FROM ledger_command",
    ],
)
def test_verification_finds_what_was_tampered_with(statement, at, command_id):
    for text in "abc":
        note(text=text, actor=SYSTEM, at=at, command_id=command_id())
    _tamper(statement)
    assert not queries.verify().is_ok
