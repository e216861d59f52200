"""Views: the machine that gives numbers, and the terminal of the reading point."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from mingtang.accounts.policy import public
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.web import new_command_id, search_text, secret_fields, source_of
from mingtang.catalogue import queries as catalogue
from mingtang.disclosure.queries import section as openness
from mingtang.queues import queries, services
from mingtang.queues.rules import TAKINGS, Source
from mingtang.queues.views.public import GUEST, cards, turn_of
from mingtang.screens.rules.devices import Kind
from mingtang.screens.views.devices import device_of

SLIP_SECONDS = 15
IDLE_SECONDS = 90
FOUND = 12


@public
@require_http_methods(["GET", "HEAD", "POST"])
@secret_fields("code")
def kiosk(request: HttpRequest) -> HttpResponse:
    """One press for a number; or the code of an appointment."""
    device = device_of(request, Kind.KIOSK)
    sentence = ""
    if request.method == "POST":
        try:
            return _slip(request, device)
        except DomainError as error:
            sentence = error.message
    hall = device.organisation_id if device else None
    context = {
        "cards": cards(hall),
        "sentence": sentence,
        "command_id": new_command_id(),
        "is_paired": device is not None,
    }
    return render(request, "screens/kiosk.html", context, status=422 if sentence else 200)


def _slip(request: HttpRequest, device: Any) -> HttpResponse:
    """The number, to be printed or scanned; the start page comes back by itself."""
    by: dict[str, Any] = {"actor": GUEST, "at": now()}
    command = request.POST.get("command_id", "")[:32] or new_command_id()
    if device is None:  # anybody's browser: as by telephone
        count_attempt_or_refuse("queue_ticket", source_of(request), TAKINGS, now())
    if code := request.POST.get("code", "")[:20]:
        made = services.check_in(code=code, **by, command_id=command)
    else:
        source = Source.KIOSK if device else Source.PHONE
        queue = request.POST.get("queue", "")[:20]
        made = services.take(queue_id=queue, source=source.value, **by, command_id=command)
    found = queries.ticket_by_code(made["code"])
    context = {**turn_of(found), "seconds": SLIP_SECONDS}
    return render(request, "screens/slip.html", context)


@public
@require_GET
def reading(request: HttpRequest) -> HttpResponse:
    """Search guides and what is public; read and print. The controls stand low, for a wheelchair;
    whoever leaves it leaves nothing behind."""
    text, on = search_text(request), today()
    is_paired = device_of(request, Kind.READING) is not None
    context: dict[str, Any] = {"q": text, "idle": IDLE_SECONDS, "is_paired": is_paired}
    if text:
        context["items"] = catalogue.search_items(on=on, text=text).items[:FOUND]
        context["publications"] = openness.find(openness.Asked(text=text), on).rows[:FOUND]
    else:
        context["publications"] = openness.latest(FOUND, on)
    return render(request, "screens/reading.html", context)
