"""Followers of joint meetings: invited units are told, each once per event."""

from mingtang.accounts.queries import colleagues
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.files.rules.documents import chinese_date
from mingtang.joint.models import Meeting
from mingtang.joint.queries.meetings import SPEAKERS
from mingtang.joint.rules.meeting_occasions import OCCASION_OF, OCCASIONS
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.messages.services import tell


def _told(event: Event) -> None:
    """An invitation names its unit; all else concerns every unit that was asked."""
    meeting = Meeting.objects.select_related("joint").get(id=int(event.facts["meeting_id"]))
    occasion, local = OCCASION_OF[event.kind], meeting.held_at.astimezone(LEGAL_ZONE)
    words = {
        "kind": meeting.get_kind_display(),
        "title": meeting.joint.title,
        "number": meeting.joint.number,
        "held": f"{chinese_date(local.date())}{local:%H:%M}",
        "place": meeting.place,
        "due": chinese_date(meeting.answer_by_date),
    }
    for person in colleagues(_units(meeting, event), SPEAKERS, legal_date(event.at)):
        tell(
            subject=f"meeting:{meeting.id}",
            event=occasion.event,
            audience=occasion.audience.value,
            fallback=occasion.fallback,
            facts=words,
            person_id=person.id,
            dedupe=f"{event.id}/{occasion.event}",
            at=event.at,
        )


def _units(meeting: Meeting, event: Event) -> list[int]:
    if named := event.facts.get("unit_id"):
        return [int(named)]
    return list(meeting.units.order_by("id").values_list("organisation_id", flat=True))


NOTES = Follower("meeting_notes", tuple(one.event for one in OCCASIONS), _told)
