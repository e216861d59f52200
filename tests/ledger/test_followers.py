"""Who is told of events, once each, whatever fails meanwhile."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.ledger import queries, services
from mingtang.ledger.followers import Follower, wanting
from mingtang.ledger.models import Delivery, Event, Untold
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all, replay
from mingtang.site import work
from mingtang.site.management.commands import work as command
from tests.faults.test_at_once import _at_once
from tests.ledger.test_services import note
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
heard: list[str] = []
quietly: list[str] = []


def _hear(event: Event) -> None:
    if event.facts["text"] == "boom":
        raise RuntimeError("the follower failed")
    heard.append(event.facts["text"])


HEARER = Follower("hearer", ("test.*",), _hear, heard.clear)
OTHER = Follower("other", ("test.noted",), lambda event: quietly.append(event.facts["text"]))
ELSEWHERE = Follower("elsewhere", ("test.*",), lambda _: None, of="case")


@pytest.fixture(autouse=True)
def _followed(settings):
    heard.clear()
    quietly.clear()
    settings.LEDGER_FOLLOWERS = ["tests.ledger.test_followers.HEARER"]


@pytest.fixture
def by_two(settings):
    names = ("HEARER", "OTHER", "ELSEWHERE")
    settings.LEDGER_FOLLOWERS = [f"tests.ledger.test_followers.{name}" for name in names]


@pytest.fixture
def tell(at):
    def told(*texts: str) -> None:
        for text in texts:
            note(text=text, actor=SYSTEM, at=at, command_id=new_command_id())

    return told


def test_a_follower_is_told_once(at, tell):
    tell("a")
    assert deliver_all(at) == 1
    assert deliver_all(at) == 0
    assert heard == ["a"]


def test_what_nobody_wants_is_not_noted_and_what_is_to_come_waits(at, tell, settings):
    settings.LEDGER_FOLLOWERS = ["tests.ledger.test_followers.ELSEWHERE"]
    tell("a")
    assert not Untold.objects.exists()
    settings.LEDGER_FOLLOWERS = ["tests.ledger.test_followers.HEARER"]
    tell("b")
    assert deliver_all(at - timedelta(seconds=1)) == 0
    assert deliver_all(at) == 1
    assert heard == ["b"]


def test_who_is_told_is_asked_by_kind_and_by_sort_of_thing(by_two):
    assert wanting("test.noted", "test:1") == ("hearer", "other")
    assert wanting("test.other", "test:1") == ("hearer",)
    assert wanting("test.other", "case:1") == ("hearer", "elsewhere")
    assert wanting("else", "case:1") == ()


@pytest.mark.usefixtures("by_two")
def test_one_that_fails_is_owed_alone_then_parked_and_does_not_hold_up_others(at, tell):
    tell("boom", "b")
    assert deliver_all(at) == 2
    assert (heard, quietly) == (["b"], ["boom", "b"])
    for attempts in range(1, services.MAX_ATTEMPTS + 1):
        debt = Delivery.objects.get()
        assert (debt.follower, debt.attempts) == ("hearer", attempts)
        at += timedelta(hours=1)
        deliver_all(at)
    assert (heard, quietly) == (["b"], ["boom", "b"])
    assert debt.parked_at is not None
    assert "the follower failed" in debt.last_error
    assert queries.parked_count() == 1
    assert queries.debts_by_follower() == [queries.FollowerDebts("hearer", 0, 1, None)]


@pytest.mark.usefixtures("by_two")
def test_what_waits_is_counted_by_follower(at, tell):
    tell("boom")
    deliver_all(at)
    note(text="a", actor=SYSTEM, at=(later := at + timedelta(hours=1)), command_id=new_command_id())
    assert queries.debts_by_follower() == [
        queries.FollowerDebts("hearer", 2, 0, at),
        queries.FollowerDebts("other", 1, 0, later),
    ]
    deliver_all(later)
    assert queries.debts_by_follower() == [queries.FollowerDebts("hearer", 1, 0, at)]


def test_many_are_delivered_in_turn_up_to_a_limit(at, tell):
    texts = [f"{number}" for number in range(services.EVENTS_TOGETHER + 2)]
    tell(*texts)
    assert deliver_all(at, limit=1) == services.EVENTS_TOGETHER
    assert heard == texts[:-2]
    assert deliver_all(at) == 2
    assert heard == texts


def test_work_once_goes_on_until_nothing_waits(tell, monkeypatch):
    monkeypatch.setattr(work, "SWEEPS", ())
    monkeypatch.setattr(work, "AFTER", ())
    for room in (work, command):
        monkeypatch.setattr(room, "DELIVERIES_A_ROUND", services.EVENTS_TOGETHER + 1)
    texts = [f"{number}" for number in range(3 * services.EVENTS_TOGETHER)]
    tell(*texts)
    call_command("work", "--once")
    assert heard == texts


@pytest.mark.usefixtures("by_two")
def test_a_replay_tells_one_all_of_history_anew_and_nothing_twice(at, tell):
    tell("a", "b", "c")
    deliver_all(at)
    tell("d")
    assert replay("hearer", at) == 3
    assert heard == []
    deliver_all(at)
    assert heard == ["a", "b", "c", "d"]
    assert quietly == ["a", "b", "c", "d"]


def test_what_waits_is_found_without_reading_events(at, tell):
    """With both tables in one statement PostgreSQL read all events from the first one, as long as
    it did not know yet that the rows before are gone."""
    tell("a")
    with CaptureQueriesContext(connection) as asked:
        deliver_all(at)
    found = [one["sql"] for one in asked if '"ledger_untold"' in one["sql"]]
    assert len(found) == 2  # found, taken away
    assert not any('"ledger_event"' in sql for sql in found)


def _two_workers(at, monkeypatch) -> Counter[str]:
    """Each is in the middle of its first event when the other begins; how often each text came."""
    met, came, held = threading.Barrier(2), Counter(), threading.local()

    def handle(event: Event) -> None:
        if connection.vendor == "postgresql" and not getattr(held, "has_met", False):
            held.has_met = True
            met.wait(timeout=30)
        came[event.facts["text"]] += 1

    monkeypatch.setattr(services, "followers", lambda: {"hearer": Follower("hearer", (), handle)})
    done = _at_once([lambda: deliver_all(at)] * 2)
    assert sum(done) == sum(came.values())  # neither failed
    return came


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_event_once(at, tell, monkeypatch):
    texts = [f"{number}" for number in range(2 * services.EVENTS_TOGETHER)]
    tell(*texts)
    assert _two_workers(at, monkeypatch) == Counter(texts)
    assert not Untold.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer")
@pytest.mark.django_db(transaction=True)
def test_the_check_of_two_workers_sees_what_is_told_twice(at, tell, monkeypatch):
    tell("a")
    monkeypatch.setattr(services, "_held", lambda rows: rows)
    assert _two_workers(at, monkeypatch) == Counter(a=2)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer")
@pytest.mark.django_db(transaction=True)
def test_a_replay_waits_for_the_round_of_a_worker(at, tell, monkeypatch):
    """What is told while it empties and reads would be counted twice."""
    is_told, may_end, is_over = threading.Event(), threading.Event(), threading.Event()

    def handle(event: Event) -> None:
        is_told.set()
        may_end.wait(timeout=30)

    def again() -> int:
        is_told.wait(timeout=30)
        try:
            return replay("hearer", at)
        finally:
            is_over.set()

    def watch() -> bool:
        is_told.wait(timeout=30)
        waits = not is_over.wait(timeout=0.3)
        may_end.set()
        return waits

    one = Follower("hearer", ("test.*",), handle)
    monkeypatch.setattr(services, "followers", lambda: {"hearer": one})
    tell("a")
    assert _at_once([lambda: deliver_all(at), again, watch]) == [1, 1, True]
