"""Views of the window: call, skip, recall, send on, finish; today's line from queue to rating."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.web import new_command_id
from mingtang.interaction import services as ratings
from mingtang.interaction.rules import NotCompleted, RatedAlready, RatingChannel
from mingtang.queues import queries, services
from mingtang.queues.rules import CALLERS
from mingtang.regions import queries as regions
from mingtang.screens import present_pad

MOVES = {
    "recall": services.recall,
    "skip": services.skip,
    "finish": services.finish,
    "transfer": services.transfer,
}


@staff(*CALLERS)
@require_GET
def window(request: HttpRequest) -> HttpResponse:
    """Whom I serve, who waits, what became of today's numbers."""
    held, on = queries.own_window(scope(request)), today()
    (place,) = regions.windows_among(ids=[held])
    serving = queries.served_at(held)
    context = {
        "place": place,
        "serving": serving,
        "waiting": queries.waiting_at(held, on),
        "rows": present_pad.line(held, on),
        "targets": _targets(serving),
        "command_id": new_command_id(),
    }
    answer = render(request, "screens/window.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _targets(serving: Any) -> list[tuple[str, str]]:
    """Where a number may be sent: each group of the hall, each of its windows."""
    if serving is None:
        return []
    hall = serving.queue.organisation_id
    found = []
    for one in queries.all_queues([hall]):
        windows = list(one.windows.all())
        found += [(str(one.id), f"{one.letter} {one.name}（任一窗口）")] if windows else []
        found += [
            (f"{one.id}/{place.id}", f"{one.letter} {one.name} {place.number} 号窗口")
            for place in windows
        ]
    return found


@staff(*CALLERS)
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Call whoever is next."""
    reader = scope(request)
    try:
        made = services.call_next(
            window_id=queries.own_window(reader),
            actor=queries.caller_of(reader),
            at=now(),
            command_id=request.POST.get("command_id", "")[:32] or new_command_id(),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("请 %(label)s 号。") % {"label": made["label"]})
    return redirect("screens:window")


@staff(*CALLERS)
@require_POST
def move(request: HttpRequest, verb: str) -> HttpResponse:
    """Do something with a number that was called here."""
    act = MOVES.get(verb)
    if act is None:
        raise NotFound
    reader, at = scope(request), now()
    held, ticket = queries.own_window(reader), request.POST.get("ticket", "")[:20]
    target: dict[str, Any] = {}
    if verb == "transfer":
        queue, _slash, place = request.POST.get("target", "")[:50].partition("/")
        target = {"to_queue_id": queue, "to_window_id": parse_id(place)}
    try:
        act(
            ticket_id=ticket,
            window_id=held,
            **target,
            actor=queries.caller_of(reader),
            at=at,
            command_id=request.POST.get("command_id", "")[:32] or new_command_id(),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if verb == "finish" and _ask(ticket, held, reader.person_id or 0, at):
            messages.success(request, _("办完了。评价器上正在请他评价。"))
    return redirect("screens:window")


@staff(*CALLERS)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask on the pad for a rating of what was completed under a number."""
    reader = scope(request)
    held, ticket = queries.own_window(reader), request.POST.get("ticket", "")[:20]
    if _ask(ticket, held, reader.person_id or 0, now()):
        messages.success(request, _("评价器上正在请他评价。"))
    else:
        messages.info(request, _("这个号的办件还没有办完，或者已经评过，现在不请评价。"))
    return redirect("screens:window")


def _ask(ticket: str, window_id: int, person_id: int, at: datetime) -> bool:
    """A question for the pad about the first case of a number that may be rated."""
    for case_id in queries.cases_of(parse_id(ticket) or 0, window_id):
        try:
            ratings.issue_token(
                subject=f"case:{case_id}",
                channel=RatingChannel.PAD.value,
                window_id=window_id,
                issued_by_id=person_id,
                at=at,
            )
        except (NotCompleted, RatedAlready):
            continue
        return True
    return False
