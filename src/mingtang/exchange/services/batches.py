"""Services: send a batch, take one in, note what those above did not take.

The ledger keeps who exported what for which days, by count and digest, and how each unit's rows
fared: assessment reads it as the completeness of data.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from mingtang.base.errors import DomainError, NotFound
from mingtang.base.outgoing import OnlyTraining
from mingtang.base.space import whole_file
from mingtang.catalogue.services import import_items
from mingtang.exchange.models import Batch, ReceivedRow, Reject
from mingtang.exchange.queries.batches import Prepared, prepare, received, rejected_rows
from mingtang.exchange.queries.schemes import load
from mingtang.exchange.rules.batches import Origin, Way
from mingtang.exchange.rules.checking import Fault, Findings, check
from mingtang.exchange.rules.codes import CodeBook
from mingtang.exchange.rules.schemes import GUID
from mingtang.exchange.rules.taking import left_out, rows_of
from mingtang.exchange.rules.writing import (
    CODES,
    Row,
    Span,
    UnreadableBatch,
    digest_of,
    read_batch,
    read_manifest,
)
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, Result, command, record, record_all

MOST_REJECTS = 10_000  # that are kept of a batch: whoever has more mends the cause first


def export(
    *, name: str, span: Span, folder: Path | None, actor: Actor, at: datetime, command_id: str
) -> tuple[Prepared, Result]:
    """Put a batch together, check it, note it, write its files. Without a folder: a rehearsal,
    which is noted all the same. The same batch again is noted once. Raises NotFound; in a
    training, from which nothing goes up, OnlyTraining."""
    if folder is not None and settings.MINGTANG_IS_TRAINING:
        raise OnlyTraining
    made = prepare(name, span)
    told = _note_made(
        scheme=name,
        version=load(name).version,
        digest=made.digest,
        span=span,
        rows=made.findings.row_count,
        units={str(unit): list(counts) for unit, counts in made.units.items()},
        faults=made.findings.faults[:MOST_REJECTS],
        rejected=len(made.findings.rejected),
        actor=actor,
        at=at,
        command_id=command_id,
    )
    if folder is not None:
        write(folder, made.files)
    return made, told


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """They name people: nobody but their maker reads them. Raises DomainError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            with whole_file(folder / name) as fresh:
                fresh.touch(mode=0o600)
                fresh.write_bytes(content)
    except OSError as problem:
        raise DomainError(f"不能写到目录 {folder.name}：{problem.strerror}。") from None


def read(folder: Path) -> dict[str, bytes]:
    """The files of a batch. Raises UnreadableBatch."""
    try:
        listed = sorted(one for one in folder.iterdir() if one.is_file())
        return {one.name: one.read_bytes() for one in listed if one.name != REJECTS}
    except OSError as problem:
        raise UnreadableBatch(f"打不开目录 {folder.name}：{problem.strerror}。") from None


@command("exchange.export")
def _note_made(
    *,
    scheme: str,
    version: str,
    digest: str,
    span: Span,
    rows: int,
    units: dict[str, list[int]],
    faults: Sequence[Fault],
    rejected: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    known = Batch.objects.filter(way=Way.MADE.value, digest=digest).first()
    if known is not None:
        return {"batch_id": str(known.id), "is_new": False}
    row = _batch(Way.MADE, scheme, version, digest, span, rows, rejected, at)
    _reject(row, Origin.CHECK, faults)
    facts = {"scheme": scheme, "batch": span.batch, "digest": digest}
    stream = f"exchange:{scheme}-{span.batch}"
    checked = [
        Entry(
            stream,
            "exchange.checked",
            facts | {"organisation_id": unit, "rows": total, "passed": total - failed},
            span.until,
        )
        for unit, (total, failed) in units.items()
    ]
    exported = Entry(stream, "exchange.exported", facts | {"rows": rows, "rejected": rejected})
    record_all([exported, *checked], actor=actor, at=at, command_id=command_id)
    return {"batch_id": str(row.id), "is_new": True}


def _batch(
    way: Way,
    scheme: str,
    version: str,
    digest: str,
    span: Span,
    rows: int,
    rejected: int,
    at: datetime,
    codes: str = "",
) -> Batch:
    return Batch.objects.create(
        way=way.value,
        scheme=scheme,
        version=version,
        from_date=span.since,
        to_date=span.until,
        digest=digest,
        row_count=rows,
        rejected_count=rejected,
        codes=codes,
        noted_at=at,
    )


def _reject(row: Batch, origin: Origin, faults: Sequence[Fault]) -> None:
    Reject.objects.bulk_create(
        (
            Reject(
                batch=row,
                origin=origin.value,
                table=one.table,
                line=one.line,
                row_guid=one.guid[:128],
                field=one.field,
                reason=one.reason[:300],
            )
            for one in faults
        ),
        batch_size=500,
    )


# ── what others send ──────────────────────────────────────────────────────────────────────────


class Torn(DomainError):
    """A batch whose files are not those that were sent."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"这一批不能接收：{fault.table} {fault.reason}。请对方重新发送整批。")


def receive(
    *, files: Mapping[str, bytes], actor: Actor, at: datetime, command_id: str
) -> tuple[Findings, Result]:
    """Take a batch in: sound rows are kept as they are, the others rejected. The same batch again
    changes nothing. Raises Torn, UnreadableBatch, UnreadableCodes, NotFound."""
    said, _span = read_manifest(files)
    findings = check(load(said["scheme"]), files)
    for fault in findings.faults:
        if not fault.line:
            raise Torn(fault)
    batch = read_batch(load(said["scheme"]), files)
    rows = [
        (table, one)
        for table, listed in batch.rows.items()
        for line, one in enumerate(listed, 1)
        if (table, line) not in findings.rejected
    ]
    return findings, _take_in(
        scheme=batch.scheme,
        version=batch.version,
        digest=digest_of(files),
        span=batch.span,
        rows=rows,
        codes=files[CODES].decode(),
        faults=findings.faults[:MOST_REJECTS],
        rejected=len(findings.rejected),
        actor=actor,
        at=at,
        command_id=command_id,
    )


@command("exchange.receive")
def _take_in(
    *,
    scheme: str,
    version: str,
    digest: str,
    span: Span,
    rows: Sequence[tuple[str, Row]],
    codes: str,
    faults: Sequence[Fault],
    rejected: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    known = Batch.objects.filter(way=Way.RECEIVED.value, digest=digest).first()
    if known is not None:
        return {"batch_id": str(known.id), "is_new": False}
    total = len(rows) + rejected
    row = _batch(Way.RECEIVED, scheme, version, digest, span, total, rejected, at, codes)
    kept = (
        ReceivedRow(batch=row, table=table, row_guid=one[GUID], content=one) for table, one in rows
    )
    ReceivedRow.objects.bulk_create(kept, batch_size=200)
    _reject(row, Origin.CHECK, faults)
    record(
        stream=f"exchange_received:{row.id}",
        kind="exchange.received",
        facts={
            "scheme": scheme,
            "batch": span.batch,
            "digest": digest,
            "rows": total,
            "rejected": rejected,
        },
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"batch_id": str(row.id), "is_new": True}


def take_items(*, batch_id: int, area: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """The items of a received batch as drafts, which their own offices complete, review and
    publish; nothing is in force by this. The same batch again changes nothing. `area`: the region
    (12 digits) of offices that are not registered yet, or "". Returns what the import tells and,
    as "left_out", the codes of items that the batch does not tell whole, which stay as they are.

    Raises NotFound, ImportRefused where somebody is writing in a draft of one of them; Doubtful
    and Conflict where nobody can say which items those are.
    """
    files = received(batch_id)
    said, _span = read_manifest(files)
    scheme = load(said["scheme"])
    batch = read_batch(scheme, files)
    without = left_out(batch.rows, rejected_rows(batch_id))
    rows = rows_of(scheme, CodeBook(batch.codes), batch.rows, area, without)
    by = {"actor": actor, "at": at, "command_id": command_id}
    told = import_items(rows=rows, source=f"下发批次 {batch_id}", as_drafts=True, **by)
    return {**told, "left_out": sorted(without)}


# ── what comes back ───────────────────────────────────────────────────────────────────────────

COLUMNS = ("table", "row_guid", "field", "reason")
REJECTS = "rejects.csv"


def rejects_file(findings: Findings) -> bytes:
    """What the sender is told of the rows that were not taken."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows((one.table, one.guid, one.field, one.reason) for one in findings.faults)
    return out.getvalue().encode()


def read_rejects(content: bytes) -> list[Fault]:
    """Raises UnreadableBatch."""
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
    if not set(COLUMNS) <= set(lines.fieldnames or ()):
        raise UnreadableBatch(f"退回清单的表头应有 {'、'.join(COLUMNS)} 四栏。")
    return [
        Fault(
            *(line["table"] or "", 0, line["row_guid"] or "", line["field"] or ""), line["reason"]
        )
        for line in lines
        if line["reason"]
    ]


@command("exchange.note_returned")
def note_returned(
    *, digest: str, faults: Sequence[Fault], actor: Actor, at: datetime, command_id: str
) -> Result:
    """Keep what those above sent back of a batch of ours, in place of what they had sent back of
    it before. Raises NotFound."""
    row = Batch.objects.filter(way=Way.MADE.value, digest=digest).first()
    if row is None:
        raise NotFound("这一批不是从这里发出的，请核对目录。")
    row.rejects.filter(origin=Origin.UPSTREAM.value).delete()
    _reject(row, Origin.UPSTREAM, faults)
    row.returned_count = len(faults)
    row.save(update_fields=["returned_count"])
    record(
        stream=f"exchange:{row.scheme}-{row.from_date:%Y%m%d}-{row.to_date:%Y%m%d}",
        kind="exchange.returned",
        facts={"scheme": row.scheme, "digest": digest, "rejected": len(faults)},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"batch_id": str(row.id), "count": len(faults)}
