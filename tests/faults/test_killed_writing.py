"""A process of several writers and the worker's round, killed at any moment, again and again: what
was acknowledged is there, and nothing is there by half."""

import os
import random
import select
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from mingtang.base.clock import now
from mingtang.base.models import Serial
from mingtang.base.serials import next_serial
from mingtang.ledger import queries
from mingtang.ledger.models import Command, Event, TreeLeaf
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import Entry, command, grow_tree, record_all
from tests.faults.test_kill import DONE, KILLED, _run_killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WRITERS = 3
LONGEST = 0.03  # seconds from the first acknowledged act to the kill
Writing = Callable[[Callable[[str], None], int], None]


@pytest.fixture(autouse=True)
def _unfollowed(settings):
    settings.LEDGER_FOLLOWERS = []


@command("test.act")
def act(*, writer: int, actor, at, command_id) -> dict[str, Any]:
    """A number drawn, an event of its own stream, an event of one that all share."""
    facts = {"number": next_serial("killed")}
    entries = [Entry(f"kill:{writer}", "test.acted", facts), Entry("kill:all", "test.told", facts)]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return facts


def _honestly(acknowledge, writer):
    one = uuid4().hex
    act(writer=writer, actor=SYSTEM, at=now(), command_id=one)
    acknowledge(one)


def _too_early(acknowledge, writer):
    with transaction.atomic():
        one = uuid4().hex
        act(writer=writer, actor=SYSTEM, at=now(), command_id=one)
        acknowledge(one)
        time.sleep(0.002)


def _by_halves(acknowledge, writer):
    one = uuid4().hex
    Command.objects.create(command_id=one, kind="test.act", digest="", at=now())
    time.sleep(0.002)
    with transaction.atomic():
        facts = {"number": next_serial("killed")}
        entries = [Entry(f"kill:{name}", "test.told", facts) for name in (writer, "all")]
        record_all(entries, actor=SYSTEM, at=now(), command_id=one)
    acknowledge(one)


def _write_for_ever(write: Writing, pipe: int) -> None:
    def writes(writer: int) -> None:
        while True:
            write(lambda one: os.write(pipe, one.encode() + b"\n"), writer)

    for writer in range(WRITERS):
        threading.Thread(target=writes, args=(writer,)).start()
    while True:
        grow_tree(now())
        time.sleep(0.005)


def _killed(write: Writing, dice: random.Random) -> list[str]:
    """What a child acknowledged until it was killed. It is ours and not yet waited for: its number
    can belong to nobody else."""
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _write_for_ever(write, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as acknowledged:
        if not select.select([acknowledged], [], [], 60)[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError("the writers write nothing")
        lines = [acknowledged.readline()]
        time.sleep(dice.uniform(0, LONGEST))
        os.kill(child, signal.SIGKILL)
        lines += acknowledged.readlines()
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0]) - 1


def _wait_for_the_killed() -> None:
    """PostgreSQL may still be carrying out what a dead client asked for last."""
    end = time.monotonic() + 30
    while connection.vendor == "postgresql" and _others():
        assert time.monotonic() < end
        time.sleep(0.01)


def _figures(write: Writing, rounds: Iterable[int]) -> dict[str, int]:
    dice, acknowledged, kills = random.Random(12), [], 0
    for _ in rounds:
        acknowledged += _killed(write, dice)
        kills += 1
    assert len(set(acknowledged)) == len(acknowledged)  # none was answered as before
    _wait_for_the_killed()
    there = set(Command.objects.values_list("command_id", flat=True))
    events = Counter(Event.objects.values_list("command_id", flat=True))
    drawn = Serial.objects.filter(series="killed").values_list("last", flat=True).first()
    return {
        "kills": kills,
        "acknowledged": len(acknowledged),
        "lost": len(set(acknowledged) - there),
        "halves": sum(events[one] != 2 for one in there | events.keys()) + (drawn != len(there)),
        "breaks": len(queries.verify().breaks),
    }


@pytest.mark.parametrize("kills", [60, pytest.param(1500, marks=pytest.mark.soak)])
def test_what_was_acknowledged_outlives_every_kill(kills, lasting):
    found = _figures(_honestly, lasting.rounds(kills))
    lasting.tell("writers killed", **found)
    assert (found["lost"], found["halves"], found["breaks"]) == (0, 0, 0)
    assert found["acknowledged"] >= found["kills"] > 0  # none was answered from before
    grow_tree(now(), everything=True)
    assert TreeLeaf.objects.count() == Event.objects.count()
    assert queries.verify().is_ok


@pytest.mark.once
def test_the_harness_sees_what_was_acknowledged_too_early():
    """The first positive control."""
    assert _figures(_too_early, range(6))["lost"] > 0


@pytest.mark.once
def test_the_harness_sees_what_was_written_by_halves():
    """The second."""
    assert _figures(_by_halves, range(6))["halves"] > 0


def test_the_sequencer_killed_before_each_statement_and_at_its_commit():
    for _ in range(3):
        act(writer=0, actor=SYSTEM, at=now(), command_id=uuid4().hex)
    point, outcome = 1, KILLED
    while outcome == KILLED:
        outcome, _ = _run_killed(lambda: grow_tree(now()), point)
        found = queries.verify()
        assert found.breaks == [], point
        point += 1
    assert outcome == DONE
    assert point > 8
    assert TreeLeaf.objects.count() == Event.objects.count() == 6
