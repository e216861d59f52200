"""Another key seals from here on: by two; what was sealed before opens, codes stay as they are."""

import shutil

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.base import resealing, sealed
from mingtang.base.errors import DomainError
from mingtang.base.keys import ensure_key
from mingtang.base.marks import (
    StrayKey,
    WrongKey,
    check_key,
    mark,
    marked,
    note_handed_on,
    note_key,
    set_back_keys,
)
from mingtang.files.models import Document
from mingtang.ledger import queries, services_sealing
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services_sealing import prepare_sealing_key, rotate_sealing_key
from mingtang.site.doctor import at_once
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
ONE, OTHER = Actor(id="1", label="徐志强"), Actor(id="2", label="周敏")
NUMBER = "330881190001010015"


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path, at):
    settings.LEDGER_FOLLOWERS = []
    first, settings.MINGTANG_KEY_FILE = settings.MINGTANG_KEY_FILE, tmp_path / "sealed.key"
    shutil.copyfile(first, settings.MINGTANG_KEY_FILE)  # this database knows it
    settings.MINGTANG_KEY_FILE.chmod(0o600)
    note_key(at)


def _rotate(at, **more):
    said = {"second": OTHER, "actor": ONE, "at": at, "command_id": new_command_id(), **more}
    return rotate_sealing_key(**said)


def _forget():
    """What another process, or this one after its next start, does not know."""
    sealed._master_key.cache_clear()
    sealed._read_beside.cache_clear()


def test_each_box_names_its_key_and_opens_under_it(at):
    boxes = [sealed.seal(NUMBER, "a.b")]
    for _ in range(2):
        _rotate(at)
        boxes.append(sealed.seal(NUMBER, "a.b"))
    assert [one[:3] for one in boxes[1:]] == [b"\x02\x00\x02", b"\x02\x00\x03"]
    assert {sealed.unseal(one, "a.b") for one in boxes} == {NUMBER}
    moved = boxes[1][:2] + b"\x03" + boxes[1][3:]
    for wrong in (moved, boxes[0][:1] + boxes[1][3:]):
        with pytest.raises(ValueError, match="does not open"):
            sealed.unseal(wrong, "a.b")


def test_codes_and_indexes_do_not_move(at):
    before = sealed.blind_index("identity", NUMBER), sealed.key_fingerprint()
    _rotate(at)
    assert (sealed.blind_index("identity", NUMBER), sealed.key_fingerprint()) == before


def test_the_first_key_alone_does_not_open_what_was_sealed_after(at):
    """The positive control: who stole the first key before has nothing of what comes after."""
    _rotate(at)
    box = sealed.seal(NUMBER, "a.b")
    sealed.key_path(2).unlink()
    _forget()
    with pytest.raises(ValueError, match=r"sealed-2\.key"):
        sealed.unseal(box, "a.b")
    with pytest.raises(WrongKey):
        check_key()
    ensure_key(sealed.key_path(2))  # another one under its name
    _forget()
    with pytest.raises(WrongKey):
        check_key()


def test_a_copy_that_bears_a_number_seals_nothing(at):
    """The first key laid beside itself with a date; and one with a day, which is no number."""
    _rotate(at)
    first = sealed.key_path(2)
    shutil.copyfile(first, first.with_name("sealed-20261128.key"))
    check_key()
    assert sealed.newest_key() == 2
    shutil.copyfile(first, first.with_name("sealed-2026.key"))
    with pytest.raises(StrayKey, match=r"sealed-2026\.key"):
        check_key()
    set_back_keys()  # as after a backup of before was restored
    check_key()
    assert sealed.newest_key() == 2


def test_another_machines_key_under_the_same_number_is_not_written_over(at):
    mark("sealed_key_2", "0" * 32, at)
    ensure_key(sealed.key_path(2, is_next=True))
    with pytest.raises(WrongKey):
        note_handed_on(2, at)
    assert marked("sealed_key_2") == "0" * 32


def test_a_key_file_is_whole_or_not_there(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mingtang.base.keys.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        ensure_key(tmp_path / "keys" / "a.key")
    assert list((tmp_path / "keys").iterdir()) == []


def test_it_takes_two_and_the_ledger_says_so(at):
    for second in (ONE, SYSTEM):
        with pytest.raises(DomainError, match="两个人"):
            _rotate(at, second=second)
    assert sealed.newest_key() == 1
    done = _rotate(at)
    told = queries.last_event("sealing:keys")
    assert told.facts["agreed_by"] == ["2", "周敏"]
    assert told.facts["fingerprint"] == done["fingerprint"] == marked("sealed_key_2")


def test_prepared_it_opens_and_does_not_seal(at):
    """On another machine of the city, which has the file and not yet the news."""
    assert prepare_sealing_key() == prepare_sealing_key() == 2
    assert sealed.seal(NUMBER, "a.b")[:1] == sealed.VERSION
    _rotate(at)
    box = sealed.seal(NUMBER, "a.b")
    sealed.key_path(2).rename(sealed.key_path(2, is_next=True))
    _forget()
    assert sealed.unseal(box, "a.b") == NUMBER
    assert sealed.newest_key() == 1
    check_key()
    assert sealed.newest_key() == 2


def test_killed_once_the_ledger_knew_it_is_finished_at_the_next_start(at, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(services_sealing.sealed, "settle_key", lambda number: None)
        _rotate(at)
    assert sealed.newest_key() == 1
    check_key()
    assert sealed.newest_key() == 2


def test_what_may_change_is_sealed_anew_and_the_rest_stays(at, world, monkeypatch):
    """Every sealed field of the house is counted; a second round finds nothing but what stays."""
    world.bring(world.file(world.item(), at), "accepted", at)
    papers = Document.objects.count()
    assert papers
    assert set(resealing.count_by_key()) == {1}
    whole = resealing.count_by_key()[1]
    _rotate(at)
    monkeypatch.setattr(resealing, "ROWS", 2)
    done, kept = resealing.reseal()
    assert done > 2
    assert kept == papers
    assert resealing.count_by_key() == {1: kept, 2: done}
    assert done + kept == whole
    assert resealing.reseal() == (0, kept)
    for field in resealing.sealed_fields():
        list(field.model._base_manager.values_list(field.attname))  # each opens


def test_what_the_database_guards_is_not_tried(at, world, monkeypatch):
    """The positive control: taken for a field like others, the guard refuses it."""
    world.bring(world.file(world.item(), at), "accepted", at)
    _rotate(at)
    monkeypatch.setattr(resealing, "_is_fixed", lambda field: False)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        resealing.reseal()


def test_a_newer_word_is_not_written_over(at, world, monkeypatch):
    person = world.clerk
    Person.objects.filter(id=person.id).update(phone="13800000001")
    _rotate(at)
    seal = resealing.seal

    def meanwhile(value: str, label: str) -> bytes:
        if value == "13800000001":
            Person.objects.filter(id=person.id).update(phone="13800000002")
        return seal(value, label)

    monkeypatch.setattr(resealing, "seal", meanwhile)
    resealing.reseal()
    assert Person.objects.get(id=person.id).phone == "13800000002"


def test_two_administrators_at_the_command_line(at, world, monkeypatch, capsys):
    for name, role in (("one", Role.SYSTEM_ADMIN), ("two", Role.SECURITY_ADMIN)):
        world.people.post(name, role, world.centre)
    monkeypatch.setattr("builtins.input", lambda: world.people.password)
    asked = ("keys", "rotate", "--passwords-stdin", "--by", "one", "--second")
    for second in ("one", world.clerk.username):
        with pytest.raises(DomainError):
            call_command(*asked, second)
    assert sealed.newest_key() == 1
    call_command(*asked, "two")
    call_command("keys", "reseal")
    call_command("keys", "status")
    assert "现在用第 2 把" in capsys.readouterr().out


def test_a_key_that_others_can_read_is_found_by_the_doctor(at):
    _rotate(at)
    assert not [one for one in at_once(at) if "sealed-2" in one.text]
    sealed.key_path(2).chmod(0o644)
    assert [one for one in at_once(at) if "sealed-2" in one.text]
