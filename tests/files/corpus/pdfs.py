"""PDF: of several producers, signed, scripted, locked, cut short."""

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pydyf
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfWriter

from tests.files.corpus.pictures import cuts, encoded, picture
from tests.papers import saved


def pdf_with(change: Callable[[pikepdf.Pdf], None] | None = None, **how: Any) -> bytes:
    """Two pages with a line of text each, changed."""
    with pikepdf.new() as made:
        for number in range(2):
            page = made.add_blank_page(page_size=(595, 842))
            page.Contents = made.make_stream(b"BT /F1 12 Tf 72 700 Td (page %d) Tj ET" % number)
        if change:
            change(made)
        return saved(made, **{"deterministic_id": "encryption" not in how, **how})


def action(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    return lambda made: setattr(made.Root, "OpenAction", Dictionary(**entries))


def link(made: pikepdf.Pdf, page: int = 0, **entries: Any) -> None:
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(**entries)
    )
    made.pages[page].Annots = Array([made.make_indirect(note)])


def annotation(kind: str, **entries: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=[0, 0, 9, 9], **entries)
        made.pages[0].Annots = Array([made.make_indirect(note)])

    return change


SCRIPT = {"S": Name.JavaScript, "JS": String("app.alert(1)")}


def scripted() -> Iterator[Callable[[pikepdf.Pdf], None]]:
    """All the places in which a script may hide."""
    yield action(**SCRIPT)
    yield lambda made: setattr(
        made.Root,
        "Names",
        Dictionary(JavaScript=Dictionary(Names=[String("a"), Dictionary(**SCRIPT)])),
    )
    for moment in ("O", "C"):
        yield lambda made, moment=moment: setattr(
            made.pages[1], "AA", Dictionary({f"/{moment}": Dictionary(**SCRIPT)})
        )
    for moment in ("WC", "WS", "DS", "WP", "DP"):
        yield lambda made, moment=moment: setattr(
            made.Root, "AA", Dictionary({f"/{moment}": made.make_indirect(Dictionary(**SCRIPT))})
        )
    yield lambda made: link(made, **SCRIPT)
    yield lambda made: link(
        made, S=Name.URI, URI=String("https://a.example/"), Next=Dictionary(**SCRIPT)
    )
    yield lambda made: link(made, S=Name.JavaScript, JS=made.make_stream(b"app.alert(1)"))
    yield lambda made: link(made, S=made.make_indirect(Name.JavaScript), X=1)
    yield lambda made: setattr(
        made.Root, "AcroForm", Dictionary(Fields=[], CO=[], AA=Dictionary(K=Dictionary(**SCRIPT)))
    )


ACTIONS = (
    ("Launch", {"F": String("cmd.exe")}),
    ("Launch", {"Win": Dictionary(F=String("calc.exe"))}),
    ("SubmitForm", {"F": String("http://a.example/")}),
    ("ImportData", {"F": String("a.fdf")}),
    ("GoToR", {"F": String("//a.example/share.pdf"), "D": Array([0, Name.Fit])}),
    ("GoToE", {"D": Array([0, Name.Fit])}),
    ("Rendition", {"OP": 0}),
    ("Movie", {}),
    ("Sound", {}),
    ("RichMediaExecute", {}),
)


def hostile_pdfs() -> Iterator[tuple[str, str, bytes]]:
    streams = (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate)
    for number, change in enumerate(scripted()):
        for mode in streams:
            content = pdf_with(change, object_stream_mode=mode)
            yield "pdf with a script", f"脚本{number}-{mode.name}.pdf", content
    plain = pdf_with(action(**SCRIPT), object_stream_mode=streams[0])
    for number, spelt in enumerate((b"/J#61vaScript", b"/#4aavaScript", b"/JavaScrip#74")):
        hidden = repaired(plain.replace(b"/JavaScript", spelt).replace(b"/JS", b"/#4aS"))
        yield "pdf with a script spelt otherwise", f"转义{number}.pdf", hidden
    for number, (kind, entries) in enumerate(ACTIONS):
        content = pdf_with(action(S=Name(f"/{kind}"), **entries))
        yield "pdf that acts on opening", f"打开{number}.pdf", content
        content = pdf_with(lambda made, k=kind, e=entries: link(made, S=Name(f"/{k}"), **e))
        yield "pdf with an acting link", f"链接{number}.pdf", content
    yield (
        "pdf that acts on opening",
        "打开网址.pdf",
        pdf_with(action(S=Name.URI, URI=String("http://a.example/"))),
    )
    for number, address in enumerate(
        ("javascript:alert(1)", "file:///etc/passwd", " JaVa\nscript:x")
    ):
        content = pdf_with(lambda made, a=address: link(made, S=Name.URI, URI=String(a)))
        yield "pdf with a link that is none", f"网址{number}.pdf", content
    yield from hostile_attachments()
    yield (
        "pdf form that acts",
        "XFA.pdf",
        pdf_with(
            lambda made: setattr(made.Root, "AcroForm", Dictionary(XFA=made.make_stream(b"<xdp/>")))
        ),
    )
    for number, strength in enumerate((2, 3, 4, 6)):
        for who in ({"user": "u", "owner": "o"}, {"user": "", "owner": "o"}):
            key = pikepdf.Encryption(**who, R=strength, metadata=strength > 3, aes=strength > 3)
            content = pdf_with(encryption=key)
            yield "pdf with a password", f"密码{number}{'u' if who['user'] else ''}.pdf", content
    for number, part in cuts(pdf_with(), 14):
        yield "truncated pdf", f"半份{number}.pdf", part
    for number, head in enumerate(
        (b"<html>", b"\n", b" ", b"\xef\xbb\xbf", b"MZ", b"GIF89a;", b"PK\x03\x04")
    ):
        yield "bytes before a pdf", f"前{number}.pdf", head + pdf_with()
    yield "pdf of too many pages", "千页.pdf", pages(1001)
    yield "pdf without a page", "无页.pdf", pages(0)
    yield from hostile_streams()
    yield from hostile_signed()


def pages(count: int) -> bytes:
    with pikepdf.new() as made:
        for _ in range(count):
            made.add_blank_page(page_size=(200, 200))
        return saved(made, deterministic_id=True)


def repaired(content: bytes) -> bytes:
    """Bytes moved: the table of places written anew, with the spelling of names left as it is."""
    body = content[: content.rindex(b"xref\n", 0, content.rindex(b"startxref"))]
    trailer = content[content.rindex(b"trailer") : content.rindex(b"startxref")]
    places = []
    for number in range(1, 60):
        at = body.find(b"\n%d 0 obj" % number)
        if at < 0:
            break
        places.append(at + 1)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    table += b"".join(b"%010d 00000 n \n" % at for at in places)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def hostile_attachments() -> Iterator[tuple[str, str, bytes]]:
    def attach(made: pikepdf.Pdf) -> None:
        made.attachments["a.exe"] = pikepdf.AttachedFileSpec(made, b"MZ", filename="a.exe")

    def associated(made: pikepdf.Pdf) -> None:
        spec = Dictionary(Type=Name.Filespec, EF=Dictionary(F=made.make_stream(b"MZ")))
        made.Root.AF = Array([made.make_indirect(spec)])

    def loose(made: pikepdf.Pdf) -> None:
        made.Root.Piece = made.make_stream(b"MZ", Type=Name.EmbeddedFile)

    changes = [attach, associated, loose]
    changes += [annotation(f"/{k}") for k in ("FileAttachment", "RichMedia", "Screen", "3D")]
    changes += [annotation(f"/{k}") for k in ("Movie", "Sound")]
    for number, change in enumerate(changes):
        yield "pdf with an attachment", f"附件{number}.pdf", pdf_with(change)


def hostile_streams() -> Iterator[tuple[str, str, bytes]]:
    zeros = zlib.compress(bytes(220 * 1024 * 1024), 1)

    def bomb(made: pikepdf.Pdf) -> None:
        made.pages[0].Contents = pikepdf.Stream(made, zeros, Filter=Name.FlateDecode)

    def nested(made: pikepdf.Pdf) -> None:
        twice = Array([Name.FlateDecode, Name.FlateDecode])
        made.pages[0].Contents = pikepdf.Stream(made, zlib.compress(zeros), Filter=twice)

    def huge(made: pikepdf.Pdf) -> None:
        entries = {"Type": Name.XObject, "Subtype": Name.Image, "BitsPerComponent": 8}
        image = made.make_stream(b"\0", Width=90000, Height=90000, **entries)
        made.pages[0].Resources = Dictionary(XObject=Dictionary(I=image))

    for number, change in enumerate((bomb, nested, huge)):
        how = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
        yield "pdf that bursts", f"炸弹{number}.pdf", pdf_with(change, **how)
    yield "pdf that bursts on reading", "对象流.pdf", bursting_list()


def bursting_list() -> bytes:
    """The list of objects itself is packed, and 300 MB long."""
    packed = zlib.compress(bytes(300 * 1024 * 1024), 1)
    body = b"%PDF-1.5\n"
    entries = b"/Type/XRef/Size 40000000/W[1 3 1]/Root 1 0 R/Filter/FlateDecode"
    head = b"2 0 obj\n<<%b/Length %d>>\nstream\n" % (entries, len(packed))
    return body + head + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def signed(change: Callable[[pikepdf.Pdf], None] | None = None, more: bytes = b"") -> bytes:
    """A file with a signature over all of it; `more` comes behind as a later revision."""

    def sign(made: pikepdf.Pdf) -> None:
        if change:
            change(made)
        span = Array([0, 1111111111, 2222222222, 3333333333])
        mark = Dictionary(
            Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("\0" * 32), ByteRange=span
        )
        field = Dictionary(FT=Name.Sig, T=String("s"), V=made.make_indirect(mark))
        made.Root.AcroForm = Dictionary(Fields=[made.make_indirect(field)], SigFlags=3)

    content = pdf_with(sign, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    at = content.index(b"/Contents <")
    begin, end = at + 10, content.index(b">", at) + 1
    for text, number in (
        (b"1111111111", begin),
        (b"2222222222", end),
        (b"3333333333", len(content) - end),
    ):
        content = content.replace(text, b"%-10d" % number)
    return content + more


def revision(content: bytes, changed: bytes) -> bytes:
    """A later revision in which object 1, the catalogue, reads otherwise."""
    start = content[content.rindex(b"startxref") + 10 :].split()[0]
    at = len(content)
    size = content[content.rindex(b"/Size") + 6 :].split()[0]
    body = b"1 0 obj\n" + changed + b"\nendobj\n"
    table = b"xref\n1 1\n%010d 00000 n \n" % at
    trailer = b"trailer << /Root 1 0 R /Size %b /Prev %b >>\n" % (size, start)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (at + len(body))


def catalogue_of(content: bytes) -> bytes:
    begin = content.index(b"1 0 obj") + 8
    return content[begin : content.index(b"endobj", begin)].strip()


def hostile_signed() -> Iterator[tuple[str, str, bytes]]:
    yield "signed pdf with a script", "签1.pdf", signed(action(**SCRIPT))
    bad = signed(action(**SCRIPT))
    clean = catalogue_of(bad).replace(b"/OpenAction", b"/Nothing").replace(b"/JavaScript", b"/X")
    clean = clean.replace(b"/JS", b"/Y")
    yield "script in a signed revision of before", "签2.pdf", bad + revision(bad, clean)
    good = signed()
    later = catalogue_of(good)[:-2] + b"/OpenAction << /S /JavaScript /JS (x) >> >>"
    yield "script in a revision after the signature", "签3.pdf", good + revision(good, later)
    for number, tail in enumerate((b"<script>", b"PK\x03\x04", b"x" * 900)):
        yield "bytes behind a signed pdf", f"签尾{number}.pdf", good + tail


def honest_pdfs() -> Iterator[tuple[str, bytes]]:
    for version in ("1.3", "1.4", "1.5", "1.6", "1.7", "2.0"):
        yield f"版本{version}.pdf", pdf_with(force_version=version)
    for number, how in enumerate(
        (
            {"linearize": True},
            {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
            {"qdf": True},
            {"compress_streams": False},
            {"recompress_flate": True},
        )
    ):
        yield f"写法{number}.pdf", pdf_with(**how)
    yield "很多页.pdf", pages(900)
    yield (
        "网址.pdf",
        pdf_with(lambda made: link(made, S=Name.URI, URI=String("https://a.example/"))),
    )
    yield "跳转.pdf", pdf_with(action(S=Name.GoTo, D=Array([0, Name.Fit])))
    yield (
        "打开页.pdf",
        pdf_with(
            lambda made: setattr(made.Root, "OpenAction", Array([made.pages[0].obj, Name.Fit]))
        ),
    )
    yield "已签章.pdf", signed()
    yield "签后盖章.pdf", signed() + revision(signed(), catalogue_of(signed()))
    for mode in ("1", "L", "RGB"):
        yield f"扫描{mode}.pdf", encoded(picture(mode, (600, 800)), "PDF", resolution=72)
    yield (
        "多页扫描.pdf",
        encoded(
            picture(), "PDF", save_all=True, append_images=[picture(seed=seed) for seed in (2, 3)]
        ),
    )
    for count in (1, 30):
        yield f"{count}页.pdf", pages(count)
    yield "打印.pdf", pdf_with(action(S=Name.GoTo, D=String("chapter1")))
    yield "pydyf.pdf", by_pydyf()
    yield "pypdf.pdf", by_pypdf()


def by_pydyf() -> bytes:
    made, out = pydyf.PDF(), io.BytesIO()
    stream = pydyf.Stream([b"10 20 60 40 re f"], compress=True)
    made.add_object(stream)
    made.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": made.pages.reference,
                "Contents": stream.reference,
                "MediaBox": pydyf.Array([0, 0, 200, 200]),
            }
        )
    )
    made.write(out)
    return out.getvalue()


def by_pypdf() -> bytes:
    made, out = PdfWriter(), io.BytesIO()
    made.add_blank_page(200, 200)
    made.add_metadata({"/Title": "申请表"})
    made.write(out)
    return out.getvalue()
