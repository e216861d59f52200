"""What is asked again and again is prepared by PostgreSQL, once for a connection."""

import pytest
from django.db import connection

from mingtang.base.db import PREPARED_AFTER
from mingtang.base.rows import find_rows
from mingtang.ledger.models import Event

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="its driver does so by itself"),
]


def _prepared() -> int:
    for _ in range(PREPARED_AFTER + 1):
        find_rows(Event, stream="case:1")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%ledger_event%'"
        )
        return int(cursor.fetchone()[0])


def test_a_statement_is_prepared() -> None:
    assert _prepared() == 1


def test_behind_a_pooler_nothing_is(monkeypatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert _prepared() == 0
