"""Rules of requests: tables 3 and 4 of the annual report, counted from lives. Pure.

A life is received on a day and has a result on a later day, or none yet. So the identities hold by
construction: what came in or was carried in either has its result in the year, or is carried out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.people import ApplicantKind
from mingtang.requests.rules.remedies import IN_TABLE_4, RemedyKind, RemedyResult

COLUMNS = tuple(ApplicantKind)
TOTAL = "total"
NEW, CARRIED_IN, RESULTS, CARRIED_OUT = "new", "carried_in", "results", "carried_out"
ROWS = (NEW, CARRIED_IN, *(kind.value for kind in Kind), RESULTS, CARRIED_OUT)
ROW_LABELS = {
    NEW: "一、本年新收政府信息公开申请数量",
    CARRIED_IN: "二、上年结转政府信息公开申请数量",
    **{
        kind.value: kind.row.group.label
        if kind in {Kind.A, Kind.B}
        else f"{kind.row.group.label} {kind.label}"
        for kind in Kind
    },
    RESULTS: "三、本年度办理结果（七）总计",
    CARRIED_OUT: "四、结转下年度继续办理",
}
COLUMN_LABELS = {**{kind.value: kind.label for kind in COLUMNS}, TOTAL: "总计"}


@dataclass(frozen=True)
class Life:
    """A request as the statistics see it."""

    id: int
    applicant: ApplicantKind
    received: date
    result: Kind | None = None
    resulted: date | None = None

    def __post_init__(self) -> None:
        if (self.result is None) != (self.resulted is None):
            raise ValueError("a result has its day")
        if self.resulted is not None and self.resulted < self.received:
            raise ValueError("no result before receipt")


def rows_of(life: Life, year: int) -> list[str]:
    """The rows of a year's table in which a request is counted."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if life.received > last or (life.resulted is not None and life.resulted < first):
        return []
    found = [NEW if life.received >= first else CARRIED_IN]
    if life.result is not None and life.resulted is not None and life.resulted <= last:
        return [*found, life.result.value, RESULTS]
    return [*found, CARRIED_OUT]


@dataclass(frozen=True)
class Matrix:
    """A table whose every cell knows its rows: (row, column) → ids."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], tuple[int, ...]]

    def ids(self, row: str, column: str) -> tuple[int, ...]:
        return self.cells.get((row, column), ())

    def number(self, row: str, column: str) -> int:
        return len(self.ids(row, column))

    @property
    def numbers(self) -> list[list[int]]:
        return [[self.number(row, column) for column in self.columns] for row in self.rows]


def table3(lives: Iterable[Life], year: int) -> Matrix:
    """25 rows × 7 columns (国办公开办函〔2021〕30号)."""
    cells: dict[tuple[str, str], list[int]] = {}
    for life in lives:
        for row in rows_of(life, year):
            for column in (life.applicant.value, TOTAL):
                cells.setdefault((row, column), []).append(life.id)
    columns = (*(kind.value for kind in COLUMNS), TOTAL)
    return Matrix(ROWS, columns, {key: tuple(ids) for key, ids in cells.items()})


class Outcome4(StrEnum):
    """The columns of table 4."""

    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"
    PENDING = "pending"

    @property
    def label(self) -> str:
        return {
            "upheld": "结果维持",
            "corrected": "结果纠正",
            "other": "其他结果",
            "pending": "尚未审结",
        }[self]


@dataclass(frozen=True)
class Contest:
    """A remedy as the statistics see it."""

    id: int
    kind: RemedyKind
    raised: date
    result: RemedyResult | None = None
    closed: date | None = None


def table4(contests: Iterable[Contest], year: int) -> Matrix:
    """Three ways × five columns: what was closed in the year, and what was pending at its end."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    cells: dict[tuple[str, str], list[int]] = {}
    for one in contests:
        if one.kind not in IN_TABLE_4 or one.raised > last:
            continue
        if one.closed is not None and one.closed < first:
            continue
        is_closed = one.result is not None and one.closed is not None and one.closed <= last
        column = one.result.value if one.result and is_closed else Outcome4.PENDING.value
        for name in (column, TOTAL):
            cells.setdefault((one.kind.value, name), []).append(one.id)
    columns = (*(one.value for one in Outcome4), TOTAL)
    rows = tuple(kind.value for kind in IN_TABLE_4)
    return Matrix(rows, columns, {key: tuple(ids) for key, ids in cells.items()})


def broken_identities(three: Matrix, four: Matrix) -> list[str]:
    """Which of the forty-two identities do not hold: I1 (7), I2 (7), I3 (25), I4 (3)."""
    broken = []
    for column in three.columns:
        came = three.number(NEW, column) + three.number(CARRIED_IN, column)
        if came != three.number(RESULTS, column) + three.number(CARRIED_OUT, column):
            broken.append(f"I1 {column}")
        if sum(three.number(kind.value, column) for kind in Kind) != three.number(RESULTS, column):
            broken.append(f"I2 {column}")
    for name, table in (("I3", three), ("I4", four)):
        for row in table.rows:
            parts = sum(table.number(row, column) for column in table.columns[:-1])
            if parts != table.number(row, TOTAL):
                broken.append(f"{name} {row}")
    return broken
