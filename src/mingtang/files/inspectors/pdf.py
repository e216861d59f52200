"""Inspector of PDF: no code, no attachments, no password; written anew unless it is signed.

A rewritten file holds only the objects that were looked at: what stood before, between or behind
them, and what an earlier revision said, is gone. A signed file (电子签章) would lose its signature:
it is kept byte for byte, if each of its signed revisions passes and nothing follows the last.
"""

import shutil
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from mingtang.files.rules.uploads import MEGABYTE, Flaw

MOST_PAGES = 1000
MOST_OBJECTS = 50_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_IMAGE_PIXELS = 200_000_000
MOST_SIGNATURES = 10
STEP = 256 * 1024

PRINT_AGAIN = "请用“打印 → 另存为 PDF”重新生成后再上传。"
BROKEN = Flaw("PDF 打不开，可能没有传完或已损坏", PRINT_AGAIN)
LOCKED = Flaw("PDF 设了密码或限制", "请取消密码和限制（打开后打印为新的 PDF）再上传。")
ACTIVE = Flaw("PDF 里有会自动运行的内容（脚本、提交表单或启动程序）", PRINT_AGAIN)
ATTACHED = Flaw("PDF 里夹带了附件或多媒体", "请把附件单独上传，正文用“打印 → 另存为 PDF”重新生成。")
TOO_LONG = Flaw(f"PDF 超过 {MOST_PAGES} 页或过于复杂", "请分成几个文件上传。")
BOMB = Flaw("PDF 解压后过大", PRINT_AGAIN)

ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA"}
ATTACHED_KEYS = {"/EmbeddedFiles", "/EF", "/RichMediaContent", "/RichMediaSettings"}
ACTIVE_ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"),
    *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"),
}
ATTACHED_KINDS = {
    *("/EmbeddedFile", "/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D"),
}
SAFE_LINKS = ("http:", "https:", "mailto:", "tel:", "ftp:", "#")


def set_limits() -> None:
    """What qpdf may spend on unpacking while it reads. Once in a process."""
    most = 64 * MEGABYTE
    pikepdf.settings.set_qpdf_limits(
        parser_max_container_size=MOST_OBJECTS * 4,
        flate_max_memory=most,
        run_length_max_memory=most,
        png_max_memory=most,
        tiff_max_memory=most,
        dct_max_memory=most,
        max_stream_filters=3,
    )


def rebuild(source: Path, target: Path) -> None:
    """Raises Flaw where a PDF holds more than pages, or less."""
    set_limits()
    content = source.read_bytes()
    if not content.startswith(b"%PDF-"):
        raise BROKEN
    try:
        ends = _check(content)
        if ends:
            _check_signed(content, ends)
            shutil.copyfile(source, target)
        else:
            _write(content, target)
    except pikepdf.PasswordError:
        raise LOCKED from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, RecursionError):
        raise BROKEN from None


def _open(content: bytes) -> pikepdf.Pdf:
    """Without repair: a file that was cut would come back with fewer pages and no word of it."""
    pdf = pikepdf.open(BytesIO(content), attempt_recovery=False)
    if pdf.is_encrypted:
        raise LOCKED
    return pdf


def _check(content: bytes) -> list[int]:
    """Looks at every object. Returns where signed revisions end."""
    with _open(content) as pdf:
        if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) > MOST_PAGES:
            raise TOO_LONG
        if not len(pdf.pages):
            raise BROKEN
        _check_opening(pdf.Root)
        ends, room = [], MOST_UNPACKED
        for part, entries in _parts(pdf):
            _check_part(entries)
            if isinstance(part, pikepdf.Stream):
                room = _check_stream(part, entries, room)
            ends += _signed_end(entries)
    return sorted(set(ends))


def _check_opening(root: Any) -> None:
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != "/GoTo":
        raise ACTIVE


def _parts(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each dictionary and stream of the file with its entries, once."""
    waiting: list[Any] = [*pdf.objects, pdf.trailer]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            entries = dict(part.items())
            yield part, entries
            inner = list(entries.values())
        elif isinstance(part, pikepdf.Array):
            inner = list(part)
        else:
            continue
        waiting += [one for one in inner if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _check_part(part: dict[str, Any]) -> None:
    keys = part.keys()
    if keys & ACTIVE_KEYS:
        raise ACTIVE
    if keys & ATTACHED_KEYS:
        raise ATTACHED
    if "/S" in keys and _is_one_of(part["/S"], ACTIVE_ACTIONS):
        raise ACTIVE
    for key in ("/Type", "/Subtype"):
        if key in keys and _is_one_of(part[key], ATTACHED_KINDS):
            raise ATTACHED
    if "/URI" in keys:
        _check_link(part["/URI"])


def _is_one_of(value: Any, names: set[str]) -> bool:
    return isinstance(value, pikepdf.Name) and str(value) in names


def _check_link(value: Any) -> None:
    """A link leads to a page; `javascript:` and `file:` lead elsewhere."""
    if isinstance(value, pikepdf.String):
        address = "".join(str(value).split()).lower()
        if ":" in address.partition("/")[0] and not address.startswith(SAFE_LINKS):
            raise ACTIVE


def _check_stream(stream: Any, entries: dict[str, Any], room: int) -> int:
    """How much room is left after one stream was unpacked, without keeping what comes out."""
    filters = _filters(entries)
    if filters.count("/FlateDecode") + filters.count("/LZWDecode") > 1 or len(filters) > 3:
        raise BOMB
    if entries.get("/Subtype") == "/Image":
        if int(entries.get("/Width", 0)) * int(entries.get("/Height", 0)) > MOST_IMAGE_PIXELS:
            raise BOMB
        return room
    if filters[:1] == ["/FlateDecode"]:
        room -= _unpacked(stream.read_raw_bytes(), room)
    return room


def _filters(entries: dict[str, Any]) -> list[str]:
    named = entries.get("/Filter")
    if named is None:
        return []
    return [str(one) for one in named] if isinstance(named, pikepdf.Array) else [str(named)]


def _unpacked(packed: bytes, most: int) -> int:
    """How many bytes come out of a packed stream. Raises Flaw beyond the limit."""
    size, unpacker, rest = 0, zlib.decompressobj(), packed
    with suppress(zlib.error):  # readers forgive a wrong check sum
        while rest and not unpacker.eof:
            size += len(unpacker.decompress(rest, STEP))
            rest = unpacker.unconsumed_tail
            if size > most:
                raise BOMB
    return size


def _signed_end(part: dict[str, Any]) -> list[int]:
    """Where the revision ends that a signature vouches for."""
    span = part.get("/ByteRange")
    if not isinstance(span, pikepdf.Array) or len(span) != 4 or "/Contents" not in part:
        return []
    return [int(span[2]) + int(span[3])]


def _check_signed(content: bytes, ends: list[int]) -> None:
    """A reader shows signed revisions too: each is looked at as the file that it once was."""
    if len(ends) > MOST_SIGNATURES:
        raise TOO_LONG
    tail = content[content.rfind(b"%%EOF") + 5 :]
    if tail.strip(b"\r\n \t\x00") or max(ends) > len(content):
        raise BROKEN
    for end in ends:
        if end < len(content):
            _check(content[:end])


def _write(content: bytes, target: Path) -> None:
    """The same bytes again for the same file: what is sent twice is stored once."""
    with _open(content) as pdf:
        pdf.save(
            target,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            deterministic_id=True,
            fix_metadata_version=False,  # which would parse the metadata
        )
