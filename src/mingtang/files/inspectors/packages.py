"""Inspector of zip packages (DOCX, XLSX, OFD): every member looked at, then packed anew.

The new package has each member once, under a plain name, and nothing around them: what only another
reader of the old one would have found is gone. The signature of an OFD covers members, and holds.
"""

import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from mingtang.files.rules.uploads import MEGABYTE, Flaw

MOST_MEMBERS = 2000
MOST_UNPACKED = 100 * MEGABYTE  # counted while unpacking: a package may lie about its sizes
MOST_RATIO = 100
SMALL = MEGABYTE  # so much may come out of any member, however well it was packed
LONGEST_MEMBER = 240
STEP = 256 * 1024
EFFORT = 3  # of 9: half the time for a few per cent more bytes

SAVE_AGAIN = "请用 Office 或 WPS 打开后另存一份再上传，也可以导出为 PDF。"
BROKEN = Flaw("文件打不开，可能没有传完或已损坏", SAVE_AGAIN)
OTHER_KIND = Flaw("它的内容与扩展名不符", SAVE_AGAIN)
LOCKED = Flaw("文件设了密码", "请取消密码，另存一份再上传。")
UNSAFE = Flaw("文件的内部结构不正常，可能被人改动过", SAVE_AGAIN)
MACROS = Flaw("文件里有宏、控件或程序", "请另存为不带宏的 DOCX、XLSX，或导出为 PDF 再上传。")
EMBEDDED = Flaw("文件里嵌入了别的文件", "请把嵌入的文件取出单独上传，或导出为 PDF 再上传。")
LINKED = Flaw("文件引用了外部的模板、图片或数据", "请断开外部链接（或导出为 PDF）再上传。")
BOMB = Flaw("文件解压后过大", "请去掉多余的内容，或导出为 PDF 再上传。")

MACRO_MEMBERS = re.compile(
    r"(^|/)(vbaproject|vbadata|activex|macrosheets|dialogsheets)", re.IGNORECASE
)
EMBEDDED_MEMBERS = re.compile(r"(^|/)(embeddings|externallinks|oleobject)", re.IGNORECASE)
PROGRAMS = re.compile(
    r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs?|vbe|jse?|wsf|hta|jar|class|sh|py|lnk|swf"
    r"|html?|xhtml|mht|chm|doc[mx]?|xls[mxb]?|ppt[mx]?|zip|rar|7z|pdf|ofd|iso|img)$",
    re.IGNORECASE,
)
SAFE_LINKS = ("http://", "https://", "mailto:", "tel:", "#")
ENCODINGS = {"UTF-8", "UTF-16", "US-ASCII", "ASCII"}
DATA_EXCHANGE = re.compile(r"(^|\s)DDE(AUTO)?\s", re.IGNORECASE)


@dataclass(frozen=True)
class Package:
    """What makes a package one of its kind: where it starts, and as what."""

    root: str
    main_type: str = ""


_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
RULES = {
    "docx": Package("[Content_Types].xml", _MAIN.format("wordprocessingml.document")),
    "xlsx": Package("[Content_Types].xml", _MAIN.format("spreadsheetml.sheet")),
    "ofd": Package("OFD.xml"),
}


def rebuild(source: Path, target: Path, rules: Package) -> None:
    """Raises Flaw where a package is broken, of another kind, or holds more than a document."""
    _check_listing(source)
    try:
        with zipfile.ZipFile(source) as old, _fresh(target) as new:
            members = _members(old)
            _check_kind(old, members, rules)
            _copy(old, new, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError):
        raise BROKEN from None
    except (RuntimeError, ValueError, OSError):
        raise BROKEN from None


def _fresh(target: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=EFFORT)


def _check_listing(source: Path) -> None:
    """Before the list of members is read into memory."""
    content = source.read_bytes()
    if content.count(b"PK\x01\x02") > MOST_MEMBERS:
        raise UNSAFE
    if not content.startswith(b"PK\x03\x04"):
        raise BROKEN


def _members(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that are files. Raises Flaw for one that is anything else."""
    found = package.infolist()
    if len(found) > MOST_MEMBERS:
        raise UNSAFE
    for member in found:
        _check_member(member)
    names = [member.filename.rstrip("/").casefold() for member in found]
    if len(set(names)) != len(names):
        raise UNSAFE
    return [member for member in found if not member.is_dir()]


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x2041:  # encrypted, strongly, or with its header masked
        raise LOCKED
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UNSAFE
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise UNSAFE
    name = member.filename
    if member.orig_filename != name or not _is_plain(name.removesuffix("/")):
        raise UNSAFE
    if MACRO_MEMBERS.search(name):
        raise MACROS
    if EMBEDDED_MEMBERS.search(name):
        raise EMBEDDED
    if PROGRAMS.search(name):
        raise MACROS


def _is_plain(name: str) -> bool:
    """A name below the root, by any reading of it."""
    if len(name) > LONGEST_MEMBER or "\\" in name or ":" in name or not name.isprintable():
        return False
    return all(part and part.strip(". ") for part in name.split("/"))


def _check_kind(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], rules: Package) -> None:
    names = {member.filename for member in members}
    root = next((member for member in members if member.filename == rules.root), None)
    if root is None:
        raise OTHER_KIND
    reader = Reader(rules.root)
    for piece in _pieces(package, root, MOST_UNPACKED):
        reader.feed(piece)
    reader.close()
    if not rules.main_type:
        _check_ofd(reader, names)
    elif not any(
        kind == rules.main_type and part.lstrip("/") in names for part, kind in reader.parts
    ):
        raise OTHER_KIND


def _check_ofd(reader: "Reader", names: set[str]) -> None:
    if reader.root != "OFD" or not reader.documents:
        raise OTHER_KIND
    roots = {posixpath.normpath(text.strip().lstrip("/")) for text in reader.documents}
    if not roots <= names:
        raise BROKEN


def _copy(old: zipfile.ZipFile, new: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    room = MOST_UNPACKED
    for member in members:
        reader = _reader(member.filename)
        with new.open(member.filename, "w") as out:
            for piece in _pieces(old, member, room):
                room -= len(piece)
                reader.feed(piece)
                out.write(piece)
        reader.close()


def _pieces(package: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    """What a member holds, piece by piece, no further than it may. Checks its CRC at the end."""
    size = 0
    with package.open(member) as content:
        while piece := content.read(STEP):
            size += len(piece)
            if size > room or size > max(SMALL, MOST_RATIO * member.compress_size):
                raise BOMB
            yield piece


class Scan:
    """Reads what is no XML by its name: an entity hides in a picture as well (SVG, VML)."""

    def __init__(self) -> None:
        self.tail = b""

    def feed(self, piece: bytes) -> None:
        joined = (self.tail + piece).replace(b"\x00", b"").lower()  # UTF-16 too
        if b"<!entity" in joined:
            raise UNSAFE
        self.tail = piece[-20:]

    def close(self) -> None:
        """Nothing is left over."""


class Reader:
    """Reads a member that is XML: well-formed, without a DTD, without a way out of the file.

    A large text has a million elements: they are looked at one by one only where it matters.
    """

    def __init__(self, name: str) -> None:
        self.is_relations = name.lower().endswith(".rels")
        self.root = ""
        self.parts: list[tuple[str, str]] = []
        self.documents: list[str] = []
        self.text: list[str] | None = None
        self.fields: list[str] = []
        self.tail = b""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.is_looking = self.is_relations or "/" not in name
        if self.is_looking:
            self._look()

    def _look(self) -> None:
        self.is_looking = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def feed(self, piece: bytes) -> None:
        if not self.is_looking:  # a field of Word: a tag is read when its end has come
            if b"instr" in (self.tail + piece).replace(b"\x00", b""):
                self._look()
            self.tail = piece[-32:]
        self._parse(piece, False)

    def close(self) -> None:
        self._parse(b"", True)
        if DATA_EXCHANGE.search("".join(self.fields)):
            raise LINKED

    def _parse(self, piece: bytes, is_last: bool) -> None:
        try:
            self.parser.Parse(piece, is_last)
        except (expat.ExpatError, LookupError):
            raise BROKEN from None

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Other encodings are not allowed in these formats, and would hide words from us."""
        if encoding is not None and encoding.upper() not in ENCODINGS:
            raise UNSAFE

    def _refuse(self, *_: Any) -> None:
        raise UNSAFE

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.root = self.root or name
        visit = _VISITS.get(name)
        if visit:
            visit(self, attributes)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "DocRoot" and self.text is not None:
            self.documents.append("".join(self.text))
        if name == "instrText" and self.text is not None:
            self.fields += self.text
        if name in {"DocRoot", "instrText"}:
            self.text = None

    def _characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def collect(self, _: dict[str, str]) -> None:
        self.text = []

    def part(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if "macroEnabled" in kind or "vbaProject" in kind:
            raise MACROS
        self.parts.append((attributes.get("PartName", ""), kind))

    def new_field(self, attributes: dict[str, str]) -> None:
        self.fields.append(" ")

    def field(self, attributes: dict[str, str]) -> None:
        self.fields += [f" {value} " for key, value in attributes.items() if key.endswith("instr")]

    def relation(self, attributes: dict[str, str]) -> None:
        """Out of the file leads a link that a person follows, nothing that is fetched unasked."""
        if not self.is_relations or attributes.get("TargetMode", "").lower() != "external":
            return
        target = attributes.get("Target", "").strip().lower()
        is_link = attributes.get("Type", "").endswith("/hyperlink")
        if not is_link or not target.startswith(SAFE_LINKS):
            raise LINKED


_VISITS: dict[str, Any] = {
    "Override": Reader.part,
    "Default": Reader.part,
    "Relationship": Reader.relation,
    "DocRoot": Reader.collect,
    "instrText": Reader.collect,
    "fldSimple": Reader.field,
    "fldChar": Reader.new_field,
}


def _reader(name: str) -> Reader | Scan:
    return Reader(name) if name.lower().endswith((".xml", ".rels")) else Scan()
