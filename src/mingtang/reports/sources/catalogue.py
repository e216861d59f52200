"""Source: clean-ups of items, and the items that are published."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from mingtang.base.clock import LEGAL_ZONE
from mingtang.catalogue.models import Campaign, CampaignEntry, Item
from mingtang.catalogue.rules.campaigns import Decision
from mingtang.regions.models import Organisation
from mingtang.reports.rules.figures import CleanUp, Figure, NoFigure, RowRef


def _campaigns(organisation_id: int, year: int) -> "QuerySet[Campaign]":
    """Frozen in the year; led by the unit, or by the reform office that sits with the centre."""
    unit = Organisation.objects.get(id=organisation_id)
    first = datetime(year, 1, 1, tzinfo=LEGAL_ZONE)
    led = Q(lead=organisation_id) | Q(lead__parent=organisation_id)
    if unit.kind == "centre":
        led |= Q(lead__area6=unit.area6)
    rows = Campaign.objects.filter(
        led, frozen_at__gte=first, frozen_at__lt=first.replace(year=year + 1)
    )
    return rows.order_by("-inventory_count", "id")


def cleanups(organisation_id: int, year: int) -> list[CleanUp]:
    labels = tuple((one.value, one.label) for one in Decision)
    return [
        CleanUp(f"clean.{one.id}", one.title, labels) for one in _campaigns(organisation_id, year)
    ]


def _entries(campaign_id: int) -> "QuerySet[CampaignEntry]":
    return CampaignEntry.objects.filter(campaign=campaign_id)


def gather(organisation_id: int, year: int) -> Iterator[Figure]:
    for one in _campaigns(organisation_id, year):
        counts = dict(_entries(one.id).order_by().values_list("decision").annotate(Count("id")))
        total = Decimal(sum(counts.values()))
        yield Figure(f"clean.{one.id}.inventory", f"{one.title}·清理事项", total, "项")
        for decision in Decision:
            key, label = f"clean.{one.id}.{decision.value}", f"{one.title}·{decision.label}"
            yield Figure(key, label, Decimal(counts.get(decision.value, 0)), "项")
    items = _items(organisation_id)
    departments = items.order_by().values("department").distinct().count()
    yield Figure("item.all", "公布的服务事项", Decimal(items.count()), "项")
    yield Figure("item.departments", "有服务事项的部门", Decimal(departments), "个", adds_up=False)


def _items(organisation_id: int) -> "QuerySet[Item]":
    """Of a department its own; of a centre those of every department in its hall."""
    unit = Organisation.objects.get(id=organisation_id)
    rows = Item.objects.filter(status="active", current_edition__isnull=False)
    if unit.kind == "centre":
        return rows.filter(department__area6=unit.area6, department__is_in_hall=True)
    return rows.filter(department=organisation_id)


def rows(organisation_id: int, year: int, key: str) -> Iterator[RowRef]:
    kind, *place = key.split(".")
    if kind == "item":
        for item in _items(organisation_id).order_by("code"):
            yield RowRef(f"{item.code} {item.name}", None, Decimal(1), f"item:{item.code}")
        return
    known = {str(one.id): one for one in _campaigns(organisation_id, year)}
    if place[0] not in known:
        raise NoFigure
    found = _entries(known[place[0]].id)
    if place[1] != "inventory":
        found = found.filter(decision=place[1])
    for entry in found.order_by("number", "id"):
        yield RowRef(f"{entry.number} {entry.name}", None, Decimal(1))
