"""The guards across tables are noticed when they are gone, and put back."""

import pytest
from django.core.management import call_command
from django.db import connection

from mingtang.base.db import install_guards, lift_written_guards, missing_guards, written_guards

pytestmark = pytest.mark.django_db

NAMES = sorted(name for guard in written_guards() for name in guard.triggers)


def test_a_guard_that_is_gone_is_missed_and_put_back():
    assert missing_guards() == []
    lift_written_guards()
    assert missing_guards() == NAMES
    install_guards()
    assert missing_guards() == []


def test_half_a_guard_is_put_back_whole():
    table = "" if connection.vendor == "sqlite" else ' ON "disclosure_publication"'
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "publication_reviewed_1_update"{table}')
    assert missing_guards() == ["publication_reviewed_1_update"]
    install_guards()
    assert missing_guards() == []


def test_a_migration_leaves_them_in_place():
    call_command("migrate", verbosity=0)
    assert missing_guards() == []
