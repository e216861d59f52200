"""Search of the catalogue: the text by which an item is found, written where items are."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from mingtang.base import search
from mingtang.base.search import Document
from mingtang.catalogue.models import Edition, Item, ItemStatus
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.regions import queries as regions

KIND = "item"
CHUNK = 400
# Who searches for a matter mostly wants it for the first time: what follows upon it comes after.
FOLLOW_UP = re.compile(
    "变更|延续|延期|注销|补办|补发|换发|补证|终止|停业|歇业|恢复|年度|校验|查询|咨询"
)
FOLLOWS, NOT_APPLIED_FOR = -0.07, -0.1


def index_items(items: Iterable[Item], on: date) -> int:
    """Put items with their current editions into the index, in the open transaction.

    Call it whenever an item's edition, department, main item or status has changed: one that is
    not in force is taken out.
    """
    given = list(items)
    listed = [item for item in given if item.current_edition and item.status == ItemStatus.ACTIVE]
    gone = {item.id for item in given} - {item.id for item in listed}
    search.remove(f"{KIND}:{one}" for one in sorted(gone))
    units = {item.department_id for item in listed}
    names = regions.names_of(units, on)
    short = regions.short_names_of(units, on)
    unit_of = {one: f"{names.get(one, '')} {short.get(one, '')}" for one in units}
    return search.index(_document(item, unit_of[item.department_id]) for item in listed)


def reindex_items(on: date) -> int:
    """Make the index of all items anew."""
    search.clear(KIND)
    return sum(index_items(part, on) for part in _all_in_force())


def _all_in_force() -> Iterator[list[Item]]:
    rows = _in_force().order_by("id")
    last = 0
    while part := list(rows.filter(id__gt=last).select_related("current_edition")[:CHUNK]):
        yield part
        last = part[-1].id


def _document(item: Item, unit: str) -> Document:
    edition = item.current_edition
    assert edition is not None
    return Document(
        subject=f"{KIND}:{item.id}",
        name=edition.name,
        main=item.main_item,
        unit=unit,
        code=item.code,
        body=_body(edition),
        facets=facets_of(item.department_id, edition.kind, edition.served),
        weight=_weight(edition),
    )


def facets_of(department_id: int, kind: str, served: str) -> str:
    return f"{department_id}/{kind}/{served}"


def facet_values(facets: str) -> tuple[int, str, str]:
    """Department, kind and whom it serves, as `facets_of` joined them."""
    department, kind, served = facets.split("/")
    return int(department), kind, served


def _body(edition: Edition) -> str:
    materials = "\n".join(line["name"] for line in edition.materials)
    return "\n".join([edition.conditions, materials, edition.basis])


def _weight(edition: Edition) -> float:
    weight = FOLLOWS if FOLLOW_UP.search(edition.name) else 0.0
    return weight if KINDS[ItemKind(edition.kind)].is_applied_for else weight + NOT_APPLIED_FOR


def missing_from_index() -> int:
    """How many items a search cannot find, because they are not in the index."""
    return _in_force().exclude(id__in=search.keys_of(KIND)).count()


def _in_force() -> QuerySet[Item]:
    return Item.objects.filter(status=ItemStatus.ACTIVE).exclude(current_edition=None)
