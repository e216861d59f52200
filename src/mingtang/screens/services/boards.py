"""Services: what is put in between on boards, and the hours that boards were lit."""

from datetime import datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.ids import derived_command_id, parse_id
from mingtang.channels.rules import NewRelease
from mingtang.channels.services import enter, tell_made
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.screens.models import Insert, ShownTime
from mingtang.screens.rules.board import InsertKind, InsertOver
from mingtang.screens.rules.devices import hours

Result = dict[str, Any]
CHANNEL = "led"


@command("insert.show")
def insert(
    *,
    organisation_id: int,
    kind: str,
    text: str,
    ends_at: datetime,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Show a word on the boards of a hall from now until then. Returns {"insert_id"}."""
    made = Insert.objects.create(
        organisation_id=organisation_id,
        kind=InsertKind(kind).value,
        text=text.strip(),
        begins_at=at,
        ends_at=ends_at,
        added_by_id=int(actor.id or 0),
    )
    facts = {"kind": made.kind, "text": made.text, "ends_at": ends_at.isoformat()}
    _tell(made, "shown", facts, actor, at, command_id)
    return {"insert_id": str(made.id)}


@command("insert.end")
def end_insert(
    *, insert_id: str, halls: list[int], actor: Actor, at: datetime, command_id: str
) -> Result:
    """Take a word of one of these halls down before its time. Raises NotFound, InsertOver."""
    rows = Insert.objects.select_for_update().filter(organisation__in=halls)
    found = rows.filter(id=parse_id(insert_id) or 0).first()
    if found is None:
        raise NotFound
    if found.ended_at is not None or found.ends_at <= at:
        raise InsertOver
    found.ended_at, found.ended_by_id = at, int(actor.id or 0)
    found.save(update_fields=["ended_at", "ended_by"])
    _tell(found, "ended", {"kind": found.kind, "text": found.text}, actor, at, command_id)
    return {"insert_id": str(found.id)}


def _tell(
    made: Insert, verb: str, facts: Result, actor: Actor, at: datetime, command_id: str
) -> None:
    record(
        stream=f"insert:{made.id}",
        kind=f"insert.{verb}",
        facts={"organisation_id": str(made.organisation_id), **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


# ── hours ─────────────────────────────────────────────────────────────────────────────────────


def count_hours(at: datetime) -> int:
    """Enter the lit hours of days that are over into the ledger of releases. Returns how many
    rows; run twice or late: the same."""
    due = ShownTime.objects.filter(is_counted=False, date__lt=legal_date(at))
    ids = list(due.order_by("date", "id").values_list("id", flat=True)[:100])
    for number in ids:
        key = derived_command_id("shown_time", number)
        _count(shown_time_id=str(number), actor=SYSTEM, at=at, command_id=key)
    return len(ids)


@command("shown_time.count")
def _count(*, shown_time_id: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """One board's day as a release in hours; less than half an hour is none."""
    row = ShownTime.objects.select_related("device").get(id=int(shown_time_id))
    ShownTime.objects.filter(id=row.id).update(is_counted=True)
    lit, device = hours([row.seconds]), row.device
    if lit:
        new = NewRelease(
            channel=CHANNEL,
            title=f"{device.name}播放办结公示和公开信息",
            released_date=row.date,
            quantity=lit,
            item_count=None,
        )
        organ = device.organisation_id
        made = enter(organ, [new], is_automatic=True, actor=actor, at=at)
        tell_made(made, actor=actor, at=at, command_id=command_id)
    return {"hours": lit}
