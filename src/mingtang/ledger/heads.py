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

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from mingtang.base.keys import ensure_key
from mingtang.base.marks import installation
from mingtang.ledger.models import TreeHead
from mingtang.ledger.rules import canonical
from mingtang.ledger.verify_ledger import (
    ALGORITHM,
    FORMAT,
    Bad,
    Tree,
    read_head,
    signed_bytes,
    spelt,
)


def _key() -> Ed25519PrivateKey:
    path = Path(settings.MINGTANG_LEDGER_KEY_FILE)
    ensure_key(path)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def public_key() -> str:
    """What heads are checked with, in hexadecimal: to be published."""
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return _key().public_key().public_bytes(*raw).hex()


def signed(tree: Tree, at: datetime) -> TreeHead:
    """A head of this tree, signed; not yet written."""
    head = TreeHead(
        size=tree.size,
        root=tree.root().hex(),
        at=at,
        algorithm=ALGORITHM,
        public_key=public_key(),
        peaks=[peak.hex() for peak in tree.peaks],
    )
    head.signature = _key().sign(signed_bytes(told(head))).hex()
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


def anchors() -> Iterator[dict[str, Any]]:
    """What was anchored, oldest first. A line that a power cut left unfinished is passed over."""
    path = anchor_file()
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        with suppress(Bad):
            yield read_head(line)


def anchor(head: TreeHead) -> None:
    """Append a head, on the disk when this returns."""
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    with os.fdopen(handle, "ab") as file:
        is_cut = file.tell() and not path.read_bytes().endswith(b"\n")
        file.write((b"\n" if is_cut else b"") + written(head))
        file.flush()
        os.fsync(file.fileno())
