"""Commands: trainings are noted (培训记录)."""

from datetime import date, datetime
from decimal import Decimal

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.disclosure.models import Training
from mingtang.disclosure.services.common import Result, person_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@command("disclosure.note_training")
def note_training(
    *,
    organisation_id: int,
    held_date: date,
    topic: str,
    attendees: str,
    attendee_count: int,
    hours: Decimal,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Note who was taught what, when, for how long. Records "disclosure.training_noted"."""
    if held_date > legal_date(at):
        raise DomainError("培训日期还没有到，请在培训以后登记。")
    if not topic.strip() or attendee_count < 1 or hours <= 0:
        raise DomainError("请写明培训内容、人数（至少 1 人）和时数（大于 0）。")
    made = Training.objects.create(
        organisation_id=organisation_id,
        held_date=held_date,
        topic=topic.strip()[:100],
        attendees=attendees.strip()[:500],
        attendee_count=attendee_count,
        hours=hours,
        entered_at=at,
        entered_by_id=person_of(actor),
    )
    facts = {"topic": made.topic, "count": attendee_count, "hours": str(hours)}
    record(
        stream=f"training:{made.id}",
        kind="disclosure.training_noted",
        facts=facts | {"organisation_id": str(organisation_id)},
        effective_on=held_date,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"training_id": str(made.id)}
