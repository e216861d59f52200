"""Services: publishing the words of a rating, after the privacy filter and a person's eyes."""

from datetime import datetime
from typing import Any

from mingtang.base.errors import Conflict, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.privacy import mask_text
from mingtang.cases import queries as cases
from mingtang.interaction.models import PublishedText, Rating, Service
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


def filtered(rating: Rating) -> str:
    """The words of a rating as everyone may read them: no number, nor a name that the case
    knows."""
    number = cases.number_of(parse_id(rating.subject.removeprefix("case:")) or 0)
    case = cases.filed_case(number or "")
    return mask_text(rating.text, [case.applicant_name, case.proxy_name]).strip()


@command("rating.publish_text")
def publish_text(*, rating_id: str, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Publish what the filter leaves of a rating's words, once. Raises NotFound, Conflict."""
    rating = Rating.objects.filter(id=parse_id(rating_id) or 0).first()
    if rating is None or not rating.text:
        raise NotFound
    if PublishedText.objects.filter(rating=rating).exists():
        raise Conflict("这条留言已经公开了，请刷新页面。")
    service = Service.objects.get(subject=rating.subject, completed_seq=rating.completed_seq)
    PublishedText.objects.create(
        rating=rating,
        organisation_id=service.organisation_id,
        level=rating.level,
        text=filtered(rating),
        published_at=at,
        published_by_id=int(actor.id or 0),
    )
    record(
        stream=f"rating:{rating.id}",
        kind="rating.text_published",
        facts={"organisation_id": str(service.organisation_id), "level": rating.level},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"rating_id": rating_id}
