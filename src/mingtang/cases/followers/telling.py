"""Tells people what happened to a case: the applicant's side, and colleagues by name.

What is told comes from the event and from the rows of the case; names and numbers of people are in
the rows alone. Every message is once per event: a replay sends nothing again.
"""

from collections.abc import Iterable

from mingtang.base.rows import find_rows
from mingtang.cases.followers import to_applicant, to_staff
from mingtang.cases.followers.notes import Note
from mingtang.cases.models import Case
from mingtang.cases.rules.occasions import OCCASION_OF
from mingtang.catalogue.queries import edition
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.messages.rules import Audience
from mingtang.messages.services import tell


def _follow(event: Event) -> None:
    (case,) = find_rows(Case, id=int(event.stream.removeprefix("case:")))
    case.edition = edition(case.edition_id)
    for note in to_applicant.notes(case, event):
        people = to_applicant.people(case, event)
        phone = to_applicant.phone(case) if note.is_urgent else ""
        _tell(Audience.APPLICANT, case, event, note, people, phone)
    for note, colleagues in to_staff.notes(case, event):
        _tell(Audience.STAFF, case, event, note, colleagues)


def _tell(
    audience: Audience,
    case: Case,
    event: Event,
    note: Note,
    people: Iterable[int],
    phone: str = "",
) -> None:
    """To the inbox of each of these people, and once by SMS."""
    occasion = OCCASION_OF[note.occasion, audience.value]
    by_sms = [(None, phone)] if phone else []
    for person_id, number in [*((one, "") for one in people), *by_sms]:
        tell(
            subject=case.stream,
            event=occasion.event,
            audience=audience.value,
            fallback=occasion.fallback,
            facts=note.words,
            person_id=person_id,
            phone=number,
            dedupe=f"{event.id}/{occasion.event}/{note.part}",
            at=event.at,
        )


KINDS = tuple(sorted(to_applicant.KINDS | to_staff.KINDS))
MESSAGES = Follower("case_messages", KINDS, _follow, of="case")
