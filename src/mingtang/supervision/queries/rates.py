"""Reads of how fast offices decide, out of the cache that a follower keeps."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Count, QuerySet

from mingtang.supervision.models import Pace
from mingtang.supervision.rules.pace import Group, UnitPace

ALIKE = ("organisation_id", "statutory_days", "used_days", "is_on_time", "is_early")
Bulk = set[tuple[int, date]]


def paces(since: date, until: date, bulk_least: int) -> list[UnitPace]:
    """By office, the most cases first: three statements. What one person decided on a day on which
    they decided at least `bulk_least` cases is set apart."""
    rows = Pace.objects.filter(decided_date__range=(since, until))
    bulk = _bulk(rows, bulk_least)
    alike = Counter(dict(_groups(rows)))
    found: dict[int, UnitPace] = {}
    for group, count in _in_bulk(rows, bulk):
        alike[group] -= count
        _unit(found, group).bulk += count
    for group, count in alike.items():
        _unit(found, group).add(group, count)
    return sorted(found.values(), key=lambda one: (-one.count, one.organisation_id))


def _unit(found: dict[int, UnitPace], group: Group) -> UnitPace:
    return found.setdefault(group.organisation_id, UnitPace(group.organisation_id))


def _bulk(rows: QuerySet[Pace], least: int) -> Bulk:
    counted = rows.exclude(person=None).values_list("person_id", "decided_date")
    many = counted.annotate(n=Count("stream")).filter(n__gte=least).order_by()
    return {(person, day) for person, day, _n in many if person is not None}


def _groups(rows: QuerySet[Pace]) -> Iterator[tuple[Group, int]]:
    for *values, count in rows.values_list(*ALIKE).annotate(n=Count("stream")).order_by():
        yield Group(*values), count


def _in_bulk(rows: QuerySet[Pace], bulk: Bulk) -> Iterator[tuple[Group, int]]:
    """The cases of those people and days, alike ones together."""
    people, days = {person for person, _day in bulk}, {day for _person, day in bulk}
    near = rows.filter(person__in=people, decided_date__in=days)
    counted = near.values_list("person_id", "decided_date", *ALIKE).annotate(n=Count("stream"))
    for person, day, *values, count in counted.order_by():
        if (person, day) in bulk:
            yield Group(*values), count
