"""Command: the ledger's signing key is handed on, by two people, without a gap.

The old key signs over which records it signed last and which key signs from there on (a
certificate, see the verifier). That stands in the ledger; heads of before stay what they are.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from mingtang.base.db import queue_up
from mingtang.base.errors import DomainError
from mingtang.ledger import heads, queries
from mingtang.ledger.queries import KEYS
from mingtang.ledger.rules import Actor, check_two_people
from mingtang.ledger.services import command, grow_tree, record


def rotate_key(*, second: Actor, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Make a new key and let it sign from the next head on. Returns "next_key", "size" (how many
    records the old one signed at last). Killed in between, it is finished by the next head.

    The old private key stays beside it under another name: to be destroyed by hand.
    Raises OnePersonAlone; DomainError before the first head.
    """
    check_two_people(actor, second, "更换账本密钥")
    grow_tree(at, everything=True)
    done = _hand_on(agreed_by=second, actor=actor, at=at, command_id=command_id)
    with transaction.atomic():
        queue_up("ledger_tree")
        heads.settle(queries.current_key())
    return done


@command("ledger.hand_on_key")
def _hand_on(*, agreed_by: Actor, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    queue_up("ledger_tree")  # no head is signed meanwhile
    heads.settle(queries.current_key())
    head = queries.latest_head()
    if head is None:
        raise DomainError("账本里还没有签名的树头，没有可以交接的密钥。请先办理业务再更换。")
    certificate = heads.certificate(head.size, at)
    facts = {"certificate": certificate, "agreed_by": [agreed_by.id, agreed_by.label]}
    record(
        stream=KEYS,
        kind="ledger.key_handed_on",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"next_key": certificate["next_key"], "size": head.size}
