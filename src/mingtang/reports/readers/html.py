"""Reader of HTML: paragraphs with their source lines, tables with their spans laid out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from mingtang.reports.readers.text import check_text, decode
from mingtang.reports.rules.documents import Document, document_of
from mingtang.reports.rules.tables import Grid, GridCell

BLOCKS = {
    "p",
    "div",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "section",
    "article",
    "header",
    "footer",
    "hr",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "form",
    "center",
    "caption",
}
SILENT = {"script", "style", "noscript", "template", "select", "button", "nav"}
MOST_SPAN = 60
MOST_CELLS = 20_000
LAYOUT_CELL = 160  # a cell with more text than this lays out a page
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


@dataclass
class _Box:
    """A cell that is being read."""

    line: int
    columns: int
    rows: int
    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(text.strip() for _, text in self.lines)


@dataclass
class _Frame:
    """A table that is being read; `holds` says that another one lay inside."""

    rows: list[list[_Box]] = field(default_factory=list)
    holds: bool = False
    open: bool = False  # whether a cell is open


def lay_out(rows: Sequence[Sequence[tuple[GridCell, int, int]]]) -> Grid:
    """Cells with (columns, rows) that they span, as a full grid."""
    found: list[list[GridCell]] = []
    hanging: dict[int, tuple[GridCell, int]] = {}
    for row in rows:
        line: list[GridCell] = []
        cells = list(row)
        while cells or len(line) in hanging:
            if len(line) in hanging:
                cell, left = hanging.pop(len(line))
                if left > 1:
                    hanging[len(line)] = (cell, left - 1)
                line.append(cell)
                continue
            cell, columns, depth = cells.pop(0)
            for _ in range(columns):
                if depth > 1:
                    hanging[len(line)] = (cell, depth - 1)
                line.append(cell)
        found.append(line)
    return tuple(map(tuple, found))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self.grids: list[Grid] = []
        self.frames: list[_Frame] = []
        self.silent = 0
        self.cells = 0
        self.text: list[str] = []
        self.started = 1

    # ── where text goes

    def _sink(self) -> list[tuple[int, str]]:
        for frame in reversed(self.frames):
            if frame.open and frame.rows and frame.rows[-1]:
                return frame.rows[-1][-1].lines
        return self.lines

    def _flush(self) -> None:
        text = re.sub(r"(?<=[^\x00-\x7f])[ \t]*[\r\n]\s*(?=[^\x00-\x7f])", "", "".join(self.text))
        text = re.sub(r"[ \t\r\n\f]+", " ", text).strip()
        if text:
            self._sink().append((self.started, text))
        self.text = []

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if data.strip() and not "".join(self.text).strip():
            skipped = data[: len(data) - len(data.lstrip())].count("\n")
            self.started = self.getpos()[0] + skipped
        self.text.append(data)

    # ── tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT or tag == "title":
            self.silent += 1
        elif tag == "table":
            self._flush()
            for frame in self.frames:
                frame.holds = True
            self.frames.append(_Frame())
        elif tag == "tr" and self.frames:
            self._flush()
            self.frames[-1].open = False
            self.frames[-1].rows.append([])
        elif tag in {"td", "th"} and self.frames:
            self._open_cell(dict(attrs))
        elif tag in BLOCKS:
            self._flush()

    def _open_cell(self, attrs: dict[str, str | None]) -> None:
        self._flush()
        frame = self.frames[-1]
        if not frame.rows:
            frame.rows.append([])
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise ValueError("表格的单元格太多，不像一份年度报告")
        columns, rows = (_span(attrs.get(name)) for name in ("colspan", "rowspan"))
        frame.rows[-1].append(_Box(self.getpos()[0], columns, rows))
        frame.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT or tag == "title":
            self.silent = max(self.silent - 1, 0)
        elif tag in {"td", "th"} and self.frames:
            self._flush()
            self.frames[-1].open = False
        elif tag == "table" and self.frames:
            self._flush()
            self._close_table()
        elif tag in BLOCKS:
            self._flush()

    def _close_table(self) -> None:
        frame = self.frames.pop()
        boxes = [box for row in frame.rows for box in row]
        if frame.holds or any(len(box.text) > LAYOUT_CELL for box in boxes):
            for box in boxes:
                self._sink().extend(box.lines)
            return
        cells = [
            [(GridCell(box.text, box.line), box.columns, box.rows) for box in row]
            for row in frame.rows
        ]
        self.grids.append(lay_out(cells))
        if not _is_form(self.grids[-1]):
            for row in frame.rows:
                words = [box.text for box in row if box.text]
                if words:
                    self._sink().append((row[0].line, " ".join(words)))

    def finish(self) -> None:
        self.close()
        self._flush()
        while self.frames:
            self._close_table()


def _is_form(grid: Grid) -> bool:
    """Tables two to four are read as tables alone; other tables are text too."""
    words = "".join(cell.text for row in grid for cell in row)
    return any(name in words for name in ("本年新收", "尚未审结", "现行有效", "第二十条"))


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MOST_SPAN) if value and value.strip().isdigit() else 1


def read_html(content: bytes) -> Document:
    said = _CHARSET.search(content[:4096])
    text = ""
    if said and said[1].lower() in {b"gbk", b"gb2312", b"gb18030"}:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            text = ""
    reader = _Reader()
    reader.feed(check_text(text or decode(content)))
    reader.finish()
    if not reader.lines and not reader.grids:
        raise ValueError("网页里没有文字")
    return document_of("html", reader.lines, reader.grids)
