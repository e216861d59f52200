"""Uploads in pieces, over a line that breaks. A half is a file; its length is how far it came.

Nothing is kept in a process or in the database: whichever worker answers, after whatever crash,
goes on where the bytes end. What was not finished after a day is swept.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.core import signing

from mingtang.base.errors import Conflict, NotFound
from mingtang.base.space import whole_file
from mingtang.base.web import new_command_id
from mingtang.files.rules.tickets import (
    HALF_AGE,
    LARGEST_CHUNK,
    MOST_BEGUN,
    MOST_OPEN,
    TICKET_AGE,
    BadTicket,
    Ticket,
    TooManyOpen,
    WrongOffset,
)
from mingtang.files.rules.uploads import RefusedFile, check_size, kind_by_name, safe_name
from mingtang.files.services.uploads import (
    StoredFile,
    files_folder,
    modified_at,
    path_of,
    store_from,
    two_names,
)

STEP = 64 * 1024
DATA, FACTS = ".part", ".json"


class Source(Protocol):
    """Where the bytes of a chunk come from: a request."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Half:
    """How far a file has come, and what a form may post once it is whole."""

    token: str
    name: str
    size: int
    offset: int
    handed: str = ""


# ── tickets ───────────────────────────────────────────────────────────────────────────────────


def upload_ticket(subject: str, *, at: datetime) -> str:
    """Leave to upload for a subject, some hours long. A page gives it that has checked access."""
    said = {"subject": subject, "command": new_command_id(), "at": at.timestamp()}
    return _signer("ticket").sign_object(said)


def read_ticket(text: str, *, at: datetime) -> Ticket:
    """Raises BadTicket for one that is forged, garbled or too old."""
    said = _read("ticket", text)
    if said is None:
        raise BadTicket
    ticket = Ticket(said["subject"], said["command"], datetime.fromtimestamp(said["at"], at.tzinfo))
    ticket.check(at)
    return ticket


def handed_file(text: str, subject: str, *, at: datetime) -> StoredFile:
    """The file that a form hands over by a signed text instead of its bytes. Raises RefusedFile."""
    said = _read("handed", text)
    if said is None or said["subject"] != subject or not _is_young(said["at"], at):
        raise RefusedFile("上传的文件已过期或不属于本页，请刷新页面后重新选择文件上传。")
    stored = StoredFile(**said["file"])
    if not path_of(stored.storage_key).exists():
        raise RefusedFile(f"“{stored.original_name}”已不在存储中，请重新选择文件上传。")
    return stored


def _is_young(moment: float, at: datetime) -> bool:
    return moment >= (at - TICKET_AGE).timestamp()


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"mingtang.files.{purpose}")


def _read(purpose: str, text: str) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = _signer(purpose).unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    return said


# ── halves ────────────────────────────────────────────────────────────────────────────────────


def begin(ticket: Ticket, name: str, size: int) -> Half:
    """Open a file to be sent in pieces. Raises RefusedFile where it could only be refused."""
    name = safe_name(name)
    kind_by_name(name)
    check_size(name, size, settings.MINGTANG_MAX_UPLOAD_BYTES)
    folder = _folder(ticket)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"):
        if len([*folder.glob(f"*{DATA}")]) >= MOST_OPEN or len([*folder.iterdir()]) > MOST_BEGUN:
            raise TooManyOpen
        token = secrets.token_hex(16)
        _note(folder / f"{token}{FACTS}", {"name": name, "size": size, "handed": ""})
        (folder / f"{token}{DATA}").touch()
    return Half(token, name, size, 0)


def half(ticket: Ticket, token: str) -> Half:
    """How far a file has come. Raises NotFound."""
    facts = _facts(ticket, token)
    if facts["handed"]:
        return Half(token, facts["name"], facts["size"], facts["size"], facts["handed"])
    return Half(token, facts["name"], facts["size"], _data(ticket, token).stat().st_size)


def append(ticket: Ticket, token: str, *, offset: int, source: Source) -> Half:
    """Put a chunk behind what is there. What came before the line broke stays, and is safe on disk.

    Raises WrongOffset where it does not fit, NotFound where there is no such half.
    """
    now = half(ticket, token)
    if now.handed:
        return now
    with _open_alone(_data(ticket, token)) as file:
        end = file.seek(0, os.SEEK_END)
        if offset != end:
            raise WrongOffset(end)
        try:
            _receive(source, file, min(LARGEST_CHUNK, now.size - end))
        finally:
            file.flush()
            os.fsync(file.fileno())
    return half(ticket, token)


def _receive(source: Source, file: BinaryIO, most: int) -> None:
    while most > 0:
        try:
            piece = source.read(min(STEP, most))
        except OSError:  # the line broke
            return
        if not piece:
            return
        file.write(piece)
        most -= len(piece)


def finish(ticket: Ticket, token: str, *, at: datetime) -> Half:
    """Take a whole file in as any other. Twice: the same answer. Raises RefusedFile or WrongOffset.

    What was refused is forgotten: it would be refused again.
    """
    now = half(ticket, token)
    if now.handed:
        return now
    if now.offset != now.size:
        raise WrongOffset(now.offset)
    data = _data(ticket, token)
    with _open_alone(data):
        try:
            with two_names() as (_, built):
                stored = store_from(data, built, now.name, f"{ticket.command_id}/{token}")
        except RefusedFile:
            forget(ticket, token)
            raise
        said = {"subject": ticket.subject, "at": at.timestamp(), "file": asdict(stored)}
        handed = _signer("handed").sign_object(said)
        _note(data.with_suffix(FACTS), {"name": now.name, "size": now.size, "handed": handed})
        data.unlink(missing_ok=True)
    return half(ticket, token)


def forget(ticket: Ticket, token: str) -> None:
    """The person chose another file."""
    _facts(ticket, token)
    for suffix in (DATA, FACTS):
        _data(ticket, token).with_suffix(suffix).unlink(missing_ok=True)


def sweep_halves(at: datetime) -> int:
    """Remove what was begun and not touched for a day. Returns how many files."""
    oldest = (at - HALF_AGE).timestamp()
    root = files_folder() / "halves"
    old = [path for path in root.glob("*/*") if modified_at(path) < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    for folder in root.glob("*"):
        if modified_at(folder) < oldest and not any(folder.iterdir()):
            folder.rmdir()
    return len(old)


def _folder(ticket: Ticket) -> Path:
    """One folder a ticket; its name says nothing of the subject."""
    name = sha256(f"{ticket.subject}/{ticket.command_id}".encode()).hexdigest()[:32]
    return files_folder() / "halves" / name


def _data(ticket: Ticket, token: str) -> Path:
    return _folder(ticket) / f"{token}{DATA}"


def _facts(ticket: Ticket, token: str) -> dict[str, Any]:
    if len(token) != 32 or not set(token) <= set("0123456789abcdef"):
        raise NotFound
    try:
        facts: dict[str, Any] = json.loads(_data(ticket, token).with_suffix(FACTS).read_text())
    except (FileNotFoundError, ValueError):
        raise NotFound("没有这个未完成的上传，请重新选择文件。") from None
    return facts


def _note(path: Path, facts: dict[str, Any]) -> None:
    """Whole or not at all, also through a power cut."""
    with whole_file(path) as fresh:
        fresh.write_text(json.dumps(facts))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _open_alone(path: Path) -> Iterator[BinaryIO]:
    """A half to write to, for one at a time: a browser tries again while an old line hangs."""
    try:
        file = path.open("rb+")
    except FileNotFoundError:
        raise NotFound("没有这个未完成的上传，请重新选择文件。") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("上一段还在接收，请稍候。") from None
        yield file
