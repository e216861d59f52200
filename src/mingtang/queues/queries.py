"""Reads of queues: groups, who is next, how long one waits, half hours that are left."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from mingtang.accounts.queries import actor_of, windows_held
from mingtang.accounts.rules import Grant, Scope
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.queues.models import Appointment
from mingtang.queues.models import Queue as Queue
from mingtang.queues.models import Ticket as Ticket
from mingtang.queues.models import TicketCase as TicketCase
from mingtang.queues.rules import (
    CALLERS,
    DAYS_AHEAD,
    KEEPERS,
    NoWindow,
    Span,
    TicketState,
    Why,
    is_open,
    minutes_to_wait,
    slots,
    spans,
)
from mingtang.regions import queries as regions
from mingtang.timing.queries import current_calendar

LATEST_CALLS = 12
MEASURED = 20  # services of today from which the waiting time is told


# ── groups and halls ──────────────────────────────────────────────────────────────────────────


def queues_of(hall: int | None = None) -> list[Queue]:
    """The groups of a hall that are open, by letter; without a hall, of the first that has any."""
    rows = Queue.objects.filter(is_open=True).order_by("organisation_id", "letter")
    found = list(rows if hall is None else rows.filter(organisation=hall))
    return [one for one in found if one.organisation_id == found[0].organisation_id]


def all_queues(halls: Iterable[int]) -> list[Queue]:
    """All groups of halls, closed ones too, with their windows."""
    rows = Queue.objects.filter(organisation__in=list(halls)).prefetch_related("windows")
    return list(rows.order_by("organisation_id", "letter"))


def keeper_grants(scope: Scope) -> list[Grant]:
    return [grant for grant in scope.grants if grant.role in KEEPERS]


def hours_of(hall: int) -> list[Span]:
    """When a hall is open, as it says itself."""
    for place in (*regions.halls(), *regions.township_centres()):
        if place.organisation_id == hall:
            return spans(place.hours)
    return []


def why_closed(queue: Queue, at: datetime) -> Why | None:
    """Why no number is given now; None: one is."""
    if not queue.is_open:
        return Why.SHUT
    if queue.has_all_hours:
        return None
    if not current_calendar().is_working_day(legal_date(at)):
        return Why.DAY_OFF
    if not is_open(at, hours_of(queue.organisation_id), LEGAL_ZONE):
        return Why.CLOSED
    return None


# ── waiting ───────────────────────────────────────────────────────────────────────────────────


def _waiting(on: date) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(state=TicketState.WAITING.value, date=on)
    return rows.order_by("rank", "taken_at", "id")


def next_for(window_id: int, on: date, *, lock: bool = False) -> Ticket | None:
    """Who is next at a window."""
    here = Q(wanted_window=window_id) | Q(wanted_window=None, queue__windows=window_id)
    rows = _waiting(on).filter(here).select_related("queue")
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def waiting_at(window_id: int, on: date) -> int:
    """How many wait for a window."""
    here = Q(wanted_window=window_id) | Q(wanted_window=None, queue__windows=window_id)
    return _waiting(on).filter(here).count()


def waiting_counts(on: date, queue_ids: Iterable[int]) -> Counter[int]:
    """How many wait in each group."""
    rows = _waiting(on).filter(queue__in=list(queue_ids)).values_list("queue_id", flat=True)
    return Counter(rows)


def served_at(window_id: int) -> Ticket | None:
    """Whom a window serves now."""
    rows = Ticket.objects.filter(window=window_id, state=TicketState.CALLED.value)
    return rows.select_related("queue").first()


@dataclass(frozen=True)
class Wait:
    """How many stand before a ticket, and about how many minutes that takes."""

    ahead: int
    minutes: int


def wait_of(ticket: Ticket) -> Wait:
    before = Q(rank__lt=ticket.rank) | Q(rank=ticket.rank, taken_at__lt=ticket.taken_at)
    before |= Q(rank=ticket.rank, taken_at=ticket.taken_at, id__lt=ticket.id)
    ahead = _waiting(ticket.date).filter(before, queue=ticket.queue_id).count()
    served = Ticket.objects.filter(queue=ticket.queue_id, date=ticket.date).exclude(ended_at=None)
    spent = served.order_by("-ended_at", "-id").values_list("called_at", "ended_at")[:MEASURED]
    minutes = [(last - first) / timedelta(minutes=1) for first, last in spent if first and last]
    windows = ticket.queue.windows.count()
    return Wait(ahead, minutes_to_wait(ahead, windows, minutes))


def ticket_by_code(code: str) -> Ticket:
    """Raises NotFound."""
    found = Ticket.objects.filter(code=code).select_related("queue", "window").first()
    if found is None:
        raise NotFound("没有这个号，请核对号票上的二维码或网址。")
    return found


def called_now(on: date, hall: int | None = None) -> list[Ticket]:
    """Who was called last, the latest first: for the boards."""
    rows = Ticket.objects.filter(state=TicketState.CALLED.value, date=on)
    if hall is not None:
        rows = rows.filter(queue__organisation=hall)
    return list(rows.select_related("window").order_by("-called_at", "-id")[:LATEST_CALLS])


def waiting_count(on: date, hall: int | None = None) -> int:
    rows = _waiting(on)
    return (rows if hall is None else rows.filter(queue__organisation=hall)).count()


# ── at the window ─────────────────────────────────────────────────────────────────────────────


def own_window(scope: Scope) -> int:
    """The window where somebody sits today. Raises NoWindow."""
    held = windows_held([scope.person_id or 0], scope.on) if scope.on else []
    if not held:
        raise NoWindow
    return held[0]


def caller_of(scope: Scope) -> Actor:
    """Under which of their rights somebody calls. Raises NoWindow."""
    for grant in scope.grants:
        if grant.role in CALLERS and grant.acting_for_id is None:
            return actor_of(scope, grant)
    raise NoWindow


def of_window(window_id: int, on: date) -> list[Ticket]:
    """Today's numbers of a window with the cases they led to, the latest first."""
    rows = Ticket.objects.filter(window=window_id, date=on).select_related("queue")
    rows = rows.prefetch_related("cases").order_by("-called_at", "-id")
    return list(rows[:60])


def serving_when(window_id: int, at: datetime) -> Ticket | None:
    """Whom a window served at a moment, however late it is asked."""
    rows = Ticket.objects.filter(window=window_id, called_at__lte=at)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=at), date=legal_date(at))
    return rows.exclude(state=TicketState.SKIPPED.value).order_by("-called_at", "-id").first()


# ── half hours ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SlotLeft:
    at: datetime
    left: int


def slots_of(queue: Queue, at: datetime) -> list[SlotLeft]:
    """The half hours of the coming working days that begin later than now, with what is left."""
    if not queue.capacity or not queue.is_open:
        return []
    hours, calendar, on = hours_of(queue.organisation_id), current_calendar(), legal_date(at)
    days = [on + timedelta(days=number) for number in range(DAYS_AHEAD + 1)]
    times = [
        slot
        for day in days
        if calendar.is_working_day(day)
        for slot in slots(day, hours, LEGAL_ZONE)
        if slot > at
    ]
    rows = Appointment.objects.filter(queue=queue, cancelled_at=None, slot_at__gt=at)
    booked = Counter(rows.order_by(F("slot_at")).values_list("slot_at", flat=True))
    return [SlotLeft(slot, max(queue.capacity - booked[slot], 0)) for slot in times]


def cases_of(ticket_id: int, window_id: int) -> list[int]:
    """What was handed in under a number of this window, the latest first."""
    rows = TicketCase.objects.filter(ticket=ticket_id, ticket__window=window_id)
    return list(rows.order_by("-attached_at", "-id").values_list("case_id", flat=True))
