"""Numbers that people read: gap-free per series while transactions commit, unique always."""

from django.db import connection, transaction

from mingtang.base.models import Serial


def next_serial(series: str, block: int = 1) -> int:
    """The next number of a series, from 1. Holds the series until the transaction ends."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a serial is drawn inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Serial._meta.db_table} (series, last) VALUES (%s, 1) "  # noqa: S608
            "ON CONFLICT (series) DO UPDATE SET last = base_serial.last + 1 RETURNING last",
            [series],
        )
        return int(cursor.fetchone()[0])
