"""What was refused: how long it is kept."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from mingtang.accounts.queries import refusals_before
from mingtang.persons.retention import Kind
from mingtang.persons.rules import REFUSALS_LEAST_DAYS


def _over(before: datetime, held: Collection[int]) -> "QuerySet[Any]":
    return refusals_before(before)


def _forget(rows: "QuerySet[Any]") -> int:
    return rows.delete()[0]


KIND = Kind("refusals", "安全事件", REFUSALS_LEAST_DAYS, _over, _forget)
