"""Rules of reports: the tables of one report, and of two years together. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from mingtang.reports.rules import identities
from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document
from mingtang.reports.rules.findings import Outcome, Passed, Unassessable, error, warn
from mingtang.reports.rules.identities import COUNTS, Identity, Kind
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.tables import (
    COLUMNS,
    ROWS,
    Active,
    Cell,
    R,
    Remedy,
    Result,
    Row,
    Table,
)


def _row_text(name: str, cells: Sequence[Cell]) -> str:
    return name + " " + " ".join(cell.text.strip() or "（空）" for cell in cells)


def _quote(table: Table[R], names: Sequence[R], line: int) -> str:
    for name in names:
        cells = table.rows.get(name)
        if cells and cells[-1].line == line:
            return _row_text(name, cells)
    return ""


def _broken(one: Identity, quote: str, hint: str = "") -> Outcome:
    assert one.left is not None
    assert one.right is not None
    why = f"{one.place}：{one.kind.value}，而 {spell(one.left)} ≠ {spell(one.right)}。"
    return error(one.kind.name, one.line, quote, why, hint or f"两边相等（{spell(one.right)}）")


def _tell(
    kind: Kind, found: Sequence[Identity], quotes: dict[int, str], hint: str = ""
) -> Iterator[Outcome]:
    known = [one for one in found if one.is_known]
    held = sum(one.holds for one in known)
    for one in known:
        if not one.holds:
            yield _broken(one, quotes.get(one.line) or one.place, hint)
    if known and held == len(known):
        yield Passed(kind.name, f"{kind.value}：{held}项成立")
    if missing := COUNTS[kind.name] - len(known):
        yield Unassessable(kind.name, f"{kind.value}：{missing}项缺少数字")


def _lines_of(table: Table[R], names: Sequence[R]) -> dict[int, str]:
    return {
        cells[-1].line: _row_text(name, cells) for name in names if (cells := table.rows.get(name))
    }


def check_requests(document: Document, context: Context) -> Iterator[Outcome]:
    """I1, I2, I3: table three within itself."""
    table = document.requests
    if table is None:
        yield from _none_of(
            document, ("I1", "I2", "I3"), "没有表三（收到和处理政府信息公开申请情况）"
        )
        return
    found = list(identities.of_requests(table))
    broken = [one for one in found if one.is_known and not one.holds]
    hint = ""
    if cell := identities.suspect(table, broken):
        row, column = cell
        hint = f"很可能是“{row}”的“{COLUMNS[column]}”一格有误，应为{_would_be(table, row, column)}"
    quotes = _lines_of(table, ROWS)
    for kind in (Kind.I1, Kind.I2, Kind.I3):
        yield from _tell(kind, [one for one in found if one.kind is kind], quotes, hint)


def _would_be(table: Table[Row], row: Row, column: int) -> str:
    """What the row's other cells ask of one cell."""
    total = table.value(row, len(COLUMNS) - 1) or Decimal()
    others = [table.value(row, at) or Decimal() for at in range(6)]
    if column == len(COLUMNS) - 1:
        return spell(sum(others, Decimal()))
    return spell(total - sum(others, Decimal()) + others[column])


def _none_of(document: Document, ids: Sequence[str], text: str) -> Iterator[Outcome]:
    for id_ in ids:
        yield Unassessable(id_, text)


def check_remedies(document: Document, context: Context) -> Iterator[Outcome]:
    """I4, S4: table four within itself."""
    table = document.remedies
    if table is None:
        yield from _none_of(document, ("I4",), "没有表四（行政复议、行政诉讼情况）")
        return
    yield from _tell(Kind.I4, list(identities.of_remedies(table)), _lines_of(table, tuple(Remedy)))


def check_suits(document: Document, context: Context) -> Iterator[Outcome]:
    """S4: from 2024 who was refused goes to reconsideration first (行政复议法第二十三条)."""
    table, requests = document.remedies, document.requests
    period = period_of(document, context.year)
    direct = table.value(Remedy.SUIT, 4) if table else None
    if period is None or period.year < 2024 or not direct or table is None:
        return
    cells = table.rows[Remedy.SUIT]
    refused = requests.total(ROWS[4:12]) if requests else None
    if refused:
        why = f"2024年起不服不予公开须先申请行政复议，表四有{spell(direct)}件未经复议直接起诉。"
        quote = _row_text(Remedy.SUIT, cells)
        yield warn("S4", cells[-1].line, quote, why, "核对这些案件是否针对不予公开决定")


def check_blanks(document: Document, context: Context) -> Iterator[Outcome]:
    """S5: what is nothing is written 0; and no cell holds half a request."""
    tables: tuple[Table[Row] | Table[Remedy] | Table[Active] | None, ...] = (
        document.requests,
        document.remedies,
        document.active,
    )
    seen = False
    for table in tables:
        for name, cells in table.rows.items() if table else ():
            seen = True
            yield from _bad_cells(name, cells)
    if not seen:
        yield Unassessable("S5", "没有表格")


def _bad_cells(name: StrEnum, cells: Sequence[Cell]) -> Iterator[Outcome]:
    blank = [cell for cell in cells if cell.is_blank]
    if blank:
        why = f"“{name}”有{len(blank)}格没有填数字。"
        yield warn("S5", blank[0].line, _row_text(name, cells), why, "没有的填0")
    for cell in cells:
        is_half = cell.value is not None and cell.value != int(cell.value)
        if cell.value is None or cell.value < 0 or (is_half and name != Active.FEES):
            why = f"“{name}”的“{cell.text.strip()}”不是件数。"
            yield error("S5", cell.line, _row_text(name, cells), why, "0或正整数")


def check_charges(document: Document, context: Context) -> Iterator[Outcome]:
    """S2: where processing fees were asked for, part six says so (国办函〔2020〕109号)."""
    table = document.requests
    asked = table.value(Row.F2, 6) if table else None
    last = document.chapter_with("其他需要报告")
    if not asked or table is None:
        return
    if last is None or not any(word in last.text for word in ("收费", "费用", "处理费")):
        cells = table.rows[Row.F2]
        why = f"有{spell(asked)}件逾期未缴信息处理费，第六部分却没有报告收费情况。"
        yield warn(
            "S2",
            cells[-1].line,
            _row_text("逾期未按收费通知缴费", cells),
            why,
            "写明收取信息处理费的情况",
        )
    else:
        yield Passed("S2", Kind.S2.value)


# ── two years ─────────────────────────────────────────────────────────────────────────────────


def check_years(document: Document, context: Context) -> Iterator[Outcome]:
    """X1, X2, X3: this report and the one before."""
    previous = context.previous
    if previous is None:
        yield from _none_of(document, ("X1", "X2", "X3"), "没有给出上一年的报告（--previous）")
        return
    yield from _carried(document, previous)
    yield from _in_force(document, previous)
    yield from _pending(document, previous)


def _carried(document: Document, previous: Document) -> Iterator[Outcome]:
    now, before = document.requests, previous.requests
    if now is None or before is None:
        yield Unassessable("X1", "两份报告没有都带表三")
        return
    quotes = _lines_of(now, ROWS)
    yield from _tell(Kind.X1, list(identities.carried(now, before)), quotes)


def _in_force(document: Document, previous: Document) -> Iterator[Outcome]:
    now, before = document.active, previous.active
    if now is None or before is None:
        yield Unassessable("X2", "两份报告没有都带表二")
        return
    yield from _tell(Kind.X2, list(identities.in_force(now, before)), _lines_of(now, tuple(Active)))


def _pending(document: Document, previous: Document) -> Iterator[Outcome]:
    now, before = document.remedies, previous.remedies
    if now is None or before is None:
        yield Unassessable("X3", "两份报告没有都带表四")
        return
    lost = [one for one in identities.pending(now, before) if one[2] < one[1]]
    for name, was, told in lost:
        cells = now.rows[name]
        why = f"{name}：上一年有{spell(was)}件{Result.PENDING}，本年一共只有{spell(told)}件。"
        yield warn("X3", cells[-1].line, _row_text(name, cells), why, f"不少于{spell(was)}件")
    if not lost:
        yield Passed("X3", Kind.X3.value)
