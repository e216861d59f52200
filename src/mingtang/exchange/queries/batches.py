"""Reads: a batch put together from our records, or out of what was received; lists for the page."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from django.conf import settings
from django.db.models import Q

from mingtang.base.errors import Conflict, NotFound
from mingtang.base.paging import Cursor
from mingtang.base.progress import steps
from mingtang.exchange.models import Batch as BatchRow
from mingtang.exchange.models import ReceivedRow, Reject
from mingtang.exchange.queries import cards, cases, items
from mingtang.exchange.queries.codes import book_of
from mingtang.exchange.queries.schemes import load
from mingtang.exchange.rules.batches import Origin, Way
from mingtang.exchange.rules.checking import Findings, check
from mingtang.exchange.rules.codes import read_codes
from mingtang.exchange.rules.schemes import CHANGED, GUID
from mingtang.exchange.rules.writing import Batch, Row, Span, digest_of, files_of, row_of

PAGE = 30


@dataclass(frozen=True)
class Prepared:
    """A batch as it would go out, what is wrong with it, and how each unit's rows fared:
    organisation → (rows, rejected)."""

    span: Span
    files: dict[str, bytes]
    findings: Findings
    units: dict[int, tuple[int, int]]

    @property
    def digest(self) -> str:
        return digest_of(self.files)


def prepare(name: str, span: Span) -> Prepared:
    """Put the batch of a span together and check it. Raises NotFound."""
    scheme = replace(load(name), data_source=settings.MINGTANG_EXCHANGE_SOURCE)
    book = book_of(name)
    made: dict[str, list[tuple[Row, int]]] = {table.name: [] for table in scheme.tables}
    tables = {table.each: table for table in scheme.tables}
    records = chain(
        *(cases.records(span), items.records(span, cases.edition_ids(span))),
        cards.records(span) if "card" in tables else (),
    )
    for each, unit, record in steps("汇集记录", records):
        if each in tables:
            row = row_of(tables[each], record, book, scheme, span)
            made[tables[each].name].append((row, unit))
    for rows in made.values():
        rows.sort(key=lambda one: (one[0][CHANGED], one[0][GUID]))
    plain = {table: [row for row, _unit in rows] for table, rows in made.items()}
    files = files_of(scheme, Batch(scheme.name, scheme.version, span, plain, book.codes))
    findings = check(scheme, files)
    return Prepared(span, files, findings, _by_unit(made, findings))


def _by_unit(
    made: dict[str, list[tuple[Row, int]]], findings: Findings
) -> dict[int, tuple[int, int]]:
    total: Counter[int] = Counter()
    rejected: Counter[int] = Counter()
    for table, rows in made.items():
        for line, (_row, unit) in enumerate(rows, 1):
            total[unit] += 1
            rejected[unit] += (table, line) in findings.rejected
    return {unit: (total[unit], rejected[unit]) for unit in sorted(total)}


def received(batch_id: int) -> dict[str, bytes]:
    """The files of a batch that another place sent, as they were. Raises NotFound."""
    row = BatchRow.objects.filter(id=batch_id, way=Way.RECEIVED.value).first()
    if row is None:
        raise NotFound("没有接收过这个批次，请核对批次编号。")
    rows: dict[str, list[Row]] = {}
    for one in ReceivedRow.objects.filter(batch=row).order_by("id").iterator(chunk_size=2000):
        rows.setdefault(one.table, []).append(one.content)
    span = Span(row.from_date, row.to_date)
    codes = read_codes(row.codes)
    return files_of(load(row.scheme), Batch(row.scheme, row.version, span, rows, codes))


def batches(after: Cursor | None = None, size: int = PAGE) -> list[BatchRow]:
    """Newest first; total order (noted_at, id)."""
    rows = BatchRow.objects.all()
    if after is not None:
        rows = rows.filter(Q(noted_at__lt=after.at) | Q(noted_at=after.at, id__lt=after.id))
    return list(rows.order_by("-noted_at", "-id")[:size])


def batch(batch_id: int) -> BatchRow:
    """Raises NotFound."""
    found = BatchRow.objects.filter(id=batch_id).first()
    if found is None:
        raise NotFound("没有这个批次，请从批次列表进入。")
    return found


def rejects(batch_id: int, after: int = 0, size: int = PAGE) -> list[Reject]:
    """In the order of the files; total order (id)."""
    rows = Reject.objects.filter(batch=batch_id, id__gt=after)
    return list(rows.order_by("id")[:size])


def rejected_rows(batch_id: int) -> set[tuple[str, str]]:
    """Table and guid of each row that was rejected. Raises Conflict where not all were kept."""
    found = Reject.objects.filter(batch=batch_id, origin=Origin.CHECK.value)
    rows = set(found.values_list("table", "line", "row_guid"))
    if len(rows) < batch(batch_id).rejected_count:
        raise Conflict("这一批退回的行太多，没有全部记下。请对方改好，重新发送整批。")
    return {(table, guid) for table, _line, guid in rows}


def reasons(batch_id: int) -> Iterator[tuple[str, str, int]]:
    """Which fields of which tables were rejected how often, the most frequent first."""
    counted = Counter(Reject.objects.filter(batch=batch_id).values_list("table", "field"))
    for (table, field), count in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        yield table, field, count
