"""What would forget acknowledged acts is told, and `serve` does not start with it."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from mingtang.base import durability
from mingtang.site.management.commands import serve


@pytest.mark.django_db
def test_the_tests_own_database_waits_for_no_disk_and_that_is_told(monkeypatch):
    """The positive control: it is as careless as it looks, on either database."""
    assert [one for one in durability.weaknesses() if "断电" in one]
    monkeypatch.setattr(serve, "missing_guards", list)
    with pytest.raises(CommandError, match="断电"):
        call_command("serve")


SAFE = {"journal_mode": "wal", "synchronous": "2", "synchronous_commit": "on", "fsync": "on"}


@pytest.mark.parametrize(
    ("vendor", "name", "value"),
    [
        ("sqlite", "journal_mode", "delete"),
        ("sqlite", "synchronous", "1"),
        ("postgresql", "synchronous_commit", "off"),
        ("postgresql", "fsync", "off"),
        ("postgresql", "full_page_writes", "off"),
    ],
)
def test_each_careless_setting_is_told_and_no_other(monkeypatch, vendor, name, value):
    said = dict(SAFE)
    options = {"OPTIONS": {"transaction_mode": "IMMEDIATE"}}
    whole = SimpleNamespace(table_names=list)
    database = SimpleNamespace(vendor=vendor, settings_dict=options, introspection=whole)
    monkeypatch.setattr(durability, "connection", database)
    monkeypatch.setattr(durability, "_asked", lambda asked: said.get(asked.split()[-1], "on"))
    assert durability.weaknesses() == []
    said[name] = value
    (text,) = durability.weaknesses()
    assert name in text or value == "delete"
