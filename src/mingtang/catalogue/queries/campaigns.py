"""Reads of clean-up campaigns: the list, the coverage board, entries, the balance, figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.catalogue.models import Campaign, CampaignEntry, CampaignUnit, Item
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaigns import (
    After,
    Balance,
    CampaignState,
    Decision,
    UnitState,
    balance_of,
)
from mingtang.catalogue.rules.details import LEVELS
from mingtang.regions import queries as regions

LEADERS = (Role.REFORM_OFFICE,)
REPORTERS = (Role.SECTION_CONTACT, Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE)
READERS = (*LEADERS, Role.CENTRE_MANAGER, Role.STEERING_GROUP, *REPORTERS)
PAGE = 30
NOBODY = "未载明"


class CampaignNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("没有这次清理，请回到清理列表核对。")


# ── which ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class CampaignRow:
    id: int
    title: str
    document_number: str
    kind_label: str
    state: CampaignState
    started_on: date
    inventory: int | None
    answered: int
    asked: int
    is_reconstructed: bool


def campaigns(
    *, after: str = "", is_public: bool = False, asking: Iterable[int] | None = None
) -> tuple[list[CampaignRow], str]:
    """A page of campaigns, the newest first, and where it ended; the public sees results alone.

    `asking`: only those that ask one of these units.
    """
    rows = Campaign.objects.order_by("-started_at", "-id")
    if asking is not None:
        asked = CampaignUnit.objects.filter(organisation_id__in=list(asking))
        rows = rows.filter(id__in=asked.values("campaign_id"))
    if is_public:
        rows = rows.filter(state=CampaignState.ANNOUNCED.value)
    last = Campaign.objects.filter(id=parse_id(after) or 0).first()
    if last:
        earlier = Q(started_at__lt=last.started_at)
        rows = rows.filter(earlier | Q(started_at=last.started_at, id__lt=last.id))
    done = Count("units", filter=Q(units__state=UnitState.ACCEPTED.value))
    found = list(rows.annotate(asked=Count("units"), answered=done)[: PAGE + 1])
    return [_row(one) for one in found[:PAGE]], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def campaigns_for(scope: Scope, *, after: str = "") -> tuple[list[CampaignRow], str]:
    """Those that a person may see: the office all, a department those that ask it."""
    if scope.has_role((*LEADERS, Role.CENTRE_MANAGER, Role.STEERING_GROUP)):
        return campaigns(after=after)
    units = [grant.organisation_id for grant in scope.grants if grant.role in REPORTERS]
    return campaigns(after=after, asking=units)


def units_to_ask(lead_id: int, on: date) -> list[tuple[str, str]]:
    """The departments of the leading office's county: id and name, for a form."""
    area6 = regions.organisation_card(lead_id, on).area6
    cards = regions.organisation_cards(on, kinds=["department"])
    return [(str(one.id), one.short_name) for one in cards if one.area6 == area6]


def target_choices(found: Campaign, on: date) -> list[tuple[str, str]]:
    """The units that may take over what is delegated: code and name."""
    cards = regions.organisation_cards(on, kinds=["township", "village", "other"])
    return [(one.code, one.short_name) for one in cards if one.area6 == found.lead.area6]


def unit_ids(found: Campaign) -> list[int]:
    return list(found.units.order_by("id").values_list("organisation_id", flat=True))


def _row(one: Any) -> CampaignRow:
    return CampaignRow(
        id=one.id,
        title=one.title,
        document_number=one.document_number,
        kind_label=KINDS[ItemKind(one.scope_kind)].label,
        state=CampaignState(one.state),
        started_on=legal_date(one.started_at),
        inventory=one.inventory_count,
        answered=one.answered,
        asked=one.asked,
        is_reconstructed=one.is_reconstructed,
    )


def campaign(campaign_id: int) -> Campaign:
    """Raises NotFound."""
    rows = Campaign.objects.select_related(
        "lead", "beside", "notice", "result", "started_by", "closed_by", "frozen_by", "announced_by"
    )
    found = rows.filter(id=campaign_id).first()
    if found is None:
        raise CampaignNotFound
    return found


def campaign_for(scope: Scope, campaign_id: int) -> Campaign:
    """One that a person may see: the office all of them, a department those that ask it.

    Raises NotFound alike for none and for none of theirs.
    """
    found = campaign(campaign_id)
    if leads(scope, found) or unit_of(scope, found) or _oversees(scope, found):
        return found
    raise CampaignNotFound


def public_campaign(campaign_id: int) -> Campaign:
    """One whose result was announced. Raises NotFound."""
    found = campaign(campaign_id)
    if found.state != CampaignState.ANNOUNCED:
        raise CampaignNotFound
    return found


def leads(scope: Scope, found: Campaign) -> Grant | None:
    """The right to lead this campaign: that of the reform office of the place."""
    return _grant(scope, LEADERS, found.lead_id, found.lead.region_id)


def _oversees(scope: Scope, found: Campaign) -> bool:
    roles = (Role.CENTRE_MANAGER, Role.STEERING_GROUP)
    return _grant(scope, roles, found.lead_id, found.lead.region_id) is not None


def _grant(
    scope: Scope, roles: Iterable[Role], organisation_id: int, region_id: int
) -> Grant | None:
    grants = scope.grants_for(
        roles, organisation_id=organisation_id, item_code="", region_id=region_id
    )
    return grants[0] if grants else None


def lead_grant(scope: Scope) -> Grant | None:
    """The right to start a campaign: one's own post before one held for somebody else."""
    grants = [one for one in scope.grants if one.role in LEADERS]
    return min(grants, key=lambda one: one.acting_for_id is not None, default=None)


def unit_of(scope: Scope, found: Campaign) -> tuple[CampaignUnit, Grant] | None:
    """The department for which this person answers, and by which right."""
    units = {unit.organisation_id: unit for unit in found.units.order_by("id")}
    for grant in scope.grants:
        if grant.role in REPORTERS and grant.organisation_id in units:
            return units[grant.organisation_id], grant
    return None


# ── coverage ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class UnitRow:
    organisation_id: int
    name: str
    state: UnitState
    entry_count: int | None
    is_entered_by_office: bool
    reported_at: Any
    return_reason: str
    is_late: bool


def coverage(found: Campaign, on: date) -> list[UnitRow]:
    """Each department and how far it is, those that have not answered first."""
    order = [UnitState.WAITING, UnitState.RETURNED, UnitState.REPORTED, UnitState.ACCEPTED]
    units = list(found.units.order_by("organisation__unit3", "organisation_id"))
    names = regions.short_names_of([one.organisation_id for one in units], on)
    rows = [_unit_row(one, names, found.report_due_date < on) for one in units]
    return sorted(rows, key=lambda row: order.index(row.state))


def _unit_row(one: CampaignUnit, names: Mapping[int, str], is_past: bool) -> UnitRow:
    state = UnitState(one.state)
    return UnitRow(
        organisation_id=one.organisation_id,
        name=names.get(one.organisation_id, ""),
        state=state,
        entry_count=one.entry_count,
        is_entered_by_office=one.is_entered_by_office,
        reported_at=one.reported_at,
        return_reason=one.return_reason if state is UnitState.RETURNED else "",
        is_late=is_past and state in {UnitState.WAITING, UnitState.RETURNED},
    )


# ── the inventory and what was decided ────────────────────────────────────────────────────────


def balance(found: Campaign) -> Balance:
    """The inventory beside the sum of what was decided."""
    rows = found.entries.order_by().values_list("decision").annotate(count=Count("id"))
    return balance_of(found.inventory_count, dict(rows))


@dataclass(frozen=True)
class UnitFigures:
    """Before and after, of one department."""

    name: str
    before: int
    decided: dict[str, int]
    undecided: int


def by_unit(found: Campaign, on: date) -> list[UnitFigures]:
    """How many each department had, and what became of them; in the order of units."""
    rows = found.entries.order_by().values_list("organisation_id", "decision")
    counts: dict[int | None, dict[str, int]] = {}
    for unit, decision, count in rows.annotate(count=Count("id")):
        counts.setdefault(unit, {})[decision] = count
    names = regions.short_names_of([one for one in counts if one], on)
    ordered = sorted(counts, key=lambda one: (one is None, names.get(one or 0, ""), one or 0))
    return [
        UnitFigures(
            names.get(one, NOBODY) if one else NOBODY,
            sum(counts[one].values()),
            {each.value: counts[one].get(each.value, 0) for each in Decision},
            counts[one].get("", 0),
        )
        for one in ordered
    ]


@dataclass(frozen=True)
class KindFigures:
    label: str
    before: int
    after: int


def by_kind(found: Campaign) -> list[KindFigures]:
    """How many items of each kind before, and after: what is retained here, what is converted."""
    kept = Q(decision__in=["", Decision.RETAIN.value])
    before = found.entries.order_by().values_list("before_kind").annotate(count=Count("id"))
    after = dict(
        found.entries.filter(kept).order_by().values_list("before_kind").annotate(count=Count("id"))
    )
    converted = found.entries.filter(decision=Decision.CONVERT.value).order_by()
    for kind, count in converted.values_list("after_kind").annotate(count=Count("id")):
        after[kind] = after.get(kind, 0) + count
    counts = dict(before)
    kinds = [kind.value for kind in ItemKind if kind.value in {*counts, *after}]
    return [
        KindFigures(KINDS[ItemKind(one)].label, counts.get(one, 0), after.get(one, 0))
        for one in kinds
    ]


def after_both(found: Campaign) -> After | None:
    """How many of this kind there are with what the campaigns beside it converted into it."""
    others = Campaign.objects.filter(beside=found).order_by("id")
    converted, is_inside = 0, None
    for other in others:
        rows = other.entries.filter(decision=Decision.CONVERT.value, after_kind=found.scope_kind)
        converted += rows.count()
        is_inside = other.is_converted_inside
    return After(balance(found).retained, converted, is_inside) if converted else None


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
    names = _names(listed, on)
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


def _names(listed: Iterable[CampaignEntry], on: date) -> dict[int, str]:
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


# ── of one item; of a year ────────────────────────────────────────────────────────────────────


def fates_of(item_id: int, on: date) -> list[dict[str, Any]]:
    """What announced campaigns decided of an item, and which items went on in it: kept for good."""
    rows = CampaignEntry.objects.filter(item=item_id, campaign__state=CampaignState.ANNOUNCED.value)
    rows = rows.select_related("campaign").prefetch_related(
        "merges_into__target__item", "merged_from__source__item"
    )
    listed = list(rows.order_by("campaign__announced_at", "id"))
    names = _names(listed, on)
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
