"""Signed heads: the one place where the ledger's signing key is reached, and the anchors.

An anchor is a head in a file that is only appended to, apart from the database: who rewrites
history in the database has this file against him.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from mingtang.base.errors import DomainError
from mingtang.base.marks import installation
from mingtang.base.profile import is_gm
from mingtang.base.space import sync_folder
from mingtang.ledger.models import TreeHead
from mingtang.ledger.rules import canonical
from mingtang.ledger.signing import Signer, signer_of
from mingtang.ledger.verify_ledger import (
    ALGORITHM,
    CERTIFICATE,
    EXTENSION_FIELDS,
    FORMAT,
    GM,
    Bad,
    Tree,
    read_head,
    read_line,
    signed_bytes,
    spelt,
)


class OtherLedgerKey(DomainError):
    """The key file is not the one that the ledger's key was handed on to."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"账本密钥 {path} 不是账本里登记的那一把，没有签名。请从备份恢复 keys/ledger.key。"
        )


def algorithm() -> str:
    """With what this installation hashes its records and signs its heads."""
    return GM if is_gm() else ALGORITHM


def _key(path: Path | None = None) -> Signer:
    path = path or Path(settings.MINGTANG_LEDGER_KEY_FILE)
    signer = signer_of(path, algorithm())
    if signer.algorithm != algorithm():
        raise OtherLedgerKey(path)
    return signer


def public_key(path: Path | None = None) -> str:
    """What heads are checked with, in hexadecimal: to be published."""
    return _key(path).public


def try_key() -> None:
    """Sign something that is no head. Raises OtherLedgerKey, NoSM2 where no head could be."""
    _key().sign(b"mingtang/try")


def _next_file() -> Path:
    return Path(settings.MINGTANG_LEDGER_KEY_FILE).with_name("ledger-next.key")


def certificate(size: int, at: datetime) -> dict[str, Any]:
    """What hands the key on to the next, which is made here, after so many records."""
    told = {
        "format": CERTIFICATE,
        "at": json.loads(canonical(at)),
        "size": size,
        "public_key": public_key(),
        "next_key": public_key(_next_file()),
    }
    return told | {"signature": _key().sign(spelt(told))}


def check_key(current: str | None) -> None:
    """Raises OtherLedgerKey where this machine lacks the key to which the ledger says that its key
    was handed on, None: never."""
    fresh = _next_file()
    if current is None or public_key() == current:
        return
    if not fresh.exists() or public_key(fresh) != current:
        raise OtherLedgerKey(Path(settings.MINGTANG_LEDGER_KEY_FILE))


def settle(current: str | None) -> None:
    """Put the key in its place to which the ledger's was handed on; the one of before stays beside
    it under its own name. The caller holds the tree. Raises OtherLedgerKey."""
    path, fresh = Path(settings.MINGTANG_LEDGER_KEY_FILE), _next_file()
    check_key(current)
    if current is None or public_key() == current:
        return
    retired = path.with_name(f"ledger-{public_key()[:8]}-retired.key")
    if not retired.exists():
        os.link(path, retired)
    os.replace(fresh, path)
    sync_folder(path.parent)


def signed(tree: Tree, at: datetime) -> TreeHead:
    """A head of this tree, signed; not yet written."""
    signer = _key()
    head = TreeHead(
        size=tree.size,
        root=tree.root().hex(),
        at=at,
        algorithm=signer.algorithm,
        public_key=signer.public,
        peaks=[peak.hex() for peak in tree.peaks],
    )
    head.signature = signer.sign(signed_bytes(told(head)))
    return head


def told(head: TreeHead) -> dict[str, Any]:
    """A head as it is given to others: see the verifier."""
    return {
        "format": FORMAT,
        "size": head.size,
        "root": head.root,
        "at": json.loads(canonical(head.at)),
        "algorithm": head.algorithm,
        "public_key": head.public_key,
        "signature": head.signature,
    }


def written(head: TreeHead) -> bytes:
    """The line of a file that tells of a head."""
    return spelt(told(head)) + b"\n"


def anchor_file() -> Path:
    """Of this database: another one of the same home has its own."""
    return Path(settings.MINGTANG_ANCHORS) / f"{installation()}.jsonl"


def extension_file() -> Path:
    """Beside the anchors: how each of them extends the one before, for a witness to read."""
    return anchor_file().with_suffix(".extensions.jsonl")


def anchors() -> Iterator[dict[str, Any]]:
    """What was anchored, oldest first. A line that a power cut left unfinished is passed over."""
    for line in _lines(anchor_file()):
        with suppress(Bad):
            yield read_head(line)


def told_until() -> int:
    """Up to how many records the lines for a witness lead, 0 for none. Each goes on from the one
    before, also where a power cut came between it and its anchor."""
    reached = 0
    for line in _lines(extension_file()):
        with suppress(Bad):
            head = read_line(line, "extension", EXTENSION_FIELDS)["head"]
            reached = max(reached, head["size"])
    return reached


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def anchor(head: TreeHead, extension: bytes) -> None:
    """Append a head, and how it extends the one before it; on the disk when this returns."""
    append_line(extension_file(), extension)
    append_line(anchor_file(), written(head))


def append_line(path: Path, line: bytes) -> None:
    """Append to a file that only grows. A line that was left unfinished before stays by itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    with os.fdopen(handle, "ab") as file:
        is_cut = file.tell() and not path.read_bytes().endswith(b"\n")
        file.write((b"\n" if is_cut else b"") + line)
        file.flush()
        os.fsync(file.fileno())
