"""Keeping files: looked into and built anew, first safely on disk, then known to the database.

A file without its row (a crash between the two) is an orphan; the sweep removes it after a month.
"""

import hashlib
import math
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings

from mingtang.base.errors import Conflict
from mingtang.base.marks import installation
from mingtang.base.sealed import keyed_hash
from mingtang.base.space import sync_folder
from mingtang.files import apart, scanner
from mingtang.files.models import Upload
from mingtang.files.rules.uploads import (
    HEAD_BYTES,
    Flaw,
    ScanState,
    check_size,
    kept_name,
    kept_type,
    kind_by_name,
    kind_of,
    refusal,
    safe_name,
)

ORPHAN_AGE = timedelta(days=30)  # long enough to restore a backup meanwhile
CHUNK = 400
STEP = 256 * 1024
CLEAN_MARK = ".clean"  # beside a file that the scanner has passed
PREVIEW = ".preview"


class Incoming(Protocol):
    """What a web form hands over."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True)
class StoredFile:
    """A file that is safe on disk and not yet anyone's."""

    storage_key: str
    original_name: str
    media_type: str
    size_bytes: int
    sha256: str


def files_folder() -> Path:
    """Where this database's files lie. Another database in the same home has another folder."""
    return Path(settings.MINGTANG_HOME) / "files" / installation()


def path_of(storage_key: str) -> Path:
    return files_folder() / storage_key[:2] / storage_key


def store(incoming: Incoming, *, command_id: str) -> StoredFile:
    """Take a file in: scanned, looked into, built anew, synced, put in place.

    Raises RefusedFile with a reason. The key is a keyed hash of the command, the content and the
    name: no one can guess it, and the same request sent twice stores one file, not two.
    """
    name = safe_name(incoming.name or "")
    kind_by_name(name)
    check_size(name, incoming.size or 0, settings.MINGTANG_MAX_UPLOAD_BYTES)
    with two_names() as (raw, built):
        _write(raw, incoming, name)
        return store_from(raw, built, name, command_id)


def store_from(raw: Path, built: Path, name: str, command_id: str) -> StoredFile:
    """The same from a file that already lies on our disk. `built` is a free name beside it."""
    kind = kind_of(name, _head(raw))
    is_clean = scan(raw, name)
    try:
        apart.inspect(kind.inspector, raw, built)
    except Flaw as flaw:
        raise refusal(name, flaw.why, flaw.mend) from None
    size, digest = sync(built)
    kept = kept_name(name, kind)
    key = storage_key(f"{command_id}/{digest}/{kept}")
    put_in_place(built, key, is_clean=is_clean)
    return StoredFile(key, kept, kept_type(kind), size, digest)


def scan(path: Path, name: str) -> bool:
    """Whether a scanner found the file clean; False where none could say. Raises RefusedFile."""
    if not scanner.is_configured():
        return False
    try:
        scanner.scan(path)
    except scanner.Infected:
        raise refusal(
            name, "查出病毒", "请先给自己的电脑或手机查杀病毒，再上传一份干净的文件。"
        ) from None
    except scanner.NoVerdict:
        return False
    return True


def storage_key(of: str) -> str:
    return keyed_hash("storage", of.encode()).hex()[:32]


@contextmanager
def two_names() -> Iterator[tuple[Path, Path]]:
    """Two free names among what comes in; nothing is left there in the end."""
    folder = files_folder() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    names = folder / secrets.token_hex(16), folder / secrets.token_hex(16)
    try:
        yield names
    finally:
        for path in names:
            path.unlink(missing_ok=True)


def put_in_place(built: Path, key: str, *, is_clean: bool) -> None:
    target = path_of(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = target.with_suffix(CLEAN_MARK)
    if is_clean:
        mark.touch()
    else:
        mark.unlink(missing_ok=True)
    os.replace(built, target)
    sync_folder(target.parent)


def _write(path: Path, incoming: Incoming, name: str) -> None:
    size = 0
    with path.open("xb") as file:
        for chunk in incoming.chunks():
            size += len(chunk)
            check_size(name, size, settings.MINGTANG_MAX_UPLOAD_BYTES)
            file.write(chunk)
    check_size(name, size, settings.MINGTANG_MAX_UPLOAD_BYTES)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def sync(path: Path) -> tuple[int, str]:
    """Size and digest of a file that is now safe on disk under the name it has."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb+") as file:
        while piece := file.read(STEP):
            size += len(piece)
            digest.update(piece)
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def attach(stored: StoredFile, *, subject: str, at: datetime) -> Upload:
    """Make a stored file known, inside the command that it belongs to. Twice: one row.

    Raises Conflict where it belongs to something else already.
    """
    upload, _ = Upload.objects.get_or_create(
        storage_key=stored.storage_key,
        defaults={
            "subject": subject,
            "original_name": stored.original_name,
            "media_type": stored.media_type,
            "size_bytes": stored.size_bytes,
            "sha256": stored.sha256,
            "uploaded_at": at,
            "scan_state": scan_state_of(stored.storage_key).value,
        },
    )
    if upload.subject != subject:
        raise Conflict(f"“{stored.original_name}”已经用在另一份材料里，请重新选择文件上传。")
    return upload


def scan_state_of(key: str) -> ScanState:
    """What the scanner said when the file was put in place."""
    if path_of(key).with_suffix(CLEAN_MARK).exists():
        return ScanState.CLEAN
    return ScanState.QUARANTINED if scanner.is_configured() else ScanState.NOT_SCANNED


def sweep_orphans(at: datetime) -> int:
    """Remove files that no row knows and that are older than a month. Returns how many."""
    root = files_folder()
    oldest = (at - ORPHAN_AGE).timestamp()
    files = [*root.glob("??/*"), *root.glob("incoming/*")]
    old = [path for path in files if modified_at(path) < oldest]
    known: set[str] = set()
    for start in range(0, len(old), CHUNK):
        keys = [path.stem for path in old[start : start + CHUNK]]
        found = Upload.objects.filter(storage_key__in=keys)
        known.update(found.values_list("storage_key", flat=True))
    orphans = [path for path in old if path.stem not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def modified_at(path: Path) -> float:
    """When a file was written; "just now" for one that was moved while we looked."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf
