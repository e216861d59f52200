"""DOCX, XLSX, OFD: packages that hold a document, and packages that hold more."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import xlsxwriter

from tests.files.corpus.pictures import cuts, encoded, picture

MOMENT = datetime(2013, 9, 17)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFD = "http://www.ofdspec.org/2016"


Members = dict[str, bytes]


def content_types(main: str, part: str, more: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main}"/>{more}</Types>'
    ).encode()


def relations(*rows: tuple[str, str, str]) -> bytes:
    each = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + mode + chr(34) if mode else ''}/>"
        for n, (kind, target, mode) in enumerate(rows)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{RELS}">{each}</Relationships>'.encode()


def word_text(body: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{space}">'
        f"<w:body>{body}</w:body></w:document>"
    ).encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def as_utf16(text: bytes) -> bytes:
    return text.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def docx_members() -> Members:
    return {
        "[Content_Types].xml": content_types(WORD, "word/document.xml"),
        "_rels/.rels": relations((f"{OFFICE}/officeDocument", "word/document.xml", "")),
        "word/document.xml": word_text(paragraph("取水许可申请书")),
        "word/_rels/document.xml.rels": relations(
            (f"{OFFICE}/hyperlink", "https://a.example/", "External")
        ),
        "word/media/image1.png": encoded(picture(), "PNG"),
    }


def xlsx_members() -> Members:
    with zipfile.ZipFile(io.BytesIO(xlsx(3))) as made:
        return {name: made.read(name) for name in made.namelist()}


def ofd_members() -> Members:
    return {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="{OFD}" '
        'DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        "</ofd:OFD>".encode(),
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{OFD}"><ofd:Pages/>'
        "</ofd:Document>".encode(),
        "Doc_0/Signs/Sign_0/SignedValue.dat": bytes(range(200)),
        "Doc_0/Res/image_0.jb2": b"\x97JB2\r\n\x1a\n" + bytes(40),
    }


BASES: dict[str, Callable[[], Members]] = {
    "docx": docx_members,
    "xlsx": xlsx_members,
    "ofd": ofd_members,
}


def packed(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def with_member(kind: str, name: str, content: bytes = b"x", **how: Any) -> bytes:
    """A package and one member more, of which anything may be said."""
    out = io.BytesIO(packed(BASES[kind]()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        info = zipfile.ZipInfo(name)
        info.compress_type = how.pop("method", zipfile.ZIP_DEFLATED)
        for key, value in how.items():
            setattr(info, key, value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name twice is what we want
            made.writestr(info, content)
    return out.getvalue()


def changed(kind: str, **members: bytes | None) -> bytes:
    """A package with members replaced, added or left out (None)."""
    merged = {**BASES[kind](), **members}
    return packed({name: content for name, content in merged.items() if content is not None})


def flagged(content: bytes, bits: int) -> bytes:
    """Every member said to be encrypted."""
    parts = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = parts.find(mark)
        while at >= 0:
            parts[at + place] |= bits
            at = parts.find(mark, at + 4)
    return bytes(parts)


def forged_size(content: bytes, size: int) -> bytes:
    """The last member said to unpack to so little."""
    parts = bytearray(content)
    at = parts.rfind(b"PK\x01\x02")
    parts[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(parts)


MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "Doc_0/Document.xml"}
ROOT = {"docx": "[Content_Types].xml", "xlsx": "[Content_Types].xml", "ofd": "OFD.xml"}
BAD_NAMES = (
    "../../etc/cron.d/x.xml",
    "a/../../x.xml",
    "/etc/x.xml",
    "..\\..\\x.xml",
    "word\\x.xml",
    "C:/x.xml",
    "a//x.xml",
    "./x.xml",
    "a/ /x.xml",
    "a\nb.xml",
    "长" * 241 + ".xml",
)
BAD_MEMBERS = (
    ("package with macros", ("word/vbaProject.bin", "xl/VBAPROJECT.BIN", "word/vbaData.xml")),
    ("package with controls", ("word/activeX/activeX1.bin", "xl/activeX/activeX1.xml")),
    ("package with old macros", ("xl/macrosheets/sheet1.xml", "xl/dialogsheets/sheet1.xml")),
    (
        "package with files in it",
        ("word/embeddings/oleObject1.bin", "xl/embeddings/a.bin", "word/oleObject1.bin"),
    ),
    ("package with links to data", ("xl/externalLinks/externalLink1.xml", "externallinks/a.xml")),
    (
        "package with programs",
        ("a.exe", "x/b.js", "c.HTML", "d.vbs", "e.zip", "f.docm", "g.jar", "h.lnk", "i.pdf"),
    ),
)
DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
BAD_XML = (
    ("dtd", DTD),
    ("external", b'<!DOCTYPE a SYSTEM "http://a.example/x.dtd"><a/>'),
    ("file", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    ("laughs", LAUGHS),
    ("utf16", DTD.decode().encode("utf-16")),
)
ODD_XML = (
    ("utf7", b'<?xml version="1.0" encoding="utf-7"?><a/>'),
    ("ebcdic", '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037")),
    ("latin", b'<?xml version="1.0" encoding="iso-8859-1"?><a/>'),
)
BROKEN_XML = (b"<a><b></a>", b"<a", b"", b"\x00\x01\x02", b"<a>&nothing;</a>", b"<a/><b/>")


def hostile_packages() -> Iterator[tuple[str, str, bytes]]:
    for kind in BASES:
        yield from hostile_package(kind)
    yield from hostile_office()
    yield from hostile_ofd()


def hostile_package(kind: str) -> Iterator[tuple[str, str, bytes]]:
    for number, name in enumerate(BAD_NAMES):
        yield "member outside the package", f"名{number}.{kind}", with_member(kind, name)
    nul = with_member(kind, "aXb.xml").replace(b"aXb.xml", b"a\x00b.xml")
    yield "member outside the package", f"空字符.{kind}", nul
    for number, mode in enumerate((0o120777, 0o140777, 0o020666, 0o010666)):
        content = with_member(kind, "a.xml", b"/etc/passwd", external_attr=mode << 16)
        yield "member that is no file", f"链接{number}.{kind}", content
    for what, names in BAD_MEMBERS:
        for name in names:
            title = name.replace("/", "-")
            yield what, f"{title}.{kind}", with_member(kind, name)
    many = {f"x/{n}.bin": b"" for n in range(2001)}
    yield "package of too many members", f"多.{kind}", packed(BASES[kind]() | many)
    zeros = bytes(3 * 1024 * 1024)
    yield "package that bursts", f"炸.{kind}", with_member(kind, "a.bin", zeros)
    lying = forged_size(with_member(kind, "a.bin", zeros), 10)
    yield "package that lies about its size", f"谎.{kind}", lying
    for number, name in enumerate((MAIN[kind], MAIN[kind].upper())):
        yield "member twice", f"双{number}.{kind}", with_member(kind, name, b"<a/>")
    yield "package with a password", f"密.{kind}", flagged(packed(BASES[kind]()), 1)
    for number, method in enumerate((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)):
        content = with_member(kind, "a.bin", b"x" * 99, method=method)
        yield "package of unusual packing", f"法{number}.{kind}", content
    for what, text in BAD_XML:
        content = changed(kind, **{MAIN[kind]: text})
        yield "xml with entities", f"实体{what}.{kind}", content
    for what, text in ODD_XML:
        content = changed(kind, **{MAIN[kind]: text})
        yield "xml of unusual encoding", f"编码{what}.{kind}", content
    for number, text in enumerate(BROKEN_XML):
        content = changed(kind, **{MAIN[kind]: text})
        yield "broken xml", f"坏{number}.{kind}", content
    yield from broken_package(kind)


def broken_package(kind: str) -> Iterator[tuple[str, str, bytes]]:
    picture_of = b'<svg xmlns="a"><!ENTITY x SYSTEM "file:///etc/passwd"></svg>'
    yield "xml with entities", f"图.{kind}", with_member(kind, "a.svg", picture_of)
    wide = picture_of.decode().encode("utf-16")
    yield "xml with entities", f"宽图.{kind}", with_member(kind, "a.svg", wide)
    whole = packed(BASES[kind]())
    for number, part in cuts(whole, 8):
        yield "truncated package", f"半{number}.{kind}", part
    for number, head in enumerate((b"MZ", b"#!/bin/sh\n", b"\0")):
        yield "bytes before a package", f"前{number}.{kind}", head + whole
    at = whole.index(MAIN[kind].encode()) + len(MAIN[kind]) + 4
    spoilt = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
    yield "package with a wrong check sum", f"校验.{kind}", spoilt
    for name in (ROOT[kind], MAIN[kind]):
        content = changed(kind, **{name: None})
        yield "package without its main part", f"缺{len(name)}.{kind}", content
    yield "package of nothing", f"空包.{kind}", packed({"a.xml": b"<a/>"})


def hostile_office() -> Iterator[tuple[str, str, bytes]]:
    for number, row in enumerate(
        (
            (f"{OFFICE}/attachedTemplate", "https://a.example/t.dotm", "External"),
            (f"{OFFICE}/image", "https://a.example/pixel.png", "External"),
            (f"{OFFICE}/oleObject", "file:///c:/a.doc", "External"),
            (f"{OFFICE}/frame", "\\\\a.example\\share", "external"),
            (f"{OFFICE}/hyperlink", "file:///etc/passwd", "External"),
            (f"{OFFICE}/hyperlink", "javascript:alert(1)", "External"),
            (f"{OFFICE}/hyperlink", "ms-msdt:/id", "External"),
        )
    ):
        for kind in ("docx", "xlsx"):
            name = f"{MAIN[kind].partition('/')[0]}/_rels/{MAIN[kind].partition('/')[2]}.rels"
            content = changed(kind, **{name: relations(row)})
            yield "document that fetches", f"外链{number}.{kind}", content
    for number, body in enumerate(
        (
            "<w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe</w:instrText>",
            "<w:instrText> DD</w:instrText><w:instrText>E excel a b</w:instrText>",
            '<w:fldSimple w:instr="DDE cmd a"/>',
            "<w:instrText>PAGE</w:instrText><w:fldChar/><w:instrText>DDEAUTO cmd x</w:instrText>",
        )
    ):
        content = changed("docx", **{MAIN["docx"]: word_text(f"<w:p><w:r>{body}</w:r></w:p>")})
        yield "document that calls programs", f"域{number}.docx", content
    late = (
        "".join(paragraph(f"第{n}段") for n in range(9000)) + "<w:instrText>DDE a b</w:instrText>"
    )
    for kind, text in (("8", word_text(late)), ("16", as_utf16(word_text(late)))):
        content = changed("docx", **{MAIN["docx"]: text})
        yield "document that calls programs", f"很后面{kind}.docx", content
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    types = content_types(macro, "word/document.xml")
    yield "document of macros", "宏.docx", changed("docx", **{ROOT["docx"]: types})
    more = f'<Override PartName="/a" ContentType="{macro}"/>'
    types = content_types(WORD, "word/document.xml", more)
    yield "document of macros", "宏2.docx", changed("docx", **{ROOT["docx"]: types})
    yield "document under another name", "表.docx", packed(xlsx_members())
    yield "document under another name", "文.xlsx", packed(docx_members())
    yield "document under another name", "版式.docx", packed(ofd_members())
    yield "document under another name", "文.ofd", packed(docx_members())


def hostile_ofd() -> Iterator[tuple[str, str, bytes]]:
    root = ofd_members()["OFD.xml"]
    for number, text in enumerate(
        (
            root.replace(b"Doc_0/Document.xml", b"Doc_9/Document.xml"),
            root.replace(b"Doc_0/Document.xml", b"../../etc/passwd"),
            root.replace(b"ofd:OFD", b"ofd:PDF"),
            b"<OFD/>",
        )
    ):
        yield "ofd without a document", f"版{number}.ofd", changed("ofd", **{"OFD.xml": text})


def xlsx(rows: int, *, large_text: bool = False, image: bool = False, chart: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("申请表")
    for row in range(rows):
        sheet.write_row(row, 0, [f"第{row}行", row, row / 7, "长" * 300 if large_text else ""])
    sheet.write_url(rows, 0, "https://a.example/", string="网址")
    sheet.write_formula(rows, 1, f"=SUM(B1:B{rows})")
    if image:
        data = io.BytesIO(encoded(picture(), "PNG"))
        sheet.insert_image(1, 5, "a.png", {"image_data": data})
    if chart:
        drawn = book.add_chart({"type": "column"})
        drawn.add_series({"values": f"=申请表!$B$1:$B${rows}"})
        sheet.insert_chart(2, 6, drawn)
        sheet.write_comment(0, 0, "请核对")
    book.set_properties({"created": MOMENT})
    book.close()
    return out.getvalue()


def honest_packages() -> Iterator[tuple[str, bytes]]:
    yield "最小.docx", packed(docx_members())
    yield "不压缩.docx", packed(docx_members(), zipfile.ZIP_STORED)
    for count in (1, 50, 4000):
        body = "".join(paragraph(f"第{n}段，依法申请取水许可。") for n in range(count))
        yield f"{count}段.docx", changed("docx", **{MAIN["docx"]: word_text(body)})
    utf16 = as_utf16(word_text(paragraph("双字节")))
    yield "双字节.docx", changed("docx", **{MAIN["docx"]: utf16})
    fields = "<w:p><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>"
    yield "页码.docx", changed("docx", **{MAIN["docx"]: word_text(fields)})
    yield "文件夹.docx", with_member("docx", "word/media/", b"")
    photo = encoded(picture(size=(900, 700)), "JPEG")
    yield "照片.docx", changed("docx", **{"word/media/a.jpeg": photo})
    for rows in (0, 1, 40, 3000):
        yield f"{rows}行.xlsx", xlsx(rows)
    yield "长文字.xlsx", xlsx(200, large_text=True)
    yield "图表.xlsx", xlsx(9, chart=True)
    yield "图片.xlsx", xlsx(9, image=True)
    yield "旧属性.docx", with_member("docx", "package/services/metadata/core.psmdcp", b"<a/>")
    yield "打印设置.xlsx", with_member("xlsx", "xl/printerSettings/printerSettings1.bin", bytes(90))
    yield "文件夹.ofd", with_member("ofd", "Doc_0/Pages/", b"")
    yield "附言.ofd", changed("ofd", **{"Doc_0/Attachs/original_invoice.xml": b"<eInvoice/>"})
    yield "最小.ofd", packed(ofd_members())
    yield "不压缩.ofd", packed(ofd_members(), zipfile.ZIP_STORED)
    root = ofd_members()["OFD.xml"]
    yield "斜杠.ofd", changed("ofd", **{"OFD.xml": root.replace(b">Doc_0/", b">/Doc_0/")})
    bodies = root.replace(b"</ofd:OFD>", root[root.index(b"<ofd:DocBody>") :])
    yield "两份.ofd", changed("ofd", **{"OFD.xml": bodies})
    image = encoded(picture(size=(500, 300)), "PNG")
    yield "带图.ofd", changed("ofd", **{"Doc_0/Res/a.png": image})
