"""What a step of the ledger took away comes back with a step back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mingtang.base.db import install_guards
from mingtang.ledger import queries
from mingtang.ledger.models import Event, Untold
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from tests.ledger.test_at_once import write
from tests.world import morning, new_command_id

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _migrate(name: str = "") -> None:
    """To a step of the ledger; to the latest of all where none is named: others follow."""
    executor = MigrationExecutor(connection)
    executor.migrate([("ledger", name)] if name else executor.loader.graph.leaf_nodes())
    install_guards()


def test_a_step_back_makes_the_table_of_streams_again_from_the_events(settings):
    settings.LEDGER_FOLLOWERS = []
    for streams in (["test:1"], ["test:1", "test:2"], ["test:1"]):
        told = {"begins": False, "actor": SYSTEM, "at": morning(2013, 9, 17)}
        write(streams=streams, command_id=new_command_id(), **told)
    assert [end[:2] for end in queries.all_ends()] == [("test:1", 3), ("test:2", 1)]
    try:
        _migrate("0004_tree_nodes")
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, last_seq, last_leaf FROM ledger_stream ORDER BY name")
            assert cursor.fetchall() == queries.all_ends()
    finally:
        _migrate()
    done = MigrationExecutor(connection)
    assert done.migration_plan(done.loader.graph.leaf_nodes()) == []
    assert "ledger_stream" not in connection.introspection.table_names()
    assert queries.verify().is_ok


def test_a_step_back_owes_to_each_what_nobody_was_told_of(settings):
    settings.LEDGER_FOLLOWERS = [
        f"tests.ledger.test_followers.{name}" for name in ("HEARER", "OTHER")
    ]
    at = morning(2013, 9, 17)
    write(streams=["test:1"], begins=False, actor=SYSTEM, at=at, command_id=new_command_id())
    try:
        _migrate("0006_delivery_index")
        with connection.cursor() as cursor:
            cursor.execute("SELECT event_id, follower, attempts FROM ledger_delivery ORDER BY id")
            owed = cursor.fetchall()
    finally:
        _migrate()
    event = Event.objects.get()
    assert owed == [(event.id, "hearer", 0), (event.id, "other", 0)]
    assert deliver_all(at - timedelta(seconds=1)) == 0
    assert not Untold.objects.exists()
    assert deliver_all(at) == 2
