"""Search of the catalogue: the text by which an item is found, written where items are."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import QuerySet

from mingtang.base import search
from mingtang.base.progress import steps
from mingtang.base.search import Document
from mingtang.catalogue.models import Edition, Item, ItemStatus, LifeEventItem, Served
from mingtang.catalogue.rules import KINDS, ItemKind, facets
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

    Call it whenever an item's edition, department, main item, status or life events have changed:
    one that is not in force is taken out.
    """
    given = list(items)
    listed = [item for item in given if item.current_edition and item.status == ItemStatus.ACTIVE]
    gone = {item.id for item in given} - {item.id for item in listed}
    search.remove(f"{KIND}:{one}" for one in sorted(gone))
    return search.index(documents_of(listed, on))


def documents_of(items: Sequence[Item], on: date) -> Iterator[Document]:
    """What can be found of items in force."""
    units = {item.department_id for item in items}
    names = regions.names_of(units, on)
    short = regions.short_names_of(units, on)
    unit_of = {one: f"{names.get(one, '')} {short.get(one, '')}" for one in units}
    life = _life_events_of([item.id for item in items])
    for item in items:
        yield _document(item, unit_of[item.department_id], life.get(item.id, ()))


def _life_events_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """The keys of the life events of items."""
    found: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        rows = LifeEventItem.objects.filter(item__in=ids[start : start + CHUNK]).order_by("id")
        for item, key in rows.values_list("item_id", "life_event__key"):
            found[item].append(key)
    return found


def reindex_items(on: date) -> int:
    """Make the index of all items anew."""
    search.clear(KIND)
    return sum(index_items(part, on) for part in steps("重建索引", items_in_force()))


def items_in_force() -> Iterator[list[Item]]:
    """All items that a search may find, with their editions, part by part."""
    rows = _in_force().order_by("id")
    last = 0
    while part := list(rows.filter(id__gt=last).select_related("current_edition")[:CHUNK]):
        yield part
        last = part[-1].id


def _document(item: Item, unit: str, life_events: Sequence[str]) -> Document:
    edition = item.current_edition
    assert edition is not None
    return Document(
        subject=f"{KIND}:{item.id}",
        name=edition.name,
        main=item.main_item,
        unit=unit,
        code=item.code,
        body=_body(edition),
        facets=_facets(item.department_id, edition, life_events),
        weight=_weight(edition),
    )


def _facets(
    department_id: int, edition: Edition, life_events: Sequence[str]
) -> dict[str, Sequence[str]]:
    is_both = edition.served == Served.BOTH
    return {
        facets.DEPARTMENT: [str(department_id)],
        facets.KIND: [edition.kind],
        facets.SERVED: [Served.NATURAL, Served.LEGAL] if is_both else [edition.served],
        facets.LEVEL: edition.details.get("service_levels") or [facets.AT_COUNTY],
        facets.REFERRED: [one] if (one := edition.details.get("pre_examined_by")) else [],
        facets.THEME: edition.details.get("themes") or [],
        facets.LIFE: life_events,
    }


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
