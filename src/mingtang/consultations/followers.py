"""Followers of consultations: what became public opens or ends an activity; people hear of it."""

from mingtang.base.ids import derived_command_id, parse_id
from mingtang.consultations import queries, services
from mingtang.consultations.rules.life import Kind
from mingtang.consultations.rules.occasions import REPORTED
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.messages.services import tell


def _follow_publication(event: Event) -> None:
    key = parse_id(event.stream.removeprefix("publication:")) or 0
    activity = queries.of_publication(key)
    if activity is None:
        return
    act = services.open_activity if activity.notice_id == key else services.report
    act(
        activity_id=activity.id,
        actor=SYSTEM,
        at=event.at,
        command_id=derived_command_id("consultation", act.__name__, activity.id),
    )


PUBLISHED = Follower("consultations.published", ("disclosure.published",), _follow_publication)


def _follow_calendar(event: Event) -> None:
    services.reckon_due(parse_id(event.stream.removeprefix("consultation:")) or 0)


DUE_DATES = Follower(
    "consultations.due_dates", ("clock.recomputed",), _follow_calendar, of="consultation"
)


def _tell_speakers(event: Event) -> None:
    """The result, to whoever signed in or left a number to hear of it. No name is said."""
    activity = queries.of_publication(parse_id(str(event.facts["publication_id"])) or 0)
    if activity is None:
        return
    for person_id, phone in queries.people_to_tell(activity):
        tell(
            subject=activity.stream,
            event=REPORTED.event,
            audience=REPORTED.audience.value,
            fallback=REPORTED.fallback,
            facts={"title": activity.title, "kind": Kind(activity.kind).label},
            person_id=person_id,
            phone=phone,
            dedupe=f"{event.id}/reported",
            at=event.at,
        )


NOTES = Follower("consultations.notes", ("consultation.reported",), _tell_speakers)
