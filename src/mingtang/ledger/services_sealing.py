"""Command: another key seals personal data from here on, by two people; the ledger knows which.

The file is made first and opens already; it seals once the ledger knows it. Killed in between, it
is finished at the next start (base.marks.check_key).
"""

from datetime import datetime
from typing import Any

from mingtang.base import sealed
from mingtang.base.keys import ensure_key
from mingtang.base.marks import check_key, note_handed_on
from mingtang.ledger.rules import Actor, check_two_people
from mingtang.ledger.services import command, record


def prepare_sealing_key() -> int:
    """Make the file of the next key, which opens and does not seal yet. Returns its number."""
    check_key()
    number = sealed.newest_key() + 1
    ensure_key(sealed.key_path(number, is_next=True))
    return number


def rotate_sealing_key(
    *, second: Actor, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Let the next key seal. Returns "number" and "fingerprint" (32 hexadecimal digits).

    Raises OnePersonAlone.
    """
    check_two_people(actor, second, "更换数据密钥")
    number = prepare_sealing_key()
    done = _hand_on(number=number, agreed_by=second, actor=actor, at=at, command_id=command_id)
    sealed.settle_key(number)
    return done


@command("sealing.hand_on_key")
def _hand_on(
    *, number: int, agreed_by: Actor, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    told = {"number": number, "fingerprint": sealed.fingerprint_of(number)}
    note_handed_on(number, at)
    record(
        stream="sealing:keys",
        kind="sealing.key_handed_on",
        facts={**told, "agreed_by": [agreed_by.id, agreed_by.label]},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return told
