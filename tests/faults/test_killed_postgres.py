"""PostgreSQL itself is killed while people write: what was acknowledged is there, once; meanwhile
pages say 503 and come again; the process that served before serves on, without a new start."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import uuid4
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import InterfaceError, OperationalError, connection

from mingtang.base import durability
from mingtang.base.clock import now
from mingtang.base.models import Serial
from mingtang.ledger import queries
from mingtang.ledger.models import Command, Event, TreeLeaf
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import grow_tree
from tests.faults.cluster import PATIENCE, Cluster
from tests.faults.test_killed_writing import act

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.database]
WRITERS = 3
LONGEST = 0.3  # seconds from the first act acknowledged after a start to the kill
PAGE = "/items/"


@pytest.fixture
def cluster(settings, monkeypatch) -> Iterator[Cluster]:
    """Every connection from now on goes to a server that waits for its disk."""
    if connection.vendor != "postgresql":
        pytest.skip("of PostgreSQL")
    settings.LEDGER_FOLLOWERS = []
    made = Cluster()
    try:
        made.take(connection.settings_dict)
        connection.close()
        for key, value in made.address.items():
            monkeypatch.setitem(connection.settings_dict, key, value)
        yield made
    finally:
        connection.close()
        made.remove()


@dataclass
class Writing:
    """Writers who send each act with one id until it is answered."""

    acknowledged: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    is_over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, writer: int) -> None:
        try:
            while not self.is_over.is_set():
                one = uuid4().hex
                if self._send(writer, one):
                    with self.lock:
                        self.acknowledged.append(one)
        except Exception:
            with self.lock:
                self.found["refused"] += 1
            raise
        finally:
            connection.close()

    def _send(self, writer: int, one: str) -> bool:
        while True:
            try:
                act(writer=writer, actor=SYSTEM, at=now(), command_id=one)
                return True
            except (OperationalError, InterfaceError):
                with self.lock:
                    self.found["sent_again"] += 1
                connection.close()
                if self.is_over.wait(0.01):
                    return False

    def wait_for_one(self) -> None:
        before, end = len(self.acknowledged), time.monotonic() + PATIENCE
        while len(self.acknowledged) == before:
            assert time.monotonic() < end, "nothing is acknowledged"
            assert not self.found["refused"]
            time.sleep(0.002)


def _asked(application) -> tuple[int, bool]:
    """Status, and whether it says when to come again: as a web server asks, signals and all."""
    environ: dict = {"PATH_INFO": PAGE, "HTTP_HOST": "testserver"}
    setup_testing_defaults(environ)
    told: dict = {}

    def begin(status: str, headers: list[tuple[str, str]]) -> None:
        told.update(status=int(status.split()[0]), names={name for name, _ in headers})

    answer = application(environ, begin)
    try:
        list(answer)
    finally:
        answer.close()
    return told["status"], "Retry-After" in told["names"]


def _figures(cluster: Cluster, rounds: Iterable[int]) -> dict[str, int]:
    application, dice, writing = get_wsgi_application(), random.Random(12), Writing()
    threads = [threading.Thread(target=writing.run, args=(one,)) for one in range(WRITERS)]
    kills, wrong = 0, Counter(said_otherwise=0, not_back=0)
    for one in threads:
        one.start()
    try:
        for _ in rounds:
            writing.wait_for_one()
            time.sleep(dice.uniform(0, LONGEST))
            cluster.kill()
            kills += 1
            wrong["said_otherwise"] += _asked(application) != (503, True)
            cluster.start()
            wrong["not_back"] += _asked(application)[0] != 200
    finally:
        writing.is_over.set()
        for one in threads:
            one.join(PATIENCE)
    assert not any(one.is_alive() for one in threads)
    acknowledged = writing.acknowledged
    found = {"kills": kills, "acknowledged": len(acknowledged), **writing.found, **wrong}
    return {**found, **_checked(acknowledged)}


def _checked(acknowledged: list[str]) -> dict[str, int]:
    there = set(Command.objects.values_list("command_id", flat=True))
    events = Counter(Event.objects.values_list("command_id", flat=True))
    drawn = Serial.objects.filter(series="killed").values_list("last", flat=True).first()
    grow_tree(now(), everything=True)
    return {
        "lost": len(set(acknowledged) - there),
        "halves": sum(events[one] != 2 for one in there | events.keys()) + (drawn != len(there)),
        "breaks": len(queries.verify().breaks) + (TreeLeaf.objects.count() != sum(events.values())),
    }


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.soak)])
def test_what_was_acknowledged_outlives_the_server(cluster, lasting, kills):
    assert durability.weaknesses() == []
    found = _figures(cluster, lasting.rounds(kills))
    lasting.tell("PostgreSQL killed", **found)
    assert found["kills"] >= 1
    assert found["acknowledged"] > found["kills"]
    assert (found["said_otherwise"], found["not_back"]) == (0, 0)
    assert (found["lost"], found["halves"], found["breaks"]) == (0, 0, 0)


@pytest.mark.soak
def test_what_does_not_wait_for_the_disk_is_lost_and_no_server_starts_so(cluster, monkeypatch):
    """The positive control: the setting that `serve` refuses, used all the same."""
    options = {**connection.settings_dict["OPTIONS"], "options": "-c synchronous_commit=off"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    (said,) = durability.weaknesses()
    assert "synchronous_commit" in said
    found = _figures(cluster, range(10))
    assert found["lost"] > 0, found
