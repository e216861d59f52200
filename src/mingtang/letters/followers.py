"""Followers of letters: due dates after a calendar, what people are told, complaints that came as
requests for information."""

from collections.abc import Iterable

from django.conf import settings

from mingtang.accounts.queries import colleagues
from mingtang.base.clock import legal_date
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.letters.models import Letter, Reader
from mingtang.letters.rules.kinds import Kind, Refusal, Target
from mingtang.letters.rules.moves import HEADS, OFFICE, UNIT
from mingtang.letters.rules.occasions import OCCASION_OF, OCCASIONS
from mingtang.letters.services import refresh_due_date, take_over_request
from mingtang.messages.rules import Audience, Occasion
from mingtang.messages.services import tell
from mingtang.regions.queries import name_of
from mingtang.requests.rules.papers import told_day


def _refresh(event: Event) -> None:
    refresh_due_date(event.stream)


DUE_DATES = Follower("letter_due_dates", ("clock.recomputed",), _refresh, of="letter")


def _take_over(event: Event) -> None:
    take_over_request(str(event.facts["number"]), event.at)


FROM_REQUESTS = Follower("letters_from_requests", ("request.transferred_to_letter",), _take_over)


# ── who is told ───────────────────────────────────────────────────────────────────────────────

AT_UNIT = frozenset({"letter.dispatched", "letter.urged", "letter.directed"})


def _told(event: Event) -> None:
    """The writer by inbox, SMS and mail, those who handle it by inbox; each once per event."""
    letter = Letter.objects.get(id=int(event.stream.removeprefix("letter:")))
    words = _words(letter, event)
    if occasion := OCCASION_OF.get((event.kind, Audience.APPLICANT)):
        _tell(occasion, letter, event, words, letter.writer_person_id, letter.phone, letter.email)
    if occasion := OCCASION_OF.get((event.kind, Audience.STAFF)):
        for person_id in _staff(letter, event):
            _tell(occasion, letter, event, words, person_id)


def _words(letter: Letter, event: Event) -> dict[str, str]:
    unit = letter.lead_id or letter.office_id
    refusal, target = event.facts.get("refusal"), event.facts.get("target")
    why = Refusal(refusal).label if refusal else Target(target).label if target else ""
    return {
        "number": letter.number,
        "unit": name_of(unit, legal_date(event.at)),
        "due": told_day(letter.next_due_date),
        "why": why,
        "hotline": settings.MINGTANG_HOTLINE,
    }


def _staff(letter: Letter, event: Event) -> Iterable[int]:
    """Whom it concerns: of a tip-off those who are named, and nobody else."""
    if letter.kind == Kind.TIP_OFF.value:
        named = Reader.objects.filter(ended_at=None, office=letter.office_id)
        of_all = named.filter(letter=None) | named.filter(letter=letter)
        return sorted(set(of_all.order_by("id").values_list("person_id", flat=True)))
    if event.kind in AT_UNIT:
        unit, roles = letter.lead_id, UNIT
    else:
        unit, roles = letter.office_id, HEADS if event.kind == "letter.returned" else OFFICE
    if unit is None:
        return []
    return [person.id for person in colleagues([unit], roles, legal_date(event.at))]


def _tell(
    occasion: Occasion,
    letter: Letter,
    event: Event,
    words: dict[str, str],
    person_id: int | None,
    phone: str = "",
    email: str = "",
) -> None:
    tell(
        subject=letter.stream,
        event=occasion.event,
        audience=occasion.audience.value,
        fallback=occasion.fallback,
        facts=words,
        person_id=person_id,
        phone=phone,
        email=email,
        dedupe=f"{event.id}/{occasion.event}",
        at=event.at,
    )


NOTES = Follower("letter_notes", tuple(dict.fromkeys(one.event for one in OCCASIONS)), _told)
