"""Reads: what became of items in clean-ups."""

from datetime import date
from typing import Any

from mingtang.catalogue.models import Campaign, CampaignEntry, Item
from mingtang.catalogue.queries.campaigns.entries import said_of, unit_names
from mingtang.catalogue.queries.campaigns.figures import balance
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaigns import CampaignState


def fates_of(item_id: int, on: date) -> list[dict[str, Any]]:
    """What announced campaigns decided of an item, and which items went on in it: kept for good."""
    rows = CampaignEntry.objects.filter(item=item_id, campaign__state=CampaignState.ANNOUNCED.value)
    rows = rows.select_related("campaign").prefetch_related(
        "merges_into__target__item", "merged_from__source__item"
    )
    listed = list(rows.order_by("campaign__announced_at", "id"))
    names = unit_names(listed, on)
    return [
        {
            "campaign_id": one.campaign_id,
            "title": one.campaign.title,
            "said": said_of(one, names),
            "effective_date": one.effective_date,
            "into": [_linked(link.target) for link in one.merges_into.all()],
            "from": [_linked(link.source) for link in one.merged_from.all()],
        }
        for one in listed
    ]


def fates_of_code(code: str, on: date) -> list[dict[str, Any]]:
    """The same by the code of the item."""
    item_id = Item.objects.filter(code=code).values_list("id", flat=True).first()
    return fates_of(item_id, on) if item_id else []


def _linked(entry: CampaignEntry) -> tuple[str, str]:
    return (entry.item.code if entry.item else "", entry.name)


def announced_in(year: int) -> list[dict[str, Any]]:
    """The campaigns whose notice went out in a year and that were announced, with their figures:
    for the annual report."""
    rows = Campaign.objects.filter(
        started_at__year=year, state=CampaignState.ANNOUNCED.value
    ).order_by("started_at", "id")
    return [
        {
            "campaign_id": one.id,
            "title": one.title,
            "document_number": one.document_number,
            "kind": one.scope_kind,
            "kind_label": KINDS[ItemKind(one.scope_kind)].label,
            "departments": one.units.count(),
            "inventory": one.inventory_count,
            "decided": {each.value: count for each, count in balance(one).decided.items()},
            "is_converted_inside": one.is_converted_inside,
        }
        for one in rows
    ]
