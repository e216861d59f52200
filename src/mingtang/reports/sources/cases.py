"""Source: licence decisions. They count for the department that decided, not for the centre."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from mingtang.base.clock import LEGAL_ZONE
from mingtang.cases.models import Case
from mingtang.catalogue.rules.kinds import ItemKind
from mingtang.reports.rules.figures import Figure, RowRef


def _decided(organisation_id: int, year: int) -> "QuerySet[Case]":
    first = datetime(year, 1, 1, tzinfo=LEGAL_ZONE)
    return Case.objects.filter(
        organisation=organisation_id,
        edition__kind=ItemKind.PERMIT.value,
        decided_at__gte=first,
        decided_at__lt=first.replace(year=year + 1),
    )


def gather(organisation_id: int, year: int) -> Iterator[Figure]:
    count = _decided(organisation_id, year).count()
    yield Figure("t2.permits", "行政许可本年处理决定数量", Decimal(count), "件")


def rows(organisation_id: int, year: int, key: str) -> Iterator[RowRef]:
    for one in _decided(organisation_id, year).order_by("decided_at", "id"):
        day = one.decided_at.astimezone(LEGAL_ZONE).date() if one.decided_at else None
        yield RowRef(one.number, day, Decimal(1), f"case:{one.id}")
