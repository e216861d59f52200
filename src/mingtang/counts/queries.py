"""Reads of day counts: sums over days and organisations."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Sum

from mingtang.counts.models import DayCount


def totals(
    measures: Sequence[str],
    *,
    since: date,
    until: date,
    organisation_ids: Sequence[int] | None = None,
) -> dict[str, int]:
    """How often each measure happened from `since` to `until`, both included: at some units or
    at all."""
    counted = DayCount.objects.filter(measure__in=measures, date__gte=since, date__lte=until)
    if organisation_ids is not None:
        counted = counted.filter(organisation_id__in=organisation_ids)
    rows = counted.values("measure").annotate(total=Sum("count")).order_by("measure")
    found = {row["measure"]: int(row["total"]) for row in rows}
    return {measure: found.get(measure, 0) for measure in measures}
