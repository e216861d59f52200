"""Reads of life events: the list of them, and one with its items and its materials."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from mingtang.base.errors import NotFound
from mingtang.catalogue import queries
from mingtang.catalogue.models import Item, ItemStatus, LifeEvent
from mingtang.catalogue.rules.packages import merge_materials
from mingtang.regions import queries as regions

IN_FORCE = Q(entries__item__status=ItemStatus.ACTIVE) & ~Q(entries__item__current_edition=None)


@dataclass(frozen=True)
class LifeEventCard:
    key: str
    name: str
    icon: str
    summary: str
    item_count: int


def life_events(limit: int | None = None) -> list[LifeEventCard]:
    """The life events that have items in force, in their order."""
    rows = LifeEvent.objects.annotate(item_count=Count("entries", filter=IN_FORCE))
    found = rows.filter(item_count__gt=0).order_by("position", "id")[:limit]
    return [
        LifeEventCard(one.key, one.name, one.icon, one.summary, one.item_count) for one in found
    ]


def life_event(key: str, on: date) -> dict[str, Any]:
    """One life event: its items in order, and what to bring for all of them. Raises NotFound."""
    event = LifeEvent.objects.filter(key=key).first() if key.isprintable() else None
    if event is None:
        raise NotFound("没有找到这个主题，请在“一件事”里重新选择。")
    items = _items_in_order(event)
    names = regions.names_of((item.department_id for item in items), on)
    asked = [_asked(item) for item in items]
    return {
        "name": event.name,
        "summary": event.summary,
        "rows": [queries.item_row(item, names.get(item.department_id, "")) for item in items],
        "materials": merge_materials(asked),
        "silent": [name for name, lines in asked if not lines],
    }


def _items_in_order(event: LifeEvent) -> list[Item]:
    entries = event.entries.filter(item__status=ItemStatus.ACTIVE)
    entries = entries.exclude(item__current_edition=None).order_by("position", "id")
    return [entry.item for entry in entries.select_related("item__current_edition")]


def _asked(item: Item) -> tuple[str, list[dict[str, Any]]]:
    """What an item is called and the materials that it asks for."""
    edition = item.current_edition
    assert edition is not None
    return edition.name, edition.materials
