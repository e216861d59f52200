"""Two who go on with the same streams in the same instant: one is written after the other."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection

from mingtang.ledger import queries, services
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import Entry, command, record_all
from tests.faults.test_at_once import _at_once
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db(transaction=True)
AT = morning(2013, 9, 17)
on_postgres = pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer")


@command("test.many")
def write(*, streams: list[str], begins: bool, actor, at, command_id) -> dict[str, Any]:
    entries = [Entry(one, "test.noted", {"by": command_id}, begins=begins) for one in streams]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return {}


@pytest.fixture
def _read_at_once(monkeypatch, settings):
    """Both read the ends before either writes. (SQLite lets the second begin after the first.)"""
    settings.LEDGER_FOLLOWERS = []
    if connection.vendor == "sqlite":
        return
    looked, both, held = services._ends, threading.Barrier(2, timeout=30), threading.local()

    def together(*told):
        found = looked(*told)
        if not getattr(held, "has_met", False):
            held.has_met = True
            both.wait()
        return found

    monkeypatch.setattr(services, "_ends", together)


def _two(streams: list[str], other: list[str], *, begins: bool = False) -> list[object]:
    told = {"begins": begins, "actor": SYSTEM, "at": AT}
    return _at_once(
        [
            lambda mine=mine: write(streams=mine, command_id=new_command_id(), **told)
            for mine in (streams, other)
        ]
    )


MANY = [f"test:{number}" for number in range(60)]  # so many go to PostgreSQL by COPY


@pytest.mark.usefixtures("_read_at_once")
@pytest.mark.parametrize("begins", [True, False])
@pytest.mark.parametrize("streams", [["test:1"], ["test:1", "test:2"], MANY])
def test_two_who_go_on_with_the_same_streams_are_both_written(streams, begins):
    assert _two(streams, streams[::-1], begins=begins) == [{}, {}]
    assert [(name, seq) for name, seq, _ in queries.all_ends()] == sorted((n, 2) for n in streams)
    assert queries.verify().is_ok


@on_postgres
@pytest.mark.usefixtures("_read_at_once")
@pytest.mark.parametrize("streams", [["test:1"], ["test:1", "test:2"]])
def test_without_looking_whether_another_came_first_one_fails(streams, monkeypatch):
    """The control."""

    def blindly(rows):
        services.insert_values(services.Event, rows)
        return True

    monkeypatch.setattr(services, "_is_written", blindly)
    assert {type(one) for one in _two(streams, streams)} == {dict, IntegrityError}


def test_what_the_database_refuses_for_another_reason_is_not_tried_for_ever(settings):
    settings.LEDGER_FOLLOWERS = []
    nobody = SYSTEM.__class__(id=None, label=None)
    for streams in (["test:1"], ["test:1", "test:2"]):
        with pytest.raises(IntegrityError, match=r"(?i)not.null"):
            write(streams=streams, begins=True, actor=nobody, at=AT, command_id=new_command_id())
