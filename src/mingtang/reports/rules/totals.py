"""Rules of reports: tables of the office's own with a row or column 合计. Pure.

A table that is drawn says itself what its total is of; what is nested or of several units does not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from mingtang.reports.rules.documents import Context, Document
from mingtang.reports.rules.findings import Outcome, Passed, error
from mingtang.reports.rules.numerals import normalise, spell
from mingtang.reports.rules.tables import Grid, GridCell, numeric_cell

ID = "A1"
_TOTAL = re.compile(r"合计|总计|共计")
_NESTED = re.compile(r"其中|小计|单位|上年|去年|同比|增减|比重|序号|年份")
_FORM = re.compile(r"本年新收|尚未审结|现行有效|第二十条")


def _plain(cell: GridCell) -> str:
    return "".join(normalise(cell.text).split()).strip(":()")


def _turned(grid: Grid) -> Grid:
    return tuple(zip(*grid, strict=True))


def _value(cell: GridCell) -> Decimal | None:
    found = numeric_cell(cell.text, cell.line)
    return found.value if found else None


def check_totals(document: Document, context: Context) -> Iterator[Outcome]:
    """A1 in tables: the row 合计 is the sum of the rows, the column 合计 that of the columns."""
    for grid in document.grids:
        words = "".join(_plain(cell) for row in grid for cell in row)
        if len({len(row) for row in grid}) == 1 and len(grid) > 2 and not _FORM.search(words):
            yield from _sums_down(grid)
            yield from _sums_down(_turned(grid))


# The statistical table of 2014 to 2018 (政府信息公开情况统计表): rows that divide another one.
_DIVIDED: Mapping[str, tuple[str, ...]] = {
    "收到申请数": ("当面申请", "传真申请", "网络申请", "信函申请"),
    "申请办结数": ("按时办结", "延期办结"),
    "申请答复数": (
        "属于已主动公开",
        "(?<!不)同意公开答复",
        "同意部分公开",
        "不同意公开答复",
        "不属于本行政机关",
        "申请信息不存在",
        "告知作出更改",
        "告知通过其他",
    ),
    "行政复议数": ("维持", "纠错", "其他情形"),
    "行政诉讼数": ("维持|驳回", "纠错", "其他情形"),
    "工作人员数": ("专职人员", "兼职人员"),
}


def check_statistics(document: Document, context: Context) -> Iterator[Outcome]:
    """A1 in the statistical table: applications by channel, by time, by answer; remedies."""
    for grid in document.grids:
        rows = [(_plain(row[0]), row) for row in grid if len(row) > 1]
        for at, (name, row) in enumerate(rows):
            key = next((one for one in _DIVIDED if _is_key(one, name)), None)
            if key and _is_number(row[-1]) and not any(map(_is_number, row[1:-1])):
                yield from _divided(key, row, rows[at + 1 :])


def _is_key(key: str, name: str) -> bool:
    return key in name and not re.match(r"\d", name)


def _divided(
    key: str, row: Sequence[GridCell], below: Sequence[tuple[str, Sequence[GridCell]]]
) -> Iterator[Outcome]:
    parts: dict[str, Decimal] = {}
    numbered = 0
    for name, cells in below:
        if any(_is_key(one, name) for one in _DIVIDED) or re.match(
            r"[一二三四五六七八九]+、", name
        ):
            break
        numbered += bool(re.match(r"\d+[.、]", name))
        part = next((one for one in _DIVIDED[key] if re.search(one, name)), None)
        value = _value(cells[-1])
        if part and part not in parts and value is not None:
            parts[part] = value
    total, summed = _value(row[-1]), sum(parts.values(), Decimal())
    if total is None or len(parts) < 2:
        return
    spelt = "＋".join(map(spell, parts.values()))
    if summed == total:
        yield Passed(ID, f"第{row[-1].line}行：{key} {spell(total)} ＝ {spelt}")
    elif summed > total or len(parts) in {len(_DIVIDED[key]), numbered}:
        why = f"{key}写的是 {spell(total)}，下面各项之和是 {spelt} ＝ {spell(summed)}。"
        quote = " ".join(cell.text for cell in row)
        yield error(ID, row[-1].line, quote, why, spell(summed))


def _sums_down(grid: Grid) -> Iterator[Outcome]:
    """The last line is the total of those above it, column by column."""
    *lines, last = grid
    names = [_plain(row[0]) for row in lines]
    if not _TOTAL.fullmatch(_plain(last[0])) or any(map(_TOTAL.search, names)):
        return
    parts = "".join(
        _plain(cell) for row in lines for cell in row if re.search("小计|其中", cell.text)
    )
    if parts or any(map(_NESTED.search, names)) or len(set(map(_numbering, names)) - {""}) > 1:
        return
    for at in range(1, len(last)):
        yield from _column(lines, last, at)


def _numbering(name: str) -> str:
    """How a line is numbered: lines numbered in two ways lie within each other."""
    match = re.match(r"(?P<han>\(?[一二三四五六七八九十]+[、.)])|(?P<digit>\(?\d+[、.)])", name)
    return (match.lastgroup or "") if match else ""


def _column(
    lines: Sequence[Sequence[GridCell]], last: Sequence[GridCell], at: int
) -> Iterator[Outcome]:
    cells = [row[at] for row in lines]
    first = next((n for n, cell in enumerate(cells) if _is_number(cell)), len(cells))
    head = "".join(_plain(cell) for cell in cells[:first])
    values = [_value(cell) for cell in cells[first:]]
    total = _value(last[at]) if _is_number(last[at]) else None
    known = [value for value in values if value is not None]
    is_whole = len(known) == len(values) >= 2 and len({id(cell) for cell in cells[first:]}) == len(
        values
    )
    if total is None or not is_whole or re.search(r"率|%|平均|比例|占比|序号", head):
        return
    summed = sum(known, Decimal())
    spelt = "＋".join(map(spell, known))
    if summed == total:
        yield Passed(ID, f"第{last[at].line}行：表中{_plain(last[0])} {spell(total)} ＝ {spelt}")
    else:
        name = _plain(last[0])
        why = (
            f"表中{head or '各项'}之和是 {spelt} ＝ {spell(summed)}，{name}写的是 {spell(total)}。"
        )
        quote = " ".join(cell.text for cell in last)
        yield error(ID, last[at].line, quote, why, spell(summed))


def _is_number(cell: GridCell) -> bool:
    return any(char.isdigit() for char in cell.text) and numeric_cell(cell.text, 0) is not None
