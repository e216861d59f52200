"""Reads of the catalogue: search, one item, what a case needs of an edition."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, NotFound
from mingtang.base.ids import parse_id
from mingtang.catalogue.models import Edition, Item, ItemStatus
from mingtang.catalogue.rules import (
    DEFAULT_PROMISE,
    KINDS,
    NOT_STATED,
    PROFILES,
    ItemKind,
    Limit,
    Profile,
)
from mingtang.regions import queries as regions
from mingtang.timing.rules import Unit

PAGE = 20


class ItemNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("没有找到这个事项，请核对编码，或在网上办事中按名称查找。")


class ItemNotOpen(Conflict):
    """The item is there, but applications are not taken."""


# ── what a case needs ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Limits:
    """Both limits of an edition. None: no limit of this sort is set."""

    statutory: Limit | None
    promised: Limit | None
    statutory_basis: str
    promised_basis: str


def limits_of(edition: Edition) -> Limits:
    return Limits(
        statutory=_limit(edition.statutory_amount, edition.statutory_unit),
        promised=_limit(edition.promised_amount, edition.promised_unit),
        statutory_basis=edition.statutory_basis,
        promised_basis=DEFAULT_PROMISE if edition.promised_is_default else "",
    )


def _limit(amount: int | None, unit: str | None) -> Limit | None:
    return None if amount is None or unit is None else Limit(amount, Unit(unit))


def profile_of(edition: Edition) -> Profile:
    """The procedure its kind follows: completeness check, delivery, limits by law."""
    return PROFILES[edition.profile]


def edition_for_filing(item_code: str) -> Edition:
    """The edition under which an application is filed now, with item, department and region.

    Raises ItemNotFound or ItemNotOpen.
    """
    found, edition = _published(item_code)
    edition.item = found
    if found.status != ItemStatus.ACTIVE:
        state = ItemStatus(found.status).label
        raise ItemNotOpen(f"事项“{edition.name}”已{state}，不再接收申请。请咨询窗口或另选事项。")
    if not _is_applied_for(edition):
        label = _kind_label(edition)
        raise ItemNotOpen(f"事项“{edition.name}”属于{label}，由部门依职权办理，不需要申请。")
    return edition


def _published(code: str) -> tuple[Item, Edition]:
    """An item with its current edition, department and region. Raises ItemNotFound."""
    rows = Item.objects.select_related("current_edition", "department__region")
    item = rows.filter(code=code).first() if code.isprintable() else None
    if item is None or item.current_edition is None:
        raise ItemNotFound
    return item, item.current_edition


def _is_applied_for(edition: Edition) -> bool:
    return KINDS[ItemKind(edition.kind)].is_applied_for


def _kind_label(edition: Edition) -> str:
    return KINDS[ItemKind(edition.kind)].label


# ── the public list ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ItemRow:
    code: str
    name: str
    department: str
    kind_label: str
    promised_label: str
    fee_label: str


@dataclass(frozen=True)
class ItemPage:
    items: list[ItemRow]
    total: int
    next_after: str


def _listed(text: str, department: int | None, kind: str) -> QuerySet[Item]:
    """Items in force that match. A plain search within names; words in any order, all of them."""
    rows = Item.objects.filter(status=ItemStatus.ACTIVE).exclude(current_edition=None)
    if department is not None:
        rows = rows.filter(department=department)
    if kind:
        rows = rows.filter(current_edition__kind=kind)
    for word in text.split()[:5]:
        named = Q(current_edition__name__icontains=word) | Q(main_item__icontains=word)
        units = regions.organisation_ids_named(word)
        rows = rows.filter(named | Q(code__icontains=word) | Q(department__in=units))
    return rows


def search_items(
    *,
    on: date,
    text: str = "",
    department: int | None = None,
    kind: str = "",
    after: str = "",
) -> ItemPage:
    """A page of items in order of registration; `after` is where the last page ended."""
    rows = _listed(text, department, kind)
    total = rows.count()
    last = parse_id(after)
    if last is not None:
        rows = rows.filter(id__gt=last)
    page = list(rows.select_related("current_edition").order_by("id")[: PAGE + 1])
    names = regions.names_of((item.department_id for item in page), on)
    shown = [_row(item, names.get(item.department_id, "")) for item in page[:PAGE]]
    return ItemPage(shown, total, str(page[PAGE - 1].id) if len(page) > PAGE else "")


def _row(item: Item, department: str) -> ItemRow:
    edition = item.current_edition
    assert edition is not None
    return ItemRow(
        code=item.code,
        name=edition.name,
        department=department,
        kind_label=_kind_label(edition),
        promised_label=_promised_label(edition),
        fee_label=_fee_label(edition),
    )


def _promised_label(edition: Edition) -> str:
    if edition.on_the_spot:
        return _("当场办结")
    promised = limits_of(edition).promised
    return promised.label if promised else NOT_STATED


def _fee_label(edition: Edition) -> str:
    if edition.is_free:
        return _("不收费")
    if edition.fee:
        return edition.fee
    return NOT_STATED if edition.is_free is None else _("收费，标准未载明")


@dataclass(frozen=True)
class DepartmentCount:
    id: str
    name: str
    count: int


def department_counts(on: date) -> list[DepartmentCount]:
    """Departments that have items in force, with how many, the largest first."""
    rows = Item.objects.filter(status=ItemStatus.ACTIVE).exclude(current_edition=None)
    counted = dict(
        rows.values_list("department").annotate(count=Count("id")).order_by("department")
    )
    names = regions.names_of(counted, on)
    found = [DepartmentCount(str(one), names.get(one, ""), n) for one, n in counted.items()]
    return sorted(found, key=lambda one: (-one.count, one.name, one.id))


def kinds_in_use() -> list[dict[str, str]]:
    """The kinds that items in force have, in the order of the national list."""
    rows = Item.objects.filter(status=ItemStatus.ACTIVE).exclude(current_edition=None)
    used = set(rows.values_list("current_edition__kind", flat=True).distinct())
    return [
        {"code": kind.value, "label": row.label}
        for kind, row in KINDS.items()
        if kind.value in used
    ]


# ── one item ──────────────────────────────────────────────────────────────────────────────────


def item_detail(code: str, on: date | None = None) -> dict[str, Any]:
    """An item with its seven disclosures, as its page shows them. Raises ItemNotFound.

    Names are those of the day `on`, or else of the day of publication.
    """
    item, edition = _published(code)
    day = on or legal_date(edition.published_at)
    return _identity(item, edition, day) | _disclosures(edition) | _ways(item, edition)


def _identity(item: Item, edition: Edition, on: date) -> dict[str, Any]:
    published_at: datetime = edition.published_at
    return {
        "code": item.code,
        "name": edition.name,
        "main_item": item.main_item,
        "department": regions.name_of(item.department_id, on),
        "kind_label": _kind_label(edition),
        "edition_number": edition.number,
        "published_at": published_at,
        "status": item.status,
        "status_label": str(ItemStatus(item.status).label),
    }


def _disclosures(edition: Edition) -> dict[str, Any]:
    """What 七公开 asks for beside the name. Blank where the publication does not say."""
    limits = limits_of(edition)
    return {
        "basis": edition.basis,
        "conditions": edition.conditions,
        "materials": [_material(line) for line in edition.materials],
        "procedure": edition.procedure,
        "promised_label": _promised_label(edition),
        "promised_note": limits.promised_basis,
        "statutory_label": limits.statutory.label if limits.statutory else NOT_STATED,
        "statutory_basis": limits.statutory_basis,
        "fee_label": _fee_label(edition),
    }


def _material(line: dict[str, Any]) -> dict[str, Any]:
    """A material as shown; what is not stated is said to be so."""
    shown = {key: line.get(key) or NOT_STATED for key in ("need", "form")}
    copies = line.get("copies")
    return {
        "id": line["id"],
        "name": line["name"],
        **shown,
        "copies": f"{copies}份" if copies else NOT_STATED,
        "note": line.get("note") or "",
    }


def _ways(item: Item, edition: Edition) -> dict[str, Any]:
    return {
        "on_the_spot": edition.on_the_spot,
        "served_label": str(edition.get_served_display()),
        "windows": [
            {"number": one.number, "name": one.name, "place": one.place}
            for one in regions.windows_serving(item.department_id)
        ],
        "can_file": item.status == ItemStatus.ACTIVE and _is_applied_for(edition),
    }


# ── for other pages ───────────────────────────────────────────────────────────────────────────


def popular_items(limit: int) -> list[dict[str, str]]:
    """Items to offer first: the first that one applies for, until use is counted."""
    kinds = [kind.value for kind, row in KINDS.items() if row.is_applied_for]
    rows = Item.objects.filter(status=ItemStatus.ACTIVE, current_edition__kind__in=kinds)
    found = rows.order_by("id").values_list("code", "current_edition__name")[:limit]
    return [{"code": code, "name": name} for code, name in found]


def size() -> dict[str, int]:
    """How many items are in force, and how many editions there are in all."""
    return {
        "items": Item.objects.filter(status=ItemStatus.ACTIVE).count(),
        "editions": Edition.objects.count(),
    }
