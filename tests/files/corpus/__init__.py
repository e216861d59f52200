"""Honest and hostile files by the hundred, made by code: the same in every run (but for
the salts of those with a password).

`honest()` must all be kept and open again; `hostile()` must all be refused. A hostile file is named
by its class, so that a gap in an inspector shows as a class and not as a number.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.files.corpus.packages import docx_members, honest_packages, hostile_packages, packed
from tests.files.corpus.pdfs import honest_pdfs, hostile_pdfs, pdf_with
from tests.files.corpus.pictures import encoded, honest_images, hostile_images, picture


@dataclass(frozen=True)
class Sample:
    kind: str
    name: str
    content: bytes

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


UNKNOWN = (
    *("exe", "html", "htm", "svg", "js", "php", "jar", "apk", "bat", "com", "heic", "heif"),
    *(
        "gif",
        "bmp",
        "tiff",
        "docm",
        "xlsm",
        "doc",
        "xls",
        "wps",
        "et",
        "zip",
        "rar",
        "7z",
        "pdf.exe",
    ),
    *("", "csv", "mp4", "lnk", "iso"),
)


def of_another_kind() -> Iterator[tuple[str, str, bytes]]:
    kinds = {
        "pdf": pdf_with(),
        "jpg": encoded(picture(), "JPEG"),
        "png": encoded(picture(), "PNG"),
        "webp": encoded(picture(), "WEBP"),
        "docx": packed(docx_members()),
    }
    for said in kinds:
        for true, content in kinds.items():
            if said != true:
                yield "content of another kind", f"其实{true}.{said}", content
    heads = {
        "HEIC": b"\0\0\0\x18ftypheic" + bytes(64),
        "旧版": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "网页": b"<!DOCTYPE html><script>alert(1)</script>",
        "程序": b"MZ" + bytes(200),
        "WAV": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="a()"/>',
    }
    for what, content in heads.items():
        for said in (*kinds, "xlsx", "ofd"):
            yield "content of no allowed kind", f"{what}.{said}", content


def garbage() -> Iterator[tuple[str, str, bytes]]:
    dice = random.Random(7)
    heads = {
        "pdf": b"%PDF-1.7\n",
        "jpg": b"\xff\xd8\xff\xe0",
        "png": b"\x89PNG\r\n\x1a\n",
        "webp": b"RIFF\x90\0\0\0WEBPVP8 ",
        "docx": b"PK\x03\x04",
        "xlsx": b"PK\x03\x04",
        "ofd": b"PK\x03\x04",
    }
    for said, head in heads.items():
        yield "empty file", f"空.{said}", b""
        yield "signature only", f"头.{said}", head
        for number, size in enumerate((40, 3000, 70_000)):
            yield "noise behind a signature", f"乱{number}.{said}", head + dice.randbytes(size)


def hostile() -> list[Sample]:
    rows = [
        *(("unknown extension", f"文件.{one}".rstrip("."), b"%PDF-1.7 x") for one in UNKNOWN),
        *of_another_kind(),
        *garbage(),
        *hostile_images(),
        *hostile_pdfs(),
        *hostile_packages(),
    ]
    return [Sample(*row) for row in rows]


def honest() -> list[Sample]:
    rows = [*honest_images(), *honest_pdfs(), *honest_packages()]
    return [Sample("honest", name, content) for name, content in rows]
