"""What pages say of the paper receipt of a thing, read from its history."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mingtang.ledger.queries import Event
from mingtang.outage.rules import Stage

TITLES = {
    "paper_receipt_entered": "补录停机时的纸质回执",
    "paper_receipt_confirmed": "核定收到时间",
    "paper_receipt_refused": "未予核定收到时间",
}
_STAGES = {
    "paper_receipt_entered": Stage.WAITING,
    "paper_receipt_confirmed": Stage.CONFIRMED,
    "paper_receipt_refused": Stage.REFUSED,
}


def titles(kind: str) -> dict[str, str]:
    """What the events of a kind of things are called: {"case.paper_receipt_entered": …}."""
    return {f"{kind}.{what}": title for what, title in TITLES.items()}


def standing(events: Iterable[Event]) -> dict[str, Any] | None:
    """The paper receipt as it stands, None where there is none. `is_again`: what was entered was
    refused, and may be entered once more."""
    told = [event for event in events if event.kind.partition(".")[2] in _STAGES]
    if not told:
        return None
    stage, facts = _STAGES[told[-1].kind.partition(".")[2]], told[-1].facts
    return {
        "code": facts["receipt"],
        "received_at": datetime.fromisoformat(facts["received_at"]),
        "stage": stage,
        "is_again": stage is Stage.REFUSED,
    }
