"""Reads of day counts: sums over days, organisations and windows. One statement each."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from mingtang.counts.models import DayCount


def totals(
    measures: Sequence[str],
    *,
    since: date,
    until: date,
    organisation_ids: Sequence[int] | None = None,
    window_ids: Sequence[int] | None = None,
) -> dict[str, int]:
    """How often each measure happened from `since` to `until`, both included: at some units or
    at all, at some windows (0: at none) or at all."""
    counted = DayCount.objects.filter(measure__in=measures, date__gte=since, date__lte=until)
    if organisation_ids is not None:
        counted = counted.filter(organisation_id__in=organisation_ids)
    if window_ids is not None:
        counted = counted.filter(window_id__in=window_ids)
    rows = counted.values("measure").annotate(total=Sum("count")).order_by("measure")
    found = {row["measure"]: int(row["total"]) for row in rows}
    return {measure: found.get(measure, 0) for measure in measures}


def totals_since(
    measures: Sequence[str], starts: Sequence[date], until: date
) -> list[dict[str, int]]:
    """How often each measure happened from each of these days to `until`, both included."""
    counted = DayCount.objects.filter(measure__in=measures, date__gte=min(starts), date__lte=until)
    sums = {
        f"since_{number}": Sum("count", filter=Q(date__gte=start), default=0)
        for number, start in enumerate(starts)
    }
    rows = counted.values("measure").annotate(**sums).order_by("measure")
    found = {measure: numbers for measure, *numbers in rows.values_list("measure", *sums)}
    none = [0] * len(sums)
    return [
        {measure: int(found.get(measure, none)[number]) for measure in measures}
        for number in range(len(sums))
    ]


def sheet(
    *, since: date, until: date, window_ids: Sequence[int], measures: Sequence[str]
) -> dict[int, dict[str, int]]:
    """What each of these windows did from `since` to `until`, both included: by window, how often
    each measure happened."""
    counted = DayCount.objects.filter(
        measure__in=measures, date__gte=since, date__lte=until, window_id__in=window_ids
    )
    rows = counted.values_list("window_id", "measure").annotate(total=Sum("count"))
    return _table(window_ids, measures, rows.order_by("window_id", "measure"))


def by_organisation(measures: Sequence[str], since: date, until: date) -> dict[int, dict[str, int]]:
    """By unit, how often each measure happened from `since` to `until`, both included. Units where
    none of them happened are left out."""
    counted = DayCount.objects.filter(measure__in=measures, date__gte=since, date__lte=until)
    rows = counted.values_list("organisation_id", "measure").annotate(total=Sum("count"))
    found = list(rows.order_by("organisation_id", "measure"))
    return _table([unit for unit, _measure, _total in found], measures, found)


def by_month(measures: Sequence[str], since: date, until: date) -> dict[date, dict[str, int]]:
    """By the first day of a month, how often each measure happened from `since` to `until`, both
    included. Months where none of them happened are left out."""
    counted = DayCount.objects.filter(measure__in=measures, date__gte=since, date__lte=until)
    rows = counted.annotate(month=TruncMonth("date")).values_list("month", "measure")
    found = list(rows.annotate(total=Sum("count")).order_by("month", "measure"))
    table = {month: dict.fromkeys(measures, 0) for month, _measure, _total in found}
    for month, measure, total in found:
        table[month][measure] = int(total)
    return table


def _table(
    keys: Iterable[int], measures: Sequence[str], rows: Iterable[tuple[int, str, int]]
) -> dict[int, dict[str, int]]:
    """A row for each key and a number for each measure, 0 where nothing was counted."""
    table = {key: dict.fromkeys(measures, 0) for key in keys}
    for key, measure, total in rows:
        table[key][measure] = int(total)
    return table
