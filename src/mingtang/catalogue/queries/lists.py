"""Reads of lists: what goes on one, which there are, what changed, copies; who is in the hall."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.clock import day_bounds, legal_date, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.catalogue import queries
from mingtang.catalogue.models import Draft, Edition, Item, ItemStatus, ListRow, PowerList, Printing
from mingtang.catalogue.rules.drafts import OPEN_STATES
from mingtang.catalogue.rules.lists import (
    COLUMNS,
    Difference,
    Line,
    ListKind,
    belongs,
    difference,
    row_content,
)
from mingtang.ledger import queries as ledger
from mingtang.regions import queries as regions

KEEPERS = (Role.REFORM_OFFICE,)
PRINTERS = (Role.REFORM_OFFICE, Role.DISCLOSURE_OFFICE)
PAGE = 30
STATE_AFTER = {
    "item.abolished": ItemStatus.ABOLISHED,
    "item.suspended": ItemStatus.SUSPENDED,
    "item.resumed": ItemStatus.ACTIVE,
}


class ListNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("没有这份清单，请回到清单列表核对。")


# ── what goes on a list ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Listed:
    """An item as a list takes it; `department_id`: the unit that had it on the day."""

    item: Item
    department_id: int
    edition: Edition
    content: dict[str, str]


def items_for(kind: ListKind, organisation_ids: Iterable[int], on: date) -> Iterator[Listed]:
    """The items of these units in force on a day, as a list of this kind says them; by unit and
    code. Each has the edition, the state and the department of that day."""
    had = _had_by(organisation_ids, on)
    items = [item for item, _unit in had]
    editions = Edition.objects.in_bulk([item.then for item in items])
    states = states_on(items, on)
    names = regions.names_of({unit for _item, unit in had}, on)
    for item, unit in had:
        edition = editions[item.then]
        content = queries.edition_content_of(edition) | {"main_item": item.main_item}
        state = states[item.id]
        if state is not ItemStatus.ABOLISHED and belongs(kind, content):
            subject = names.get(unit, "")
            said = row_content(kind, content, subject=subject, state=str(state.label))
            yield Listed(item, unit, edition, said)


def _had_by(organisation_ids: Iterable[int], on: date) -> list[tuple[Any, int]]:
    """The items that these units had at the end of a day, published by then (`then`: the edition),
    each with its unit; by unit and code. What was handed over since is where it was."""
    units, left = set(organisation_ids), _left_after(on)
    back = [item_id for item_id, unit in left.items() if unit in units]
    end = day_bounds(on)[1]
    latest = Edition.objects.filter(item=OuterRef("pk"), published_at__lt=end).order_by("-number")
    rows = Item.objects.filter(Q(department_id__in=units) | Q(id__in=back))
    rows = rows.annotate(then=Subquery(latest.values("id")[:1])).filter(then__isnull=False)
    had = [(item, left.get(item.id, item.department_id)) for item in rows.order_by("code", "id")]
    order = {card.id: card.unit3 for card in regions.organisation_cards(on)}
    kept = [(item, unit) for item, unit in had if unit in units]
    return sorted(kept, key=lambda one: order.get(one[1], ""))


def _left_after(on: date) -> dict[int, int]:
    """The units that handed items over after a day, by item: the first since then had it."""
    found: dict[int, int] = {}
    for event in ledger.events_within(["item.moved"], on + timedelta(days=1), date.max):
        found.setdefault(int(event.stream.partition(":")[2]), int(event.facts["from_id"]))
    return found


def states_on(items: Iterable[Item], on: date) -> dict[int, ItemStatus]:
    """The states that items had at the end of a day: from the ledger where they ever changed,
    those in force again too."""
    listed = list(items)
    told = ledger.histories((f"item:{one.id}" for one in listed), STATE_AFTER)
    found: dict[int, ItemStatus] = {}
    for one in listed:
        ends = told[f"item:{one.id}"]
        past = [event for event in ends if legal_date(event.at) <= on]
        unchanged = ItemStatus.ACTIVE if ends else ItemStatus(one.status)
        found[one.id] = STATE_AFTER[past[-1].kind] if past else unchanged
    return found


# ── the lists ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ListCard:
    id: int
    kind: str
    kind_label: str
    unit: str
    year: int
    number: int
    as_of_date: date
    row_count: int
    is_frozen: bool


def lists(
    on: date, *, kind: str = "", text: str = "", keeper: Scope | None = None, after: str = ""
) -> tuple[list[ListCard], str]:
    """A page of lists, the newest first: of a kind, of units whose name has a text; and where it
    ended. Those that are not frozen yet are there for their `keeper` alone."""
    rows = PowerList.objects.order_by("-as_of_date", "-id")
    rows = rows.filter(Q(frozen_at__isnull=False) | _kept_by(keeper))
    if kind in set(ListKind):
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(organisation_id__in=regions.organisation_ids_named(text))
    last = PowerList.objects.filter(id=parse_id(after) or 0).first()
    if last:
        older = Q(as_of_date__lt=last.as_of_date)
        rows = rows.filter(older | Q(as_of_date=last.as_of_date, id__lt=last.id))
    found = list(rows[: PAGE + 1])
    names = regions.names_of([one.organisation_id for one in found], on)
    cards = [_card(one, names.get(one.organisation_id, "")) for one in found[:PAGE]]
    return cards, str(found[PAGE - 1].id) if len(found) > PAGE else ""


def _kept_by(keeper: Scope | None) -> Q:
    """The lists that `keeper_of` gives to somebody, as a filter."""
    grants = [one for one in keeper.grants if one.role in KEEPERS] if keeper else []
    units = {unit for one in grants for unit in one.organisation_ids}
    places = {place for one in grants for place in one.region_ids}
    return Q(organisation_id__in=units) | Q(organisation__region_id__in=places)


def _card(one: PowerList, unit: str) -> ListCard:
    return ListCard(
        id=one.id,
        kind=one.kind,
        kind_label=ListKind(one.kind).label,
        unit=unit,
        year=one.year,
        number=one.number,
        as_of_date=one.as_of_date,
        row_count=one.row_count,
        is_frozen=one.frozen_at is not None,
    )


def power_list(list_id: int) -> PowerList:
    """Raises NotFound."""
    rows = PowerList.objects.select_related("organisation", "made_by", "frozen_by")
    found = rows.filter(id=list_id).first()
    if found is None:
        raise ListNotFound
    return found


def public_list(list_id: int) -> PowerList:
    """A list that was frozen. Raises NotFound."""
    found = power_list(list_id)
    if found.frozen_at is None:
        raise ListNotFound
    return found


def keeper_of(scope: Scope, found: PowerList) -> Grant | None:
    """The right to freeze this list."""
    unit = found.organisation
    grants = scope.grants_for(
        KEEPERS, organisation_id=unit.id, item_code="", region_id=unit.region_id
    )
    return grants[0] if grants else None


def grant_of(scope: Scope, roles: Iterable[Role]) -> Grant | None:
    """One's own post before one held for somebody else."""
    wanted = frozenset(roles)
    grants = [one for one in scope.grants if one.role in wanted]
    return min(grants, key=lambda one: one.acting_for_id is not None, default=None)


def unit_choices(scope: Scope, on: date) -> list[tuple[str, str]]:
    """The units of which this person may make lists: id and name."""
    grants = [one for one in scope.grants if one.role in KEEPERS]
    cards = regions.organisation_cards(on, kinds=["department", "township", "other"])
    return [
        (str(card.id), card.name)
        for card in cards
        if any(
            card.id in one.organisation_ids or card.region_id in one.region_ids for one in grants
        )
    ]


def unit_name(found: PowerList, on: date) -> str:
    """What the unit of a list was called."""
    return regions.name_of(found.organisation_id, on)


def centre_id() -> int:
    """The unit whose hall the handbook is of. Raises NotFound where there is no hall."""
    cards = regions.organisation_cards(today(), kinds=["centre"])
    if not cards:
        raise NotFound("还没有登记行政服务中心，不能生成汇编。")
    return cards[0].id


# ── rows ──────────────────────────────────────────────────────────────────────────────────────


def rows_of(
    found: PowerList, *, text: str = "", after: str = "", page: int | None = PAGE
) -> tuple[list[ListRow], str]:
    """A page of the rows of a list, or all of them with `page` None; and where it ended."""
    rows = _matching(found, text)
    last = parse_id(after)
    if last is not None:
        rows = rows.filter(position__gt=last)
    rows = rows.order_by("position", "id")
    if page is None:
        return list(rows), ""
    listed = list(rows[: page + 1])
    return listed[:page], str(listed[page - 1].position) if len(listed) > page else ""


def _matching(found: PowerList, text: str) -> "QuerySet[ListRow]":
    rows = ListRow.objects.filter(power_list=found)
    return rows.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else rows


def by_department(found: PowerList, on: date) -> list[tuple[str, int]]:
    """How many rows each department has, by name."""
    rows = ListRow.objects.filter(power_list=found).order_by()
    counts = dict(rows.values_list("organisation_id").annotate(count=Count("id")))
    names = regions.names_of(counts, on)
    return sorted((names.get(one, ""), count) for one, count in counts.items())


def before(found: PowerList) -> PowerList | None:
    """The list of the year before with which this one is compared: its last frozen edition."""
    rows = PowerList.objects.filter(
        kind=found.kind,
        organisation_id=found.organisation_id,
        year__lt=found.year,
        frozen_at__isnull=False,
    )
    return rows.order_by("-year", "-number").first()


def changes(earlier: PowerList, later: PowerList) -> Difference:
    """What came, went and changed from one list to another."""
    columns = [one for one in COLUMNS[ListKind(later.kind)] if one != "code"]
    return difference(_lines(earlier), _lines(later), columns)


def _lines(found: PowerList) -> list[Line]:
    rows = ListRow.objects.filter(power_list=found).order_by("position", "id")
    return [Line(*row) for row in rows.values_list("code", "name", "content")]


# ── the hall; copies ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class HallFigures:
    """How many items of how many departments are in the hall, as of which day, and by what that is
    known: a frozen handbook, or with `list_id` None the items as they are now."""

    items: int
    departments: int
    as_of_date: date
    list_id: int | None


def hall_figures(on: date) -> HallFigures:
    """Counted from rows: those of the last handbook frozen as of that day or before, else the
    items that are not abolished and say that they are handled in the hall, drafts with them."""
    rows = PowerList.objects.filter(
        kind=ListKind.HANDBOOK.value, as_of_date__lte=on, frozen_at__isnull=False
    )
    last = rows.order_by("-as_of_date", "-id").first()
    if last is not None:
        counted = ListRow.objects.filter(power_list=last)
        units = counted.order_by().values("organisation_id").distinct().count()
        return HallFigures(counted.count(), units, last.as_of_date, last.id)
    items = items_in_hall()
    units = items.order_by().values("department_id").distinct().count()
    return HallFigures(items.count(), units, today(), None)


def items_in_hall() -> QuerySet[Item]:
    """The items that say now that they are handled in the hall, published or drafted."""
    drafted = Draft.objects.filter(
        state__in=[one.value for one in OPEN_STATES], content__in_centre=True
    )
    said = Q(current_edition__details__in_centre=True)
    said |= Q(current_edition=None, id__in=drafted.values("item_id"))
    return Item.objects.filter(said).exclude(status=ItemStatus.ABOLISHED.value)


@dataclass(frozen=True)
class PrintingRow:
    id: int
    title: str
    copies_count: int
    printed_date: date
    unit: str
    note: str
    shares: list[tuple[str, int]]


def printings(on: date, *, after: str = "") -> tuple[list[PrintingRow], str]:
    """A page of what was printed, the last first, with to whom it went; and where it ended."""
    rows = Printing.objects.prefetch_related("shares").order_by("-printed_date", "-id")
    last = Printing.objects.filter(id=parse_id(after) or 0).first()
    if last:
        older = Q(printed_date__lt=last.printed_date)
        rows = rows.filter(older | Q(printed_date=last.printed_date, id__lt=last.id))
    found = list(rows[: PAGE + 1])
    names = regions.names_of([one.organisation_id for one in found], on)
    shown = [
        PrintingRow(
            one.id,
            one.title,
            one.copies_count,
            one.printed_date,
            names.get(one.organisation_id, ""),
            one.note,
            [
                (share.recipient, share.copies_count)
                for share in sorted(one.shares.all(), key=lambda share: share.position)
            ],
        )
        for one in found[:PAGE]
    ]
    return shown, str(found[PAGE - 1].id) if len(found) > PAGE else ""


def copies_in(year: int) -> int:
    """How many copies were printed in a year."""
    rows = Printing.objects.filter(printed_date__year=year)
    return int(rows.aggregate(total=Sum("copies_count"))["total"] or 0)
