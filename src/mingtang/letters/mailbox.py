"""Mail boxes: a folder into which mails are dropped, and an IMAP account. Each mail once.

A mail leaves its box after it is safely in the database; taken twice, it is the same mail.
"""

import hashlib
import imaplib
import logging
import os
import re
import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from mingtang.letters.rules.mail import MOST_BYTES
from mingtang.letters.services import note_oversize, take_mail

MOST_A_ROUND = 100
CHUNK = 1024 * 1024
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
log = logging.getLogger(__name__)


def poll(at: datetime) -> int:
    """Take in what lies in the boxes that the settings name. Returns how many mails.

    A box that cannot be reached is said in the log and asked again next time.
    """
    taken = 0
    for name, box in (("folder", take_folder), ("IMAP", take_imap)):
        try:
            taken += box(at)
        except (OSError, imaplib.IMAP4.error, ssl.SSLError) as error:
            log.warning("mail box %s: %s", name, type(error).__name__)
    return taken


# ── the folder ────────────────────────────────────────────────────────────────────────────────


def take_folder(at: datetime) -> int:
    """Take in the *.eml files of the drop folder, the oldest name first. Whoever drops one writes
    it under another name and renames it when it is whole."""
    folder = settings.MINGTANG_MAIL_DROP
    if folder is None or not folder.is_dir():
        return 0
    taken = 0
    for path in _dropped(folder):
        _take_file(path, at)
        taken += 1
    return taken


def _dropped(folder: Path) -> Iterator[Path]:
    names = sorted(
        entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)
    )
    yield from (folder / name for name in names[:MOST_A_ROUND] if name.endswith(".eml"))


def _take_file(path: Path, at: datetime) -> None:
    size = path.stat().st_size
    if size <= MOST_BYTES:
        take_mail(raw=path.read_bytes(), at=at)
        path.unlink()
        return
    digest = _digest(path)
    kept = settings.MINGTANG_HOME / "mail" / f"{digest}.eml"
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note_oversize(digest=digest, size=size, kept_as=kept.name, at=at)
    os.replace(path, kept)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


# ── IMAP ──────────────────────────────────────────────────────────────────────────────────────


def take_imap(at: datetime) -> int:
    """Take in the unread mails of the account; what was taken in is marked as read."""
    if not settings.MINGTANG_IMAP_HOST:
        return 0
    box = _connected()
    try:
        box.login(settings.MINGTANG_IMAP_USER, settings.MINGTANG_IMAP_PASSWORD)
        box.select(settings.MINGTANG_IMAP_FOLDER)
        _status, found = box.uid("SEARCH", "UNSEEN")
        numbers = (found[0] or b"").split()[:MOST_A_ROUND]
        for number in numbers:
            _take_number(box, number.decode("ascii"), at)
        return len(numbers)
    finally:
        box.logout()


def _connected() -> imaplib.IMAP4:
    host, port, wait = settings.MINGTANG_IMAP_HOST, settings.MINGTANG_IMAP_PORT, 20
    if settings.MINGTANG_IMAP_SECURITY == "none":
        return imaplib.IMAP4(host, port, timeout=wait)
    return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=wait)


def _take_number(box: imaplib.IMAP4, number: str, at: datetime) -> None:
    _status, told = box.uid("FETCH", number, "(RFC822.SIZE)")
    size = SIZE.search(b" ".join(one for one in told if isinstance(one, bytes)))
    if size and int(size[1]) > MOST_BYTES:
        name = f"IMAP {settings.MINGTANG_IMAP_USER} {number}"
        digest = hashlib.sha256(name.encode()).hexdigest()
        note_oversize(digest=digest, size=int(size[1]), kept_as=name[:120], at=at)
    else:
        _status, parts = box.uid("FETCH", number, "(BODY.PEEK[])")
        for part in parts:
            if isinstance(part, tuple):
                take_mail(raw=part[1], at=at)
    box.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)")
