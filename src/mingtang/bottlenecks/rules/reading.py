"""Rules of bottlenecks: a table of events, read and checked; each fault with its line. Pure."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mingtang.base.errors import DomainError
from mingtang.bottlenecks.rules.mining import LogEvent

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
LINES_TOLD = 20
SEPARATORS = (",", "\t", ";")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
YEARS = range(1900, 9999)
OTHER_WRITING = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?|分)?)?"
)


class UnreadableLog(DomainError):
    """A log that cannot be read: what is wrong, in which lines, how to mend it."""


@dataclass(frozen=True)
class Columns:
    """What the columns of a log are called. `resource` may be left out."""

    case: str
    activity: str
    time: str
    resource: str = ""

    @property
    def named(self) -> list[str]:
        return [one for one in (self.case, self.activity, self.time, self.resource) if one]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with something in it. `line`: counted as a spreadsheet does, the heading being 1."""

    line: int
    case: str
    activity: str
    time: str
    resource: str
    is_too_long: bool


def read_log(content: bytes, columns: Columns) -> list[LogEvent]:
    """The events in the order of the file. Raises UnreadableLog."""
    rows = list(_rows(_decoded(content), columns))
    if not rows:
        raise UnreadableLog("日志只有表头，没有事件。请核对导出的内容。")
    _refuse(rows, lambda row: row.is_too_long, "比表头多出几列，可能有逗号没有加引号")
    _refuse(rows, lambda row: not row.case, f"“{columns.case}”（办件）是空的")
    _refuse(rows, lambda row: not row.activity, f"“{columns.activity}”（活动）是空的")
    times = [_instant(row.time) for row in rows]
    _refuse_times(rows, times, columns.time)
    _refuse_mixture(rows, times, columns.time)
    return [
        LogEvent(row.case, row.activity, _zoned(at), row.resource)
        for row, at in zip(rows, times, strict=True)
        if at is not None
    ]


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, or what spreadsheets in China write."""
    if not content.strip():
        raise UnreadableLog("文件是空的。请指定一份有表头的 CSV 日志。")
    encodings = ("utf-16",) if content[:2] in UTF_16_MARKS else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableLog("认不出文件的编码。请另存为 UTF-8（或 GB18030）的 CSV 文件。")


def _rows(text: str, columns: Columns) -> Iterator[Row]:
    separator, heading = _heading(text, columns)
    places = {name: heading.index(name) for name in columns.named}
    for line, cells in enumerate(_table(text, separator), 1):
        if line > 1 and any(cell.strip() for cell in cells):
            yield _row(line, cells, places, columns, len(heading))


def _table(text: str, separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise UnreadableLog(f"表格读不下去（{error}）。请检查引号是否成对。") from None


def _row(
    line: int, cells: Sequence[str], places: dict[str, int], columns: Columns, width: int
) -> Row:
    def cell(name: str) -> str:
        place = places.get(name, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    return Row(
        line=line,
        case=cell(columns.case),
        activity=cell(columns.activity),
        time=cell(columns.time),
        resource=cell(columns.resource),
        is_too_long=any(cells[width:]),
    )


def _heading(text: str, columns: Columns) -> tuple[str, list[str]]:
    """What separates the cells, and the names of the columns."""
    first: list[str] = []
    for separator in SEPARATORS:
        names = [name.strip() for name in next(_table(text, separator), [])]
        if all(names.count(name) == 1 for name in columns.named):
            return separator, names
        first = first if len(first) >= len(names) else names
    raise UnreadableLog(_wrong_columns(first, columns))


def _wrong_columns(names: Sequence[str], columns: Columns) -> str:
    there = "、".join(f"“{name}”" for name in names if name) or "（第1行是空的）"
    twice = [name for name in columns.named if names.count(name) > 1]
    if twice:
        return f"第1行（表头）里“{twice[0]}”出现了不止一次，不知道用哪一列。请改名后重试。"
    missing = "、".join(f"“{name}”" for name in columns.named if name not in names)
    return f"第1行（表头）里没有{missing}这样的列。现有的列：{there}。请核对列名，大小写须一致。"


def _instant(text: str) -> datetime | None:
    """The time in a cell, or None: ISO 8601, or as people and spreadsheets write it."""
    try:
        at = _written(text)
    except ValueError:
        return None
    return at if at.year in YEARS else None


def _written(text: str) -> datetime:
    found = OTHER_WRITING.fullmatch(text)
    if found is None:
        return datetime.fromisoformat(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - zoned later


def _zoned(at: datetime) -> datetime:
    """The instant; a time that names no zone is that of China."""
    return (at.replace(tzinfo=LEGAL_ZONE) if at.tzinfo is None else at).astimezone(UTC)


def _refuse(rows: Iterable[Row], is_wrong: Callable[[Row], bool], what: str) -> None:
    wrong = [row.line for row in rows if is_wrong(row)]
    if wrong:
        raise UnreadableLog(f"{_lines(wrong)}{what}。请改正或删去这些行。")


def _lines(lines: Sequence[int]) -> str:
    told = "、".join(str(line) for line in lines[:LINES_TOLD])
    if len(lines) <= LINES_TOLD:
        return f"第 {told} 行（共 {len(lines)} 行）"
    return f"第 {told} 行等（共 {len(lines)} 行）"


def _refuse_times(rows: Sequence[Row], times: Sequence[datetime | None], name: str) -> None:
    wrong = [row for row, at in zip(rows, times, strict=True) if at is None]
    if wrong:
        text = wrong[0].time[:40]
        raise UnreadableLog(
            f"{_lines([row.line for row in wrong])}“{name}”（时间）读不懂，第一处写的是“{text}”。"
            "请写成 2013-09-17 10:30:00（可带秒的小数和时区，如 +08:00）。"
        )


def _refuse_mixture(rows: Sequence[Row], times: Sequence[datetime | None], name: str) -> None:
    """Times of several zones are compared as instants; some without any could be hours off."""
    bare = [row.line for row, at in zip(rows, times, strict=True) if at and at.tzinfo is None]
    if bare and len(bare) < len(rows):
        raise UnreadableLog(
            f"{_lines(bare)}“{name}”（时间）没有写时区，其他行写了，混在一起会差出几小时。"
            "请统一：都写时区，或者都不写（都不写时按北京时间）。"
        )
