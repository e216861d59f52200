"""Services: take the history of an old system in, for reading alone.

A file is read row by row and written in chunks, each a transaction of its own: an import that was
broken off is run again, and what it had written is known already. At the end one event tells the
account of it: old rows = new + known + refused.
"""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine
from django.db import transaction
from django.db.models import Count

from mingtang.base.cells import guarded
from mingtang.base.errors import Conflict
from mingtang.base.ids import lease, next_id
from mingtang.base.progress import steps
from mingtang.base.rows import insert_values
from mingtang.exchange.models import LegacyCase, LegacyImport
from mingtang.exchange.queries.legacy import codes_of_items, known_numbers
from mingtang.exchange.rules.legacy import (
    Account,
    OldCase,
    OldMapping,
    Refusal,
    UnreadableLegacy,
    check_heads,
    cleaned,
    read_row,
)
from mingtang.exchange.services.cutover import check_not_sealed
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Result, command, record

TOGETHER = 2000
Cells = Mapping[str, str]
Refuse = Callable[[Refusal], object]


class DoesNotAddUp(Conflict):
    def __init__(self, account: Account) -> None:
        super().__init__(
            f"对账不平：旧系统 {account.old} 行，新增 {account.new}，已有 {account.known}，"
            f"退回 {account.refused}。请保留文件，联系维护人员。"
        )


# ── files ─────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def opened(path: Path) -> Iterator[tuple[list[str], Iterator[Cells]]]:
    """The headings of a CSV or XLSX file, and its rows one by one. Raises UnreadableLegacy."""
    try:
        if path.suffix.lower() == ".xlsx":
            yield _sheet(path)
            return
        with path.open(encoding=_encoding(path), newline="", errors="replace") as file:
            lines = csv.reader(file)
            heads = next(lines, [])
            yield heads, (dict(zip(heads, line, strict=False)) for line in lines if line)
    except OSError as problem:
        raise UnreadableLegacy(f"打不开文件 {path.name}：{problem.strerror}。") from None
    except (csv.Error, python_calamine.CalamineError):
        raise UnreadableLegacy(f"{path.name} 不是完整的 CSV 或 XLSX 文件。") from None


def _encoding(path: Path) -> str:
    """Old systems write GBK where they do not write UTF-8: all of the file is looked through."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _sheet(path: Path) -> tuple[list[str], Iterator[Cells]]:
    rows = python_calamine.load_workbook(path).get_sheet_by_index(0).iter_rows()
    heads = [str(one).strip() for one in next(rows, [])]
    return heads, (dict(zip(heads, map(_cell, row), strict=False)) for row in rows)


def _cell(value: object) -> str:
    """Numbers of a sheet are floats: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refusals_to(file: io.TextIOBase) -> Refuse:
    """A writer of refused rows: line, old number, column, sentence."""
    lines = csv.writer(file)
    lines.writerow(("行", "旧编号", "列", "原因"))
    return lambda one: lines.writerow(
        (one.line, guarded(one.old_number), guarded(one.column), guarded(one.sentence))
    )


# ── the import ────────────────────────────────────────────────────────────────────────────────


def rehearse(
    mapping: OldMapping, heads: Sequence[str], rows: Iterator[Cells], refuse: Refuse
) -> Account:
    """Read all of it and write nothing. Raises UnreadableLegacy."""
    account = Account()
    for chunk in _chunks(mapping, heads, rows, refuse, account):
        known = known_numbers(mapping.source, [one.old_number for one in chunk])
        account.known += len(known)
        account.new += len(chunk) - len(known)
    return account


def import_legacy(
    *,
    mapping: OldMapping,
    digest: str,
    heads: Sequence[str],
    rows: Iterator[Cells],
    refuse: Refuse,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Account:
    """Write what is understood and not known yet. Raises UnreadableLegacy, DoesNotAddUp,
    AlreadySealed where the old system was switched off."""
    check_heads(mapping, heads)
    check_not_sealed(mapping.source)
    account = Account()
    row = LegacyImport.objects.create(source=mapping.source, digest=digest, begun_at=at)
    for chunk in _chunks(mapping, heads, rows, refuse, account):
        _write(row, chunk, account)
    _reconcile(row, account)
    _close(
        import_id=row.id,
        counts={"old": account.old, "new": account.new, "known": account.known},
        refused=account.refused,
        states=dict(account.states),
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return account


def _chunks(
    mapping: OldMapping,
    heads: Sequence[str],
    rows: Iterator[Cells],
    refuse: Refuse,
    account: Account,
) -> Iterator[list[OldCase]]:
    """The rows that are understood, some at a time. A number that the file has twice is refused
    the second time."""
    check_heads(mapping, heads)
    codes = {cleaned(name): code for name, code in codes_of_items().items()}
    seen: set[str] = set()
    numbered = enumerate(steps("读取旧系统", rows), 2)
    while part := list(islice(numbered, TOGETHER)):
        chunk = []
        for line, cells in part:
            account.old += 1
            found = read_row(mapping, codes, line, cells)
            if isinstance(found, OldCase) and found.old_number in seen:
                name = mapping.columns["old_number"]
                found = Refusal(line, found.old_number, name, "前面已有同一编号的行。")
            if isinstance(found, Refusal):
                account.refused += 1
                account.reasons[found.column] += 1
                refuse(found)
                continue
            seen.add(found.old_number)
            account.states[found.state.value] += 1
            chunk.append(found)
        yield chunk


def _write(row: LegacyImport, chunk: Sequence[OldCase], account: Account) -> None:
    """What no import has brought is not looked for: of its source this one is the first."""
    lease()
    is_first = not LegacyImport.objects.filter(source=row.source).exclude(id=row.id).exists()
    with transaction.atomic():
        numbers = [] if is_first else [one.old_number for one in chunk]
        known = known_numbers(row.source, numbers)
        fresh = [_case(row, one) for one in chunk if one.old_number not in known]
        insert_values(LegacyCase, fresh)
    account.known += len(known)
    account.new += len(fresh)


def _case(row: LegacyImport, one: OldCase) -> tuple[Any, ...]:
    """A LegacyCase, field by field: nobody needs a million objects."""
    return (
        *(next_id(), row.id, row.source, one.old_number, one.item_name, one.item_code),
        *(one.organisation, one.applicant_name, one.identity_number, one.state.value),
        *(one.submitted_on, one.accepted_on, one.decided_on),
    )


def _reconcile(row: LegacyImport, account: Account) -> None:
    """Count what the database holds, by state, against what was counted on the way."""
    found = LegacyCase.objects.filter(legacy_import=row).values_list("state")
    kept = Counter(dict(found.annotate(count=Count("id")).order_by("state")))
    is_known_only = account.known == 0 and kept != account.states
    if kept.total() != account.new or is_known_only or not account.adds_up:
        raise DoesNotAddUp(account)


@command("legacy.import")
def _close(
    *,
    import_id: int,
    counts: dict[str, int],
    refused: int,
    states: dict[str, int],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    row = LegacyImport.objects.get(id=import_id)
    row.old_count, row.new_count, row.known_count = counts["old"], counts["new"], counts["known"]
    row.refused_count, row.ended_at = refused, at
    row.save(update_fields=["old_count", "new_count", "known_count", "refused_count", "ended_at"])
    record(
        stream=f"legacy:{row.id}",
        kind="legacy.imported",
        facts=counts
        | {"refused": refused, "states": states, "source": row.source, "digest": row.digest},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"import_id": str(row.id)}
