"""What the doctor says of the ledger, the disk, keys and clocks: each ill, and each when well."""

import shutil
from datetime import timedelta

import pytest
from django.db import OperationalError

from mingtang.base import replica
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import grow_tree
from mingtang.site import doctor
from mingtang.site.doctor import at_once
from mingtang.site.settings.database import database
from tests.ledger.test_services import note

pytestmark = pytest.mark.django_db


def _said(at, word):
    return [one for one in at_once(at) if word in one.text]


@pytest.fixture(autouse=True)
def _unfollowed(settings):
    settings.LEDGER_FOLLOWERS = []


def test_an_event_without_a_signed_head_for_four_hours_is_told(at, command_id):
    note(text="a", actor=SYSTEM, at=at, command_id=command_id())
    late = at + timedelta(hours=4)
    assert not _said(late - timedelta(seconds=1), "树头")
    (found,) = _said(late, "树头")
    assert found.is_serious
    grow_tree(late)
    assert not _said(late, "树头")


def test_a_disk_that_is_nearly_full_is_told(at, monkeypatch):
    usage = type(shutil.disk_usage("."))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1000, 950, 50))
    assert not _said(at, "磁盘只剩")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1000, 951, 49))
    assert _said(at, "磁盘只剩")


def test_a_key_that_others_may_read_is_told(at, settings, tmp_path):
    settings.MINGTANG_LEDGER_KEY_FILE = tmp_path / "ledger.key"
    settings.MINGTANG_LEDGER_KEY_FILE.write_bytes(b"x" * 32)
    settings.MINGTANG_LEDGER_KEY_FILE.chmod(0o640)
    (found,) = _said(at, "别的用户也能读")
    assert str(tmp_path) in found.text
    settings.MINGTANG_LEDGER_KEY_FILE.chmod(0o600)
    assert not _said(at, "别的用户也能读")


def test_a_record_of_the_future_is_told(at, command_id):
    note(text="a", actor=SYSTEM, at=at, command_id=command_id())
    assert not _said(at - timedelta(minutes=5), "NTP")
    assert _said(at - timedelta(minutes=6), "NTP")


def test_a_replica_that_does_not_answer_is_told(at, monkeypatch):
    def gone(_alias):
        raise OperationalError("no route to host\nmore")

    monkeypatch.setattr(replica, "_position", gone)
    assert not _said(at, "只读副本")  # there is none
    monkeypatch.setattr(replica, "is_set", lambda: True)
    (found,) = _said(at, "只读副本没有回答（no route to host）")
    assert not found.is_serious
    monkeypatch.setattr(replica, "_position", lambda _alias: 1)
    assert not _said(at, "只读副本")


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("postgresql://a:b@db.example/city", True),
        ("postgresql://a:b@127.0.0.1,db.example/city?sslmode=require", True),
        ("postgresql://a:b@db.example/city?sslmode=verify-full", False),
        ("postgresql://a:b@127.0.0.1/city", False),
        ("", False),
    ],
)
def test_a_database_elsewhere_that_is_asked_in_plain_is_told(settings, tmp_path, address, is_told):
    databases = {"default": database(address, tmp_path)}
    settings.MINGTANG_IS_PRODUCTION = True
    assert bool(doctor._in_plain(databases)) is is_told
    settings.MINGTANG_IS_PRODUCTION = False
    assert doctor._in_plain(databases) == []
