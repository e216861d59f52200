"""Keeping files: first safely on disk, then known to the database.

A file without its row (a crash between the two) is an orphan; the sweep removes it after a month.
"""

import hashlib
import math
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings

from mingtang.base.errors import NotFound
from mingtang.base.marks import installation
from mingtang.base.sealed import keyed_hash
from mingtang.files.models import Upload
from mingtang.files.rules import check_size, media_type_of, safe_name

ORPHAN_AGE = timedelta(days=30)  # long enough to restore a backup meanwhile
CHUNK = 400


class Incoming(Protocol):
    """What a web form hands over."""

    name: str | None
    size: int | None

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
    """Write a file to disk: temporary name, fsync, rename. Raises RefusedFile with a reason.

    The key is a keyed hash of the command, the content and the name: no one can guess it, and the
    same request sent twice stores one file, not two.
    """
    name = safe_name(incoming.name or "")
    most = settings.MINGTANG_MAX_UPLOAD_BYTES
    check_size(name, incoming.size or 0, most)
    temporary = files_folder() / "incoming" / secrets.token_hex(16)
    temporary.parent.mkdir(parents=True, exist_ok=True)
    try:
        media_type, size, digest = _write(temporary, incoming, name, most)
        key = keyed_hash("storage", f"{command_id}/{digest}/{name}".encode()).hex()[:32]
        _put_in_place(temporary, path_of(key))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return StoredFile(key, name, media_type, size, digest)


def _put_in_place(temporary: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(temporary, target)
    _sync_folder(target.parent)


def _write(path: Path, incoming: Incoming, name: str, most: int) -> tuple[str, int, str]:
    digest, size, media_type = hashlib.sha256(), 0, ""
    with path.open("xb") as file:
        for chunk in incoming.chunks():
            media_type = media_type or media_type_of(name, chunk[:16])
            size += len(chunk)
            check_size(name, size, most)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    check_size(name, size, most)
    return media_type, size, digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def attach(stored: StoredFile, *, subject: str, at: datetime) -> Upload:
    """Make a stored file known, inside the command that it belongs to."""
    return Upload.objects.create(
        storage_key=stored.storage_key,
        subject=subject,
        original_name=stored.original_name,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        uploaded_at=at,
    )


def adopt(upload_ids: Sequence[int], *, from_subject: str, to_subject: str) -> None:
    """Make uploads of one subject another's, in the caller's transaction. Raises NotFound."""
    rows = Upload.objects.filter(id__in=list(upload_ids), subject=from_subject)
    if rows.update(subject=to_subject) != len(set(upload_ids)):
        raise NotFound("有的文件找不到了，请回到材料一步重新上传。")


def remove(upload_id: int, *, subject: str) -> None:
    """Forget an upload that is not part of any act; the sweep removes the file."""
    Upload.objects.filter(id=upload_id, subject=subject).delete()


def sweep_orphans(at: datetime) -> int:
    """Remove files that no row knows and that are older than a month. Returns how many."""
    root = files_folder()
    oldest = (at - ORPHAN_AGE).timestamp()
    files = [*root.glob("??/*"), *root.glob("incoming/*")]
    old = [path for path in files if _modified_at(path) < oldest]
    known: set[str] = set()
    for start in range(0, len(old), CHUNK):
        names = [path.name for path in old[start : start + CHUNK]]
        found = Upload.objects.filter(storage_key__in=names)
        known.update(found.values_list("storage_key", flat=True))
    orphans = [path for path in old if path.name not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _modified_at(path: Path) -> float:
    """When a file was written; "just now" for one that was moved while we looked."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf
