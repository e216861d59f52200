"""The look into office packages: DOCX, XLSX, PPTX, OFD. Pure."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mingtang.disclosure.rules import scan
from mingtang.disclosure.rules.scan import Finding, Severity, finding, scan_lines
from mingtang.disclosure.scanning.bounds import Package, Reader

BLOCK, WARN = Severity.BLOCK, Severity.WARN
OFF = {"0", "false", "off", "none"}
PROPERTIES = {
    "creator": "作者",
    "lastModifiedBy": "最后修改者",
    "Manager": "经理",
    "Company": "单位",
    "Author": "作者",
}
MOST_COLUMNS = 16384
BUILT_IN_NAMES = ("_xlnm.Print_", "_xlnm._FilterDatabase")


class Text(Reader):
    """Texts of the elements `pieces`, joined until an element of `ends` is over."""

    def __init__(self, pieces: set[str], ends: set[str]) -> None:
        super().__init__()
        self._pieces, self._ends = pieces, ends
        self._line: list[str] = []
        self.lines: list[str] = []

    def characters(self, text: str) -> None:
        if self.path[-1] in self._pieces:
            self._line.append(text)

    def end(self, name: str) -> None:
        if name in self._ends:
            self.lines.append(" ".join("".join(self._line).split("\n")))
            self._line = []


class Attributes(Reader):
    """The attributes of some elements."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = names
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in self._names:
            self.found.append((name, attributes))


def _lines_of(package: Package, name: str, pieces: set[str], ends: set[str]) -> list[str]:
    reader = Text(pieces, ends)
    package.read_into(name, reader)
    return reader.lines


def _has_text(package: Package, names: list[str], pieces: set[str]) -> bool:
    return any("".join(_lines_of(package, name, pieces, pieces)).strip() for name in names)


def _properties(package: Package, names: tuple[str, ...]) -> Iterator[Finding]:
    """Who wrote it, as the office program noted."""
    for name in names:
        reader = _Properties()
        package.read_into(name, reader)
        for label in dict.fromkeys(reader.found):
            yield finding(scan.AUTHOR, WARN, f"文档属性“{label}”")


class _Properties(Reader):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def characters(self, text: str) -> None:
        label = PROPERTIES.get(self.path[-1])
        if label and text.strip():
            self.found.append(label)


PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|webp|emf|wmf|svg|jb2)$", re.IGNORECASE)
DRAWN = ("charts/", "diagrams/", "drawings/")


def _drawn(package: Package, start: str, names: tuple[str, ...]) -> Iterator[Finding]:
    """Charts, diagrams and drawings stand in parts of their own."""
    for name in (name for folder in DRAWN for name in package.named(f"{start}{folder}")):
        lines = _lines_of(package, name, {"t", "v"}, {"p", "pt"})
        yield from scan_lines((("图表、图形", line) for line in lines), names)


def _pictures(package: Package) -> Iterator[Finding]:
    """What stands in a picture cannot be read."""
    count = sum(
        bool(PICTURE.search(name)) for name in package.names if not name.startswith("docProps/")
    )
    if count:
        yield finding(scan.NO_TEXT, WARN, f"{count} 张图片")


OFFICE_PROPERTIES = ("docProps/core.xml", "docProps/app.xml")


def _external(package: Package, start: str) -> Iterator[Finding]:
    """Parts that are fetched from elsewhere. A link that a reader follows is none."""
    if package.named(f"{start}externalLinks/"):
        yield finding(scan.EXTERNAL, BLOCK, "外部数据")
    for name in package.named("", ".rels"):
        reader = Attributes("Relationship")
        package.read_into(name, reader)
        for _, row in reader.found:
            is_link = row.get("Type", "").endswith(("/hyperlink", "/externalLinkPath"))
            if row.get("TargetMode", "").lower() == "external" and not is_link:
                yield finding(scan.EXTERNAL, BLOCK, posixpath.basename(name))


# ── words ─────────────────────────────────────────────────────────────────────────────────────


class _Word(Reader):
    """Paragraphs of a part of DOCX, and what in them is deleted, inserted or hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tracked = self.hidden = 0
        self._line: list[str] = []
        self._is_hidden = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "r":
            self._is_hidden = False
        elif name in {"ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"}:
            self.tracked += 1
        elif name in {"vanish", "webHidden"} and "r" in self.path[-3:-1]:
            self._is_hidden = attributes.get("val", "1").lower() not in OFF
        elif name in {"tab", "br", "cr"} and self.path[-2:-1] == ["r"]:
            self._line.append("\t")

    def characters(self, text: str) -> None:
        if self.path[-1] in {"t", "delText"}:
            self._line.append(text)
            self.hidden += self._is_hidden and bool(text.strip())

    def end(self, name: str) -> None:
        if name == "p" and self._line:
            self.lines.append("".join(self._line))
            self._line = []


WORD_PARTS = {
    "document": "正文",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}


def docx(path: Path, names: tuple[str, ...]) -> Iterator[Finding]:
    with Package(path) as package:
        for name in package.named("word/"):
            stem = posixpath.basename(name).removesuffix(".xml").rstrip("0123456789")
            label = WORD_PARTS.get(stem)
            if label and posixpath.dirname(name) == "word":
                yield from _word_part(package, name, label, names)
        yield from _drawn(package, "word/", names)
        yield from _pictures(package)
        yield from _external(package, "word/")
        yield from _properties(package, OFFICE_PROPERTIES)


def _word_part(
    package: Package, name: str, label: str, names: tuple[str, ...]
) -> Iterator[Finding]:
    reader = _Word()
    package.read_into(name, reader)
    if label == "批注":
        if reader.lines:
            yield finding(scan.COMMENT, BLOCK, f"{len(reader.lines)} 处批注")
        return
    if reader.tracked:
        yield finding(scan.TRACKED, BLOCK, f"{label} {reader.tracked} 处修订")
    if reader.hidden:
        yield finding(scan.HIDDEN_TEXT, BLOCK, f"{label} {reader.hidden} 处")
    lines = ((f"{label}第 {at} 段", line) for at, line in enumerate(reader.lines, 1))
    yield from scan_lines(lines, names)


# ── sheets ────────────────────────────────────────────────────────────────────────────────────


class _Sheet(Reader):
    """Rows of a sheet as lines, and which rows and columns with something in them are hidden."""

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self.lines: list[tuple[int, str]] = []
        self.hidden_rows = 0
        self._strings = strings
        self._hidden: list[range] = []
        self._used: set[int] = set()
        self._row, self._is_hidden, self._cells = 0, False, list[str]()
        self._kind, self._column, self._value = "", 0, list[str]()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "col" and attributes.get("hidden", "0") not in OFF:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self._hidden.append(range(first, min(last, MOST_COLUMNS) + 1))
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._is_hidden = attributes.get("hidden", "0") not in OFF
            self._cells, self._column = [], 0
        elif name == "c":
            self._kind, self._value = attributes.get("t", ""), []
            self._column = _column(attributes.get("r", "")) or self._column + 1

    def characters(self, text: str) -> None:
        if self.path[-1] in {"v", "t"} and "c" in self.path[-5:-1]:
            self._value.append(text)

    def end(self, name: str) -> None:
        if name == "c" and (said := self._said()):
            self._cells.append(said)
            self._used.add(self._column)
        elif name == "row" and self._cells:
            self.lines.append((self._row, "\t".join(self._cells)))
            self.hidden_rows += self._is_hidden

    def _said(self) -> str:
        value = "".join(self._value).strip()
        if self._kind == "s" and value:
            at = int(value)
            value = self._strings[at] if at < len(self._strings) else ""
        return value.replace("\n", " ")

    @property
    def hidden_columns(self) -> int:
        """Those with something in them: a sheet's empty rest is often hidden for its looks."""
        return sum(any(at in columns for columns in self._hidden) for at in self._used)


def _column(reference: str) -> int:
    """B7 → 2."""
    number = 0
    for letter in re.match(r"[A-Z]{0,3}", reference)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number


def xlsx(path: Path, names: tuple[str, ...]) -> Iterator[Finding]:
    with Package(path) as package:
        strings = _lines_of(package, "xl/sharedStrings.xml", {"t"}, {"si"})
        for title, state, member in _sheets(package):
            if state in {"hidden", "veryHidden"}:
                yield finding(scan.HIDDEN_SHEET, BLOCK, f"工作表“{title}”")
            yield from _sheet(package, title, member, strings, names)
        yield from _defined_names(package)
        if package.named("xl/pivotCache/"):
            yield finding(scan.PIVOT, BLOCK, "数据透视表")
        notes = [*package.named("xl/comments"), *package.named("xl/threadedComments/")]
        if notes:
            yield finding(scan.COMMENT, BLOCK, "单元格批注")
        yield from _drawn(package, "xl/", names)
        yield from _pictures(package)
        yield from _external(package, "xl/")
        yield from _properties(package, OFFICE_PROPERTIES)


def _sheets(package: Package) -> Iterator[tuple[str, str, str]]:
    """Title, state and member of each sheet of the workbook."""
    relations, book = Attributes("Relationship"), Attributes("sheet")
    package.read_into("xl/_rels/workbook.xml.rels", relations)
    package.read_into("xl/workbook.xml", book)
    targets = {row.get("Id", ""): row.get("Target", "") for _, row in relations.found}
    for _, row in book.found:
        target = targets.get(row.get("id", ""), "")
        member = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        yield row.get("name", ""), row.get("state", "visible"), posixpath.normpath(member)


EDGES = {f"{which}{edge}" for which in ("odd", "even", "first") for edge in ("Header", "Footer")}
SET_APART = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d{1,2}|[A-Z])')  # place, font, colour, size


def _sheet(
    package: Package, title: str, member: str, strings: list[str], names: tuple[str, ...]
) -> Iterator[Finding]:
    reader = _Sheet(strings)
    package.read_into(member, reader)
    if reader.hidden_rows:
        yield finding(scan.HIDDEN_ROW, BLOCK, f"工作表“{title}” {reader.hidden_rows} 行")
    if reader.hidden_columns:
        yield finding(scan.HIDDEN_COLUMN, BLOCK, f"工作表“{title}” {reader.hidden_columns} 列")
    lines = ((f"工作表“{title}”第 {row} 行", line) for row, line in reader.lines)
    yield from scan_lines(lines, names)
    edges = (SET_APART.sub(" ", line) for line in _lines_of(package, member, EDGES, EDGES))
    yield from scan_lines(((f"工作表“{title}”页眉页脚", line) for line in edges), names)


def _defined_names(package: Package) -> Iterator[Finding]:
    reader = Attributes("definedName")
    package.read_into("xl/workbook.xml", reader)
    named = [row.get("name", "") for _, row in reader.found]
    own = [name for name in named if not name.startswith(BUILT_IN_NAMES)]
    if own:
        yield finding(scan.NAMED, WARN, f"{len(own)} 个名称", "、".join(own[:5]))


# ── slides, OFD ───────────────────────────────────────────────────────────────────────────────


def pptx(path: Path, names: tuple[str, ...]) -> Iterator[Finding]:
    with Package(path) as package:
        for name in package.named("ppt/slides/slide"):
            label = f"幻灯片 {_number(name)}"
            slide = Attributes("sld")
            package.read_into(name, slide)
            if any(row.get("show", "1") in OFF for _, row in slide.found):
                yield finding(scan.HIDDEN_SLIDE, BLOCK, label)
            lines = _lines_of(package, name, {"t"}, {"p"})
            yield from scan_lines(((label, line) for line in lines), names)
        for name in package.named("ppt/notesSlides/notesSlide"):
            if _has_notes(package, name):
                yield finding(scan.NOTES, BLOCK, f"幻灯片 {_number(name)}")
        if package.named("ppt/comments/"):
            yield finding(scan.COMMENT, BLOCK, "批注")
        yield from _drawn(package, "ppt/", names)
        yield from _pictures(package)
        yield from _external(package, "ppt/")
        yield from _properties(package, OFFICE_PROPERTIES)


def _number(name: str) -> str:
    return "".join(filter(str.isdigit, posixpath.basename(name)))


def _has_notes(package: Package, name: str) -> bool:
    """Notes hold the number of their slide as well, which says nothing."""
    lines = _lines_of(package, name, {"t"}, {"p"})
    return any(line.strip() and not line.strip().isdigit() for line in lines)


def ofd(path: Path, names: tuple[str, ...]) -> Iterator[Finding]:
    with Package(path) as package:
        pages = [name for name in package.names if re.search(r"(^|/)Content\.xml$", name)]
        for at, name in enumerate(pages, 1):
            lines = _lines_of(package, name, {"TextCode"}, {"TextObject"})
            yield from scan_lines(((f"第 {at} 页", line) for line in lines), names)
        notes = [name for name in package.names if re.search(r"(^|/)Annot[^/]*\.xml$", name)]
        if _has_text(package, notes, {"Remark", "TextCode"}):
            yield finding(scan.ANNOTATION, BLOCK, "注释")
        if any(re.search(r"(^|/)Attach[^/]*/", name) for name in package.names):
            yield finding(scan.ATTACHED, BLOCK, "附件")
        yield from _pictures(package)
        yield from _properties(package, ("OFD.xml",))
