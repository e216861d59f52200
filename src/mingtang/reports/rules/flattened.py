"""Rules of reports: tables that lost their form: a row a line, or a cell a line. Pure.

A cell that vanished is not guessed at: where rows are not of one length, nothing is summed down.
"""

import re
from collections.abc import Iterator, Sequence

from mingtang.reports.rules.numerals import normalise
from mingtang.reports.rules.tables import Grid, GridCell, Line, numeric_cell

_TOTAL = re.compile(r"合计|总计|共计")
_PROSE = re.compile(r"[。;:!?]|,(?!\d{3})|\d{4}年\d")
_UNIT = r"(?:条|件|次|人|人次|万元|元|个|期|篇|份|—+|-+)"
_COUNTED = re.compile(rf"(?P<label>[^\s][^\n]*?)\s+{_UNIT}\s+(?P<value>\d+(?:\.\d+)?)")
_LONGEST = 24  # signs in a cell that is a name


def grids_in_plain(lines: Sequence[Line]) -> Iterator[Grid]:
    """Drawn again from neighbouring lines."""
    for run in _runs(lines):
        split = [(number, text.split()) for number, text in run]
        yield from _by_rows(split)
        yield from _by_cells(split)
        yield from _counted(run)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Neighbouring lines that are no prose and not drawn with bars or tabs."""
    run: list[Line] = []
    for number, raw in lines:
        text = normalise(raw).strip()
        if not text or "\t" in raw.strip() or "|" in raw or _PROSE.search(text):
            if len(run) > 2:
                yield run
            run = []
        else:
            run.append((number, text))
    if len(run) > 2:
        yield run


def _is_number(token: str) -> bool:
    plain = token.removesuffix("%")
    return any(char.isdigit() for char in plain) and numeric_cell(plain, 0) is not None


def _row(number: int, tokens: Sequence[str]) -> tuple[GridCell, ...] | None:
    """A name and two numbers or more behind it."""
    count = next((at for at, one in enumerate(reversed(tokens)) if not _is_number(one)), 0)
    label = "".join(tokens[: len(tokens) - count])
    if count < 2 or not 0 < len(label) <= _LONGEST:
        return None
    return tuple(GridCell(one, number) for one in (label, *tokens[len(tokens) - count :]))


def _by_rows(lines: Sequence[tuple[int, list[str]]]) -> Iterator[Grid]:
    """城关镇 12 8 20: rows of one length, under their head where one stands above."""
    rows: list[tuple[GridCell, ...]] = []
    head: tuple[GridCell, ...] | None = None
    for number, tokens in [*lines, (0, [])]:
        row = _row(number, tokens)
        if row:
            rows.append(row)
            continue
        yield from _grid(head, rows)
        head = tuple(GridCell(one, number) for one in tokens) if len(tokens) > 2 else None
        rows = []


def _grid(head: tuple[GridCell, ...] | None, rows: list[tuple[GridCell, ...]]) -> Iterator[Grid]:
    width = len(head) if head else len(rows[0]) if rows else 0
    whole = [row for row in rows if len(row) == width]
    if len(whole) < len(rows):  # a sum below is of cells that are not all there
        whole = [row for row in whole if not _TOTAL.search(row[0].text)]
    if len(whole) >= 2 or (head and whole):
        yield (head, *whole) if head and len(head) == width else tuple(whole)


def _by_cells(lines: Sequence[tuple[int, list[str]]]) -> Iterator[Grid]:
    """One cell a line: names of columns, then a name and its numbers, again and again."""
    cells = [GridCell(tokens[0], number) for number, tokens in lines if len(tokens) == 1]
    if len(cells) < len(lines):
        joined = [("".join(tokens), number) for number, tokens in lines]
        cells = [GridCell(text, number) for text, number in joined]
    first = next((at for at, one in enumerate(cells) if _is_number(one.text)), 0)
    for width in range(3, min(first, 12)):
        body = cells[first - 1 :]
        head = cells[first - 1 - width : first - 1]
        rows = []
        while len(body) >= width and _is_cell_row(body[:width]):
            rows.append(tuple(body[:width]))
            body = body[width:]
        is_closed = len(body) < 2 or not _is_number(body[1].text)
        if len(rows) >= 2 and is_closed and len(head) == width:
            yield (tuple(head), *rows)
            return


def _is_cell_row(cells: Sequence[GridCell]) -> bool:
    return not _is_number(cells[0].text) and all(_is_number(one.text) for one in cells[1:])


def _counted(lines: Sequence[Line]) -> Iterator[Grid]:
    """1.当面申请数 件 12, in a line or in three: names with one number each."""
    text = "\n".join(line for _, line in lines)
    numbers = [number for number, _ in lines]
    rows = []
    for match in re.finditer(rf"{_COUNTED.pattern}(?=\n|$)", text):
        label = match["label"].rsplit("\n", 1)[-1]
        line = numbers[text.count("\n", 0, match.end())]
        rows.append((GridCell(label, line), GridCell(match["value"], line)))
    if len(rows) > 3:
        yield tuple(rows)
