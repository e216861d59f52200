"""Reader of DOCX: paragraphs in order, tables with merged cells. Stdlib only, sizes bounded."""

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

from mingtang.reports.rules.documents import Document, document_of
from mingtang.reports.rules.tables import Grid, GridCell

MOST_XML = 32 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def _body_xml(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entry = archive.getinfo("word/document.xml")
            if entry.file_size > MOST_XML:
                raise ValueError("文档正文太大，不像一份年度报告")
            with archive.open(entry) as opened:
                xml = opened.read(MOST_XML + 1)
    except KeyError:
        raise ValueError("压缩包里没有 Word 正文，请另存为 DOCX") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise ValueError("文件已损坏或加了密，请重新另存为 DOCX") from None
    if len(xml) > MOST_XML or _DOCTYPE.search(xml):
        raise ValueError("文档正文不合规范，请重新另存为 DOCX")
    return xml


def _text(element: ElementTree.Element) -> str:
    pieces: list[str] = []
    for one in element.iter():
        if one.tag == f"{_W}t":
            pieces.append(one.text or "")
        elif one.tag in {f"{_W}tab", f"{_W}br", f"{_W}cr"} and pieces:
            pieces.append(" ")
    return "".join(pieces)


def _property(cell: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return cell.find(f"{_W}tcPr/{_W}{name}")


class _Reader:
    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.grids: list[Grid] = []
        self.number = 0

    def walk(self, parent: ElementTree.Element) -> None:
        for child in parent:
            if child.tag == f"{_W}p":
                self.number += 1
                if text := _text(child).strip():
                    self.lines.append((self.number, text))
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
                self.walk(child)

    def _table(self, table: ElementTree.Element) -> None:
        rows = table.findall(f"{_W}tr")
        if any(cell.find(f".//{_W}tbl") is not None for row in rows for cell in row):
            for row in rows:
                for cell in row.findall(f"{_W}tc"):
                    self.walk(cell)
            return
        above: dict[int, GridCell] = {}
        grid: list[list[GridCell]] = []
        for row in rows:
            self.number += 1
            grid.append(self._row(row, above))
        self.grids.append(tuple(map(tuple, grid)))
        self._as_lines(self.grids[-1])

    def _row(self, row: ElementTree.Element, above: dict[int, GridCell]) -> list[GridCell]:
        found: list[GridCell] = []
        for cell in row.iter(f"{_W}tc"):
            span, merge = _property(cell, "gridSpan"), _property(cell, "vMerge")
            width = int(span.get(f"{_W}val", "1")) if span is not None else 1
            goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            words = "".join(_text(one).strip() for one in cell.findall(f"{_W}p"))
            one = above.get(len(found)) if goes_on else None
            one = one or GridCell(words, self.number)
            if merge is not None:
                above[len(found)] = one
            else:
                above.pop(len(found), None)
            found += [one] * min(max(width, 1), 60)
        return found

    def _as_lines(self, grid: Grid) -> None:
        words = "".join(cell.text for row in grid for cell in row)
        if any(name in words for name in ("本年新收", "尚未审结", "现行有效", "第二十条")):
            return
        for row in grid:
            seen = list(dict.fromkeys(cell.text for cell in row if cell.text))
            if seen:
                self.lines.append((row[0].line, " ".join(seen)))


def read_docx(content: bytes) -> Document:
    """Its lines are numbered by paragraph and table row: a DOCX has no others."""
    try:
        root = ElementTree.fromstring(_body_xml(content))  # noqa: S314 - no entities, see above
    except ElementTree.ParseError:
        raise ValueError("文档正文不是完好的 XML，请重新另存为 DOCX") from None
    body = root.find(f"{_W}body")
    if body is None:
        raise ValueError("文档里没有正文，请重新另存为 DOCX")
    reader = _Reader()
    reader.walk(body)
    return document_of("docx", reader.lines, reader.grids)
