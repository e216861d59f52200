"""Reads of the basic catalogue: what holds on a day, what an item takes from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from mingtang.catalogue.models import BasicItem, Item, ItemStatus
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules import basic as rules
from mingtang.catalogue.rules.basic import Basic
from mingtang.catalogue.rules.details import LEVELS
from mingtang.catalogue.rules.gate import Lack

PAGE = 20
Content = Mapping[str, Any]
Basics = Mapping[str, Basic]  # basic code → its row of a day


def fields() -> tuple[str, ...]:
    """What is inherited and locked in this installation."""
    return tuple(settings.MINGTANG_INHERITED_FIELDS)


def basic_of(code: str, on: date) -> Basic | None:
    """The basic item of a code on a day; one of another day where none holds; None: unknown."""
    return rules.basic_on(map(_basic, BasicItem.objects.filter(code=code).order_by("id")), on)


def all_basics(on: date) -> Basics:
    """The same for every code, read at once."""
    rows: dict[str, list[Basic]] = {}
    for row in BasicItem.objects.order_by("code", "valid_from"):
        rows.setdefault(row.code, []).append(_basic(row))
    found = {code: rules.basic_on(dated, on) for code, dated in rows.items()}
    return {code: row for code, row in found.items() if row}


def last_rows() -> list[Basic]:
    """Of each code the row begun last: what a new list is compared with."""
    last = {row.code: row for row in BasicItem.objects.order_by("code", "valid_from")}
    return [_basic(row) for row in last.values()]


def _basic(row: BasicItem) -> Basic:
    return Basic(
        code=row.code,
        name=row.name,
        kind=row.kind,
        basis=row.basis,
        levels=tuple(row.levels),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


# ── what an item takes from it ────────────────────────────────────────────────────────────────


def basic_for(content: Content, on: date, basics: Basics | None = None) -> Basic | None:
    """The basic item that a content names, from what was read before or from the table."""
    code = content.get("basic_code")
    if not code:
        return None
    return basic_of(code, on) if basics is None else basics.get(code)


def in_force_for(content: Content, on: date) -> Basic | None:
    """The basic item that a content follows on a day, if it names one that holds."""
    basic = basic_for(content, on)
    return basic if basic and basic.holds_on(on) else None


def locked_fields(content: Content, on: date) -> frozenset[str]:
    """The fields of a content that its basic item decides: an edit form shows them locked."""
    basic = in_force_for(content, on)
    return frozenset(rules.inherited(basic, fields())) if basic else frozenset()


def following(content: dict[str, Any], on: date) -> dict[str, Any]:
    """A content with what it inherits on a day."""
    basic = in_force_for(content, on)
    return rules.following(content, basic, fields()) if basic else content


def basic_lacks(content: Content, on: date, basics: Basics | None = None) -> list[Lack]:
    """What the publish gate says of an item's basic code."""
    return list(rules.lacks(content, basic_for(content, on, basics), on, fields()))


# ── the list ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class BasicRow:
    """`count`: how many local items in force implement it."""

    code: str
    name: str
    kind_label: str
    basis: str
    levels_label: str
    valid_from: date
    source: str
    count: int


@dataclass(frozen=True)
class BasicPage:
    rows: list[BasicRow]
    total: int
    next_after: str


def in_force(on: date) -> QuerySet[BasicItem]:
    return BasicItem.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def basic_items(*, on: date, text: str = "", after: str = "") -> BasicPage:
    """A page of the basic items of a day in the order of their codes; `after` is a code."""
    rows = in_force(on)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(code__startswith=word) | Q(basis__icontains=word)
        )
    total = rows.count()
    if after.isascii() and after.isalnum():
        rows = rows.filter(code__gt=after)
    page = list(rows.order_by("code", "id")[: PAGE + 1])
    counts = _implemented(row.code for row in page[:PAGE])
    return BasicPage(
        rows=[_row(row, counts.get(row.code, 0)) for row in page[:PAGE]],
        total=total,
        next_after=page[PAGE - 1].code if len(page) > PAGE else "",
    )


def _implemented(codes: Iterable[str]) -> dict[str, int]:
    """Filtered by the JSON value and grouped by its text: SQLite takes digits for a number where
    the one stands for the other."""
    held = Item.objects.filter(current_edition__details__basic_code__in=list(codes))
    named = KeyTextTransform("basic_code", "current_edition__details")
    rows = held.filter(status=ItemStatus.ACTIVE).annotate(named=named).values_list("named")
    return dict(rows.annotate(count=Count("id")).order_by("named"))


def _row(row: BasicItem, count: int) -> BasicRow:
    return BasicRow(
        code=row.code,
        name=row.name,
        kind_label=KINDS[ItemKind(row.kind)].label,
        basis=row.basis,
        levels_label="、".join(LEVELS[one].label for one in row.levels),
        valid_from=row.valid_from,
        source=row.source,
        count=count,
    )
