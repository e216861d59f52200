"""What the import of an old system costs, against its rows sent by COPY (SQLite: executemany)."""

import io
import tempfile
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction
from tests.exchange import old_system

from bench.figures import Figure
from bench.measure import Sample, timed
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.exchange.models import LegacyCase
from mingtang.exchange.rules.legacy import read_mapping
from mingtang.exchange.services import legacy
from mingtang.ledger.rules import SYSTEM

COUNT = {"small": 20_000, "large": 200_000, "million": 1_000_000, "ten-million": 10_000_000}
TABLE, BARE = LegacyCase._meta.db_table, "bench_legacy"


def run(size: str) -> list[Figure]:
    """One import, then the same rows once more into a table without index, trigger or check."""
    ids.lease()
    count = COUNT[size]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "old.csv"
        old_system.write(path, count)
        ours = timed(lambda: _import(path))
    rows = LegacyCase.objects.count()
    bare = _bare()
    ratio = bare.wall / ours.wall
    return [
        Figure(
            row="12",
            what=f"import of {count:,} old cases, of which {rows:,} are sound",
            goal="≥ 0.5 of the bare rows",
            figure=f"{ours.wall:.3g} s, {ours.cpu / count * 1e6:.0f} µs CPU a row",
            yardstick=f"bare rows {bare.wall:.3g} s, {bare.cpu / count * 1e6:.0f} µs CPU a row",
            ratio=ratio,
            least=0.5,
            cpu_ms=ours.cpu / count * 1e3,
            note="" if ratio >= 0.5 else WHY,
        )
    ]


def _import(path: Path) -> None:
    mapping = read_mapping("keeps_unknown_items = true\n" + old_system.MAPPING)
    with legacy.opened(path) as (heads, rows):
        legacy.import_legacy(
            mapping=mapping,
            digest=legacy.digest_of(path),
            heads=heads,
            rows=rows,
            refuse=legacy.refusals_to(io.StringIO()),
            actor=SYSTEM,
            at=now(),
            command_id=uuid4().hex,
        )


def _bare() -> Sample:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{TABLE}"')
        rows = cursor.fetchall()
        cursor.execute(f'CREATE TABLE {BARE} AS SELECT * FROM "{TABLE}" LIMIT 0')
        places = ", ".join(["%s"] * len(rows[0]))

        def send() -> None:
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {BARE} FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
                else:
                    cursor.executemany(f"INSERT INTO {BARE} VALUES ({places})", rows)

        return timed(send)


WHY = (
    "as profiled on PostgreSQL, more than two fifths is reading each row as people wrote it (dates"
    " in ten spellings, words of states and items, numbers entered twice), in Python; nearly a"
    " third is ids, the sealing of name and number, and handing the rows to the driver; a quarter"
    " is the database, which keeps two indexes and looks at two checks and the key of the import"
    " for each row: the bare table has none of it."
)
