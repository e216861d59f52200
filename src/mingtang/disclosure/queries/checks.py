"""Reads of the daily check: what it looks at, and what it found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from mingtang.disclosure.models import SiteCheck
from mingtang.disclosure.queries.every import all_public
from mingtang.disclosure.rules.checks import LABELS, Result
from mingtang.disclosure.rules.items import Column


@dataclass(frozen=True)
class Kept:
    """How many items a column of an organ has, and when the last one came."""

    count: int
    latest: date


def columns_of_organs() -> dict[int, dict[Column, Kept]]:
    """Each organ that publishes, column by column, in one statement."""
    rows = (
        all_public()
        .order_by()
        .values_list("organisation_id", "published_version__column")
        .annotate(count=Count("id"), latest=Max("public_date"))
    )
    found: dict[int, dict[Column, Kept]] = {}
    for organ, column, count, latest in rows:
        found.setdefault(organ, {})[Column(column)] = Kept(count, latest)
    return found


def last_day() -> date | None:
    """The day of the last check."""
    return SiteCheck.objects.aggregate(last=Max("day"))["last"]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class CheckRow:
    """A row as the dashboard shows it."""

    label: str
    result: Result
    said: str
    days_left: int | None
    address: str
    organisation_id: int | None


def rows_of(day: date, organs: Iterable[int] | None = None) -> list[CheckRow]:
    """What a day's check found, the gravest first: of the site, and of these organs or of all."""
    found = SiteCheck.objects.filter(day=day)
    if organs is not None:
        found = found.filter(Q(organisation=None) | Q(organisation__in=list(organs)))
    return [
        CheckRow(
            LABELS.get(row.code, row.code),
            Result(row.result),
            row.said,
            row.days_left,
            row.address,
            row.organisation_id,
        )
        for row in found.order_by("position")
    ]


def history(days: int) -> list[tuple[date, dict[str, int]]]:
    """How many of each result the last days had, the latest first."""
    checked = SiteCheck.objects.order_by("-day").values_list("day", flat=True).distinct()[:days]
    found: dict[date, dict[str, int]] = {day: {} for day in checked}
    rows = SiteCheck.objects.filter(day__in=list(found)).order_by().values_list("day", "result")
    for day, result, count in rows.annotate(count=Count("id")):
        found[day][Result(result).label] = count
    return list(found.items())
