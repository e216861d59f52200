"""Reads of the kept rows: what nodes took, by node, stage, department or edition."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Max, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from mingtang.accounts.rules import Scope
from mingtang.base.ids import parse_id
from mingtang.bottlenecks.models import StepTime as StepTime  # what pages are handed
from mingtang.bottlenecks.rules.board import READERS, Alike, Board, By, Key, board_of
from mingtang.bottlenecks.rules.steps import OPEN, Status
from mingtang.regions import queries as regions

COLUMNS = {
    By.NODE: ("item_code", "key"),
    By.STAGE: ("stage",),
    By.DEPARTMENT: ("organisation_id",),
    By.EDITION: ("item_code", "edition"),
}
PASSED = (Status.DONE.value, Status.REDONE.value)
PAGE = 50


@dataclass(frozen=True)
class Selection:
    """Which passages are looked at: over from a day to a day, at one office or at all."""

    since: date
    until: date
    unit_id: int | None = None


def units_of(scope: Scope) -> list[int]:
    """The offices that a reader sees: all of the places of their posts."""
    places = {one for grant in scope.grants if grant.role in READERS for one in grant.region_ids}
    return regions.ids_in(places)


def passages(scope: Scope, chosen: Selection) -> QuerySet[StepTime]:
    """Of what was taken, what a reader sees."""
    return taken(chosen).filter(organisation_id__in=units_of(scope))


def taken(chosen: Selection) -> QuerySet[StepTime]:
    """What was done, and what was done again; what an end cut short is left out."""
    rows = StepTime.objects.filter(
        status__in=PASSED, over_date__range=(chosen.since, chosen.until), days__isnull=False
    )
    return rows.filter(organisation_id=chosen.unit_id) if chosen.unit_id else rows


def board(scope: Scope, chosen: Selection, by: By) -> Board:
    """One statement, whose answer grows with how differently long things took, not with cases."""
    counted = (
        passages(scope, chosen)
        .annotate(
            is_redo=_whether(Q(attempt__gt=1)), has_limit=_whether(Q(limit_days__isnull=False))
        )
        .values_list(
            *(*COLUMNS[by], "waiting_days", "handling_days", "is_redo", "is_overdue", "has_limit")
        )
        .annotate(count=Count("id"))
        .order_by()
    )
    return board_of(_alike(row, len(COLUMNS[by])) for row in counted)


def _whether(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(value=True)),
        default=Value(value=False),
        output_field=BooleanField(),
    )


def _alike(row: Sequence[Any], width: int) -> Alike:
    return Alike(tuple(row[:width]), *row[width:])


def open_counts(scope: Scope, by: By, unit_id: int | None = None) -> dict[Key, int]:
    """How many passages wait for somebody or are in hand now, by group."""
    rows = StepTime.objects.filter(
        status__in=[one.value for one in OPEN], organisation_id__in=units_of(scope)
    )
    rows = rows.filter(organisation_id=unit_id) if unit_id else rows
    counted = rows.values_list(*COLUMNS[by]).annotate(count=Count("id")).order_by()
    return {tuple(key): count for *key, count in counted}


def last_rows(keys: Iterable[Key], by: By) -> dict[Key, StepTime]:
    """The latest passage of each group: what it is called now."""
    wanted = _any_of(keys, by)
    if wanted is None:
        return {}
    latest = StepTime.objects.filter(wanted).values(*COLUMNS[by]).annotate(last=Max("id"))
    rows = StepTime.objects.filter(id__in=[one["last"] for one in latest.order_by()])
    return {tuple(getattr(row, name) for name in COLUMNS[by]): row for row in rows.order_by("id")}


def _any_of(keys: Iterable[Key], by: By) -> Q | None:
    parts = [Q(**dict(zip(COLUMNS[by], key, strict=True))) for key in keys]
    return reduce(or_, parts) if parts else None


def slowest(
    scope: Scope, chosen: Selection, nodes: Iterable[Key], most: int
) -> dict[Key, list[StepTime]]:
    """The longest passages of each of some nodes: one statement."""
    wanted = _any_of(nodes, By.NODE)
    if wanted is None:
        return {}
    place = Window(
        RowNumber(), partition_by=[F("item_code"), F("key")], order_by=[F("days").desc(), F("id")]
    )
    rows = passages(scope, chosen).filter(wanted).annotate(place=place).filter(place__lte=most)
    found: dict[Key, list[StepTime]] = {}
    for row in rows.order_by("item_code", "key", "place"):
        found.setdefault((row.item_code, row.key), []).append(row)
    return found


# ── the cases behind a node ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class LongestFirst:
    """Where a page ended of a list that is ordered by days, the most first, and an id."""

    days: int
    id: int

    @classmethod
    def read(cls, text: str) -> "LongestFirst | None":
        days, _, number = text.partition("_")
        amount, found = parse_id(days), parse_id(number)
        return None if amount is None or found is None else cls(amount, found)

    def __str__(self) -> str:
        return f"{self.days}_{self.id}"


def behind(
    scope: Scope, chosen: Selection, item_code: str, key: str, after: LongestFirst | None = None
) -> tuple[list[StepTime], LongestFirst | None]:
    """The passages through a node, the longest first, and where the next page begins."""
    rows = passages(scope, chosen).filter(item_code=item_code, key=key)
    if after is not None:
        rows = rows.filter(Q(days__lt=after.days) | Q(days=after.days, id__gt=after.id))
    found = list(rows.order_by("-days", "id")[: PAGE + 1])
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    return shown, LongestFirst(last.days or 0, last.id) if last else None


def units_seen(scope: Scope) -> list[int]:
    """The offices of the reader's places that have nodes of their own."""
    rows = StepTime.objects.filter(organisation_id__in=units_of(scope))
    return list(
        rows.order_by("organisation_id").values_list("organisation_id", flat=True).distinct()
    )


# ── last year's cases, for what-if ────────────────────────────────────────────────────────────


def items_decided(scope: Scope, chosen: Selection) -> Iterator[tuple[str, str, int]]:
    """Code, name and number of cases of the items of which cases were decided, by code."""
    rows = passages(scope, chosen).filter(kind="decide", status=Status.DONE.value)
    counted = rows.values_list("item_code").annotate(name=Max("item_name"), count=Count("id"))
    yield from counted.order_by("item_code")


def decided(scope: Scope, chosen: Selection, item_code: str) -> list[StepTime]:
    """All passages of the cases of an item that were decided in a span, case by case."""
    over = passages(scope, chosen).filter(
        kind="decide", status=Status.DONE.value, item_code=item_code
    )
    rows = StepTime.objects.filter(stream__in=over.values("stream"), days__isnull=False)
    return list(rows.order_by("stream", "id"))
