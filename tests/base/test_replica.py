"""Boards read a replica: never what was just sent, never rights, and not while it is away."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client
from django.urls import reverse

from mingtang.accounts.models import Person
from mingtang.base import replica
from mingtang.base.kept import Kept
from mingtang.base.models import Marker
from mingtang.base.noting import NEVER, noting
from mingtang.base.replica import COOKIE, REPLICA, Lag, Replica, Router, may_lag
from mingtang.cases.models import Case
from tests.access.routes import routes

RESULTS = "cases:results"


class Machines:
    """Positions of a primary and of a replica, and whether the replica answers."""

    def __init__(self) -> None:
        self.written = self.replayed = 100
        self.is_away = False

    def primary(self) -> int:
        return self.written

    def replica(self) -> int:
        if self.is_away:
            raise replica.OperationalError
        return self.replayed


@pytest.fixture
def machines() -> Machines:
    return Machines()


@pytest.fixture
def lag(machines: Machines) -> Lag:
    return Lag(machines.primary, machines.replica)


class TestHowFarBehind:
    def test_one_that_has_everything_is_not_behind(self, lag, machines):
        assert lag.seconds(0) == 0
        machines.written = machines.replayed = 200
        assert lag.seconds(7) == 0

    def test_while_nothing_is_written_it_does_not_fall_behind(self, lag):
        assert [lag.seconds(moment) for moment in (0, 10, 1000)] == [0, 0, 0]

    def test_it_is_as_old_as_the_newest_position_that_it_reached(self, lag, machines):
        for moment in range(5):
            machines.written = 100 + moment
            machines.replayed = 101
            found = lag.seconds(moment)
        assert found == 3
        machines.replayed = 103
        assert lag.seconds(5) == 2

    def test_one_that_hears_nothing_more_grows_old(self, lag, machines):
        lag.seconds(0)
        machines.written = 101
        assert [lag.seconds(moment) for moment in (1, 60, 3600)] == [1, 60, 3600]

    def test_one_that_reached_nothing_we_know_of_is_not_read(self, lag, machines):
        machines.replayed = 50
        assert lag.seconds(0) == float("inf")

    def test_what_is_remembered_is_bounded_and_never_tells_less_than_the_truth(self, lag, machines):
        for moment in range(3 * replica.POSITIONS):
            machines.written += 1
            found = lag.seconds(moment)
        assert found == float("inf")
        assert len(lag._seen) == replica.POSITIONS


class TestWhetherItIsRead:
    def test_one_that_is_near_is_and_one_too_far_behind_is_not(self, lag, machines, monkeypatch):
        one, found = Replica(lag), []
        for moment, written in ((0.0, 100), (1.0, 200), (5.0, 300), (6.5, 400)):
            machines.written = written
            monkeypatch.setattr(replica.time, "monotonic", lambda moment=moment: moment)
            monkeypatch.setattr(replica, "LOOK_SECONDS", 0.5)
            one = (found and found[-1][0]) or Replica(lag)
            found.append((one, one.is_near()))
        assert [is_near for _one, is_near in found] == [True, True, True, False]

    def test_one_that_does_not_answer_is_let_alone_for_a_while(self, lag, machines, monkeypatch):
        one, moment = Replica(lag), [0.0]
        monkeypatch.setattr(replica.time, "monotonic", lambda: moment[0])
        assert one.is_near()
        machines.is_away, moment[0] = True, 1.5
        assert not one.is_near()
        machines.is_away, moment[0] = False, 10.0
        assert not one.is_near()
        moment[0] = 12.0
        assert one.is_near()


def test_the_views_that_may_lag_are_pages_that_are_read_and_none_of_the_api():
    found = [one for one in routes() if getattr(one.view, "may_lag", False)]
    assert {one.method for one in found} == {""}
    assert {"cases:results", "supervision:board", "reports:rows"} <= {one.name for one in found}
    assert not {one.name.partition(":")[0] for one in found} & {"accounts", "api", "files"}


# --- with two databases ---


def _copy(path: Path) -> DatabaseWrapper:
    """What the database says now, as another one that hears no more of it."""
    connection.ensure_connection()
    with sqlite3.connect(path) as target:
        connection.connection.backup(target)
    target.close()
    told = {**connection.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    told["OPTIONS"] = {"init_command": "PRAGMA query_only=ON"}
    return DatabaseWrapper(told, REPLICA)


def _second(path: Path) -> Any:
    """On PostgreSQL the same database by another connection, on which nothing is written."""
    if connection.vendor == "sqlite":
        return _copy(path)
    second = connection.copy(REPLICA)
    second.settings_dict["OPTIONS"] = {"options": "-c default_transaction_read_only=on"}
    return second


@pytest.fixture
def near(monkeypatch, machines, lag) -> Machines:
    monkeypatch.setattr(replica, "THE", Replica(lag))
    return machines


@pytest.fixture
def there(near, monkeypatch, tmp_path) -> Iterator[Any]:
    """A replica of what stands in the database when it is asked for."""
    second = _second(tmp_path / "replica.sqlite3")
    second.connect()  # before it has a name: afterwards Django's tests let nobody
    monkeypatch.setitem(connections.settings, REPLICA, second.settings_dict)
    connections[REPLICA] = second
    yield second
    second.close()
    del connections[REPLICA]


two = pytest.mark.django_db(transaction=True)


@pytest.fixture
def granted(world, at) -> Any:
    return lambda: world.bring(world.file(world.item(), at, world.citizen), "granted", at)


def _names(who: Any) -> int:
    return who.get(reverse(RESULTS)).content.decode().count("毛*明")


@pytest.mark.slow
@pytest.mark.once
@two
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_list_comes_from_the_replica_and_to_who_sent_something_from_the_primary(
    granted, request, settings
):
    request.getfixturevalue("there")
    granted()
    reader, writer = Client(), Client()
    writer.post(reverse("site:preference"), {"type": "large"})
    assert _names(reader) == 0  # also the control: without the cookie it would not be seen at once
    assert _names(writer) == 1
    assert writer.cookies[COOKIE]["max-age"] == settings.MINGTANG_REPLICA_LAG + 3
    del writer.cookies[COOKIE]
    assert _names(writer) == 0


@pytest.mark.slow
@pytest.mark.once
@two
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_away_or_far_behind_the_list_comes_from_the_primary(granted, request, near, monkeypatch):
    there = request.getfixturevalue("there")
    granted()
    assert _names(Client()) == 0
    near.replayed = 0
    monkeypatch.setattr(replica, "THE", Replica(Lag(near.primary, near.replica)))
    assert _names(Client()) == 1
    near.replayed = near.written
    monkeypatch.setattr(replica, "THE", Replica(Lag(near.primary, near.replica)))
    with there.execute_wrapper(_away):
        assert _names(Client()) == 1
        assert not replica.THE.is_near()


def _away(*_asked: Any) -> Any:
    raise OperationalError("gone")


@two
def test_through_the_replica_nothing_is_written(there, at):
    with pytest.raises(DatabaseError):
        Marker.objects.using(REPLICA).create(name="mark", value="", marked_at=at)
    there.close()
    there.settings_dict["OPTIONS"] = {}  # the control: it is the replica's own refusal
    there.connect()
    Marker.objects.using(REPLICA).create(name="mark", value="", marked_at=at)


@two
def test_what_may_lag_is_read_there_what_may_not_is_read_here(there, rf):
    route = Router()
    seen = {}

    def view(request):
        seen["inside"] = (route.db_for_read(Case), route.db_for_read(Person))
        seen["writes"] = route.db_for_write(Case, instance=Case(id=1))
        with transaction.atomic():
            seen["transaction"] = route.db_for_read(Case)
        kept = Kept("regions_organisation")
        seen["kept"] = kept.one(1, lambda _key: route.db_for_read(Case))
        seen["kept of many"] = kept.many([2], lambda _keys: {2: route.db_for_read(Case)})[2]

    may_lag(view)(rf.get("/"))
    assert seen == {
        "inside": (REPLICA, "default"),
        "writes": "default",
        "transaction": "default",
        "kept": "default",
        "kept of many": "default",
    }
    assert route.db_for_read(Case) == "default"
    may_lag(view)(rf.post("/"))
    assert seen["inside"][0] == "default"


@two
def test_an_answer_of_the_replica_is_not_kept_for_everybody(there, rf):
    """The marks under which a page is kept are the primary's: it would stay as old as it is."""
    with noting() as noted:
        may_lag(lambda request: list(Marker.objects.all()))(rf.get("/"))
    assert NEVER in noted


@two
def test_what_a_row_of_the_replica_is_saved_to_is_the_primary(there, at):
    Marker.objects.create(name="mark", value="old", marked_at=at)
    row = Marker.objects.get(name="mark")
    row._state.db = REPLICA
    row.value = "new"
    row.save()
    assert Marker.objects.using("default").get(name="mark").value == "new"
