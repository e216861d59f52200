"""Services: import items from a table, all or nothing; unchanged rows change nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.catalogue.models import Edition, Item
from mingtang.catalogue.rules.rows import RawRow
from mingtang.catalogue.search import index_items
from mingtang.catalogue.services.plan import (
    ImportRefused,
    Plan,
    Planned,
    content_hash,
    department_key,
    edition_content,
    plan_import,
)
from mingtang.catalogue.services.sheets import read_items_file
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all
from mingtang.regions.services import register_departments, register_regions

DEMO = Path(__file__).parents[1] / "data" / "demo_items.csv"

Result = dict[str, Any]


@command("item.import")
def import_items(
    *, rows: Sequence[RawRow], source: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Publish the rows of a table (as `read_items_file` gives them). Raises ImportRefused.

    A new code becomes an item with its first edition, a changed row the item's next edition.
    Items that the table does not name stay as they are.
    """
    plan = plan_import(rows)
    if plan.errors:
        raise ImportRefused(plan.errors)
    told = {"actor": actor, "at": at, "command_id": command_id}
    _register(plan, source, told)
    made = [_first(one) for one in plan.new] + [_next(one) for one in plan.changed]
    _write(made, plan, source, told)
    return {
        "source": source,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": plan.same_count,
        "departments_new": len(plan.departments),
        "regions_new": len(plan.region_codes),
        "doubts": len(plan.doubts),
    }


def _register(plan: Plan, source: str, told: dict[str, Any]) -> None:
    codes = {*plan.region_codes, *(one.region_code for one in plan.departments)}
    if not codes:
        return
    at = told["at"]
    ids = register_regions(codes, source=source, on=legal_date(at), **told)
    plan.department_ids |= register_departments(plan.departments, region_ids=ids, **told)


def _first(planned: Planned) -> tuple[Planned, Item, int]:
    return planned, Item(code=planned.row.code), 1


def _next(planned: Planned) -> tuple[Planned, Item, int]:
    item = planned.item
    assert item is not None
    return planned, item, (item.current_edition.number if item.current_edition else 0) + 1


def _write(
    made: Iterable[tuple[Planned, Item, int]], plan: Plan, source: str, told: dict[str, Any]
) -> None:
    fresh: list[Item] = []
    known: list[Item] = []
    editions: list[Edition] = []
    entries: list[Entry] = []
    for planned, item, number in made:
        item.department_id = plan.department_ids[department_key(planned.row)]
        item.main_item = planned.row.main_item
        edition = _edition(planned, item, number, source, told)
        (known if planned.item else fresh).append(item)
        item.current_edition = edition
        editions.append(edition)
        entries.append(_entry(item, edition))
    Item.objects.bulk_create(fresh)
    Edition.objects.bulk_create(editions)
    Item.objects.bulk_update(known, ["department", "main_item", "current_edition"], batch_size=200)
    index_items([*fresh, *known], legal_date(told["at"]))
    record_all(entries, **told)


def _edition(
    planned: Planned, item: Item, number: int, source: str, told: dict[str, Any]
) -> Edition:
    return Edition(
        item=item,
        number=number,
        published_at=told["at"],
        published_by_label=told["actor"].label,
        content_hash=content_hash(planned),
        source=source,
        source_row=planned.row.row,
        **edition_content(planned),
    )


def _entry(item: Item, edition: Edition) -> Entry:
    facts = {
        "code": item.code,
        "name": edition.name,
        "kind": edition.kind,
        "edition_id": str(edition.id),
        "number": edition.number,
        "department_id": str(item.department_id),
        "content_hash": edition.content_hash,
        "source": edition.source,
        "row": edition.source_row,
    }
    return Entry(f"item:{item.id}", "item.published", facts)


def import_demo_items(*, actor: Actor, at: datetime, command_id: str) -> Result:
    """Import the demonstration items that come with the system."""
    return import_items(
        rows=read_items_file(DEMO),
        source=DEMO.name,
        actor=actor,
        at=at,
        command_id=command_id,
    )
