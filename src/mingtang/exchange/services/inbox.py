"""Services: a folder into which another place puts its batches, each a folder of its own.

A sender writes under a name that begins with a dot and renames it when all is there; a wire that
breaks leaves pieces all the same, which the digests find.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.exchange.services.batches import REJECTS, read, receive, rejects_file
from mingtang.ledger.rules import Actor

TAKEN, TORN, REASON = "taken", "torn", "reason.txt"


def arrivals(inbox: Path, seconds: float) -> Iterator[Path]:
    """The folders that are put in, the first by name first, for ever."""
    for name in (TAKEN, TORN):
        (inbox / name).mkdir(parents=True, exist_ok=True)
    while True:
        waiting = sorted(one for one in inbox.iterdir() if _is_batch(one))
        yield from waiting
        if not waiting:
            time.sleep(seconds)


def _is_batch(folder: Path) -> bool:
    return folder.is_dir() and folder.name not in {TAKEN, TORN} and not folder.name.startswith(".")


def take(folder: Path, *, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Receive one and put it away. What was received is on record before the folder moves: where
    this ends in between, the folder is received once more, which changes nothing."""
    try:
        findings, told = receive(files=read(folder), actor=actor, at=at, command_id=command_id)
    except DomainError as error:
        _put(folder, TORN, REASON, error.message.encode())
        return {"torn": error.message}
    _put(folder, TAKEN, REJECTS, rejects_file(findings))
    return {**told, "rejected": len(findings.rejected)}


def _put(folder: Path, where: str, name: str, note: bytes) -> None:
    """Beside what came before under the same name."""
    (folder / name).write_bytes(note)
    target, number = folder.parent / where / folder.name, 1
    while target.exists():
        number += 1
        target = target.with_name(f"{folder.name}.{number}")
    os.replace(folder, target)
