"""Source: clean-ups of items, and the items that are published."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from mingtang.base.clock import LEGAL_ZONE
from mingtang.catalogue.models import Campaign, CampaignEntry, Item, ListRow
from mingtang.catalogue.queries.lists import hall_figures, items_in_hall
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
    count, departments = _item_counts(organisation_id, year)
    yield Figure("item.all", "公布的服务事项", Decimal(count), "项")
    label = "有服务事项的部门"
    yield Figure("item.departments", label, Decimal(departments), "个", adds_up=False)


def _is_centre(organisation_id: int) -> bool:
    return Organisation.objects.get(id=organisation_id).kind == "centre"


def _item_counts(organisation_id: int, year: int) -> tuple[int, int]:
    """Of a centre the items in its hall at the year's end, of a department its own."""
    if _is_centre(organisation_id):
        found = hall_figures(date(year, 12, 31))
        return found.items, found.departments
    return _items(organisation_id).count(), 1


def _items(organisation_id: int) -> "QuerySet[Item]":
    rows = Item.objects.filter(status="active", current_edition__isnull=False)
    return rows.filter(department=organisation_id)


def _item_rows(organisation_id: int, year: int) -> Iterator[RowRef]:
    if not _is_centre(organisation_id):
        items = _items(organisation_id)
    elif (listed := hall_figures(date(year, 12, 31)).list_id) is not None:
        for row in ListRow.objects.filter(power_list=listed).order_by("position", "id"):
            yield RowRef(f"{row.code} {row.name}", None, Decimal(1))
        return
    else:
        items = items_in_hall()
    for item in items.order_by("code"):
        yield RowRef(f"{item.code} {item.name}", None, Decimal(1), f"item:{item.code}")


def rows(organisation_id: int, year: int, key: str) -> Iterator[RowRef]:
    kind, *place = key.split(".")
    if kind == "item":
        yield from _item_rows(organisation_id, year)
        return
    known = {str(one.id): one for one in _campaigns(organisation_id, year)}
    if place[0] not in known:
        raise NoFigure
    found = _entries(known[place[0]].id)
    if place[1] != "inventory":
        found = found.filter(decision=place[1])
    for entry in found.order_by("number", "id"):
        yield RowRef(f"{entry.number} {entry.name}", None, Decimal(1))
