"""The drill: a city killed on its way to another database, brought there whole, and back again."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from mingtang.base.durability import MOVING, weaknesses
from mingtang.base.marks import installation, note_key, note_place
from mingtang.base.space import MOVED, is_away
from mingtang.ledger.services import grow_tree
from mingtang.site import moving
from mingtang.site.tables import moved_tables
from tests import migrated
from tests.upgrading import new_database, remove
from tests.world import World

pytestmark = pytest.mark.django_db

MOVE = """
import os, signal, sys
import django
django.setup()
from mingtang.site import moving
batches, write = int(sys.argv[2]), moving.Table.write
moving.TOGETHER = 10 if batches else moving.TOGETHER
def killed(table, target, rows):
    global batches
    write(table, target, rows)
    batches -= 1
    if not batches:  # its rows and its note are written, and not committed
        os.kill(os.getpid(), signal.SIGKILL)
moving.Table.write = killed
moving.move(sys.argv[1])
"""


def _move_apart(source, target, batches=0):
    """`move-database` in a process of its own, killed in the middle of a batch."""
    environment = {**os.environ, "DATABASE_URL": source}
    environment |= {"DJANGO_SETTINGS_MODULE": "mingtang.site.settings.test"}
    return subprocess.run(
        [sys.executable, "-c", MOVE, target, str(batches)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _our_address():
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{known['NAME']}"
    return f"postgresql://{known['USER']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


def _structure(database):
    """Triggers, foreign keys and the numbers to come."""
    asked = [moving.TRIGGERS[database.vendor]]
    if database.vendor == "postgresql":
        asked.append(moving.FOREIGN_KEYS)
    with database.cursor() as cursor:
        found = []
        for sql in asked:
            cursor.execute(sql)
            found.append(sorted(cursor.fetchall()))
    tables = [one for one in moved_tables() if one.numbered]
    return found, {one.name: one.last_number(database) for one in tables}


def _content(database):
    return {one.name: one.digest(database, 1000) for one in moved_tables()}


@contextmanager
def _half_moved(target, city):
    """Notes of a move of some city."""
    with moving._target(target) as database:
        with database.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {MOVING} (name text PRIMARY KEY, value text)")
        moving._note(database, moving.SOURCE, city)
    yield


@pytest.fixture
def city(settings, at):
    """People, an item, cases as far as granted, a case nobody has looked at, a tree over all."""
    note_key(at)
    note_place(at)
    assert installation()  # its name moves too
    world = World()
    item = world.item(statutory=20, promised=5, materials="申请表\n身份证明")
    for state in ("granted", "accepted", "submitted"):
        world.bring(world.file(item, at, world.citizen), state, at)
    grow_tree(at)
    return _content(connection)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="moves between the two databases")
def test_a_city_that_was_killed_on_its_way_arrives_whole_and_comes_back(city, tmp_path):
    there = f"sqlite://{tmp_path / 'there.sqlite3'}"
    migrated.lay(tmp_path / "there.sqlite3")
    assert _move_apart(_our_address(), there, batches=100).returncode == -9
    with moving._target(there) as target:
        notes = moving._notes(target)
        assert 5 < len(notes) < len(moved_tables())
        assert moving.COPIED not in notes
        assert _content(target) != city
    told = moving.move(there)
    assert (told.rows, told.tables) == (sum(rows for rows, _ in city.values()), len(city))
    with moving._target(there) as target:
        assert _content(target) == city
        assert MOVING not in target.introspection.table_names()
        _finds_what_was_changed(target)
    assert moving.has_left()  # to go on from here would tell two histories
    moving.take_back()
    _comes_back(there, city)


def _finds_what_was_changed(target):
    """The control: with one character more, or a row less, what came is not what was sent."""
    tables = {one.name: one for one in moved_tables()}
    changes = {
        "regions_organisation": "UPDATE regions_organisation SET code = code || '0'",
        "cases_case": "DELETE FROM cases_case WHERE id = (SELECT max(id) FROM cases_case)",
    }
    for name, sql in changes.items():
        moving._compared(tables[name], target)
        with transaction.atomic(using=moving.TARGET), target.cursor() as cursor:
            cursor.execute(sql)
            with pytest.raises(moving.MoveTrouble, match=name):
                moving._compared(tables[name], target)
            transaction.set_rollback(True, using=moving.TARGET)
    with target.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"):
        cursor.execute("UPDATE ledger_event SET actor_label = 'x'")  # the guards stand


def _comes_back(there, city):
    """From SQLite to a new PostgreSQL: the same content, guards, keys and numbers as at home."""
    home = new_database(None)
    try:
        done = _move_apart(there, home)
        assert done.returncode == 0, done.stderr[-2000:]
        with moving._target(home) as target:
            assert _structure(target) == _structure(connection)
            assert _content(target) == city
    finally:
        remove(home)


def test_a_database_with_another_city_is_refused(tmp_path):
    with pytest.raises(moving.MoveTrouble, match="目标就是现在的"):
        moving.move(_our_address())
    other = f"sqlite://{tmp_path / 'other.sqlite3'}"
    with (
        _half_moved(other, "another"),
        pytest.raises(moving.MoveTrouble, match="另一个系统"),
    ):
        moving.move(other)
    used = f"sqlite://{tmp_path / 'used.sqlite3'}"
    with moving._target(used) as target, target.cursor() as cursor:
        cursor.execute("CREATE TABLE something (id int)")
    with pytest.raises(moving.MoveTrouble, match="已有数据"):
        moving.move(used)


def test_a_database_that_a_city_left_serves_no_more_and_refuses_acts(at, settings, tmp_path):
    settings.MINGTANG_ANCHORS = tmp_path
    world, said = World(), "已经从这个数据库搬走"
    item = world.item()
    assert not [one for one in weaknesses() if said in one]  # the control
    with moving._held(moved_tables()):
        moving._leave()
    assert [one for one in weaknesses() if said in one]
    with pytest.raises(CommandError, match=said):
        call_command("work", "--once")
    with pytest.raises(DatabaseError, match=MOVED) as refused, transaction.atomic():
        world.file(item, at, world.citizen)
    assert is_away(refused.value)  # a page that says: try again; there, in the new database
    with pytest.raises(moving.MoveTrouble, match="不能再搬一次"):
        moving.move(f"sqlite://{tmp_path / 'again.sqlite3'}")
    moving.take_back()
    assert not [one for one in weaknesses() if said in one]
    assert world.file(item, at, world.citizen)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a lock of PostgreSQL")
def test_who_writes_for_long_ends_the_move_with_a_sentence(monkeypatch):
    monkeypatch.setattr(moving, "LOCK_SECONDS", 0.1)
    writer = connection.copy()
    try:
        writer.set_autocommit(False)
        with writer.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_event IN ROW EXCLUSIVE MODE")
        with (
            pytest.raises(moving.MoveTrouble, match="有人正在写"),
            moving._held(moved_tables()),
        ):
            pytest.fail("held although somebody writes")
        writer.rollback()
        with moving._held(moved_tables()):  # the control
            assert not moving.has_left()
    finally:
        writer.close()


def test_who_acted_in_the_new_database_takes_nothing_back(at, settings, tmp_path, monkeypatch):
    settings.MINGTANG_ANCHORS = tmp_path
    with pytest.raises(moving.MoveTrouble, match="没有搬走过"):
        moving.take_back()
    moving._leave()
    monkeypatch.setattr(moving.heads, "anchors", lambda: iter([{"size": 7}]))
    with pytest.raises(moving.MoveTrouble, match="已经办过事"):
        moving.take_back()
    assert moving.has_left()


def test_half_a_city_does_not_serve():
    said = "数据还没有全部搬到"
    assert not [one for one in weaknesses() if said in one]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {MOVING} (name text)")
    assert [one for one in weaknesses() if said in one]
