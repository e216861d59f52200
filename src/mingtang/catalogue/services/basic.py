"""Services: lists of the basic catalogue (基本目录), and drafts that follow it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.catalogue import queries
from mingtang.catalogue.models import BasicItem
from mingtang.catalogue.queries.basic import fields, last_rows
from mingtang.catalogue.rules.basic import Basic, not_in_force, settled
from mingtang.catalogue.rules.basic_list import BASIC, Changes, plan
from mingtang.catalogue.rules.content import Content
from mingtang.catalogue.rules.drafts import DraftInvalid
from mingtang.catalogue.rules.rows import Finding, RawRow
from mingtang.catalogue.services.sheets import read_items_file
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all

DEMO = Path(__file__).parents[1] / "data" / "demo_basic.csv"
DEMO_SINCE = date(2013, 1, 1)


class BasicRefused(DomainError):
    """The list has errors; nothing was written."""

    def __init__(self, errors: Sequence[Finding]) -> None:
        first = errors[0]
        super().__init__(
            f"有{len(errors)}处错误，基本目录没有改动。第{first.row}行：{first.text}。请改正后重新导入。"
        )
        self.errors = list(errors)


def read_basic_file(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, XLSX or XLS list. Raises SheetError."""
    return read_items_file(path, BASIC)


def plan_basic_items(
    rows: Sequence[RawRow], *, valid_from: date, is_partial: bool = False
) -> Changes:
    """What loading a list would do. Reads only."""
    return plan(rows, last_rows(), valid_from=valid_from, is_partial=is_partial)


@command("basic.load")
def load_basic_items(
    *,
    rows: Sequence[RawRow],
    valid_from: date,
    source: str,
    is_partial: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Put a list (as `read_basic_file` gives it) in force from a day, whole or not at all.

    What the list says otherwise begins, what held before ends the day before; rows that say the
    same stay. Local items stay as they are: the report of deviations tells them. Raises
    BasicRefused.
    """
    changes = plan_basic_items(rows, valid_from=valid_from, is_partial=is_partial)
    if changes.errors:
        raise BasicRefused(changes.errors)
    _write(changes, source)
    entries = list(_entries(changes, source))
    if entries:
        record_all(entries, actor=actor, at=at, command_id=command_id)
    return {
        "source": source,
        "new": len(changes.new),
        "changed": len(changes.replaced) + len(changes.corrected),
        "ended": len(changes.ended),
        "same": changes.same_count,
        "doubts": len(changes.doubts),
    }


def _write(changes: Changes, source: str) -> None:
    """Ends before beginnings: no code is in force twice."""
    held = {row.code: row for row in BasicItem.objects.filter(valid_to=None)}
    ended = [*changes.ended, *(old for old, _new in changes.replaced)]
    _rewrite(held, ended, ["valid_to"])
    _rewrite(held, [new for _old, new in changes.corrected], CORRECTED)
    begun = [*changes.new, *(new for _old, new in changes.replaced)]
    BasicItem.objects.bulk_create(
        BasicItem(source=source, **{name: getattr(row, name) for name in COLUMNS}) for row in begun
    )


CORRECTED = ["name", "kind", "basis", "levels"]
COLUMNS = ("code", "valid_from", "valid_to", *CORRECTED)


def _rewrite(held: Mapping[str, BasicItem], rows: Sequence[Basic], names: Sequence[str]) -> None:
    changed = [held[row.code] for row in rows]
    for one, row in zip(changed, rows, strict=True):
        for name in names:
            setattr(one, name, getattr(row, name))
    BasicItem.objects.bulk_update(changed, names, batch_size=200)


def _entries(changes: Changes, source: str) -> Iterator[Entry]:
    def told(kind: str, row: Basic, before: Basic | None = None) -> Entry:
        facts = _facts(row) | {"source": source, "row": changes.row_of.get(row.code)}
        if before:
            facts["before"] = _facts(before)
        return Entry(f"basic:{row.code}", kind, facts, row.valid_to or row.valid_from)

    for row in changes.new:
        yield told("basic_item.begun", row)
    for old, row in changes.replaced:
        yield told("basic_item.replaced", row, old)
    for old, row in changes.corrected:
        yield told("basic_item.corrected", row, old)
    for row in changes.ended:
        yield told("basic_item.ended", row)


def _facts(row: Basic) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "basis": row.basis,
        "levels": list(row.levels),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
    }


def load_demo_basic_items(*, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Load the basic items that go with the demonstration items."""
    return load_basic_items(
        rows=read_basic_file(DEMO),
        valid_from=DEMO_SINCE,
        source=DEMO.name,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def beside_basic(content: Content, before: Content, on: date) -> Content:
    """What a draft may keep on a day, with what it inherits.

    Raises DraftInvalid for a locked field that was changed, and for a basic code put in that does
    not hold; one that stood there before stays until the gate asks.
    """
    code = content.get("basic_code")
    basic = queries.basic_for(content, on)
    if not code:
        return content
    if basic is None or not basic.holds_on(on):
        if code != before.get("basic_code"):
            raise DraftInvalid([f"“基本编码”：{not_in_force(code, basic, on)}"])
        return content
    kept, faults = settled(content, before, basic, fields())
    if faults:
        raise DraftInvalid(faults)
    return kept
