"""Reads: the entries of a clean-up and what was said of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from mingtang.base.ids import parse_id
from mingtang.catalogue.models import Campaign, CampaignEntry
from mingtang.catalogue.queries.campaigns.campaign import PAGE
from mingtang.catalogue.queries.campaigns.figures import NOBODY
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaigns import (
    Decision,
)
from mingtang.catalogue.rules.details import LEVELS
from mingtang.regions import queries as regions


@dataclass(frozen=True)
class EntryRow:
    id: int
    number: int | None
    unit: str
    name: str
    item_code: str
    is_placeholder: bool
    proposal: str
    note: str
    decision: str
    said: str
    basis: str
    effective_date: date | None
    merged: tuple[tuple[int | None, str], ...]  # entries in which it goes on
    carried: str


def entries(
    found: Campaign,
    *,
    on: date,
    decision: str | None = None,
    organisation_id: int | None = None,
    text: str = "",
    after: str = "",
    page: int | None = PAGE,
) -> tuple[list[EntryRow], str]:
    """A page of entries in the order of the inventory, or all with `page` None; where it ended.

    `decision`: one of the stored values; "" for those not decided; None for all.
    """
    rows = _chosen(found, decision, organisation_id, text)
    last = found.entries.filter(id=parse_id(after) or 0).first()
    if last:
        number = last.number or 0
        rows = rows.filter(Q(number__gt=number) | Q(number=last.number, id__gt=last.id))
        rows = (
            rows
            if last.number
            else _chosen(found, decision, organisation_id, text).filter(id__gt=last.id)
        )
    listed = list(
        rows.select_related("item", "draft")
        .prefetch_related("merges_into__target")
        .order_by("number", "id")[: None if page is None else page + 1]
    )
    names = unit_names(listed, on)
    shown = [_entry_row(one, names) for one in listed[:page]]
    if page is None:
        return shown, ""
    return shown, str(listed[page - 1].id) if len(listed) > page else ""


def _chosen(
    found: Campaign, decision: str | None, organisation_id: int | None, text: str
) -> "QuerySet[CampaignEntry]":
    rows = CampaignEntry.objects.filter(campaign=found)
    if decision is not None:
        rows = rows.filter(decision=decision)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    return rows.filter(name__icontains=text) if text else rows


def entry_count(found: Campaign, organisation_id: int | None = None) -> int:
    return _chosen(found, None, organisation_id, "").count()


def unit_names(listed: Iterable[CampaignEntry], on: date) -> dict[int, str]:
    ids = {one.organisation_id for one in listed} | {one.target_id for one in listed}
    return regions.short_names_of([one for one in ids if one], on)


def _entry_row(one: CampaignEntry, names: Mapping[int, str]) -> EntryRow:
    into = tuple((link.target.number, link.target.name) for link in one.merges_into.all())
    return EntryRow(
        id=one.id,
        number=one.number,
        unit=names.get(one.organisation_id, "") if one.organisation_id else NOBODY,
        name=one.name,
        item_code=one.item.code if one.item else "",
        is_placeholder=one.is_placeholder,
        proposal=Decision(one.proposal).label if one.proposal else "",
        note=one.note,
        decision=one.decision,
        said=said_of(one, names),
        basis=one.decision_basis,
        effective_date=one.effective_date,
        merged=into,
        carried=_carried(one),
    )


def said_of(entry: CampaignEntry, names: Mapping[int, str]) -> str:
    """A decision in words: 下放（乡镇级，贺村镇）."""
    if not entry.decision:
        return ""
    more = []
    if entry.after_kind:
        more.append(f"转为{KINDS[ItemKind(entry.after_kind)].label}")
    if entry.target_level:
        more.append(LEVELS[entry.target_level].label)
    if entry.target_id:
        more.append(names.get(entry.target_id, ""))
    into = [f"{link.target.number}" for link in entry.merges_into.all()]
    if into:
        more.append(f"并入序号 {'、'.join(into)}")
    said = "，".join(more)
    return Decision(entry.decision).label + (f"（{said}）" if said else "")


def _carried(one: CampaignEntry) -> str:
    """How far the effect on the item is."""
    if one.item is None or one.decision in {"", Decision.RETAIN}:
        return ""
    if one.carried_at is None:
        return "还没有落实"
    if one.draft and one.draft.state != "published":
        return "新版本待审核发布"
    return "已落实"


def due_count(found: Campaign, on: date) -> int:
    """How many announced decisions could have their effect now."""
    changes = [one.value for one in Decision if one is not Decision.RETAIN]
    rows = found.entries.filter(item__isnull=False, carried_at=None, decision__in=changes)
    return rows.filter(effective_date__lte=on).count()
