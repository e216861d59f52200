"""Services: what becomes of a bad rating, from the call back to the answer."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import Conflict
from mingtang.interaction import queries
from mingtang.interaction.models import BadRating, Concerned, Rating, Service
from mingtang.interaction.rules import (
    Level,
    NoteMissing,
    NothingToCorrect,
    TicketMove,
    TicketState,
    TicketVerb,
    TookPart,
    check_move,
    check_second,
)
from mingtang.ledger.queries import history
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.timing.rules import ClockKind, Op, Unit
from mingtang.timing.services import start_clock, stop_clock, stop_open_clocks

CONTACT_DAYS = 1  # 差评一个工作日内回访


def people_who_acted(subject: str) -> set[int]:
    """Staff who acted on a case, also in somebody's place and for whom."""
    events = [event for event in history(subject) if event.organisation_id]
    ids = {one for event in events for one in (event.actor_id, event.acting_for_id) if one}
    return {int(one) for one in ids if one.isdigit()}


@command("bad_rating.open")
def open_ticket(*, rating_id: str, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Open the ticket of a service that was rated bad, once; the call back is due in a day.

    `at`: when it was rated. Told by the system: nobody decides whether a bad rating counts.
    """
    rating = Rating.objects.get(id=int(rating_id))
    queue_up(f"bad_rating:{rating.subject}")
    found = queries.ticket_of(rating.subject, rating.completed_seq)
    if found is not None:
        return {"ticket_id": str(found.id), "is_new": False}
    service = Service.objects.get(subject=rating.subject, completed_seq=rating.completed_seq)
    ticket = BadRating.objects.create(
        subject=rating.subject,
        completed_seq=rating.completed_seq,
        organisation_id=service.organisation_id,
        window_id=rating.window_id or service.window_id,
        level=rating.level,
        opened_at=at,
    )
    Concerned.objects.bulk_create(
        Concerned(ticket=ticket, person_id=one) for one in sorted(people_who_acted(rating.subject))
    )
    op = _start(ticket, ClockKind.CALL_BACK, legal_date(at), CONTACT_DAYS)
    facts = {"subject": rating.subject, "level": rating.level, "window_id": str(ticket.window_id)}
    _tell(ticket, "opened", facts | {"clocks": [op]}, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "is_new": True}


def _start(ticket: BadRating, kind: ClockKind, start: date, days: int) -> Op:
    return start_clock(
        stream=ticket.stream, kind=kind, start=start, amount=days, unit=Unit.WORKING_DAY
    )


@command("bad_rating.contact")
def contact(
    *, ticket_id: str, note: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Note the call back: whom one spoke with, and what was said."""
    ticket, move = _held(ticket_id, TicketVerb.CONTACT, note, actor)
    ticket.contacted_at, ticket.contacted_by_id = at, _person(actor)
    ticket.contact_note = note.strip()
    ops = [stop_clock(stream=ticket.stream, kind=ClockKind.CALL_BACK, on=legal_date(at))]
    return _done(ticket, move, "contacted", {"clocks": ops}, actor, at, command_id)


@command("bad_rating.confirm")
def confirm(
    *,
    ticket_id: str,
    note: str,
    is_complex: bool,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Find it true; from now on it is to be set right within the limit of its kind."""
    ticket, move = _held(ticket_id, TicketVerb.CONFIRM, note, actor)
    _verify(ticket, note, actor, at)
    ticket.is_complex = is_complex
    days = (
        settings.MINGTANG_RECTIFY_COMPLEX_DAYS
        if is_complex
        else settings.MINGTANG_RECTIFY_SIMPLE_DAYS
    )
    op = _start(ticket, ClockKind.RECTIFY, legal_date(at), days)
    facts = {"is_complex": is_complex, "clocks": [op]}
    return _done(ticket, move, "confirmed", facts, actor, at, command_id)


@command("bad_rating.dispute")
def dispute(
    *, ticket_id: str, note: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Hold it unfounded, with proof: a second person decides."""
    ticket, move = _held(ticket_id, TicketVerb.DISPUTE, note, actor)
    _verify(ticket, note, actor, at)
    return _done(ticket, move, "disputed", {}, actor, at, command_id)


def _verify(ticket: BadRating, note: str, actor: Actor, at: datetime) -> None:
    ticket.verified_at, ticket.verified_by_id = at, _person(actor)
    ticket.verify_note = note.strip()


@command("bad_rating.approve")
def approve(
    *, ticket_id: str, note: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """The second person finds it unfounded too: it counts no more. Raises SamePerson."""
    ticket, move = _held(ticket_id, TicketVerb.APPROVE, note, actor)
    _review(ticket, note, actor, at)
    ticket.closed_at = at
    Service.objects.filter(subject=ticket.subject, completed_seq=ticket.completed_seq).update(
        is_unfounded=True
    )
    facts = {"subject": ticket.subject, "completed_seq": ticket.completed_seq}
    return _done(ticket, move, "approved", facts, actor, at, command_id)


@command("bad_rating.reject")
def reject(
    *, ticket_id: str, note: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """The second person is not convinced: back to the verification. Raises SamePerson."""
    ticket, move = _held(ticket_id, TicketVerb.REJECT, note, actor)
    _review(ticket, note, actor, at)
    return _done(ticket, move, "rejected", {}, actor, at, command_id)


def _review(ticket: BadRating, note: str, actor: Actor, at: datetime) -> None:
    person = _person(actor)
    check_second(ticket.verified_by_id, person)
    ticket.reviewed_at, ticket.reviewed_by_id = at, person
    ticket.review_note = note.strip()


@command("bad_rating.answer")
def answer(
    *, ticket_id: str, note: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Say to the rater what was set right."""
    ticket, move = _held(ticket_id, TicketVerb.ANSWER, note, actor)
    ticket.answered_at, ticket.answered_by_id = at, _person(actor)
    ticket.answer = note.strip()
    ops = [stop_clock(stream=ticket.stream, kind=ClockKind.RECTIFY, on=legal_date(at))]
    facts = {"clocks": ops, "subject": ticket.subject}
    return _done(ticket, move, "answered", facts, actor, at, command_id)


@command("bad_rating.close")
def close(
    *, ticket_id: str, note: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Close what was answered, where the rater says nothing more."""
    ticket, move = _held(ticket_id, TicketVerb.CLOSE, note, actor)
    ticket.closed_at, ticket.close_note = at, note.strip()
    return _done(ticket, move, "closed", {}, actor, at, command_id)


@command("bad_rating.rerate")
def rerate(
    *, subject: str, level: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """The rater's word after the answer, once: it closes the ticket and changes no rate. The
    caller has made sure that it is the rater. Raises NothingToCorrect."""
    queue_up(f"bad_rating:{subject}")
    ticket = queries.answered_ticket(subject)
    if ticket is None:
        raise NothingToCorrect
    ticket.state, ticket.closed_at = TicketState.CLOSED.value, at
    ticket.rerated_at, ticket.rerated_level = at, Level(level).value
    ticket.save()
    _tell(ticket, "rerated", {"level": ticket.rerated_level}, actor, at, command_id)
    return {"ticket_id": str(ticket.id)}


@command("bad_rating.withdraw")
def end_as_corrected(
    *, ticket_id: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """The rater corrected the bad word to a good one: there is nothing left to set right. Raises
    Conflict where the word stands: nobody but the rater takes it back."""
    ticket = BadRating.objects.select_for_update().get(id=int(ticket_id))
    if not TicketState(ticket.state).is_open:
        return {"ticket_id": ticket_id}
    said = queries.rating_of(ticket.subject, ticket.completed_seq)
    if said is None or Level(said.level).is_bad:
        raise Conflict("评价人没有改评，差评还在。请按差评办理：先回访，再核实、整改、答复。")
    ticket.state, ticket.closed_at = TicketState.CORRECTED.value, at
    ticket.save()
    ops = stop_open_clocks(stream=ticket.stream, on=legal_date(at))
    _tell(ticket, "corrected", {"clocks": ops}, actor, at, command_id)
    return {"ticket_id": ticket_id}


# ── what they share ───────────────────────────────────────────────────────────────────────────


def _held(
    ticket_id: str, verb: TicketVerb, note: str, actor: Actor
) -> tuple[BadRating, TicketMove]:
    """The ticket, held for this move. Raises TookPart, TicketMoved, NoteMissing, NotFound."""
    ticket = queries.locked_ticket(ticket_id)
    people: Iterable[str | None] = (actor.id, actor.acting_for_id)
    ids = [int(one) for one in people if one]
    if Concerned.objects.filter(ticket=ticket, person_id__in=ids).exists():
        raise TookPart
    move = check_move(verb, TicketState(ticket.state))
    if not note.strip():
        raise NoteMissing(move.note_label)
    return ticket, move


def _person(actor: Actor) -> int:
    return int(actor.id or 0)


def _done(
    ticket: BadRating,
    move: TicketMove,
    verb: str,
    facts: dict[str, Any],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    ticket.state = move.target.value
    ticket.save()
    _tell(ticket, verb, facts, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "state": ticket.state}


def _tell(
    ticket: BadRating,
    verb: str,
    facts: dict[str, Any],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    """Notes stay out of the ledger: they name people."""
    record(
        stream=ticket.stream,
        kind=f"bad_rating.{verb}",
        facts={"organisation_id": str(ticket.organisation_id), **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )
