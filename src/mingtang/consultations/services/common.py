"""What the commands of consultations share: a locked activity, where it stands, its events."""

from datetime import datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotAllowed, NotFound
from mingtang.consultations.models import Activity
from mingtang.consultations.rules.life import State, state_at
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import record

Result = dict[str, Any]
PUBLIC = Actor(id=None, label="公众")  # whoever speaks up is nobody's business, the ledger's too


def locked(activity_id: int) -> Activity:
    """An activity, held until the transaction ends. Raises NotFound."""
    found = Activity.objects.select_for_update(of=("self",)).filter(id=activity_id).first()
    if found is None:
        raise NotFound("没有找到这项活动，请从列表进入。")
    return found


def state_of(activity: Activity, at: datetime) -> State:
    return state_at(
        opened_at=activity.opened_at,
        closes_at=activity.closes_at,
        result_due=activity.result_due_date,
        is_reported=activity.reported_at is not None,
        now=at,
        today=legal_date(at),
    )


def person_of(actor: Actor) -> int:
    """Who acts: a person, never the system. Raises NotAllowed."""
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)


def tell(
    activity: Activity,
    kind: str,
    facts: Result,
    *,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    """Record an event on the activity's stream."""
    head = {"organisation_id": str(activity.organisation_id), "kind": activity.kind}
    record(
        stream=activity.stream,
        kind=kind,
        facts=head | facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
