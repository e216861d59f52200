"""Reads of day counts: sums over days and organisations."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Sum

from mingtang.counts.models import DayCount


def totals(measures: Sequence[str], *, since: date, until: date) -> dict[str, int]:
    """How often each measure happened from `since` to `until`, both included."""
    rows = (
        DayCount.objects.filter(measure__in=measures, date__gte=since, date__lte=until)
        .values("measure")
        .annotate(total=Sum("count"))
        .order_by("measure")
    )
    found = {row["measure"]: int(row["total"]) for row in rows}
    return {measure: found.get(measure, 0) for measure in measures}
