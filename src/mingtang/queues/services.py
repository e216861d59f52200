"""Services of queues: numbers are taken, called, moved; half hours are booked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.codes import normalise_code, spell_code
from mingtang.base.db import queue_up
from mingtang.base.entropy import salt
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.sealed import blind_index
from mingtang.base.serials import next_serial
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.queues import queries
from mingtang.queues.models import OPEN_BOOKING, Appointment, Queue, Ticket
from mingtang.queues.rules import (
    MOST_OPEN_BOOKINGS,
    BookingNotDue,
    NobodyWaits,
    NotServedThere,
    QueueClosed,
    Rank,
    SlotGone,
    Source,
    StillServing,
    TicketState,
    TicketVerb,
    TooManyBooked,
    WrongBookingCode,
    is_due,
    label,
    moved,
)

Result = dict[str, Any]


@command("queue.keep")
def keep_queue(
    *,
    queue_id: str,
    organisation_id: int,
    letter: str,
    name: str,
    hint: str,
    capacity: int,
    is_open: bool,
    has_all_hours: bool,
    window_ids: Sequence[int],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Enter what numbers are taken for in a hall, or change it (`queue_id`, else ""). Tickets that
    were taken keep their labels. Returns {"queue_id"}. Raises NotFound."""
    queue = Queue(organisation_id=organisation_id)
    if queue_id:
        queue = _queue(queue_id, organisation_id)
    queue.letter, queue.name, queue.hint = letter.strip().upper(), name.strip(), hint.strip()
    queue.capacity, queue.is_open, queue.has_all_hours = capacity, is_open, has_all_hours
    queue.save()
    queue.windows.set(window_ids)
    facts = {
        "organisation_id": str(organisation_id),
        "letter": queue.letter,
        "name": queue.name,
        "capacity": capacity,
        "is_open": is_open,
        "has_all_hours": has_all_hours,
        "window_ids": [str(one) for one in sorted(window_ids)],
    }
    record(
        stream=f"queue:{queue.id}",
        kind="queue.kept",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"queue_id": str(queue.id)}


def _queue(queue_id: str, organisation_id: int | None = None) -> Queue:
    rows = Queue.objects.filter(id=parse_id(queue_id) or 0)
    found = rows.filter(organisation=organisation_id) if organisation_id else rows
    queue = found.first()
    if queue is None:
        raise NotFound("没有这一类取号，请重新选择。")
    return queue


# ── tickets ───────────────────────────────────────────────────────────────────────────────────


@command("queue_ticket.take")
def take(*, queue_id: str, source: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Take a number. Returns {"ticket_id", "code"}. Raises QueueClosed, NotFound."""
    queue = _queue(queue_id)
    if why := queries.why_closed(queue, at):
        raise QueueClosed(why)
    ticket = _made(queue, Source(source), Rank.WALKED_IN, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "code": ticket.code}


def _made(
    queue: Queue, source: Source, rank: Rank, actor: Actor, at: datetime, command_id: str
) -> Ticket:
    on = legal_date(at)
    number = next_serial(f"queue/{queue.id}/{on:%Y%m%d}")
    ticket = Ticket.objects.create(
        queue=queue,
        date=on,
        number=number,
        label=label(queue.letter, number),
        code=spell_code(salt(8)),
        source=source.value,
        rank=rank.value,
        taken_at=at,
    )
    _tell(ticket, "taken", {"source": source.value}, actor, at, command_id)
    return ticket


@command("queue_ticket.call_next")
def call_next(*, window_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """Call whoever is next at a window: who was moved here, who booked, who came first.

    Returns {"ticket_id", "label"}. Raises StillServing, NobodyWaits.
    """
    queue_up(f"window/{window_id}")
    serving = queries.served_at(window_id)
    if serving is not None:
        raise StillServing(serving.label)
    ticket = queries.next_for(window_id, legal_date(at), lock=True)
    if ticket is None:
        raise NobodyWaits
    _call(ticket, window_id, actor, at)
    facts = {"waited_seconds": round((at - ticket.taken_at).total_seconds())}
    _tell(ticket, "called", facts, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "label": ticket.label}


def _call(ticket: Ticket, window_id: int, actor: Actor, at: datetime) -> None:
    ticket.state, ticket.window_id = TicketState.CALLED.value, window_id
    ticket.called_at, ticket.called_by_id = at, int(actor.id or 0)
    ticket.call_count += 1
    ticket.save()


@command("queue_ticket.recall")
def recall(
    *, ticket_id: str, window_id: int, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Call a number once more: it does not come, or comes after its turn was over."""
    ticket = _moving(ticket_id, window_id, TicketVerb.RECALL)
    serving = queries.served_at(window_id)
    if serving is not None and serving.id != ticket.id:
        raise StillServing(serving.label)
    _call(ticket, window_id, actor, at)
    _tell(ticket, "recalled", {"call_count": ticket.call_count}, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "label": ticket.label}


@command("queue_ticket.skip")
def skip(*, ticket_id: str, window_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """Nobody came. The number may be called again later that day."""
    ticket = _moving(ticket_id, window_id, TicketVerb.SKIP)
    ticket.state = TicketState.SKIPPED.value
    ticket.save(update_fields=["state"])
    _tell(ticket, "skipped", {}, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "label": ticket.label}


@command("queue_ticket.finish")
def finish(
    *, ticket_id: str, window_id: int, actor: Actor, at: datetime, command_id: str
) -> Result:
    """The person leaves the window."""
    ticket = _moving(ticket_id, window_id, TicketVerb.FINISH)
    ticket.state, ticket.ended_at = TicketState.DONE.value, at
    ticket.save(update_fields=["state", "ended_at"])
    assert ticket.called_at is not None
    facts = {"served_seconds": round((at - ticket.called_at).total_seconds())}
    _tell(ticket, "finished", facts, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "label": ticket.label}


@command("queue_ticket.transfer")
def transfer(
    *,
    ticket_id: str,
    window_id: int,
    to_queue_id: str,
    to_window_id: int | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Send a number on to another window, or to the windows of another group. It keeps its label
    and its time, and goes before all who wait there. Raises NotServedThere, TicketMoved."""
    ticket = _moving(ticket_id, window_id, TicketVerb.TRANSFER)
    target = _queue(to_queue_id, ticket.queue.organisation_id)
    serves = set(target.windows.order_by("id").values_list("id", flat=True))
    if not serves or (to_window_id is not None and to_window_id not in serves):
        raise NotServedThere
    if target.id != ticket.queue_id:
        ticket.queue = target
        ticket.number = next_serial(f"queue/{target.id}/{ticket.date:%Y%m%d}")
    ticket.state, ticket.rank = TicketState.WAITING.value, Rank.MOVED.value
    ticket.wanted_window_id = to_window_id
    ticket.window_id = ticket.called_at = ticket.called_by_id = None
    ticket.save()
    facts = {"to_queue": target.name, "to_window_id": str(to_window_id or "")}
    _tell(ticket, "transferred", facts, actor, at, command_id)
    return {"ticket_id": str(ticket.id), "label": ticket.label}


def _moving(ticket_id: str, window_id: int, verb: TicketVerb) -> Ticket:
    """A ticket called at this window, held; its move is allowed. Raises NotFound, TicketMoved."""
    queue_up(f"window/{window_id}")
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("queue")
    ticket = rows.filter(id=parse_id(ticket_id) or 0, window=window_id).first()
    if ticket is None:
        raise NotFound("这个号不在您的窗口，请刷新页面再看。")
    moved(verb, TicketState(ticket.state))
    return ticket


def _tell(
    ticket: Ticket, verb: str, facts: Result, actor: Actor, at: datetime, command_id: str
) -> None:
    told = {
        "organisation_id": str(ticket.queue.organisation_id),
        "queue_id": str(ticket.queue_id),
        "label": ticket.label,
        "window_id": str(ticket.window_id or ""),
        **facts,
    }
    record(
        stream=ticket.stream,
        kind=f"queue_ticket.{verb}",
        facts=told,
        actor=actor,
        at=at,
        command_id=command_id,
    )


# ── appointments ──────────────────────────────────────────────────────────────────────────────


@command("appointment.book")
def book(
    *,
    queue_id: str,
    slot_at: datetime,
    phone: str,
    code: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Book a place in a half hour; `code` is told to whoever books, and kept as its index alone.

    Returns {"appointment_id"}. Raises SlotGone, TooManyBooked, NotFound.
    """
    queue = _queue(queue_id)
    queue_up(f"slots/{queue.id}")
    left = {one.at: one.left for one in queries.slots_of(queue, at)}
    if left.get(slot_at, 0) < 1:
        raise SlotGone
    phone_index = blind_index("appointment_phone", phone)
    held = Appointment.objects.filter(OPEN_BOOKING, phone_index=phone_index, slot_at__gte=at)
    if held.count() >= MOST_OPEN_BOOKINGS:
        raise TooManyBooked
    made = Appointment.objects.create(
        queue=queue,
        slot_at=slot_at,
        code_index=_code_index(code),
        phone=phone,
        phone_index=phone_index,
        booked_at=at,
    )
    _tell_booking(made, "booked", actor, at, command_id)
    return {"appointment_id": str(made.id)}


@command("appointment.cancel")
def cancel(*, code: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Give a place back. Raises WrongBookingCode."""
    made = _booking(code)
    made.cancelled_at = at
    made.save(update_fields=["cancelled_at"])
    _tell_booking(made, "cancelled", actor, at, command_id)
    return {"appointment_id": str(made.id)}


@command("appointment.check_in")
def check_in(*, code: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Turn an appointment into a number that goes before those who walked in, at its time.

    Returns {"ticket_id", "code"}. Raises WrongBookingCode, BookingNotDue.
    """
    made = _booking(code)
    if not is_due(made.slot_at, at):
        raise BookingNotDue(f"{made.slot_at.astimezone(LEGAL_ZONE):%m月%d日 %H:%M}")
    ticket = _made(made.queue, Source.APPOINTMENT, Rank.BOOKED, actor, at, command_id)
    made.used_at, made.ticket = at, ticket
    made.save(update_fields=["used_at", "ticket"])
    return {"ticket_id": str(ticket.id), "code": ticket.code}


def forget_phones(rows: QuerySet[Appointment]) -> int:
    """Of these appointments nobody knows any more whose they were. Returns how many."""
    known = rows.exclude(phone_index="")
    return known.update(phone="", phone_index="")


def _code_index(code: str) -> str:
    return blind_index("appointment_code", normalise_code(code))


def _booking(code: str) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("queue")
    found = rows.filter(OPEN_BOOKING, code_index=_code_index(code)).first()
    if found is None:
        raise WrongBookingCode
    return found


def _tell_booking(
    made: Appointment, verb: str, actor: Actor, at: datetime, command_id: str
) -> None:
    record(
        stream=f"appointment:{made.id}",
        kind=f"appointment.{verb}",
        facts={
            "organisation_id": str(made.queue.organisation_id),
            "queue_id": str(made.queue_id),
            "slot_at": made.slot_at.isoformat(),
        },
        actor=actor,
        at=at,
        command_id=command_id,
    )
