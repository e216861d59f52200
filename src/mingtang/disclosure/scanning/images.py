"""The look into pictures: where and when they were taken, and what was written into them. Pure."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from mingtang.disclosure.rules import scan
from mingtang.disclosure.rules.scan import Finding, Severity, finding, scan_lines

GPS, DETAILS = 0x8825, 0x8769
ORIENTATION = 0x0112  # which way up: says nothing of anybody
HARMLESS = {ORIENTATION, GPS, DETAILS, 0x011A, 0x011B, 0x0128, 0x0213}  # and how many dots an inch
WORDS = {"Author", "Comment", "Description", "Copyright", "comment", "XML:com.adobe.xmp", "xmp"}


def look(path: Path, names: tuple[str, ...]) -> Iterator[Finding]:
    with Image.open(path) as picture:
        noted = picture.getexif()
        if noted.get_ifd(GPS):
            yield finding(scan.PLACE, Severity.BLOCK, "照片信息")
        if set(noted) - HARMLESS or noted.get_ifd(DETAILS):
            yield finding(scan.CAMERA, Severity.WARN, "照片信息")
        said = [(key, _text(value)) for key, value in picture.info.items() if key in WORDS]
    yield finding(scan.NO_TEXT, Severity.WARN, "图片内容")
    if any(text.strip() for _, text in said):
        yield finding(scan.AUTHOR, Severity.WARN, "图片说明")
    yield from scan_lines((("图片说明", text) for _, text in said), names)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
