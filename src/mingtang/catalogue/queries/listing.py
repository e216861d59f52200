"""Reads of the catalogue: the public list, searched, narrowed and counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from mingtang.base.ids import parse_id
from mingtang.base.search import Search, look_up
from mingtang.catalogue.models import Edition, Item, ItemStatus, Served
from mingtang.catalogue.rules import KINDS, NOT_STATED, ItemKind, Limit
from mingtang.catalogue.search import KIND, facet_values, facets_of
from mingtang.regions import queries as regions
from mingtang.timing.rules import Unit

PAGE = 20
RANK = "r"  # begins the cursor of a searched list: a rank, where an unsearched one has an id
LAST_RANK = 100_000
KINDS_SHOWN = [kind.value for kind in KINDS]
SERVED_SHOWN = [Served.NATURAL.value, Served.LEGAL.value]


@dataclass(frozen=True)
class ItemRow:
    code: str
    name: str
    department: str
    kind_label: str
    promised_label: str
    fee_label: str


@dataclass(frozen=True)
class Choice:
    """One value of a facet, and how many items it would leave, the other choices kept."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Facets:
    departments: list[Choice]
    kinds: list[Choice]
    served: list[Choice]


@dataclass(frozen=True)
class ItemPage:
    """`is_similar`: nothing fits the text in full, these come near it."""

    items: list[ItemRow]
    total: int
    next_after: str
    facets: Facets
    is_similar: bool = False


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; blank: not narrowed."""

    department: int | None
    kind: str
    served: str


def search_items(
    *,
    on: date,
    text: str = "",
    department: int | None = None,
    kind: str = "",
    served: str = "",
    after: str = "",
) -> ItemPage:
    """A page of items: with a text the best first, else in order of registration.

    `after` is where the last page ended.
    """
    asked = look_up(KIND, text) if text.strip() else None
    wanted = Wanted(department, kind, served)
    counts = _counts(asked)
    if asked is None:
        ids, next_after = _registered(_narrowed(_in_force(), wanted), after)
    else:
        fitting = [facets_of(*key) for key in counts if _fits(key, wanted)]
        ids, next_after = _ranked(asked, fitting, after)
    items = _items(ids)
    departments = {row[0] for row in counts} | {item.department_id for item in items}
    names = regions.names_of(sorted(departments), on)
    return ItemPage(
        items=[item_row(item, names.get(item.department_id, "")) for item in items],
        total=_total(counts, wanted),
        next_after=next_after,
        facets=_facets(counts, wanted, names),
        is_similar=asked is not None and asked.is_loose,
    )


# ── which items, in which order ───────────────────────────────────────────────────────────────


def _in_force() -> QuerySet[Item]:
    return Item.objects.filter(status=ItemStatus.ACTIVE).exclude(current_edition=None)


def _narrowed(rows: QuerySet[Item], wanted: Wanted) -> QuerySet[Item]:
    if wanted.department is not None:
        rows = rows.filter(department=wanted.department)
    if wanted.kind:
        rows = rows.filter(current_edition__kind=wanted.kind)
    if wanted.served:
        rows = rows.filter(current_edition__served__in=[wanted.served, Served.BOTH.value])
    return rows


def _registered(rows: QuerySet[Item], after: str) -> tuple[list[int], str]:
    last = parse_id(after)
    if last is not None:
        rows = rows.filter(id__gt=last)
    ids = list(rows.order_by("id").values_list("id", flat=True)[: PAGE + 1])
    return ids[:PAGE], str(ids[PAGE - 1]) if len(ids) > PAGE else ""


def _ranked(asked: Search, facets: list[str], after: str) -> tuple[list[int], str]:
    start = _rank(after)
    hits = asked.page(start, PAGE + 1, facets)
    more = f"{RANK}{start + PAGE}" if len(hits) > PAGE else ""
    return [hit.key for hit in hits[:PAGE]], more


def _rank(after: str) -> int:
    """The rank that a cursor names; 0 for one that names none."""
    rank = parse_id(after.removeprefix(RANK)) if after.startswith(RANK) else None
    return rank if rank is not None and rank <= LAST_RANK else 0


def _items(ids: list[int]) -> list[Item]:
    rows = _in_force().filter(id__in=ids).select_related("current_edition")
    place = {one: at for at, one in enumerate(ids)}
    return sorted(rows, key=lambda item: place[item.id])


# ── facets ────────────────────────────────────────────────────────────────────────────────────

Counts = dict[tuple[int, str, str], int]  # how many items of a department, kind, served party


def _counts(asked: Search | None) -> Counts:
    if asked is not None:
        return {facet_values(facets): count for facets, count in asked.counts.items()}
    keys = ("department", "current_edition__kind", "current_edition__served")
    counted = _in_force().values_list(*keys).annotate(count=Count("id")).order_by(*keys)
    return {(row[0], row[1], row[2]): row[3] for row in counted}


def _fits(key: tuple[int, str, str], wanted: Wanted, but: str = "") -> bool:
    return (
        (but == "department" or wanted.department in {None, key[0]})
        and (but == "kind" or wanted.kind in {"", key[1]})
        and (but == "served" or not wanted.served or key[2] in {wanted.served, Served.BOTH.value})
    )


def _total(counts: Counts, wanted: Wanted) -> int:
    return sum(count for key, count in counts.items() if _fits(key, wanted))


def _facets(counts: Counts, wanted: Wanted, names: Mapping[int, str]) -> Facets:
    departments: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    served: Counter[str] = Counter()
    for key, count in counts.items():
        departments[key[0]] += count * _fits(key, wanted, "department")
        kinds[key[1]] += count * _fits(key, wanted, "kind")
        for one in (Served.NATURAL, Served.LEGAL):
            met = key[2] in {one.value, Served.BOTH.value} and _fits(key, wanted, "served")
            served[one.value] += count * met
    return Facets(
        departments=_departments(departments, names),
        kinds=_kinds(kinds),
        served=[
            Choice(Served.NATURAL.value, _("个人办事"), served[Served.NATURAL.value]),
            Choice(Served.LEGAL.value, _("企业和单位办事"), served[Served.LEGAL.value]),
        ],
    )


def _kinds(counted: Counter[str]) -> list[Choice]:
    return [
        Choice(kind.value, row.label, counted[kind.value])
        for kind, row in KINDS.items()
        if kind.value in counted
    ]


def _departments(counted: Counter[int], names: Mapping[int, str]) -> list[Choice]:
    found = [Choice(str(one), names.get(one, ""), count) for one, count in counted.items()]
    return sorted(found, key=lambda one: (-one.count, one.label, one.code))


# ── a row ─────────────────────────────────────────────────────────────────────────────────────


def item_row(item: Item, department: str) -> ItemRow:
    edition = item.current_edition
    assert edition is not None
    return ItemRow(
        code=item.code,
        name=edition.name,
        department=department,
        kind_label=kind_label(edition),
        promised_label=promised_label(edition),
        fee_label=fee_label(edition),
    )


def kind_label(edition: Edition) -> str:
    return KINDS[ItemKind(edition.kind)].label


def promised_label(edition: Edition) -> str:
    if edition.on_the_spot:
        return _("当场办结")
    amount, unit = edition.promised_amount, edition.promised_unit
    return NOT_STATED if amount is None or unit is None else Limit(amount, Unit(unit)).label


def fee_label(edition: Edition) -> str:
    if edition.is_free:
        return _("不收费")
    if edition.fee:
        return edition.fee
    return NOT_STATED if edition.is_free is None else _("收费，标准未载明")
