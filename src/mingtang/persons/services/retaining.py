"""Commands: remove what is kept no longer, in pieces, and tell the ledger how much."""

from datetime import datetime
from typing import Any

from mingtang.base.web import new_command_id
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.persons.queries.asking import held_people
from mingtang.persons.retention import AT_ONCE, Kind, kinds

ROUNDS = 40  # pieces of a kind in one run: the next run goes on


def over_time(at: datetime) -> list[tuple[Kind, int]]:
    """How many rows of each kind a run would remove. Writes nothing."""
    held = held_people()
    return [(kind, kind.due(at, held).count()) for kind in kinds()]


def retain(at: datetime) -> int:
    """Remove what is over its time. Returns how many. Late or twice: the same result."""
    total = 0
    for kind in kinds():
        for _ in range(ROUNDS):
            by = {"actor": SYSTEM, "at": at, "command_id": new_command_id()}
            done = int(_piece(kind=kind.name, **by)["count"]) if _is_any(kind, at) else 0
            total += done
            if done < AT_ONCE:
                break
    return total


def _is_any(kind: Kind, at: datetime) -> bool:
    return kind.due(at, held_people()).exists()


@command("personal.retain")
def _piece(*, kind: str, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    found = next(one for one in kinds() if one.name == kind)
    count = _forget(found, at)
    facts = {"kind": kind, "days": found.kept_days, "count": count}
    by: dict[str, Any] = {"actor": actor, "at": at, "command_id": command_id}
    record(stream="retention", kind="personal.retained", facts=facts, **by)
    return {"count": count}


def _forget(kind: Kind, at: datetime) -> int:
    rows = kind.due(at, held_people())
    ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    return kind.forget(rows.model._default_manager.filter(pk__in=ids))
