"""Views for everyone: take a number by telephone, see one's turn, book a half hour."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import public
from mingtang.accounts.rules import Limit
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt
from mingtang.base.clock import LEGAL_ZONE, legal_date, now
from mingtang.base.codes import spell_code
from mingtang.base.entropy import salt
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.qr import qr_svg
from mingtang.base.web import new_command_id, secret_fields, site_url, source_of
from mingtang.ledger.rules import Actor
from mingtang.queues import queries, services
from mingtang.queues.forms.public import BookForm, CodeForm
from mingtang.queues.rules import BOOKINGS, TAKINGS, Source, TicketState

GUEST = Actor(id=None, label="来办事的人")
CODES = Limit(most=10, window=TAKINGS.window)


def cards(hall: int | None = None) -> list[dict[str, Any]]:
    """The groups of a hall with how many wait: what a page of numbers offers."""
    at = now()
    listed = queries.queues_of(hall)
    waiting = queries.waiting_counts(legal_date(at), [one.id for one in listed])
    return [
        {
            "id": one.id,
            "letter": one.letter,
            "name": one.name,
            "hint": one.hint,
            "waiting": waiting[one.id],
            "closed": queries.why_closed(one, at),
            "has_slots": bool(one.capacity),
        }
        for one in listed
    ]


@public
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Take a number, on the way to the hall."""
    if request.method == "POST":
        count_attempt_or_refuse("queue_ticket", source_of(request), TAKINGS, now())
        made = services.take(
            queue_id=request.POST.get("queue", "")[:20],
            source=Source.PHONE.value,
            actor=GUEST,
            at=now(),
            command_id=request.POST.get("command_id", "")[:32] or new_command_id(),
        )
        return redirect("queues:ticket", code=made["code"])
    context = {"cards": cards(), "command_id": new_command_id()}
    return render(request, "queues/queue.html", context)


@public
@require_GET
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """One's number: how many stand before, which window calls. Looks again by itself."""
    found = queries.ticket_by_code(code)
    context = {
        **turn_of(found),
        "is_waiting": found.state in {TicketState.WAITING.value, TicketState.CALLED.value},
    }
    return render(request, "queues/ticket.html", context)


@public
@require_GET
def ticket_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The address of a number's page as a picture."""
    found = queries.ticket_by_code(code)
    address = site_url(request) + reverse("queues:ticket", args=[found.code])
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")


def turn_of(found: Any) -> dict[str, Any]:
    """How a number stands: for its page and its slip."""
    is_waiting = found.state == TicketState.WAITING.value
    return {
        "label": found.label,
        "name": found.queue.name,
        "code": found.code,
        "state": TicketState(found.state),
        "taken_at": found.taken_at,
        "wait": queries.wait_of(found) if is_waiting else None,
        "window": found.window.number if found.window else "",
    }


# ── appointments ──────────────────────────────────────────────────────────────────────────────


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("phone")
def appointments(request: HttpRequest) -> HttpResponse:
    """Which group first, then a half hour and a telephone."""
    listed = [one for one in queries.queues_of() if one.capacity]
    asked = request.GET.get("queue", "")
    chosen = next((one for one in listed if str(one.id) == asked), None)
    if chosen is None:
        context: dict[str, Any] = {"queues": listed, "form": CodeForm()}
        return render(request, "queues/appointments.html", context)
    form = BookForm(request.POST or None, slots=_slots(chosen))
    if request.method == "POST" and form.is_valid():
        try:
            return _booked(request, chosen, form.cleaned_data)
        except DomainError as error:
            form.add_error("slot", error.message)
    context = {"queue": chosen, "form": form, "has_slots": bool(form.fields["slot"].choices)}  # type: ignore[attr-defined]
    return render(request, "queues/book.html", context, status=422 if form.errors else 200)


def _slots(chosen: Any) -> list[tuple[str, Any]]:
    """The half hours that have room, by day."""
    free = [one for one in queries.slots_of(chosen, now()) if one.left]
    days = groupby(free, key=lambda one: legal_date(one.at))
    return [
        (
            _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day},
            [
                (
                    one.at.isoformat(),
                    _("%(time)s（余 %(left)d）")
                    % {"time": f"{one.at.astimezone(LEGAL_ZONE):%H:%M}", "left": one.left},
                )
                for one in some
            ],
        )
        for day, some in days
    ]


def _booked(request: HttpRequest, chosen: Any, said: dict[str, Any]) -> HttpResponse:
    count_attempt_or_refuse("appointment", source_of(request), BOOKINGS, now())
    code = spell_code(salt(8))
    slot_at = datetime.fromisoformat(said["slot"])
    services.book(
        queue_id=str(chosen.id),
        slot_at=slot_at,
        phone=said["phone"],
        code=code,
        actor=GUEST,
        at=now(),
        command_id=new_command_id(),
    )
    context = {"queue": chosen, "slot_at": slot_at, "code": code}
    answer = render(request, "queues/booked.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


WITH_CODE = {"check-in": services.check_in, "cancel": services.cancel}


def use_code(request: HttpRequest, verb: str, code: str, *, command_id: str) -> dict[str, Any]:
    """Use an appointment by its code; guesses are counted. Raises DomainError."""
    attempt = count_attempt_or_refuse("appointment_code", source_of(request), CODES, now())
    made = WITH_CODE[verb](code=code, actor=GUEST, at=now(), command_id=command_id)
    forget_attempt(attempt)
    return made


@public
@require_POST
@secret_fields("code")
def appointment(request: HttpRequest, verb: str) -> HttpResponse:
    """With the code of an appointment: take the number, or give the place back."""
    form = CodeForm(request.POST)
    if verb not in WITH_CODE:
        raise NotFound
    if form.is_valid():
        try:
            code = form.cleaned_data["code"]
            made = use_code(request, verb, code, command_id=new_command_id())
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            if verb == "check-in":
                return redirect("queues:ticket", code=made["code"])
            return render(request, "queues/cancelled.html")
    listed = [one for one in queries.queues_of() if one.capacity]
    context = {"queues": listed, "form": form}
    return render(request, "queues/appointments.html", context, status=422)
