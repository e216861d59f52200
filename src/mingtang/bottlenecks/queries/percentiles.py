"""Reads of percentiles: by the database, or by DuckDB over files that we wrote ourselves.

Both interpolate along the straight line, as rules/spread.py does, so that they tell the same. The
files name no person and no case; DuckDB is an extra (`mingtang[analytics]`).
"""

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Aggregate, Count, FloatField, QuerySet

from mingtang.base.errors import DomainError
from mingtang.bottlenecks.models import StepTime
from mingtang.bottlenecks.queries.times import COLUMNS, Selection, taken
from mingtang.bottlenecks.rules.board import By, Key
from mingtang.bottlenecks.rules.spread import spread_of_counts

WRITTEN = (
    *("item_code", "key", "stage", "organisation_id", "edition", "attempt"),
    *("over_date", "waiting_days", "handling_days", "days", "is_overdue"),
)
KINDS = ("parquet", "csv")
APART = 5_000  # rows in memory at once
# Whatever the engine cannot do by itself it would download.
ALONE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class NoFiles(DomainError):
    """There is nothing that could be read, or nothing to read it with."""


class Line(NamedTuple):
    """How many passages a group has and what they took, in working days: half no longer than
    `median`, nine in ten no longer than `p90`."""

    key: Key
    passages: int
    median: float
    p90: float


# ── by the database ───────────────────────────────────────────────────────────────────────────


class Percentile(Aggregate):
    """PostgreSQL's, between two values on the straight line: `Percentile("days", share="0.9")`."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def percentiles(chosen: Selection, by: By) -> list[Line]:
    """Of each group of passages that were over in the span, in the order of the keys."""
    columns, rows = COLUMNS[by], taken(chosen).order_by()
    if connection.vendor != "postgresql":
        return _lines(_counted(columns, rows))
    figures = {"median": Percentile("days", share="0.5"), "p90": Percentile("days", share="0.9")}
    return _lines(rows.values_list(*columns).annotate(count=Count("id"), **figures))


def _counted(columns: Sequence[str], rows: "QuerySet[StepTime]") -> Iterator[tuple[Any, ...]]:
    """SQLite counts how often each number of days occurs; the rest is ours."""
    counts: dict[Key, Counter[int]] = defaultdict(Counter)
    for *key, days, count in rows.values_list(*columns, "days").annotate(count=Count("id")):
        counts[tuple(key)][days] = count
    for group, each in counts.items():
        if one := spread_of_counts(each):
            yield *group, one.count, float(one.median), float(one.p90)


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[Line]:
    return sorted(Line(row[:-3], *row[-3:]) for row in rows)


# ── by files ──────────────────────────────────────────────────────────────────────────────────


def has_duckdb() -> bool:
    return find_spec("duckdb") is not None


def write_files(chosen: Selection, folder: Path) -> list[Path]:
    """The passages of the span in a file for each year, in place of those that were there: Parquet,
    or CSV without DuckDB."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write_year(taken(chosen).filter(over_date__year=year), folder / f"passages-{year}")
        for year in range(chosen.since.year, chosen.until.year + 1)
        if taken(chosen).filter(over_date__year=year).exists()
    ]


def _write_year(rows: "QuerySet[StepTime]", stem: Path) -> Path:
    with tempfile.TemporaryDirectory(dir=stem.parent) as passing:
        made = Path(passing) / "passages.csv"
        with made.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(WRITTEN)
            listed = rows.order_by("id").values_list(*WRITTEN)
            lines.writerows(listed.iterator(chunk_size=APART))
        kind = KINDS[0] if has_duckdb() else KINDS[1]
        if has_duckdb():
            columns, made = made, Path(passing) / "passages.parquet"
            _asked(f"COPY (FROM {_reader('csv')}) TO '{_quoted(made)}'", [str(columns)])
        for other in KINDS:
            stem.with_suffix(f".{other}").unlink(missing_ok=True)
        return made.replace(stem.with_suffix(f".{kind}"))


def percentiles_of_files(chosen: Selection, by: By, folder: Path) -> list[Line]:
    """The same as `percentiles`, of what was written into a folder.

    Raises NoFiles where there are none, and without DuckDB.
    """
    kind = next((one for one in KINDS if any(folder.glob(f"passages-*.{one}"))), None)
    if kind is None:
        raise NoFiles(f"{folder} 里没有 passages-年.parquet 或 .csv。先用 --export 写出来。")
    if not has_duckdb():
        raise NoFiles(
            "读这些文件要装 mingtang[analytics]（duckdb）。不装可以去掉 --files，问数据库。"
        )
    keys = ", ".join(COLUMNS[by])
    sql = (
        f"SELECT {keys}, count(*), quantile_cont(days, 0.5), quantile_cont(days, 0.9)"  # noqa: S608
        f" FROM {_reader(kind)} WHERE over_date BETWEEN ? AND ?"
        f"{' AND organisation_id = ?' if chosen.unit_id else ''} GROUP BY {keys}"
    )
    units = [chosen.unit_id] if chosen.unit_id else []
    listed = [str(path) for path in sorted(folder.glob(f"passages-*.{kind}"))]
    return _lines(_asked(sql, [listed, chosen.since, chosen.until, *units]))


def _reader(kind: str) -> str:
    """CSV is told its types: DuckDB would guess them from what it sees first."""
    types = {name: "VARCHAR" if name in {"item_code", "key"} else "BIGINT" for name in WRITTEN}
    types |= {"over_date": "DATE", "is_overdue": "BOOLEAN"}
    if kind == "parquet":
        return "read_parquet(?)"
    return f"read_csv(?, header = true, columns = {types})"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _asked(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with import_module("duckdb").connect(":memory:", config=ALONE) as engine:
        return list(engine.execute(sql, values).fetchall())
