"""Sealed fields: unreadable in the database, unmovable, findable by blind index alone."""

import os
import time

import pytest
from django.db import connection

from mingtang.accounts.models import Person
from mingtang.base import clock, ids, sealed
from mingtang.base.masking import mask_identity, mask_person_name, mask_phone

NUMBER = "330881190001010015"


def _person(**more: object) -> Person:
    fields = {
        "id": ids.next_id(),
        "username": "wang",
        "name": "王小明",
        "joined_at": clock.now(),
        **more,
    }
    return Person.objects.create(**fields)


@pytest.mark.django_db
def test_a_sealed_number_reads_back_and_does_not_stand_in_the_database():
    person = _person(identity_number=NUMBER, identity_index=sealed.blind_index("identity", NUMBER))
    assert Person.objects.get(id=person.id).identity_number == NUMBER
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number FROM accounts_person WHERE id = %s", [person.id])
        stored = bytes(cursor.fetchone()[0])
    assert NUMBER.encode() not in stored
    assert len(stored) > len(NUMBER)


def _put_within_a_tick(folder, before):
    """A key is put into a folder whose mark of change stays as it was: its clock is coarse."""
    os.utime(folder, ns=(before, before))
    first = sealed.used_keys()
    sealed.key_path(2).write_bytes(os.urandom(32))
    os.utime(folder, ns=(before, before))
    return first, sealed.used_keys()


def test_a_key_that_another_process_put_seals_at_once(settings, tmp_path, monkeypatch):
    settings.MINGTANG_KEY_FILE = tmp_path / "sealed.key"
    long_ago = time.time_ns() - 10 * sealed.SETTLED_NS
    os.utime(tmp_path, ns=(long_ago, long_ago))
    assert sealed.newest_key() == 1
    sealed.key_path(2, is_next=True).write_bytes(os.urandom(32))
    assert sealed.newest_key() == 1
    sealed.settle_key(2)
    assert sealed.newest_key() == 2
    sealed.key_path(2).unlink()
    assert _put_within_a_tick(tmp_path, time.time_ns()) == ([], [2])
    # The control: were a fresh mark trusted, the second change would not be seen.
    sealed.key_path(2).unlink()
    monkeypatch.setattr(sealed, "SETTLED_NS", -10 * sealed.SETTLED_NS)
    assert _put_within_a_tick(tmp_path, time.time_ns()) == ([], [])


def test_sealing_twice_gives_two_different_boxes():
    assert sealed.seal(NUMBER, "a.b") != sealed.seal(NUMBER, "a.b")


def test_an_altered_box_does_not_open():
    box = bytearray(sealed.seal(NUMBER, "a.b"))
    box[-1] ^= 1
    with pytest.raises(ValueError, match="does not open"):
        sealed.unseal(bytes(box), "a.b")


def test_a_box_moved_to_another_field_does_not_open():
    with pytest.raises(ValueError, match="does not open"):
        sealed.unseal(sealed.seal(NUMBER, "a.b"), "a.c")


def test_blind_indexes_of_two_purposes_differ():
    assert sealed.blind_index("identity", NUMBER) != sealed.blind_index("phone", NUMBER)
    assert sealed.blind_index("identity", "") == ""


def test_masks_show_no_more_than_they_should():
    assert mask_identity(NUMBER) == "330*************15"
    assert mask_phone("13812345678") == "138****5678"
    assert [mask_person_name(name) for name in ("王小明", "王明", "王")] == ["王*明", "王*", "*"]
