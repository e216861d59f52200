"""The files that an operator takes: a zip for each township, with a manifest of SHA-256.

What is in it is what the site shows: each page from the township's on is made by the same hand.
The same content gives the same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.contrib.staticfiles import finders

from mingtang.base.space import whole_file
from mingtang.tv.pages import Set
from mingtang.tv.rules import SIZES, Key, Kind, Size
from mingtang.villages import queries

MANIFEST, SCRIPT = "manifest.json", "keys.js"
STAMP = (1980, 1, 1, 0, 0, 0)  # no clock in the bytes


@dataclass
class Bundle:
    """The zip of a township, its digest, and which disclosures are in it."""

    township: str
    content: bytes = b""
    entry_ids: list[int] = field(default_factory=list)
    page_count: int = 0

    @property
    def name(self) -> str:
        return f"tv-{self.township}.zip"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def made(on: date) -> Iterator[Bundle]:
    """A bundle for each township, by code."""
    for town in queries.pilot_townships():
        yield of_township(town.code, on)


def of_township(code: str, on: date) -> Bundle:
    """Raises NotFound."""
    bundle = Bundle(code)
    files: dict[str, bytes] = {SCRIPT: _script()}
    for size in SIZES.values():
        for key, text in _pages(size, Key(Kind.TOWNSHIP, code), on):
            files[f"{size.code}/{key.file}"] = text.encode()
            if key.kind is Kind.ENTRY and key.page == 1 and size.code == "hd":
                bundle.entry_ids.append(int(key.code))
        files[f"{size.code}/index.html"] = files[f"{size.code}/{Key(Kind.TOWNSHIP, code).file}"]
    bundle.page_count = len(files) - 1
    bundle.content = _zipped(files, code, on)
    return bundle


def _script() -> bytes:
    path = finders.find("tv/keys.js")
    assert isinstance(path, str)
    return Path(path).read_bytes()


def _pages(size: Size, home: Key, on: date) -> Iterator[tuple[Key, str]]:
    """Every page that links lead to from home."""
    shown, seen, waiting = Set(size, on, home), {home}, [home]
    while waiting:
        key = waiting.pop()
        page = shown.page(key)
        yield key, shown.written(page, f"../{SCRIPT}")
        fresh = {link.key for link in page.links} - seen
        seen |= fresh
        waiting += sorted(fresh, key=lambda one: one.name)


def _zipped(files: dict[str, bytes], code: str, on: date) -> bytes:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"township": code, "as_of": on.isoformat(), "files": dict(sorted(digests.items()))}
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*sorted(files.items()), (MANIFEST, text)]:
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def put(bundle: Bundle, folder: Path) -> Path:
    """Written beside its place, then put there whole: nobody takes half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / bundle.name
    with whole_file(place) as fresh:
        fresh.write_bytes(bundle.content)
    return place


def broken(path: Path) -> list[str]:
    """Files of a bundle that are not what its manifest says."""
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read(MANIFEST))["files"]
        there = set(archive.namelist()) - {MANIFEST}
        return sorted(
            name
            for name in there | set(told)
            if name not in there or hashlib.sha256(archive.read(name)).hexdigest() != told.get(name)
        )
