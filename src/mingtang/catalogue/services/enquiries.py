"""Services: an enquiry at the counter, answered by a one-time information sheet (一次性告知单)."""

from datetime import datetime
from typing import Any

from mingtang.catalogue import queries
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@command("enquiry.record")
def record_enquiry(
    *, item_code: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Note that somebody asked about an item and was handed its sheet.

    Who asked is nobody's business: the ledger holds item, edition and counter. Raises
    ItemNotFound or ItemNotOpen.
    """
    item, edition = queries.item_to_tell(item_code)
    facts = {
        "code": item.code,
        "name": edition.name,
        "edition_id": str(edition.id),
        "number": edition.number,
        "department_id": str(item.department_id),
        "organisation_id": actor.organisation_id,
    }
    event = record(
        stream=f"item:{item.id}",
        kind="enquiry.recorded",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"code": item.code, "number": event.seq}
