"""Views of staff: ask at the window, type what was said on the telephone, care for bad ratings."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of, windows_held
from mingtang.accounts.rules import COUNTER_ROLES, Role, Scope
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotAllowed, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.replica import may_lag
from mingtang.base.web import new_command_id, refusal, site_url
from mingtang.cases.queries import case_for
from mingtang.cases.views.common import day_asked, private, short_names
from mingtang.interaction import present, queries, services
from mingtang.interaction.forms import CallForm, TicketForm
from mingtang.interaction.rules import (
    CALLERS,
    CENTRE,
    MOVE_OF,
    READERS,
    RatingChannel,
    TicketVerb,
)

AT_THE_WINDOW = (*COUNTER_ROLES,)


def _issue(request: HttpRequest, number: str, channel: RatingChannel) -> Any:
    """A token for a case that the clerk may see, bound to the window where they sit."""
    reader = scope(request)
    case = case_for(reader, number)
    held = windows_held([reader.person_id or 0], today())
    asked = parse_id(request.POST.get("window", ""))
    if request.POST.get("window") and asked not in held:
        raise NotAllowed("您今天不在这个窗口，不能在那里请人评价。请核对窗口。")
    return case, services.issue_token(
        subject=case.stream,
        channel=channel.value,
        window_id=asked or (held[0] if held else None),
        issued_by_id=reader.person_id,
        at=now(),
    )


@staff(*AT_THE_WINDOW)
@require_POST
def prompt(request: HttpRequest) -> HttpResponse:
    """The protocol of the pad: the clerk's “finished” asks for a token, the pad opens its page.

    POST window, case → 201 {token, url, expires_at}; 4xx {error}. Single use, a minute by default.
    """
    try:
        _case, token = _issue(request, request.POST.get("case", "")[:64], RatingChannel.PAD)
    except DomainError as error:
        return private(JsonResponse({"error": error.message}, status=error.status))
    text = queries.written(token)
    told = {
        "token": text,
        "url": site_url(request) + reverse("interaction:by_token", args=[text]),
        "expires_at": token.expires_at.isoformat(),
    }
    return private(JsonResponse(told, status=201))


@staff(*AT_THE_WINDOW)
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """A slip with a QR code that goes with the result: scan it, rate at home."""
    if request.method != "POST":
        case = case_for(scope(request), number)
        context: dict[str, Any] = {"case": {"number": case.number, "item_name": case.edition.name}}
        return private(render(request, "interaction/slip.html", context))
    case, token = _issue(request, number, RatingChannel.RECEIPT)
    text = queries.written(token)
    context = {
        "case": {"number": case.number, "item_name": case.edition.name},
        "picture": reverse("interaction:token_qr", args=[text]),
        "link": site_url(request) + reverse("interaction:by_token", args=[text]),
        "until": token.expires_at,
    }
    return private(render(request, "interaction/slip.html", context))


@staff(*CALLERS)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
def call(request: HttpRequest) -> HttpResponse:
    """Type what somebody said on the telephone, at a unit that is not the rated one."""
    form = CallForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        said, reader = form.cleaned_data, scope(request)
        grant = next(one for one in reader.grants if one.role in CALLERS)
        try:
            services.submit_call(
                number=said["number"].strip(),
                level=said["level"],
                text=said["text"],
                details=form.details,
                actor=actor_of(reader, grant),
                at=now(),
                command_id=said["command_id"],
            )
        except DomainError as error:
            form.add_error("number", error.message)
            status = error.status
        else:
            messages.success(request, _("电话回访的评价已登记。"))
            return redirect("interaction:call")
    elif request.method == "POST":
        status = 422
    return private(render(request, "interaction/call.html", {"form": form}, status=status))


# ── bad ratings ───────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def bad_ratings(request: HttpRequest) -> HttpResponse:
    """The tickets of a lead's units, or of the whole hall."""
    reader, on = scope(request), today()
    is_open = request.GET.get("show") != "ended"
    page = queries.tickets(reader, is_open=is_open, after=Cursor.read(request.GET.get("after", "")))
    here = reverse("interaction:bad_ratings")
    shows = "" if is_open else "show=ended&"
    names = short_names(row.organisation_id for row in page.rows)
    context = {
        "rows": present.ticket_rows(page.rows, names, on),
        "is_open": is_open,
        "next_url": f"{here}?{shows}after={page.next}" if page.next else None,
    }
    return private(render(request, "interaction/bad_ratings.html", context))


@staff(*READERS)
@require_GET
def bad_rating(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """One ticket with its way, and what may be done next."""
    return _ticket(request, ticket_id)


COMMANDS: dict[TicketVerb, Callable[..., dict[str, Any]]] = {
    TicketVerb.CONTACT: services.contact,
    TicketVerb.CONFIRM: services.confirm,
    TicketVerb.DISPUTE: services.dispute,
    TicketVerb.APPROVE: services.approve,
    TicketVerb.REJECT: services.reject,
    TicketVerb.ANSWER: services.answer,
    TicketVerb.CLOSE: services.close,
}


@staff(*READERS)
@require_POST
@sensitive_post_parameters("note")
def act_on_bad_rating(request: HttpRequest, ticket_id: int, verb: str) -> HttpResponse:
    if verb not in set(TicketVerb):
        raise NotFound
    move = MOVE_OF[TicketVerb(verb)]
    reader = scope(request)
    ticket = queries.ticket_for(reader, ticket_id)
    form = present.ticket_form(move, request.POST)
    if not form.is_valid():
        return _ticket(request, ticket_id, forms={move.verb: form}, status=422)
    said = form.cleaned_data
    more = {"is_complex": said["kind"] == "complex"} if "kind" in said else {}
    try:
        COMMANDS[move.verb](
            ticket_id=str(ticket.id),
            note=said["note"],
            actor=queries.permit(reader, ticket, move),
            at=now(),
            command_id=said["command_id"],
            **more,
        )
    except DomainError as error:
        message = refusal(error.message, form)
        return _ticket(request, ticket_id, message=message, status=error.status)
    messages.success(request, _("已登记：%s") % move.label)
    return redirect("interaction:bad_rating", ticket_id)


def _ticket(
    request: HttpRequest,
    ticket_id: int,
    *,
    forms: dict[TicketVerb, TicketForm] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    reader = scope(request)
    ticket = queries.ticket_for(reader, ticket_id)
    typed = forms or {}
    acts = [
        {
            "verb": move.verb.value,
            "label": move.label,
            "url": reverse("interaction:act_on_bad_rating", args=[ticket.id, move.verb.value]),
            "tone": "primary" if place == 0 else "plain",
            "form": typed.get(move.verb) or present.ticket_form(move, None),
        }
        for place, move in enumerate(queries.moves_for(reader, ticket))
    ]
    names = short_names([ticket.organisation_id])
    context = {
        "ticket": present.ticket(
            ticket, names, today(), knows_case=queries.may_know_case(reader, ticket)
        ),
        "acts": acts,
        "message": message,
    }
    return private(render(request, "interaction/bad_rating.html", context, status=status))


# ── rates and words ───────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@may_lag
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Rates of a lead's units or of the hall, bursts at windows, words fit to be published."""
    reader, on = scope(request), today()
    since = day_asked(request, "since", on - timedelta(days=89))
    until = max(since, day_asked(request, "until", on))
    units = queries.by_unit(since, until, reader)
    names = short_names(row.organisation_id for row in units)
    fills = request.GET.get("fill") == "1"
    centre = reader.has_role(CENTRE)
    context = {
        "since": since,
        "until": until,
        "fills": fills,
        "rows": present.rate_rows(units, names, fills=fills),
        "bursts": queries.bursts_at_windows(reader, since, until),
        "words": _words(reader, since, until) if centre else [],
        "command_id": new_command_id(),
        "may_publish": reader.has_role([Role.CENTRE_MANAGER]),
    }
    return private(render(request, "interaction/rates.html", context))


def _words(reader: Scope, since: Any, until: Any) -> list[dict[str, Any]]:
    found = queries.wordings(reader, since, until)
    names = short_names(one.organisation_id for one in found)
    return [
        {
            "id": one.rating.id,
            "unit": names.get(one.organisation_id, ""),
            "level": present.level(one.rating.level),
            "text": services.filtered(one.rating),
            "is_published": one.is_published,
        }
        for one in found
    ]


@staff(Role.CENTRE_MANAGER)
@require_POST
def publish(request: HttpRequest, rating_id: int) -> HttpResponse:
    """Publish what the privacy filter leaves of somebody's words."""
    services.publish_text(
        rating_id=str(rating_id),
        actor=queries.publisher_of(scope(request), rating_id),
        at=now(),
        command_id=request.POST.get("command_id", "")[:32] or new_command_id(),
    )
    messages.success(request, _("留言已公开。"))
    return redirect("interaction:rates")
