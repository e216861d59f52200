"""The look into files before they are released: what a file says, and what it holds besides.

Uploads were built anew by `files.inspectors` already; what is looked at here is bounded all the
same, and a file that cannot be read to its end stops the release instead of passing unseen. With
it come the libraries that read files (eight megabytes): a web process loads it when it looks.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from xml.parsers import expat

import pikepdf

from mingtang.disclosure.rules import scan
from mingtang.disclosure.rules.scan import Finding, Severity
from mingtang.disclosure.scanning import images, office, pdf
from mingtang.disclosure.scanning.bounds import TooMuch
from mingtang.files.rules.uploads import extension_of

Looker = Callable[[Path, tuple[str, ...]], Iterable[Finding]]
LOOKERS: dict[str, Looker] = {
    "docx": office.docx,
    "xlsx": office.xlsx,
    "pptx": office.pptx,
    "ofd": office.ofd,
    "pdf": pdf.look,
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "tif", "tiff"), images.look),
}
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, pikepdf.PdfError, TooMuch),
    *(LookupError, EOFError, OSError, RuntimeError, ValueError, TypeError, SyntaxError),
    AttributeError,
)


def scan_file(path: Path, name: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What of a file must be cleaned or looked at before it is released under this name."""
    known = tuple(names)
    found = [*scan.scan_name(name, known), *_inside(path, extension_of(name), known)]
    return tuple(replace(one, where=f"附件“{name}” {one.where}".rstrip()) for one in found)


def _inside(path: Path, extension: str, names: tuple[str, ...]) -> tuple[Finding, ...]:
    looker = LOOKERS.get(extension)
    if looker is None:
        return (scan.finding(scan.UNREADABLE, Severity.BLOCK, ""),)
    try:
        return scan.folded(looker(path, names))
    except BROKEN:
        return (scan.finding(scan.UNREADABLE, Severity.BLOCK, ""),)
