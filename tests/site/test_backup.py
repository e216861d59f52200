"""The drill: backed up while people write, restored into an empty place, equal and going on."""

import hashlib
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from mingtang.base.marks import note_key
from mingtang.base.models import Serial
from mingtang.base.sealed import key_path, newest_key
from mingtang.base.serials import next_serial
from mingtang.files.services import files_folder
from mingtang.ledger import heads, queries
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import anchor_head, grow_tree
from mingtang.ledger.services_sealing import prepare_sealing_key, rotate_sealing_key
from mingtang.site import backup, restoring
from tests.ledger.test_services import note
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KEPT = "ab/abcdef"


def _write(at, count: int) -> None:
    for number in range(count):
        note(text=str(number), actor=SYSTEM, at=at, command_id=new_command_id())


def _draw() -> int:
    with transaction.atomic():
        return next_serial("drill")


def _content() -> dict[str, str]:
    """The digest of every table's rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


@contextmanager
def _elsewhere(name: str, settings, home: Path) -> Iterator[None]:
    """An empty database and an empty home in the place of ours."""
    told = connection.settings_dict
    before = told["NAME"], settings.MINGTANG_HOME, settings.MINGTANG_ANCHORS
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    home.mkdir()
    told["NAME"] = name if connection.vendor == "postgresql" else str(home / "empty.sqlite3")
    settings.MINGTANG_HOME, settings.MINGTANG_ANCHORS = home, home / "anchors"
    try:
        yield
    finally:
        connection.close()
        told["NAME"], settings.MINGTANG_HOME, settings.MINGTANG_ANCHORS = before
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def home(settings, tmp_path, at):
    """An installation with a file, a number given out, and forty events."""
    settings.LEDGER_FOLLOWERS = []
    settings.MINGTANG_HOME, settings.MINGTANG_ANCHORS = tmp_path, tmp_path / "anchors"
    note_key(at)
    _draw()
    _write(at, 40)
    (files_folder() / KEPT).parent.mkdir(parents=True)
    (files_folder() / KEPT).write_bytes(b"paper")
    grow_tree(at)
    anchor_head(at)
    return tmp_path


def test_a_backup_is_restored_equal_and_goes_on_without_a_fork(home, settings, at):
    call_command("backup", str(home / "copy"))
    before, last = _content(), Serial.objects.get(series="drill").last
    with _elsewhere("mingtang_drill", settings, home / "new"):
        call_command("restore", str(home / "copy"))
        assert _content() == before
        assert (files_folder() / KEPT).read_bytes() == b"paper"
        assert [one["size"] for one in heads.anchors()] == [40]
        assert _draw() == last + 1
        _write(at, 1)
        assert (grow_tree(at), queries.event_count()) == (1, 41)
        assert queries.verify().is_ok
        with pytest.raises(backup.BackupTrouble, match="不是空的"):
            restoring.restore(home / "copy")


@pytest.mark.once  # on PostgreSQL a dump is one moment by itself
def test_a_backup_made_while_others_write_is_a_moment_of_theirs(home, settings, at):
    stop = threading.Event()

    def writes() -> None:
        while not stop.is_set():
            _write(at, 1)
        connections.close_all()

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        acknowledged = Event.objects.count()
        backup.make(home / "copy", at)
    finally:
        stop.set()
        writer.join()
    after = Event.objects.count()
    with _elsewhere("mingtang_drill", settings, home / "new"):
        told = restoring.restore(home / "copy")
    assert acknowledged <= told.events <= after


def _spoil_a_file(copy: Path) -> None:
    (copy / backup.FILES / KEPT).write_bytes(b"other")


def _lose_a_file(copy: Path) -> None:
    (copy / backup.FILES / KEPT).unlink()


def _lose_the_manifest(copy: Path) -> None:
    (copy / backup.MANIFEST).unlink()


def test_a_backup_of_before_another_key_is_restored_and_one_of_after_wants_it(home, settings, at):
    first, settings.MINGTANG_KEY_FILE = settings.MINGTANG_KEY_FILE, home / "keys" / "sealed.key"
    settings.MINGTANG_KEY_FILE.parent.mkdir()
    shutil.copyfile(first, settings.MINGTANG_KEY_FILE)
    call_command("backup", str(home / "before"))
    by = {"actor": Actor(id="1", label="徐志强"), "second": Actor(id="2", label="周敏")}
    rotate_sealing_key(**by, at=at, command_id=new_command_id())
    call_command("backup", str(home / "after"))
    with _elsewhere("mingtang_drill", settings, home / "new"):
        settings.MINGTANG_KEY_FILE = home / "new" / "keys" / "sealed.key"
        settings.MINGTANG_KEY_FILE.parent.mkdir()
        shutil.copyfile(first, settings.MINGTANG_KEY_FILE)
        with pytest.raises(backup.BackupTrouble, match=r"sealed-2\.key"):
            restoring.restore(home / "after")
        restoring.restore(home / "after", keys=home / "keys")
        assert newest_key() == 2
    with _elsewhere("mingtang_drill", settings, home / "older"):
        settings.MINGTANG_KEY_FILE = home / "keys" / "sealed.key"
        restoring.restore(home / "before", losing=True)
        assert queries.verify().is_ok


def _change_the_key(copy: Path) -> None:
    path = copy / backup.MANIFEST
    path.write_text(path.read_text().replace('"key": "', '"key": "0'))


def _promise_another_head(copy: Path) -> None:
    path = copy / backup.MANIFEST
    path.write_text(path.read_text().replace('"root": "', '"root": "0'))


@pytest.mark.once
def test_what_is_not_the_backup_that_was_made_is_refused(home, settings):
    spoilt = {
        _spoil_a_file: "已损坏",
        _lose_a_file: "已损坏",
        _lose_the_manifest: "没有做完",
        _change_the_key: "密钥不是",
        _promise_another_head: "没有通过核对",
    }
    for place, (spoil, why) in enumerate(spoilt.items()):
        copy = home / f"copy{place}"
        call_command("backup", str(copy))
        spoil(copy)
        new = _elsewhere("mingtang_drill", settings, home / f"new{place}")
        with new, pytest.raises(backup.BackupTrouble, match=why):
            restoring.restore(copy)


@pytest.mark.once
def test_what_was_anchored_after_the_backup_is_not_forgotten_silently(home, settings, at):
    backup.make(home / "copy", at)
    _write(at, 2)
    grow_tree(at)
    anchor_head(at)
    with _elsewhere("mingtang_drill", settings, home / "new"):
        settings.MINGTANG_ANCHORS = home / "anchors"  # kept apart from what was lost
        with pytest.raises(backup.BackupTrouble, match="差 2 条"):
            restoring.restore(home / "copy")
    with _elsewhere("mingtang_drill", settings, home / "newer"):
        settings.MINGTANG_ANCHORS = home / "anchors"
        assert restoring.restore(home / "copy", losing=True).events == 40
        aside = {one.name.partition(".")[2] for one in (home / "anchors").glob("*before-40*")}
        assert aside == {"before-40.jsonl", "extensions.before-40.jsonl"}
        _write(at, 1)
        grow_tree(at)
        assert anchor_head(at) == 1


@pytest.mark.once
def test_a_key_that_only_waits_is_not_asked_for(home, settings, at):
    """It has sealed nothing: whoever has the first key has all of the backup."""
    prepare_sealing_key()
    backup.make(home / "copy", at)
    key_path(2, is_next=True).unlink()
    with _elsewhere("mingtang_drill", settings, home / "new"):
        assert restoring.restore(home / "copy").events == 40
