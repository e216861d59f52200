"""Behind a pgbouncer that gives each transaction the next free connection: `just test-pgbouncer`.

Without one only what the settings say of it is looked at.
"""

import gc
import threading
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction

from mingtang.base.db import BehindPooler, is_pooled
from mingtang.base.models import Marker
from mingtang.base.rows import update_rows
from mingtang.site import backup, moving, restoring
from mingtang.site.settings.database import database
from mingtang.site.simulate import unsynced

behind = pytest.mark.skipif(not is_pooled(), reason="no pgbouncer stands between")


def test_behind_a_pooler_nothing_is_asked_of_a_session(tmp_path):
    straight = database("postgresql://city@db/city", tmp_path)
    pooled = database("postgresql://city@db/city", tmp_path, pooled=True)
    assert "synchronous_commit=on" in straight["OPTIONS"]["options"]
    assert not straight["DISABLE_SERVER_SIDE_CURSORS"]
    assert (pooled["OPTIONS"], pooled["DISABLE_SERVER_SIDE_CURSORS"]) == ({}, True)


def test_what_needs_the_whole_database_at_once_is_refused_behind_a_pooler(
    monkeypatch, tmp_path, at
):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    for begin in (
        lambda: backup.make(tmp_path / "b", at),
        lambda: restoring.restore(tmp_path),
        lambda: moving.move("postgresql://city@db/city"),
    ):
        with pytest.raises(BehindPooler, match="pgbouncer"):
            begin()


def _backend():
    """The process of the server that does our work now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@contextmanager
def _taken(backend):
    """Meanwhile somebody else is at work on the connection on which we were last."""
    held, done = threading.Event(), threading.Event()
    theirs = []

    def work():
        with transaction.atomic():
            theirs.append(_backend())
            held.set()
            done.wait(20)
        connections.close_all()

    other = threading.Thread(target=work)
    other.start()
    assert held.wait(20)
    assert theirs == [backend]
    try:
        yield
    finally:
        done.set()
        other.join()


@pytest.fixture
def marks(at):
    rows = [Marker(name=f"mark {n}", value="", marked_at=at) for n in range(4)]
    return Marker.objects.bulk_create(rows)


def _read_on():
    """Begun on one connection, read to its end on another."""
    rows = Marker.objects.filter(name__startswith="mark ").order_by("name").iterator(chunk_size=1)
    read = [next(rows).name]
    with _taken(_backend()):
        read += [one.name for one in rows]
    return read


@behind
@pytest.mark.django_db(transaction=True)
def test_what_is_read_bit_by_bit_is_read_to_its_end(marks):
    assert _read_on() == [one.name for one in marks]


@behind
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the lost cursor cannot be closed
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_a_cursor_on_the_server_would_be_lost(marks, monkeypatch):
    """The control: with the setting the other way round the test above is red."""
    psycopg = pytest.importorskip("psycopg")
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", False)
    with pytest.raises(psycopg.Error, match="does not exist"):
        _read_on()
    gc.collect()


@behind
@pytest.mark.django_db(transaction=True)
def test_many_rows_are_written_on_whichever_connection(marks):
    """A prepared statement would be known to one connection only."""
    for value in ("a", "b", "c", "d", "e", "f", "g"):
        for one in marks:
            one.value = value
        update_rows(marks, "value")
        with _taken(_backend()):
            update_rows(marks, "value")
    assert set(Marker.objects.filter(name__startswith="mark ").values_list("value")) == {("g",)}


@behind
@pytest.mark.django_db(transaction=True)
def test_a_simulation_leaves_no_careless_session_to_others():
    def said():
        with connection.cursor() as cursor:
            cursor.execute("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
            return cursor.fetchone()[0]

    assert said() != "session"
    with unsynced():
        assert said() != "session"
