"""The look into PDF: its text by way of its fonts, its properties, notes and hidden text. Pure.

A PDF says which glyph stands where; which character a glyph is, says a table of its font
(ToUnicode). Glyphs of a font without one cannot be read: the page then counts as one without text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from mingtang.disclosure.rules import scan
from mingtang.disclosure.rules.scan import Finding, Severity, finding, scan_lines
from mingtang.disclosure.scanning.bounds import TooMuch
from mingtang.files.inspectors.pdf import set_limits
from mingtang.files.rules.uploads import MEGABYTE

MOST_PAGES = 1000
MOST_TABLE = 4 * MEGABYTE
MOST_OPERATIONS = 2_000_000
DEEPEST_FORM = 4
DEEPEST_FIELD = 20
SILENT = {"/Link", "/Widget", "/Popup", "/PrinterMark", "/TrapNet"}  # notes that say nothing
INVISIBLE = {3, 7}  # modes of text that paint nothing (ISO 32000-1, table 106)
NEW_LINE = {"Td", "TD", "T*", "Tm", "'", '"', "ET"}
WIDEST_GAP = 0.3  # of an em, between glyphs that are set one by one
FARTHEST_STEP = -200  # thousandths of an em: a wider gap inside an array is a blank

Glyphs = dict[int, str]


def look(path: Path, names: tuple[str, ...]) -> Iterator[Finding]:
    set_limits()
    with pikepdf.open(path, attempt_recovery=False) as pdf:
        if len(pdf.pages) > MOST_PAGES:
            raise TooMuch
        yield from _properties(pdf)
        if pdf.attachments:
            yield finding(scan.ATTACHED, Severity.BLOCK, "附件")
        said = list(_filled(pdf.Root.get("/AcroForm", pikepdf.Dictionary()).get("/Fields", ()), 0))
        yield from scan_lines((("表单", line) for line in said), names)
        reading = Reading()
        for at, page in enumerate(pdf.pages, 1):
            yield from _page(page, f"第 {at} 页", reading, names)


def _filled(fields: Any, depth: int) -> Iterator[str]:
    """What was filled into the fields of a form; a viewer draws it from there."""
    if depth > DEEPEST_FIELD:
        raise TooMuch
    for one in fields:
        value = one.get("/V")
        if isinstance(value, pikepdf.Stream):
            value = value.read_bytes().decode("utf-8", "replace")
        for part in value if isinstance(value, pikepdf.Array) else [value]:
            yield from str("" if part is None else part).splitlines()
        yield from _filled(one.get("/Kids", ()), depth + 1)


def _properties(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    info = pdf.docinfo
    for key, label in (("/Author", "作者"), ("/Manager", "经理"), ("/Company", "单位")):
        if str(info.get(key, "")).strip():
            yield finding(scan.AUTHOR, Severity.WARN, f"文档属性“{label}”")
    packet = pdf.Root.get("/Metadata")
    if isinstance(packet, pikepdf.Stream) and _names_author(packet.read_bytes()):
        yield finding(scan.AUTHOR, Severity.WARN, "文档元数据")


def _names_author(packet: bytes) -> bool:
    text = packet[:MEGABYTE].decode("utf-8", "replace")
    said = re.search(r"<dc:creator>(.{0,2000}?)</dc:creator>", text, re.DOTALL)
    return bool(said and re.sub(r"<[^>]*>", "", said[1]).strip())


def _page(
    page: pikepdf.Page, where: str, reading: "Reading", names: tuple[str, ...]
) -> Iterator[Finding]:
    for note in page.obj.get("/Annots", pikepdf.Array()):
        if str(note.get("/Subtype")) not in SILENT and str(note.get("/Contents", "")).strip():
            yield finding(scan.ANNOTATION, Severity.BLOCK, where)
    said = reading.page(page)
    if said.is_hidden:
        yield finding(scan.HIDDEN_TEXT, Severity.WARN, where)
    if not said.text.strip() and (said.has_picture or said.is_unknown):
        yield finding(scan.NO_TEXT, Severity.WARN, where)
    lines = [line for line in said.text.split("\n") if line.strip()]
    yield from scan_lines(((where, line) for line in lines), names)


@dataclass
class Said:
    """What a page says."""

    pieces: list[str] = field(default_factory=list)
    is_hidden: bool = False
    is_unknown: bool = False
    has_picture: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True)
class Font:
    """How long the codes of a font are in bytes, and which characters they are."""

    width: int
    glyphs: Glyphs
    is_plain: bool  # codes are letters themselves where no table says otherwise

    def decoded(self, said: bytes) -> str:
        codes = (
            int.from_bytes(said[at : at + self.width], "big")
            for at in range(0, len(said), self.width)
        )
        return "".join(self._glyph(code) for code in codes)

    def _glyph(self, code: int) -> str:
        plain = chr(code) if self.is_plain and 32 <= code < 127 else ""
        return self.glyphs.get(code, plain)


@dataclass
class Pen:
    """Where the text stands: what is set glyph by glyph on one line is one line."""

    size: float = 1.0
    at: tuple[float, ...] = ()  # the matrix of the last step; blank where a new line begins
    width: float = 0.0  # of what was written since, about, in ems

    def wrote(self, text: str) -> None:
        self.width += sum(0.6 if char.isascii() else 1.0 for char in text)

    def moved(self, verb: str, operands: Any) -> str:
        """Nothing or a blank for a step on the same line, else a new line."""
        if verb in {"Td", "TD"} and float(operands[1]) == 0:
            if self.at:
                self.at = (*self.at[:4], self.at[4] + float(operands[0]) * self.at[0], self.at[5])
            self.width = 0.0
            return ""
        before, width = self.at, self.width
        self.at, self.width = tuple(map(float, operands)) if verb == "Tm" else (), 0.0
        if not before or not self.at or before[:4] != self.at[:4] or before[5] != self.at[5]:
            return "\n"
        step, em = self.at[4] - before[4], self.size * self.at[0]
        return " " if step < 0 or step > (width + WIDEST_GAP) * em else ""


class Reading:
    """Reads pages one after another; fonts and operations are counted over all of them."""

    def __init__(self) -> None:
        self._fonts: dict[Any, Font] = {}
        self._left = MOST_OPERATIONS

    def page(self, page: pikepdf.Page) -> Said:
        said = Said()
        resources = page.resources if "/Resources" in page.obj else pikepdf.Dictionary()
        self._stream(page, resources, said, 0)
        return said

    def _stream(self, stream: Any, resources: Any, said: Said, depth: int) -> None:
        font: Font | None = None
        mode = 0
        pen = Pen()
        for step in pikepdf.parse_content_stream(stream):
            self._left -= 1
            if self._left < 0:
                raise TooMuch
            verb, operands = str(step.operator), step.operands
            if verb in NEW_LINE:
                said.pieces.append(pen.moved(verb, operands))
            if verb == "Tf":
                font, pen.size = self._font(resources, operands[0]), float(operands[1])
            elif verb == "Tr":
                mode = int(operands[0])
            elif verb in {"Tj", "TJ", "'", '"'}:
                _show(said, font, operands[-1], is_hidden=mode in INVISIBLE)
                pen.wrote(said.pieces[-1])
            elif verb == "Do":
                self._draw(resources, operands[0], said, depth)
            elif verb == "INLINE IMAGE":
                said.has_picture = True

    def _draw(self, resources: Any, name: Any, said: Said, depth: int) -> None:
        drawn = resources.get("/XObject", pikepdf.Dictionary()).get(str(name))
        if drawn is None:
            return
        if drawn.get("/Subtype") == "/Image":
            said.has_picture = True
        elif depth < DEEPEST_FORM:
            self._stream(drawn, drawn.get("/Resources", resources), said, depth + 1)

    def _font(self, resources: Any, name: Any) -> Font | None:
        found = resources.get("/Font", pikepdf.Dictionary()).get(str(name))
        if found is None:
            return None
        key = found.objgen if found.is_indirect else id(found)
        if key not in self._fonts:
            self._fonts[key] = _font(found)
        return self._fonts[key]


def _show(said: Said, font: Font | None, operand: Any, *, is_hidden: bool) -> None:
    parts = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    text = ""
    for part in parts:
        if isinstance(part, pikepdf.String):
            text += font.decoded(bytes(part)) if font else ""
        elif float(part) < FARTHEST_STEP:
            text += " "
    said.pieces.append(text)
    said.is_unknown = said.is_unknown or not text.strip()
    said.is_hidden = said.is_hidden or (is_hidden and bool(text.strip()))


def _font(found: Any) -> Font:
    is_wide = found.get("/Subtype") == "/Type0"
    table = found.get("/ToUnicode")
    glyphs: Glyphs = {}
    if isinstance(table, pikepdf.Stream):
        content = table.read_bytes()
        if len(content) > MOST_TABLE:
            raise TooMuch
        glyphs = glyph_table(content.decode("latin-1"))
    return Font(2 if is_wide else 1, glyphs, is_plain=not is_wide)


_SECTION = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]*)>|\[([^\]]*)\])")


def glyph_table(table: str) -> Glyphs:
    """The characters of codes, as a ToUnicode table tells them (ISO 32000-1, 9.10.3)."""
    found: Glyphs = {}
    for kind, body in _SECTION.findall(table):
        if kind == "bfchar":
            found |= {int(code, 16): _characters(said) for code, said in _PAIR.findall(body)}
        else:
            for first, last, start, each in _RANGE.findall(body):
                found |= _range(int(first, 16), int(last, 16), start, each)
    return found


def _range(first: int, last: int, start: str, each: str) -> Glyphs:
    codes = range(first, min(last, first + 0xFFFF) + 1)
    if each:
        return dict(
            zip(codes, map(_characters, re.findall(r"<([0-9A-Fa-f]*)>", each)), strict=False)
        )
    head, tail = _characters(start)[:-1], _characters(start)[-1:]
    return {
        code: head + chr(ord(tail) + step)
        for step, code in enumerate(codes)
        if tail and ord(tail) + step < 0x110000
    }


def _characters(said: str) -> str:
    return bytes.fromhex(said if len(said) % 2 == 0 else f"0{said}").decode("utf-16-be", "replace")
