"""Reads of what is put in between on boards."""

from datetime import datetime

from mingtang.screens.models import Insert

INSERTS = 5


def running(at: datetime, hall: int | None = None) -> list[Insert]:
    """What is put in between now, the newest first; without a hall, everywhere."""
    rows = Insert.objects.filter(begins_at__lte=at, ends_at__gt=at, ended_at=None)
    if hall is not None:
        rows = rows.filter(organisation=hall)
    return list(rows.order_by("-begins_at", "-id")[:INSERTS])
