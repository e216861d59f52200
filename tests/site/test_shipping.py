"""The second disk: what was shipped is restored equal, and nothing leaves the log uncopied."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from mingtang.files.services import files_folder
from mingtang.ledger import heads, queries
from mingtang.ledger.models import Event
from mingtang.ledger.services import anchor_head, grow_tree
from mingtang.site import backup, restoring, shipping
from mingtang.site.doctor import _shipped
from mingtang.site.shipping import Shipper, last_shipped, newest_shipment
from tests.site import test_backup
from tests.site.test_backup import KEPT, _content, _draw, _elsewhere, _write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.once]

home = test_backup.home


@pytest.fixture
def folder(home, settings):
    settings.MINGTANG_SHIP = home / "second"
    return settings.MINGTANG_SHIP


@pytest.fixture
def shipper(folder):
    connection.ensure_connection()
    with closing(Shipper(folder)) as made:
        yield made


def _restored(name, settings, place, folder) -> dict[str, str]:
    with _elsewhere(name, settings, place):
        restoring.restore(folder)
        return _content()


def test_what_was_shipped_is_restored_equal_and_goes_on(home, settings, at, folder, shipper):
    shipper.ship(at)
    _write(at, 30)
    last = _draw()
    (files_folder() / "cd").mkdir()
    (files_folder() / "cd" / "new").write_bytes(b"later")
    assert shipper.ship(at) > 0
    assert shipper.ship(at) <= 1  # a page of its own, where the log was begun anew
    _write(at, 5)
    grow_tree(at)
    anchor_head(at)
    shipper.ship(at)
    before = _content()
    with _elsewhere("mingtang_drill", settings, home / "new"):
        call_command("restore", str(folder))
        assert _content() == before
        assert (files_folder() / KEPT).read_bytes() == b"paper"
        assert (files_folder() / "cd" / "new").read_bytes() == b"later"
        assert queries.event_count() == 75
        assert queries.verify().is_ok
        assert _draw() == last + 1


def test_the_log_is_moved_again_and_again_and_nothing_is_missing(
    home,
    settings,
    at,
    folder,
    shipper,
    monkeypatch,
):
    monkeypatch.setattr(shipping, "TURN_AT", 60_000)
    shipper.ship(at)
    salts = set()
    for _ in range(12):
        _write(at, 3)
        shipper.ship(at)
        salts.add(shipper.salts)
    assert len(salts) > 3  # the log began anew
    assert len(list(folder.glob("*/start.json"))) == 1  # and was followed without a new backup
    assert _restored("mingtang_drill", settings, home / "new", folder) == _content()


def test_while_others_write_each_shipment_is_a_moment_of_theirs(
    home, settings, at, folder, shipper, monkeypatch
):
    monkeypatch.setattr(shipping, "TURN_AT", 60_000)
    stop = threading.Event()

    def writes() -> None:
        while not stop.is_set():
            _write(at, 1)
        connections.close_all()

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        for _ in range(20):
            acknowledged = Event.objects.count()
            shipper.ship(at)
        after = Event.objects.count()
    finally:
        stop.set()
        writer.join()
    with _elsewhere("mingtang_drill", settings, home / "new"):
        told = restoring.restore(folder)
        assert acknowledged <= told.events <= after
        assert queries.verify().is_ok


def _move_the_log(how: str = "PASSIVE") -> None:
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as other:
        other.execute(f"PRAGMA wal_checkpoint({how})").fetchall()


def test_a_log_that_another_moves_goes_on(home, settings, at, folder, shipper):
    shipper.ship(at)
    for how in ("PASSIVE", "TRUNCATE"):
        _draw()
        _move_the_log(how)
        _write(at, 3)
    shipper.ship(at)
    assert len(list(folder.glob("*/start.json"))) == 1
    assert _restored("mingtang_drill", settings, home / "new", folder) == _content()


def _follows_any_log(shipper: Shipper) -> bool:
    place = shipper._place()
    if place.salts != shipper.salts:
        shipper.salts, shipper.frames = place.salts, 0
    return True


def test_control_who_holds_no_log_and_follows_any_misses_acts(
    home, settings, at, folder, shipper, monkeypatch
):
    monkeypatch.setattr(Shipper, "_goes_on", _follows_any_log)
    shipper.ship(at)
    shipper._let_go()
    _draw()
    _move_the_log("TRUNCATE")
    _write(at, 3)
    shipper.ship(at)
    assert _restored("mingtang_drill", settings, home / "new", folder) != _content()


def test_a_log_that_began_anew_meanwhile_is_noticed(home, settings, at, folder):
    with closing(Shipper(folder)) as first:
        first.ship(at)
    _draw()
    _move_the_log("TRUNCATE")
    _write(at, 3)
    with closing(Shipper(folder)) as second:
        second.ship(at)
    assert len(list(folder.glob("*/start.json"))) == 2
    assert _restored("mingtang_drill", settings, home / "new", folder) == _content()


def test_another_process_takes_up_where_the_last_one_was_killed(home, settings, at, folder):
    with closing(Shipper(folder)) as first:
        first.ship(at)
        _write(at, 3)
        first.ship(at)
        with pytest.raises(backup.BackupTrouble, match="已有一个"):
            Shipper(folder)
    _write(at, 3)
    with closing(Shipper(folder)) as second:
        second.ship(at)
        assert second.number == 2
    assert _restored("mingtang_drill", settings, home / "new", folder) == _content()


def _refused(settings, place, folder, why: str, *, losing: bool = False) -> None:
    new = _elsewhere("mingtang_drill", settings, place)
    with new, pytest.raises(backup.BackupTrouble, match=why):
        restoring.restore(folder, losing=losing)


def _spoil(path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def test_what_was_changed_or_is_missing_is_refused_and_what_was_before_can_be_had(
    home, settings, at, folder, shipper
):
    shipper.ship(at)
    for _ in range(3):
        _write(at, 1)
        grow_tree(at)
        anchor_head(at)
        shipper.ship(at)
    pieces = newest_shipment(folder) / shipping.PIECES
    _spoil(pieces / "00000002")
    _refused(settings, home / "one", folder, "接不上")
    (pieces / "00000002").unlink()
    _refused(settings, home / "two", folder, "接不上")
    (pieces / "00000003").unlink()
    _refused(settings, home / "three", folder, "最后的办理不全")
    with _elsewhere("mingtang_drill", settings, home / "four"):
        assert restoring.restore(folder, losing=True).events == 41
        assert max(one["size"] for one in heads.anchors()) == 41
        aside = [one.name.partition(".")[2] for one in (home / "four" / "anchors").iterdir()]
        assert "before-41.jsonl" in aside


def test_the_last_piece_and_each_file_are_looked_at(home, settings, at, folder, shipper):
    shipper.ship(at)
    _write(at, 1)
    (files_folder() / "cd").mkdir()
    (files_folder() / "cd" / "new").write_bytes(b"later")
    shipper.ship(at)
    shipment = newest_shipment(folder)
    _spoil(shipment / backup.FILES / "cd" / "new")
    _refused(settings, home / "one", folder, "缺少或被改动过")
    (shipment / backup.FILES / "cd" / "new").write_bytes(b"later")
    _spoil(shipment / shipping.PIECES / "00000001")
    _refused(settings, home / "two", folder, "缺少或被改动过")


def test_a_second_disk_that_fails_keeps_nobody_from_writing(
    home, settings, at, folder, shipper, monkeypatch
):
    """In the middle of beginning the log anew, where it holds everybody up."""
    monkeypatch.setattr(shipping, "TURN_AT", 0)
    shipper.ship(at)
    _write(at, 2)
    whole, tries = Shipper._copy, []

    def fails(self, at):
        tries.append(at)
        if len(tries) in {2, 3}:
            raise OSError("no space left on the second disk")
        return whole(self, at)

    monkeypatch.setattr(Shipper, "_copy", fails)
    for _ in range(2):
        with pytest.raises(OSError, match="second disk"):
            shipper.ship(at)
        _write(at, 1)  # nobody waits
    shipper.ship(at)
    assert _restored("mingtang_drill", settings, home / "new", folder) == _content()


def test_the_first_disk_does_not_fill_up_for_the_second(
    home, settings, at, folder, shipper, monkeypatch
):
    shipper.ship(at)
    monkeypatch.setattr(shipping, "LET_GO_AT", 0)
    monkeypatch.setattr(Shipper, "_copy_files", lambda self, at: _full())
    _write(at, 2)
    with pytest.raises(OSError, match="full"):
        shipper.ship(at)
    assert not shipper.is_held  # the log may begin anew
    monkeypatch.undo()
    settings.MINGTANG_HOME, settings.MINGTANG_ANCHORS = home, home / "anchors"
    shipper.ship(at + timedelta(minutes=1))
    assert len(list(folder.glob("*/start.json"))) == 2
    assert _restored("mingtang_drill", settings, home / "new", folder) == _content()


def _full() -> None:
    raise OSError("full")


def test_while_the_days_backup_cannot_be_made_pieces_go_on(
    home, settings, at, folder, shipper, monkeypatch
):
    shipper.ship(at)
    monkeypatch.setattr(shipping.backup, "make", lambda *_: _full())
    later = at + timedelta(days=1, minutes=1)
    _write(at, 1)
    with pytest.raises(OSError, match="full"):
        shipper.ship(later)
    _write(at, 1)
    assert shipper.ship(later + timedelta(minutes=1)) > 0  # tried again in an hour
    assert _restored("mingtang_drill", settings, home / "new", folder) == _content()


def test_what_is_not_ours_stays(at, folder, shipper):
    (folder / "ZHANG").mkdir()
    (folder / "20261128T020000Z").mkdir()
    shipper.ship(at)
    assert (folder / "ZHANG").exists()
    assert (folder / "20261128T020000Z").exists()
    assert newest_shipment(folder).stat().st_mode & 0o077 == 0


def test_a_new_backup_every_day_and_two_are_kept(at, folder, shipper):
    for day in range(4):
        _write(at, 1)
        shipper.ship(at + timedelta(days=day))
    assert len(list(folder.glob("*/start.json"))) == 2


def test_the_shipment_of_another_city_is_not_touched(at, folder, shipper):
    shipper.ship(at)
    path = newest_shipment(folder) / shipping.BASE / backup.MANIFEST
    path.write_text(path.read_text().replace('"installation": "', '"installation": "x'))
    shipper.close()
    with pytest.raises(backup.BackupTrouble, match="另一个安装"):
        Shipper(folder)


def test_the_doctor_sees_that_nobody_ships(settings, at, folder, shipper):
    assert "还没有送过" in _shipped(at)[0].text
    shipper.ship(at)
    assert last_shipped(folder) == at
    assert _shipped(at + timedelta(minutes=9)) == []
    assert "起停了" in _shipped(at + timedelta(minutes=11))[0].text
    settings.MINGTANG_SHIP = None
    assert _shipped(at) == []


def test_the_command_says_what_it_lacks(settings, folder):
    call_command("ship", "--once")
    assert newest_shipment(folder)
    with pytest.raises(CommandError, match="--every"):
        call_command("ship", "--every", "0")
    settings.MINGTANG_SHIP = None
    with pytest.raises(CommandError, match="MINGTANG_SHIP"):
        call_command("ship")
