"""Services: import items from a table, all or nothing; unchanged rows change nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.progress import steps
from mingtang.base.rows import insert_rows, update_rows
from mingtang.catalogue.models import Draft, Edition, Item
from mingtang.catalogue.rules.content import content_hash, kept
from mingtang.catalogue.rules.drafts import DraftState
from mingtang.catalogue.rules.rows import RawRow
from mingtang.catalogue.search import index_items
from mingtang.catalogue.services.plan import (
    CHUNK,
    ImportRefused,
    Plan,
    Planned,
    department_key,
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
    *,
    rows: Sequence[RawRow],
    source: str,
    as_published: bool = False,
    as_drafts: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Take the rows of a table (as `read_items_file` gives them). Raises ImportRefused.

    What passes the publish gate becomes an item's first or next edition; what does not becomes
    its draft. `as_published`: a list in force elsewhere stays in force, complete or not.
    `as_drafts`: nothing is published. Items that the table does not name stay as they are.
    """
    _hold({row.get("task_code", "").strip() for row in rows})
    on = legal_date(at)
    plan = plan_import(rows, on=on, as_published=as_published, as_drafts=as_drafts)
    if plan.errors:
        raise ImportRefused(plan.errors)
    told = {"actor": actor, "at": at, "command_id": command_id}
    _register(plan, source, told)
    _write(plan, source, told)
    return {
        "source": source,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": len(plan.same),
        "drafts": len(plan.drafts),
        "departments_new": len(plan.departments),
        "regions_new": len(plan.region_codes),
        "doubts": len(plan.doubts),
    }


def _hold(codes: Collection[str]) -> None:
    """Keep the named items till the end: nobody writes, publishes or suspends meanwhile.

    In order of their codes, so that two imports never wait for each other.
    """
    ordered = sorted(codes)
    for start in range(0, len(ordered), CHUNK):
        part = Item.objects.select_for_update(of=("self",)).order_by("code")
        list(part.filter(code__in=ordered[start : start + CHUNK]).values_list("id"))


def _register(plan: Plan, source: str, told: dict[str, Any]) -> None:
    codes = {*plan.region_codes, *(one.region_code for one in plan.departments)}
    if not codes:
        return
    at = told["at"]
    ids = register_regions(codes, source=source, on=legal_date(at), **told)
    plan.department_ids |= register_departments(plan.departments, region_ids=ids, **told)


def _write(plan: Plan, source: str, told: dict[str, Any]) -> None:
    fresh = {one.row.code: Item(code=one.row.code, name=one.row.name) for one in plan.new}
    known = {one.row.code: one.item for one in plan.changed if one.item}
    items = fresh | known
    for one in [*plan.new, *plan.changed]:
        item = items[one.row.code]
        if item.current_edition is None or not one.lacks:
            item.name, item.main_item = one.row.name, one.content["main_item"]
            item.department_id = plan.department_ids[department_key(one.row)]
    editions = [
        _edition(one, items[one.row.code], source, told)
        for one in steps("导入事项", plan.editions, len(plan.editions))
    ]
    drafts = [_draft(one, items[one.row.code], told) for one in plan.drafts]
    entries = [_published(edition) for edition in editions]
    entries += [
        _drafted(draft, one, source) for draft, one in zip(drafts, plan.drafts, strict=True)
    ]
    for edition in editions:
        edition.item.current_edition = edition
    insert_rows(list(fresh.values()))
    insert_rows(editions)
    _write_drafts(drafts)
    for start in range(0, len(plan.superseded), CHUNK):
        gone = [draft.id for draft in plan.superseded[start : start + CHUNK]]
        Draft.objects.filter(id__in=gone).delete()
    update_rows(list(known.values()), "department", "name", "main_item", "current_edition")
    index_items(items.values(), legal_date(told["at"]))
    record_all(entries, **told)


def _edition(planned: Planned, item: Item, source: str, told: dict[str, Any]) -> Edition:
    return Edition(
        item=item,
        number=(item.current_edition.number if item.current_edition else 0) + 1,
        published_at=told["at"],
        published_by_label=told["actor"].label,
        content_hash=content_hash(planned.content),
        source=source,
        source_row=planned.row.row,
        **kept(planned.content),
    )


def _draft(planned: Planned, item: Item, told: dict[str, Any]) -> Draft:
    """What an earlier import laid down and nobody touched is written over."""
    draft = planned.draft or Draft(item=item, opened_at=told["at"])
    draft.state = DraftState.DRAFT.value
    draft.base_number = item.current_edition.number if item.current_edition else 0
    draft.content = planned.content
    return draft


def _write_drafts(drafts: Sequence[Draft]) -> None:
    known = [draft for draft in drafts if not draft._state.adding]
    for draft in known:
        draft.revision += 1  # a page opened before is told
    Draft.objects.bulk_create(draft for draft in drafts if draft._state.adding)
    Draft.objects.bulk_update(known, ["base_number", "content", "revision"], batch_size=200)


def _published(edition: Edition) -> Entry:
    facts = {
        "code": edition.item.code,
        "name": edition.name,
        "kind": edition.kind,
        "edition_id": str(edition.id),
        "number": edition.number,
        "department_id": str(edition.item.department_id),
        "content_hash": edition.content_hash,
        "source": edition.source,
        "row": edition.source_row,
    }
    return Entry(f"item:{edition.item_id}", "item.published", facts)


def _drafted(draft: Draft, planned: Planned, source: str) -> Entry:
    facts = {
        "code": draft.item.code,
        "department_id": str(draft.item.department_id),
        "draft_id": str(draft.id),
        "base_number": draft.base_number,
        "source": source,
        "row": planned.row.row,
        "lacks": list(dict.fromkeys(lack.field for lack in planned.lacks)),
    }
    return Entry(f"item:{draft.item_id}", "item.draft_imported", facts)


def import_demo_items(
    *, as_published: bool = False, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Import the demonstration items that come with the system."""
    return import_items(
        rows=read_items_file(DEMO),
        source=DEMO.name,
        as_published=as_published,
        actor=actor,
        at=at,
        command_id=command_id,
    )
