"""Rules: what is wrong with a batch. Every fault names the table, the row and the field.

Types, widths, what is required, codes on the day of the row, one row a guid, references between
tables, times in order, operations, the manifest's counts and digests, CSV and XML alike. Reads
files alone: no database, so that whoever receives a batch can check it as we do.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.exchange.rules.codes import CodeBook
from mingtang.exchange.rules.schemes import (
    BATCH,
    CHANGED,
    GUID,
    OPERATION,
    Field,
    Reference,
    Scheme,
    Table,
)
from mingtang.exchange.rules.writing import (
    CODES,
    MANIFEST,
    Batch,
    Row,
    files_of,
    read_batch,
    read_manifest,
)

OPERATIONS = frozenset("IUD")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,9})")
MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Fault:
    """What is wrong where. `line` counts the rows of a file from 1; 0: the file or the batch."""

    table: str
    line: int
    guid: str
    field: str
    reason: str


@dataclass(frozen=True)
class Findings:
    """All faults, and how many rows each table has."""

    faults: tuple[Fault, ...]
    rows: Mapping[str, int]

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())

    @property
    def rejected(self) -> set[tuple[str, int]]:
        """The rows with a fault, by table and line."""
        return {(one.table, one.line) for one in self.faults if one.line}

    @property
    def is_sound(self) -> bool:
        return not self.faults


def check(scheme: Scheme, files: Mapping[str, bytes]) -> Findings:
    """Judge the files of a batch. Raises UnreadableBatch and UnreadableCodes where there is none
    to judge."""
    batch = read_batch(scheme, files)
    faults = [*_files(scheme, files), *judge(scheme, batch)]
    if not faults:
        faults += _mirrored(scheme, batch, files)
    counts = {table.name: len(batch.rows.get(table.name, ())) for table in scheme.tables}
    return Findings(tuple(faults), counts)


def judge(scheme: Scheme, batch: Batch) -> list[Fault]:
    """What is wrong with the rows of a batch, each by itself and between tables."""
    faults = [*_of_batch(scheme, batch), *_of_rows(scheme, batch)]
    return faults + [one for table in scheme.tables for one in _references(table, batch)]


# ── the files as wholes ───────────────────────────────────────────────────────────────────────


def _files(scheme: Scheme, files: Mapping[str, bytes]) -> Iterator[Fault]:
    said, _span = read_manifest(files)
    wanted = [CODES, *(f"{one.name}.{kind}" for one in scheme.tables for kind in ("csv", "xml"))]
    for name in sorted({*wanted, *said["files"]}):
        if name not in files:
            yield Fault(name, 0, "", "", "清单里有这个文件，目录里没有")
        elif hashlib.sha256(files[name]).hexdigest() != said["files"].get(name):
            yield Fault(name, 0, "", "", "内容与清单里的 SHA-256 不符")
    for table in scheme.tables:
        name = f"{table.name}.csv"
        head = files.get(name, b"").split(b"\r\n", 1)[0].decode(errors="replace")
        if name in files and head != ",".join(table.columns):
            yield Fault(table.name, 0, "", "", "表头与方案的字段不一致")


def _of_batch(scheme: Scheme, batch: Batch) -> Iterator[Fault]:
    if (batch.scheme, batch.version) != (scheme.name, scheme.version):
        yield Fault(MANIFEST, 0, "", "", f"批次用的是 {batch.scheme} 第{batch.version}版")
    for name in sorted(scheme.lists() - {one.list for one in batch.codes}):
        yield Fault(CODES, 0, "", name, "没有这个代码表")


def _mirrored(scheme: Scheme, batch: Batch, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """The batch, written again, is the one that was read: counts, XML and order are as they
    should."""
    again = files_of(scheme, batch)
    for name in sorted(again):
        if again[name] != files.get(name):
            reason = "行数或批次号与各表不符" if name == MANIFEST else "与同名 CSV 的内容不一致"
            yield Fault(name, 0, "", "", reason)


# ── each row by itself ────────────────────────────────────────────────────────────────────────


def _of_rows(scheme: Scheme, batch: Batch) -> Iterator[Fault]:
    book = CodeBook(batch.codes)
    for table in scheme.tables:
        rows = batch.rows.get(table.name, ())
        seen: Counter[str] = Counter()
        for line, row in enumerate(rows, 1):
            guid = row[GUID]
            seen[guid] += 1
            if seen[guid] == 2:
                yield Fault(table.name, line, guid, GUID, "记录唯一标识重复")
            for name, reason in _of_row(table, row, batch, book):
                yield Fault(table.name, line, guid, name, reason)


def _of_row(table: Table, row: Row, batch: Batch, book: CodeBook) -> Iterator[tuple[str, str]]:
    changed = _moment(row[CHANGED])
    for field in table.fields:
        reason = _of_value(field, row[field.name], book, changed.date() if changed else None)
        if reason:
            yield field.name, reason
    if row[OPERATION] and row[OPERATION] not in OPERATIONS:
        yield OPERATION, f"操作类型应为 I、U 或 D，现在是“{row[OPERATION]}”"
    if row[BATCH] and row[BATCH] != batch.span.batch:
        yield BATCH, f"批次号应为 {batch.span.batch}"
    if changed and changed.date() > batch.span.until:
        yield CHANGED, f"晚于这一批的截止日 {batch.span.until}"
    yield from _in_order(table, row)


def _of_value(field: Field, text: str, book: CodeBook, on: date | None) -> str:
    """Why a field could not hold this, or "". A row without a day of its own has no codes."""
    if not text:
        return "必填，没有填" if field.is_required else ""
    if CONTROL.search(text) or text != text.strip():
        return "含有控制字符或首尾空格"
    if field.kind == "int" and not NUMBER.fullmatch(text):
        return f"应是整数，现在是“{text}”"
    if field.kind == "datetime" and _moment(text) is None:
        return f"应写成 2013-01-31 09:30:00 这样的时间，现在是“{text}”"
    if field.kind == "varchar" and len(text) > field.width:
        return f"有{len(text)}个字，最多{field.width}个"
    return _of_code(field, text, book, on) if field.list and on else ""


def _of_code(field: Field, text: str, book: CodeBook, on: date) -> str:
    codes = [text] if field.many is None else text.split(field.many) if field.many else list(text)
    unknown = [one for one in codes if not book.is_known(field.list, one, on)]
    return f"代码“{'、'.join(unknown)}”不在当日有效的 {field.list} 代码表里" if unknown else ""


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text, MOMENT)  # noqa: DTZ007 – local times of the law
    except ValueError:
        return None
    return found if found.strftime(MOMENT) == text else None


def _in_order(table: Table, row: Row) -> Iterator[tuple[str, str]]:
    if table.order is None:
        return
    first, second = (_moment(row[name]) for name in table.order)
    if first and second and first > second:
        labels = {field.name: field.label for field in table.fields}
        yield table.order[1], f"早于{labels[table.order[0]]} {row[table.order[0]]}"


# ── between tables ────────────────────────────────────────────────────────────────────────────


def _references(table: Table, batch: Batch) -> Iterator[Fault]:
    if table.refers is None:
        return
    there = _keyed(table.refers, batch.rows.get(table.refers.to, ()))
    for line, row in enumerate(batch.rows.get(table.name, ()), 1):
        key = tuple(row[name] for name in table.refers.fields)
        if not all(key):
            continue  # found already: what is referred by is required
        name, reason = _referred(table.refers, row, key, there.get(key))
        if reason:
            yield Fault(table.name, line, row[GUID], name, reason)


def _keyed(refers: Reference, rows: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    return {tuple(row[name] for name in refers.fields): row for row in rows}


def _referred(
    refers: Reference, row: Row, key: tuple[str, ...], found: Row | None
) -> tuple[str, str]:
    name = refers.fields[0]
    if found is None:
        return name, f"“{'、'.join(key)}”在 {refers.to} 里没有"
    if refers.later is not None:
        here, other = refers.later
        mine, theirs = _moment(row[here]), _moment(found[other])
        if mine and theirs and mine < theirs:
            return here, f"早于 {refers.to} 的 {other} {found[other]}"
    return name, ""
