"""Commands of the standard catalogue: a table is taken in whole, lines lead to what is public."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from mingtang.base.cells import guarded
from mingtang.base.errors import Conflict, NotFound
from mingtang.catalogue.services.exporting import write_table
from mingtang.catalogue.services.sheets import read_table, rows_of
from mingtang.disclosure.models import CatalogueEntry, CatalogueLink
from mingtang.disclosure.queries.every import all_public
from mingtang.disclosure.queries.standard import entries_of, lines_of
from mingtang.disclosure.rules import standard
from mingtang.disclosure.rules.standard import Changes, Entry, StandardRefused
from mingtang.disclosure.services.common import Result, person_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

Row = Mapping[str, str]


def read_standard_file(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, XLSX or XLS table, headed by one line or two. Raises SheetError."""
    table = standard.one_heading(read_table(path, standard.STANDARD))
    return rows_of(table, path.name, standard.STANDARD)


def plan_standard(organisation_id: int, rows: Iterable[Row]) -> Changes:
    """What a table would change. Reads only."""
    return standard.plan(rows, lines_of(organisation_id))


@command("standard.import")
def import_standard(
    *,
    organisation_id: int,
    rows: Sequence[Row],
    source: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Put a table in place of an organ's catalogue, whole or not at all: what it leaves out ends,
    what it says otherwise changes. Records "standard.imported". Raises StandardRefused."""
    changes = plan_standard(organisation_id, rows)
    if changes.mistakes:
        raise StandardRefused(changes.mistakes)
    _write(organisation_id, changes, actor, at)
    facts = {
        "organisation_id": str(organisation_id),
        "source": source,
        "new": len(changes.new),
        "changed": len(changes.changed),
        "ended": len(changes.ended),
        "same": changes.same_count,
        "digest": standard.digest(lines_of(organisation_id)),
    }
    record(
        stream=f"standard:{organisation_id}",
        kind="standard.imported",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return facts


def _write(organisation_id: int, changes: Changes, actor: Actor, at: datetime) -> None:
    person = int(actor.id) if actor.id else None
    rows = CatalogueEntry.objects.select_for_update().filter(organisation=organisation_id)
    held = {(row.first, row.second): row for row in rows}
    for one in changes.ended:
        row = held[one.key]
        row.ended_at, row.ended_by_id = at, person
    for one in (*changes.changed, *changes.new):
        if (known := held.get(one.key)) is None:
            continue
        _fill(known, one)
        known.entered_at, known.entered_by_id = at, person
        known.ended_at = known.ended_by = None
    CatalogueEntry.objects.bulk_update(held.values(), [*COLUMNS, *STAMPS], batch_size=100)
    CatalogueEntry.objects.bulk_create(
        CatalogueEntry(
            organisation_id=organisation_id,
            entered_at=at,
            entered_by_id=person,
            **asdict(one) | {"carriers": list(one.carriers)},
        )
        for one in changes.new
        if one.key not in held
    )


COLUMNS = list(Entry.__dataclass_fields__)
STAMPS = ["entered_at", "entered_by", "ended_at", "ended_by"]


def _fill(row: CatalogueEntry, one: Entry) -> None:
    for name, value in asdict(one).items():
        setattr(row, name, list(value) if name == "carriers" else value)


def export_standard(path: Path, organisation_id: int) -> int:
    """Write an organ's catalogue as a table that `import_standard` reads back the same."""
    entries = lines_of(organisation_id)
    rows = [[guarded(cell) for cell in standard.cells(one)] for one in entries]
    write_table(path, rows, list(standard.LABELS.values()), "公开目录")
    return len(entries)


@command("standard.link")
def link_entry(
    *, entry_id: int, publication_id: int, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Say that something public belongs to a line of its organ's catalogue. Records
    "standard.linked"."""
    entry = CatalogueEntry.objects.filter(id=entry_id, ended_at=None).first()
    item = all_public().filter(id=publication_id).first()
    if entry is None or item is None or entry.organisation_id != item.organisation_id:
        raise NotFound("没有找到这条目录，或者这条信息不是本单位正在公开的，请核对索引号。")
    _, is_new = CatalogueLink.objects.get_or_create(
        entry=entry,
        publication=item,
        defaults={"linked_at": at, "linked_by_id": person_of(actor)},
    )
    if not is_new:
        raise Conflict("这条信息已经关联到这条目录了。")
    _tell(entry, "standard.linked", item.id, actor, at, command_id)
    return {"entry_id": str(entry.id)}


@command("standard.unlink")
def unlink_entry(
    *, entry_id: int, publication_id: int, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Take that back. Records "standard.unlinked"."""
    found = CatalogueLink.objects.select_related("entry").filter(
        entry=entry_id, publication=publication_id
    )
    row = found.first()
    if row is None:
        raise NotFound("没有找到这项关联，可能已经取消，请刷新页面。")
    entry = row.entry
    row.delete()
    _tell(entry, "standard.unlinked", publication_id, actor, at, command_id)
    return {"entry_id": str(entry.id)}


def _tell(
    entry: CatalogueEntry,
    kind: str,
    publication_id: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    facts: dict[str, Any] = {
        "organisation_id": str(entry.organisation_id),
        "entry": str(entry),
        "publication_id": str(publication_id),
    }
    stream = f"standard:{entry.organisation_id}"
    record(stream=stream, kind=kind, facts=facts, actor=actor, at=at, command_id=command_id)


__all__ = [
    "entries_of",
    "export_standard",
    "import_standard",
    "link_entry",
    "plan_standard",
    "read_standard_file",
    "unlink_entry",
]
