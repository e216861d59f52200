"""Followers of requests: the worklist's due dates, what people are told."""

from collections.abc import Iterable

from django.conf import settings

from mingtang.accounts.queries import colleagues
from mingtang.base.clock import legal_date
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.messages.rules import Audience, Occasion
from mingtang.messages.services import tell
from mingtang.regions.queries import name_of
from mingtang.requests.models import Request
from mingtang.requests.rules.moves import HEADS, READERS
from mingtang.requests.rules.occasions import OCCASION_OF, OCCASIONS
from mingtang.requests.rules.papers import told_day
from mingtang.requests.rules.states import State
from mingtang.requests.services import refresh_due_date


def _refresh(event: Event) -> None:
    refresh_due_date(event.stream)


DUE_DATES = Follower("request_due_dates", ("clock.recomputed",), _refresh, of="request")


def _told(event: Event) -> None:
    """The applicant by inbox and SMS, the office by inbox; each once per event."""
    request = Request.objects.get(id=int(event.stream.removeprefix("request:")))
    if occasion := OCCASION_OF.get((event.kind, Audience.APPLICANT)):
        person = request.applicant_person_id
        _tell(occasion, request, event, [person] if person else [], request.phone)
    if occasion := OCCASION_OF.get((event.kind, Audience.STAFF)):
        roles = HEADS if event.kind == "request.drafted" else READERS
        people = colleagues([request.organisation_id], roles, legal_date(event.at))
        _tell(occasion, request, event, [person.id for person in people])


def _tell(
    occasion: Occasion, request: Request, event: Event, people: Iterable[int], phone: str = ""
) -> None:
    words = {
        "number": request.number,
        "unit": name_of(request.organisation_id, legal_date(event.at)),
        "due": told_day(request.next_due_date),
        "state": State(request.state).label,
        "hotline": settings.MINGTANG_HOTLINE,
    }
    by_sms = [(None, phone)] if phone and occasion.fallback.sms else []
    for person_id, number in [*((one, "") for one in people), *by_sms]:
        tell(
            subject=request.stream,
            event=occasion.event,
            audience=occasion.audience.value,
            fallback=occasion.fallback,
            facts=words,
            person_id=person_id,
            phone=number,
            dedupe=f"{event.id}/{occasion.event}",
            at=event.at,
        )


NOTES = Follower("request_notes", tuple(dict.fromkeys(one.event for one in OCCASIONS)), _told)
