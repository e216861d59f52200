"""Services: the applicant's side rates a service."""

from datetime import datetime
from typing import Any

from mingtang.accounts.queries import posts_of
from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.cases import queries as cases
from mingtang.interaction import queries
from mingtang.interaction.models import Rating
from mingtang.interaction.rules import (
    Level,
    NotCompleted,
    RatedAlready,
    RatingChannel,
    StaffMayNotRate,
)
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@command("rating.submit")
def submit(
    *,
    number: str,
    level: str,
    text: str,
    channel: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Rate the completed service of a case; the caller has made sure that it is the rater's own.

    Raises StaffMayNotRate, NotCompleted, RatedAlready. The ledger is told the level, not the words.
    """
    rater = _rater(actor, at)
    case = cases.filed_case(number)
    queue_up(f"rating:{case.stream}")
    service = queries.service_of(case.stream)
    if service is None:
        raise NotCompleted
    if queries.rating_of(case.stream, service) is not None:
        raise RatedAlready
    rating = Rating.objects.create(
        subject=case.stream,
        completed_seq=service,
        level=Level(level).value,
        text=text.strip(),
        channel=RatingChannel(channel).value,
        rated_at=at,
        rated_by_id=rater,
    )
    record(
        stream=case.stream,
        kind="rating.given",
        facts={
            "case_id": str(case.id),
            "organisation_id": str(case.organisation_id),
            "completed_seq": service,
            "level": rating.level,
            "level_label": Level(level).label,
            "channel": rating.channel,
            "has_text": bool(rating.text),
        },
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"rating_id": str(rating.id)}


def _rater(actor: Actor, at: datetime) -> int | None:
    """Who rates, None by the query code. Whoever holds a post judges no service of the office."""
    if actor.id is None:
        return None
    if actor.organisation_id or posts_of(int(actor.id), legal_date(at)):
        raise StaffMayNotRate
    return int(actor.id)
