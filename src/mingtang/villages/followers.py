"""Followers of villages: who is to act next is told, and the villager who is answered."""

from collections.abc import Iterator

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.messages.services import tell
from mingtang.villages.models import Disclosure, Objection
from mingtang.villages.queries.desk import people_of
from mingtang.villages.rules.kinds import Office
from mingtang.villages.rules.occasions import OCCASION_OF

TOLD = {
    "village.handed_in": Office.SUPERVISOR,
    "village.returned": Office.CLERK,
    "village.objected": Office.CLERK,
}


def _told(event: Event) -> None:
    occasion = OCCASION_OF[event.kind]
    for person_id, phone in _whom(event):
        tell(
            subject=event.stream,
            event=occasion.event,
            audience=occasion.audience.value,
            fallback=occasion.fallback,
            facts={
                "title": str(event.facts["title"]),
                "village": str(event.facts["village_name"]),
                "number": str(event.facts.get("number", "")),
                "reason": str(event.facts.get("opinion", "")).rstrip("。"),
                "hotline": settings.MINGTANG_HOTLINE,
            },
            person_id=person_id,
            phone=phone,
            dedupe=f"{event.id}/{occasion.event}",
            at=event.at,
        )


def _whom(event: Event) -> Iterator[tuple[int | None, str]]:
    """People of the village by their office; a villager by the number they left."""
    if event.kind == "village.replied":
        phone = Objection.objects.get(number=event.facts["number"]).phone
        if phone:
            yield None, phone
        return
    disclosure = Disclosure.objects.get(id=int(event.stream.removeprefix("village:")))
    office = TOLD[event.kind].value
    for person_id in people_of(disclosure.village_id, office, legal_date(event.at)):
        yield person_id, ""


NOTES = Follower("village_notes", tuple(OCCASION_OF), _told)
