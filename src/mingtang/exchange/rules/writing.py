"""Rules: rows of a batch out of our records, and the files of a batch: CSV, XML, manifest.

All files are a function of the rows and the codes: the same rows give the same bytes, here and
elsewhere. There is no moment of making in them.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.exchange.rules.codes import Code, CodeBook, read_codes, write_codes
from mingtang.exchange.rules.schemes import CHANGED, GUID, Field, Scheme, Table

MANIFEST, CODES = "manifest.json", "codes.csv"
SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")
Row = dict[str, str]
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """What a batch tells of, both days included."""

    since: date
    until: date

    @property
    def batch(self) -> str:
        return f"{self.since:%Y%m%d}-{self.until:%Y%m%d}"


@dataclass(frozen=True)
class Batch:
    """The rows of each table of a scheme, with the codes that they are judged by."""

    scheme: str
    version: str
    span: Span
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    codes: Sequence[Code] = ()


class UnreadableBatch(DomainError):
    """A folder that holds no whole batch."""


# ── a row ─────────────────────────────────────────────────────────────────────────────────────


def row_of(table: Table, record: Record, book: CodeBook, scheme: Scheme, span: Span) -> Row:
    """A record in their words. Its operation is a matter of dates alone, so that a span that is
    told again says the same: new if it was born within, changed if before; `is_gone`: deleted."""
    changed = record["changed_at"]
    born_before = record["born_at"].date() < span.since
    said = {
        **record,
        "operation": "D" if record.get("is_gone") else "U" if born_before else "I",
        "batch": span.batch,
        "data_source": scheme.data_source,
    }
    return {one.name: _text(one, said.get(one.home), book, changed.date()) for one in table.fields}


def _text(field: Field, value: Any, book: CodeBook, on: date) -> str:
    values = value if isinstance(value, list | tuple) else [value]
    texts = [_plain(one, field) for one in values if one is not None and one != ""]
    if field.list:
        texts = [book.theirs(field.list, one, on) for one in texts]
    between = "、" if field.many is None else field.many
    text = between.join(dict.fromkeys(texts)) or field.none
    if field.is_cut and len(text) > field.width:
        return f"{text[: field.width - 1]}…"
    return text


def _plain(value: Any, field: Field) -> str:
    """Times are local times of the law, as the records give them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" if field.kind == "datetime" else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d} 00:00:00" if field.kind == "datetime" else value.isoformat()
    return SPACES.sub(" ", str(value)).strip()


def in_order(rows: Sequence[Row]) -> list[Row]:
    """The order of a file: when it changed, then which one."""
    return sorted(rows, key=lambda row: (row[CHANGED], row[GUID]))


# ── the files ─────────────────────────────────────────────────────────────────────────────────


def files_of(scheme: Scheme, batch: Batch) -> dict[str, bytes]:
    """Name and content of each file of a batch."""
    made: dict[str, bytes] = {}
    for table in scheme.tables:
        rows = batch.rows.get(table.name, ())
        made[f"{table.name}.csv"] = _as_csv(table, rows)
        made[f"{table.name}.xml"] = _as_xml(table, rows)
    made[CODES] = write_codes(batch.codes).encode()
    counts = {table.name: len(batch.rows.get(table.name, ())) for table in scheme.tables}
    said = {
        "scheme": batch.scheme,
        "version": batch.version,
        "batch": batch.span.batch,
        "since": batch.span.since.isoformat(),
        "until": batch.span.until.isoformat(),
        "rows": counts,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in made.items()},
    }
    made[MANIFEST] = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    return made


def digest_of(files: Mapping[str, bytes]) -> str:
    """What the whole batch is known by: the digest of its manifest, which has those of the rest."""
    return hashlib.sha256(files[MANIFEST]).hexdigest()


def _as_csv(table: Table, rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(table.columns)
    lines.writerows([row[name] for name in table.columns] for row in rows)
    return out.getvalue().encode()


def _as_xml(table: Table, rows: Sequence[Row]) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<table name="{table.name}">']
    for row in rows:
        cells = (f"<{name}>{escape(row[name])}</{name}>" for name in table.columns if row[name])
        lines.append(f"<row>{''.join(cells)}</row>")
    return ("\n".join([*lines, "</table>"]) + "\n").encode()


# ── and back ──────────────────────────────────────────────────────────────────────────────────


def read_manifest(files: Mapping[str, bytes]) -> tuple[dict[str, Any], Span]:
    """What a batch says of itself. Raises UnreadableBatch."""
    if MANIFEST not in files:
        raise UnreadableBatch(f"这个目录里没有 {MANIFEST}，不是一个交换批次。")
    try:
        said = json.loads(files[MANIFEST])
        span = Span(date.fromisoformat(said["since"]), date.fromisoformat(said["until"]))
        known = (said["scheme"], said["version"], said["batch"], said["rows"], said["files"])
        if not all(isinstance(one, kind) for one, kind in zip(known, _KINDS, strict=True)):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        raise UnreadableBatch(f"{MANIFEST} 不完整或被改坏了，请重新取这一批。") from None
    return said, span


_KINDS = (str, str, str, dict, dict)


def read_batch(scheme: Scheme, files: Mapping[str, bytes]) -> Batch:
    """The rows as the CSV files have them; what a file lacks is empty. Raises UnreadableBatch."""
    said, span = read_manifest(files)
    rows = {
        table.name: _rows(table, files[f"{table.name}.csv"])
        for table in scheme.tables
        if f"{table.name}.csv" in files
    }
    codes = read_codes(_decoded(CODES, files.get(CODES, b"")))
    return Batch(said["scheme"], said["version"], span, rows, codes)


def _rows(table: Table, content: bytes) -> list[Row]:
    lines = csv.DictReader(io.StringIO(_decoded(f"{table.name}.csv", content), newline=""))
    try:
        return [{name: line.get(name) or "" for name in table.columns} for line in lines]
    except csv.Error as problem:
        raise UnreadableBatch(f"{table.name}.csv 不是完整的 CSV：{problem}。") from None


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableBatch(f"{name} 不是 UTF-8 编码，请用原来的文件。") from None
