"""Reads of what was refused."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from mingtang.accounts.models import Refusal
from mingtang.base.paging import Cursor

PAGE = 50


@dataclass(frozen=True)
class RefusalPage:
    rows: list[Refusal]
    next: Cursor | None


def refusals(kind: str, after: Cursor | None) -> RefusalPage:
    """What was refused, the latest first; of one kind only where one is named."""
    rows = Refusal.objects.select_related("person")
    if kind:
        rows = rows.filter(kind=kind)
    if after is not None:
        older = rows.filter(first_at__lt=after.at)
        rows = older | rows.filter(first_at=after.at, id__lt=after.id)
    found = list(rows.order_by("-first_at", "-id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return RefusalPage(found[:PAGE], Cursor(last.first_at, last.id) if last else None)


def refusals_before(before: datetime) -> "QuerySet[Refusal]":
    """For whoever removes what is kept no longer, oldest first."""
    return Refusal.objects.filter(last_at__lt=before).order_by("first_at", "id")
