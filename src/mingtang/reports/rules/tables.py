"""Rules of reports: tables two to four of the form of 2021 (国办公开办函〔2021〕30号). Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from mingtang.reports.rules.numerals import arabic_number, normalise


class Column(StrEnum):
    """Who applied: the seven columns of table three, in their order."""

    NATURAL = "自然人"
    BUSINESS = "商业企业"
    RESEARCH = "科研机构"
    WELFARE = "社会公益组织"
    LEGAL = "法律服务机构"
    OTHER = "其他"
    TOTAL = "总计"


class Row(StrEnum):
    """The twenty-five numeric rows of table three, in their order."""

    NEW = "一、本年新收政府信息公开申请数量"
    CARRIED_IN = "二、上年结转政府信息公开申请数量"
    A = "（一）予以公开"
    B = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
    C1 = "1.属于国家秘密"
    C2 = "2.其他法律行政法规禁止公开"
    C3 = "3.危及“三安全一稳定”"
    C4 = "4.保护第三方合法权益"
    C5 = "5.属于三类内部事务信息"
    C6 = "6.属于四类过程性信息"
    C7 = "7.属于行政执法案卷"
    C8 = "8.属于行政查询事项"
    D1 = "1.本机关不掌握相关政府信息"
    D2 = "2.没有现成信息需要另行制作"
    D3 = "3.补正后申请内容仍不明确"
    E1 = "1.信访举报投诉类申请"
    E2 = "2.重复申请"
    E3 = "3.要求提供公开出版物"
    E4 = "4.无正当理由大量反复申请"
    E5 = "5.要求行政机关确认或重新出具已获取信息"
    F1 = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    F2 = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    F3 = "3.其他"
    TOTAL = "（七）总计"
    CARRIED_OUT = "四、结转下年度继续办理"


ROWS = tuple(Row)
COLUMNS = tuple(Column)
RESULT_ROWS = ROWS[2:23]
APPLICANTS = COLUMNS[:6]
# Sums of result rows that a narrative speaks of.
GROUPS: Mapping[str, tuple[Row, ...]] = {
    "予以公开": (Row.A,),
    "部分公开": (Row.B,),
    "不予公开": ROWS[4:12],
    "无法提供": ROWS[12:15],
    "不予处理": ROWS[15:20],
    "其他处理": ROWS[20:23],
}

# The words by which a row is known, however its label is cut, numbered or wrapped.
_ROW_WORDS: Mapping[Row, str] = {
    Row.NEW: "本年(?:度)?新收",
    Row.CARRIED_IN: "上年(?:度)?结转",
    Row.A: "(?<!不)予以公开",
    Row.B: "部分公开",
    Row.C1: "国家秘密",
    Row.C2: "法规禁止",
    Row.C3: "三安全一稳定",
    Row.C4: "保护第三方",
    Row.C5: "三类内部",
    Row.C6: "四类过程",
    Row.C7: "执法案卷",
    Row.C8: "行政查询",
    Row.D1: "不掌握",
    Row.D2: "没有现成",
    Row.D3: "补正后",
    Row.E1: "信访举报",
    Row.E2: "重复申请",
    Row.E3: "公开出版物",
    Row.E4: "大量反复",
    Row.E5: "确认或重新|重新出具",
    Row.F1: "逾期不补正",
    Row.F2: "收费通知",
    Row.F3: r"^(?:3[.、．])?其他$",
    Row.TOTAL: r"^(?:\(七\))?总计$",
    Row.CARRIED_OUT: "结转下年",
}
_ROW_PATTERNS = {row: re.compile(words) for row, words in _ROW_WORDS.items()}
_NEEDS_ORDER = {Row.F3, Row.TOTAL}


class Remedy(StrEnum):
    """The three blocks of table four."""

    RECONSIDERATION = "行政复议"
    SUIT = "未经复议直接起诉"
    SUIT_AFTER = "复议后起诉"


class Result(StrEnum):
    """The five columns of each block of table four."""

    UPHELD = "结果维持"
    CORRECTED = "结果纠正"
    OTHER = "其他结果"
    PENDING = "尚未审结"
    TOTAL = "总计"


REMEDIES = tuple(Remedy)
RESULTS = tuple(Result)


class Active(StrEnum):
    """The rows of table two, by the item of article 20 under which they stand."""

    RULES = "规章"
    NORMATIVE = "行政规范性文件"
    PERMITS = "行政许可"
    PENALTIES = "行政处罚"
    COERCION = "行政强制"
    FEES = "行政事业性收费"


ACTIVE_COLUMNS: Mapping[Active, tuple[str, ...]] = {
    Active.RULES: ("本年制发件数", "本年废止件数", "现行有效件数"),
    Active.NORMATIVE: ("本年制发件数", "本年废止件数", "现行有效件数"),
    Active.PERMITS: ("本年处理决定数量",),
    Active.PENALTIES: ("本年处理决定数量",),
    Active.COERCION: ("本年处理决定数量",),
    Active.FEES: ("本年收费金额（单位：万元）",),
}
_ACTIVE_WORDS = {
    "规章": Active.RULES,
    "行政规范性文件": Active.NORMATIVE,
    "规范性文件": Active.NORMATIVE,
    "行政许可": Active.PERMITS,
    "行政处罚": Active.PENALTIES,
    "行政强制": Active.COERCION,
    "行政事业性收费": Active.FEES,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it is printed. `value` is 0 for an empty cell, None for what is no number."""

    text: str
    line: int
    value: Decimal | None

    @property
    def is_blank(self) -> bool:
        return not any(char.isdigit() for char in self.text)


R = TypeVar("R", bound=StrEnum)


@dataclass(frozen=True)
class Table(Generic[R]):
    """Rows of cells by their key; a row that could not be read whole is missing."""

    rows: Mapping[R, tuple[Cell, ...]]

    def value(self, row: R, column: int) -> Decimal | None:
        cells = self.rows.get(row)
        return cells[column].value if cells else None

    def total(self, rows: Sequence[R], column: int = -1) -> Decimal | None:
        values = [self.value(row, column) for row in rows]
        known = [value for value in values if value is not None]
        return sum(known, Decimal()) if len(known) == len(values) else None


RequestTable = Table[Row]
RemedyTable = Table[Remedy]
ActiveTable = Table[Active]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a drawn table; one that spans several places is the same object in each."""

    text: str
    line: int


Grid = tuple[tuple[GridCell, ...], ...]

_NUMERIC = re.compile(r"-?\d[\d, ]*(?:\.\d+)?")
BLANKS = {"", "/", "\\", "-", "—", "--", "——", "无", "–"}


def numeric_cell(text: str, line: int) -> Cell | None:
    """The cell, or None where the text is no number and no sign of emptiness."""
    plain = normalise(text).strip()
    if plain in BLANKS:
        return Cell(text, line, Decimal(0))
    if not _NUMERIC.fullmatch(plain):
        return None
    negative = plain.startswith("-")
    value = arabic_number(plain.lstrip("-"))
    return Cell(text, line, -value if value is not None and negative else value)


def _squeeze(text: str) -> str:
    return "".join(normalise(text).split())


def row_of(label: str, after: int = -1) -> Row | None:
    """The row that a label names; `after` is the place of the row before it."""
    plain = _squeeze(label)
    for place, row in enumerate(ROWS):
        if place <= after or (row in _NEEDS_ORDER and after < ROWS.index(Row.F1)):
            continue
        if _ROW_PATTERNS[row].search(plain):
            return row
    return None


def active_row_of(label: str) -> Active | None:
    return _ACTIVE_WORDS.get(_squeeze(label))


def distinct(row: Sequence[GridCell]) -> list[GridCell]:
    """Each cell once, though it spans several columns."""
    return [cell for place, cell in enumerate(row) if not any(cell is one for one in row[:place])]


def _numbers(cells: Sequence[GridCell]) -> tuple[Cell, ...] | None:
    found = [numeric_cell(cell.text, cell.line) for cell in cells]
    known = tuple(cell for cell in found if cell is not None)
    return known if len(known) == len(found) else None


def requests_in_grid(grid: Grid) -> RequestTable | None:
    """Table three from a drawn table, or None where it is another one."""
    rows: dict[Row, tuple[Cell, ...]] = {}
    for row in grid:
        cells, width = distinct(row), len(COLUMNS)
        if len(cells) <= width:
            continue
        after = ROWS.index(Row.F1) if Row.F1 in rows else -1
        names = [name for cell in cells[:-width] if (name := row_of(cell.text, after))]
        numbers = _numbers(cells[-width:])
        if names and numbers and names[-1] not in rows:
            rows[names[-1]] = numbers
    return Table(rows) if Row.NEW in rows or len(rows) > 5 else None


def remedies_in_grid(grid: Grid) -> RemedyTable | None:
    words = "".join(_squeeze(cell.text) for row in grid for cell in row)
    if Result.UPHELD not in words or Result.PENDING not in words:
        return None
    for row in reversed(grid):
        cells = distinct(row)[-15:]
        numbers = _numbers(cells)
        if numbers and len(numbers) == 15 and any(not cell.is_blank for cell in numbers):
            return _remedies(numbers)
    return None


def _remedies(cells: Sequence[Cell]) -> RemedyTable:
    return Table({name: tuple(cells[5 * at : 5 * at + 5]) for at, name in enumerate(REMEDIES)})


def _is_older(texts: Iterable[str]) -> bool:
    """Table two of 2019 and 2020 has other columns: 本年新制作数量, 对外公开总数量."""
    return any("新制作数量" in one or "对外公开总数量" in one for one in map(_squeeze, texts))


def active_in_grid(grid: Grid) -> ActiveTable | None:
    if _is_older(cell.text for row in grid for cell in row):
        return None
    rows: dict[Active, tuple[Cell, ...]] = {}
    for row in grid:
        cells = distinct(row)
        for place, cell in enumerate(cells):
            name = active_row_of(cell.text)
            width = len(ACTIVE_COLUMNS[name]) if name else 0
            numbers = _numbers(cells[place + 1 : place + 1 + width]) if name else None
            if name and name not in rows and numbers and len(numbers) == width:
                rows[name] = numbers
    return Table(rows) if rows else None


def grids_in_lines(lines: Sequence[tuple[int, str]]) -> Iterator[Grid]:
    """Tables drawn in text with tabs or bars: neighbouring lines of as many cells."""
    run: list[tuple[GridCell, ...]] = []
    for number, text in lines:
        plain = text.strip(" \r\n")
        mark = "|" if "|" in plain else "\t"
        pieces = plain.strip("|").split(mark)
        if len(pieces) > 1 and all(set(one.strip()) <= {"-", ":"} for one in pieces):
            continue  # the rule under a table's head
        row = tuple(GridCell(one.strip(), number) for one in pieces)
        if run and len(row) != len(run[0]):
            yield tuple(run)
            run = []
        run = [*run, row] if len(row) > 1 else []
    if run:
        yield tuple(run)


# ── tables that were flattened, cell by cell or row by row ────────────────────────────────────

Line = tuple[int, str]
_SPLIT = re.compile(r"[\s|│┃]+")


def tokens(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    for number, text in lines:
        for token in _SPLIT.split(normalise(text)):
            if token:
                yield number, token


def _cells_in(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Tokens; in a row between tabs or bars an empty cell is one too."""
    for number, text in lines:
        drawn = _drawn_row(text)
        if drawn is None:
            yield from tokens([(number, text)])
            continue
        label, cells = drawn
        yield from tokens([(number, label)])
        yield from ((number, cell.strip() or "/") for cell in cells)


def _drawn_row(text: str) -> tuple[str, list[str]] | None:
    """Label and seven cells of a line with tabs or bars, where some cells are empty."""
    plain = text.strip(" \r\n")
    mark = "|" if "|" in plain else "\t"
    if mark == "|" and plain.endswith("|"):
        plain = plain[:-1]
    pieces = [normalise(one).strip() for one in plain.split(mark)]
    label, cells = " ".join(pieces[: -len(COLUMNS)]), pieces[-len(COLUMNS) :]
    is_row = len(pieces) > len(COLUMNS) and label.strip() and "" in cells
    return (label, cells) if is_row and all(numeric_cell(one, 0) for one in cells) else None


class _Flat:
    """Walks tokens: a label opens a row, the numbers behind it fill it."""

    def __init__(self) -> None:
        self.rows: dict[Row, list[Cell]] = {}
        self.place = -1
        self.loose = ""  # label pieces since the last row: a label may be cut in two

    def take(self, line: int, token: str) -> None:
        cell = numeric_cell(token, line)
        if cell is not None:
            row = self.rows.get(ROWS[self.place]) if self.place >= 0 else None
            if row is not None and len(row) < len(COLUMNS):
                row.append(cell)
            self.loose = ""
        elif name := row_of(token, self.place) or row_of(self.loose + token, self.place):
            self.place = ROWS.index(name)
            self.rows[name] = []
            self.loose = ""
        else:
            self.loose = token


def _filled(flat: _Flat) -> dict[Row, tuple[Cell, ...]]:
    return {name: tuple(row) for name, row in flat.rows.items() if len(row) == len(COLUMNS)}


def requests_in_lines(lines: Sequence[Line]) -> RequestTable | None:
    """Table three from flattened text: begins at the label of its first row."""
    starts = [
        at for at, (_, text) in enumerate(lines) if _ROW_PATTERNS[Row.NEW].search(_squeeze(text))
    ]
    for start in starts:
        flat = _Flat()
        for line, token in _cells_in(lines[start:]):
            flat.take(line, token)
            if len(flat.rows.get(Row.CARRIED_OUT, ())) == len(COLUMNS):
                break
        rows = _filled(flat)
        if len(rows) > 5:
            return Table(rows)
    return None


def remedies_in_lines(lines: Sequence[Line]) -> RemedyTable | None:
    seen, run = 0, list[Cell]()
    for line, token in tokens(lines):
        seen += token.count(Result.PENDING)
        cell = numeric_cell(token, line) if seen >= len(REMEDIES) else None
        run = [*run, cell] if cell else []
        if len(run) == 15:
            return _remedies(run)
    return None


def active_in_lines(lines: Sequence[Line]) -> ActiveTable | None:
    if _is_older(text for _, text in lines):
        return None
    rows: dict[Active, tuple[Cell, ...]] = {}
    name: Active | None = None
    run: list[Cell] = []
    for line, token in tokens(lines):
        cell = numeric_cell(token, line)
        if cell is None or name is None:
            name, run = (active_row_of(token) if cell is None else None), []
            continue
        run.append(cell)
        if len(run) == len(ACTIVE_COLUMNS[name]):
            rows.setdefault(name, tuple(run))
            name = None
    return Table(rows) if rows else None
