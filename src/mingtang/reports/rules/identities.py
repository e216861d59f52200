"""Rules of reports: the identities of the tables. 42 within a year, 12 across two. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mingtang.reports.rules.tables import (
    COLUMNS,
    REMEDIES,
    RESULT_ROWS,
    RESULTS,
    ROWS,
    Active,
    ActiveTable,
    R,
    Remedy,
    RemedyTable,
    RequestTable,
    Row,
    Table,
)


class Kind(StrEnum):
    """The catalogue: which identity, and in words."""

    I1 = "表三每一列：本年新收＋上年结转＝办理结果总计＋结转下年度"
    I2 = "表三每一列：二十一种办理结果之和＝（七）总计"
    I3 = "表三每一行：六类申请人之和＝总计"
    I4 = "表四每一块：维持＋纠正＋其他＋尚未审结＝总计"
    X1 = "表三上年结转＝上一年报告的结转下年度"
    X2 = "表二现行有效＝上一年现行有效＋制发－废止"
    X3 = "上一年报告尚未审结的复议、诉讼，本年应有结果或仍未审结"
    S1 = "文字中的数字＝表格中的数字"
    S2 = "有信息处理费的，第六部分应报告"
    S3 = "标题年度＝统计年度，成文日期在统计期末之后、法定期限之内"
    S4 = "2024年起不予公开案件须先经行政复议"
    S5 = "表格中没有空格或斜线，没有的填0"
    S6 = "表二行政许可＝本机关办结的许可决定"


COUNTS: Mapping[str, int] = {"I1": 7, "I2": 7, "I3": 25, "I4": 3, "X1": 7, "X2": 2, "X3": 3}


@dataclass(frozen=True, slots=True)
class Identity:
    """One equation: what is written, what it should be; None where a number is missing."""

    kind: Kind
    place: str
    left: Decimal | None
    right: Decimal | None
    line: int

    @property
    def is_known(self) -> bool:
        return self.left is not None and self.right is not None

    @property
    def holds(self) -> bool:
        return self.left == self.right


def _plus(*values: Decimal | None) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal()) if len(known) == len(values) else None


def _line(table: Table[R], row: R) -> int:
    cells = table.rows.get(row)
    return cells[-1].line if cells else 0


def of_requests(table: RequestTable) -> Iterator[Identity]:
    """I1 to I3: thirty-nine equations."""
    for at, column in enumerate(COLUMNS):
        taken = _plus(table.value(Row.NEW, at), table.value(Row.CARRIED_IN, at))
        done = _plus(table.value(Row.TOTAL, at), table.value(Row.CARRIED_OUT, at))
        yield Identity(Kind.I1, column, taken, done, _line(table, Row.TOTAL))
    for at, column in enumerate(COLUMNS):
        results = table.total(RESULT_ROWS, at)
        total = table.value(Row.TOTAL, at)
        yield Identity(Kind.I2, column, total, results, _line(table, Row.TOTAL))
    for row in ROWS:
        parts = _plus(*(table.value(row, at) for at in range(6)))
        yield Identity(Kind.I3, row, table.value(row, 6), parts, _line(table, row))


def of_remedies(table: RemedyTable) -> Iterator[Identity]:
    """I4: three equations."""
    for name in REMEDIES:
        parts = _plus(*(table.value(name, at) for at in range(4)))
        yield Identity(Kind.I4, name, table.value(name, 4), parts, _line(table, name))


def carried(now: RequestTable, before: RequestTable) -> Iterator[Identity]:
    """X1: what was carried out of last year came into this one."""
    for at, column in enumerate(COLUMNS):
        yield Identity(
            Kind.X1,
            column,
            now.value(Row.CARRIED_IN, at),
            before.value(Row.CARRIED_OUT, at),
            _line(now, Row.CARRIED_IN),
        )


def in_force(now: ActiveTable, before: ActiveTable) -> Iterator[Identity]:
    """X2: rules and normative documents in force."""
    for row in (Active.RULES, Active.NORMATIVE):
        made, ended = now.value(row, 0), now.value(row, 1)
        gone = -ended if ended is not None else None
        right = _plus(before.value(row, 2), made, gone)
        yield Identity(Kind.X2, row, now.value(row, 2), right, _line(now, row))


def pending(now: RemedyTable, before: RemedyTable) -> Iterator[tuple[Remedy, Decimal, Decimal]]:
    """X3: what was pending, and all that this year tells of: only the lesser is suspicious."""
    place = RESULTS.index(RESULTS[3])
    for name in REMEDIES:
        was, told = before.value(name, place), now.value(name, 4)
        if was is not None and told is not None:
            yield name, was, told


def suspect(table: RequestTable, broken: Sequence[Identity]) -> tuple[Row, int] | None:
    """The one cell that explains all: where one row and one column fail together."""
    rows = {one.place for one in broken if one.kind is Kind.I3}
    columns = {one.place for one in broken if one.kind in {Kind.I1, Kind.I2}}
    if len(rows) != 1 or len(columns) != 1:
        return None
    row, column = Row(rows.pop()), columns.pop()
    at = next(place for place, name in enumerate(COLUMNS) if name == column)
    return (row, at) if row in table.rows else None
