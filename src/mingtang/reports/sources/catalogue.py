"""Source: clean-ups of items, and the items that are published."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from mingtang.base.clock import LEGAL_ZONE, day_bounds
from mingtang.catalogue.models import Campaign, CampaignEntry, Edition, Item, ItemStatus, ListRow
from mingtang.catalogue.queries.lists import hall_figures, states_on
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
    """Of a centre the items in its hall, of a department its own; both at the year's end."""
    on = date(year, 12, 31)
    if not _is_centre(organisation_id):
        return len(_own_items(organisation_id, on)), 1
    found = hall_figures(on)
    if found.list_id is not None:
        return found.items, found.departments
    items = _hall_items(on)
    return len(items), len({item.department_id for item, _ in items})


Published = tuple[Item, Edition]


def _own_items(organisation_id: int, on: date) -> list[Published]:
    """The items of a department that were in use on a day."""
    found = _published(Item.objects.filter(department=organisation_id), on)
    return [(item, edition) for item, edition, state in found if state is ItemStatus.ACTIVE]


def _hall_items(on: date) -> list[Published]:
    """Where no handbook tells: what was published by a day as handled in the hall."""
    return [
        (item, edition)
        for item, edition, state in _published(Item.objects.all(), on)
        if state is not ItemStatus.ABOLISHED and edition.details.get("in_centre")
    ]


def _published(rows: "QuerySet[Item]", on: date) -> Iterator[tuple[Item, Edition, ItemStatus]]:
    """Items with the edition and the state that they had at the end of a day."""
    end = day_bounds(on)[1]
    latest = Edition.objects.filter(item=OuterRef("pk"), published_at__lt=end).order_by("-number")
    rows = rows.annotate(then=Subquery(latest.values("id")[:1])).filter(then__isnull=False)
    items = list(rows.order_by("code"))
    editions = Edition.objects.only("name", "details").in_bulk([item.then for item in items])
    states = states_on(items, on)
    return ((item, editions[item.then], states[item.id]) for item in items)


def _item_rows(organisation_id: int, year: int) -> Iterator[RowRef]:
    on = date(year, 12, 31)
    if not _is_centre(organisation_id):
        items = _own_items(organisation_id, on)
    elif (listed := hall_figures(on).list_id) is not None:
        for row in ListRow.objects.filter(power_list=listed).order_by("position", "id"):
            yield RowRef(f"{row.code} {row.name}", None, Decimal(1))
        return
    else:
        items = _hall_items(on)
    for item, edition in items:
        yield RowRef(f"{item.code} {edition.name}", None, Decimal(1), f"item:{item.code}")


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
