"""Reads of personal data: who has looked at what, and who looks more than others."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from mingtang.accounts.rules import Role, Scope
from mingtang.base.clock import day_bounds
from mingtang.base.paging import Cursor
from mingtang.persons.models import Reveal
from mingtang.persons.rules import LOOKED_AT, outliers

PAGE = 50


def revealed_on(person_id: int, on: date) -> int:
    """How many fields somebody had shown on a day."""
    begin, end = day_bounds(on)
    rows = Reveal.objects.filter(person=person_id, revealed_at__gte=begin, revealed_at__lt=end)
    return rows.aggregate(total=Sum("field_count"))["total"] or 0


def noted_at(reveal_id: int) -> datetime:
    """When somebody had something shown."""
    return Reveal.objects.values_list("revealed_at", flat=True).get(id=reveal_id)


def _visible(scope: Scope) -> QuerySet[Reveal]:
    """The inspector sees those of their region; the audit administrator all."""
    if scope.has_role([Role.AUDIT_ADMIN]):
        return Reveal.objects.all()
    grants = [one for one in scope.grants if one.role is Role.INSPECTOR]
    places = frozenset[int]().union(*(one.region_ids for one in grants))
    return Reveal.objects.filter(organisation__region__in=places)


@dataclass(frozen=True)
class Looker:
    """How many fields somebody had shown within LOOKED_AT, and whether that stands out."""

    person_id: int
    name: str
    count: int
    stands_out: bool


def lookers(scope: Scope, at: datetime) -> list[Looker]:
    """Who looked, the most first."""
    rows = _visible(scope).filter(revealed_at__gt=at - LOOKED_AT, revealed_at__lte=at)
    summed = rows.values_list("person_id", "person__name").annotate(total=Sum("field_count"))
    told = list(summed.order_by("-total", "person_id"))
    out = outliers({person: total for person, _name, total in told})
    return [Looker(person, name, total, person in out) for person, name, total in told[:PAGE]]


@dataclass(frozen=True)
class RevealPage:
    rows: list[Reveal]
    next: Cursor | None


def reveals(scope: Scope, *, person_id: int | None, after: Cursor | None) -> RevealPage:
    """What was shown, the latest first; of one person only where one is named."""
    rows = _visible(scope).select_related("person", "organisation")
    if person_id is not None:
        rows = rows.filter(person=person_id)
    if after is not None:
        older = rows.filter(revealed_at__lt=after.at)
        rows = older | rows.filter(revealed_at=after.at, id__lt=after.id)
    found = list(rows.order_by("-revealed_at", "-id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return RevealPage(found[:PAGE], Cursor(last.revealed_at, last.id) if last else None)
