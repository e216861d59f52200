"""Views: the applicant rates a service, corrects that once, answers an answer; with a token too."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import public, scope
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.ids import parse_id
from mingtang.base.web import refusal
from mingtang.cases.queries import filed_case, number_of
from mingtang.cases.views.common import applicants_case, private
from mingtang.interaction import present, queries, services
from mingtang.interaction.forms import LevelForm, RatingForm
from mingtang.interaction.rules import (
    HALL,
    Level,
    NotCompleted,
    NothingToCorrect,
    RatedAlready,
    RatingChannel,
    StaffMayNotRate,
    TokenUsed,
    indicators_of,
    name_on,
)


@public
@sensitive_post_parameters("text")
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Choose, look at it once more, send; afterwards the page shows what was said."""
    case = applicants_case(request, number)
    form = _form(request, case)
    sends = request.POST.get("go") == "sure"
    if sends and form.is_valid():
        return _sent(request, case, form)
    service = queries.service_of(case.stream)
    if service is None:
        raise NotCompleted
    if queries.first_rating_of(case.stream, service):
        return _rated(request, case)
    return _asked(request, case, form, is_correction=False)


@public
@sensitive_post_parameters("text")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Say it anew: once, within seven days; the first word stays in the history."""
    case = applicants_case(request, number)
    form = _form(request, case)
    if request.POST.get("go") == "sure" and form.is_valid():
        return _sent(request, case, form, is_correction=True)
    service = queries.service_of(case.stream)
    if service is None or not queries.is_correctable(case.stream, service, now()):
        raise NothingToCorrect
    return _asked(request, case, form, is_correction=True)


def _form(request: HttpRequest, case: Any) -> RatingForm:
    return RatingForm(request.POST or None, indicators=indicators_of(case.channel == "online"))


def _asked(
    request: HttpRequest, case: Any, form: RatingForm, *, is_correction: bool
) -> HttpResponse:
    if scope(request).is_staff:
        raise StaffMayNotRate
    context = {"form": form, "is_correction": is_correction}
    if request.method != "POST" or request.POST.get("go") == "change":
        return _page(request, case, "interaction/rate.html", context)
    if not form.is_valid():
        return _page(request, case, "interaction/rate.html", context, status=422)
    context |= {
        "level": Level(form.cleaned_data["level"]),
        "text": form.cleaned_data["text"],
        "details": present.sides(form.details),
    }
    return _page(request, case, "interaction/rate_confirm.html", context)


def _sent(
    request: HttpRequest, case: Any, form: RatingForm, *, is_correction: bool = False
) -> HttpResponse:
    reader, said = scope(request), form.cleaned_data
    channel = RatingChannel.ACCOUNT if reader.person_id else RatingChannel.CODE
    send = services.correct if is_correction else services.submit
    try:
        send(
            number=case.number,
            level=said["level"],
            text=said["text"],
            channel=channel.value,
            details=form.details,
            actor=actor_of(reader),
            at=now(),
            command_id=said["command_id"],
        )
    except (RatedAlready, NothingToCorrect) as error:
        message = refusal(error.message, form)
        return _rated(request, case, message=message, status=error.status)
    return redirect("interaction:rate", case.number)


@public
@require_http_methods(["POST"])
def rerate(request: HttpRequest, number: str) -> HttpResponse:
    """The rater's word on what was set right."""
    case = applicants_case(request, number)
    if scope(request).is_staff:
        raise StaffMayNotRate
    form = LevelForm(request.POST)
    if not form.is_valid():
        return _rated(request, case, rerate_form=form, status=422)
    try:
        services.rerate(
            subject=case.stream,
            level=form.cleaned_data["level"],
            actor=actor_of(scope(request)),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
    except Conflict as error:
        return _rated(request, case, message=error.message, status=error.status)
    return redirect("interaction:rate", case.number)


def _rated(request: HttpRequest, case: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    given = queries.ratings_of(case.stream)
    service = queries.service_of(case.stream)
    ticket = queries.ticket_of(case.stream, service) if service else None
    answered = queries.answered_ticket(case.stream)
    context = {
        "ratings": [present.shown(one) for one in given],
        "may_correct": service is not None and queries.is_correctable(case.stream, service, now()),
        "answer": ticket.answer if ticket else "",
        "rerated": present.level(ticket.rerated_level) if ticket else None,
        "rerate_form": LevelForm() if answered else None,
        **more,
    }
    return _page(request, case, "interaction/rated.html", context, status=status)


def _page(
    request: HttpRequest, case: Any, page: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    about = {"number": case.number, "item_name": case.edition.name}
    name = name_on(settings.MINGTANG_RATING_NAMES, today())
    return private(
        render(request, page, {"case": about, "practice": name, **context}, status=status)
    )


# ── with a token ──────────────────────────────────────────────────────────────────────────────


@public
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a QR code, a link or a pad: rate once. It shows the item, and nothing else
    of the case: whoever holds a token has shown no right to more."""
    if scope(request).is_staff:
        raise StaffMayNotRate
    try:
        found = queries.token_sent(token)
        case = filed_case(number_of(parse_id(found.subject.removeprefix("case:")) or 0) or "")
        is_pad = found.channel == RatingChannel.PAD.value
        sides = HALL if is_pad else indicators_of(case.channel == "online")
        form = RatingForm(request.POST or None, indicators=sides)
        if request.method == "POST" and form.is_valid():
            _spend(request, token, form)
            return redirect("interaction:by_token", token)
        queries.check_token(found, now())
    except DomainError as error:
        return _polite(request, error)
    context = {"form": form, "item_name": case.edition.name, "is_pad": is_pad}
    context["practice"] = name_on(settings.MINGTANG_RATING_NAMES, today())
    status = 422 if form.is_bound else 200
    return private(render(request, "interaction/by_token.html", context, status=status))


def _spend(request: HttpRequest, token: str, form: RatingForm) -> None:
    services.submit_by_token(
        token=token,
        level=form.cleaned_data["level"],
        text=form.cleaned_data["text"],
        details=form.details,
        actor=actor_of(scope(request)),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )


def _polite(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Late, twice or wrong: said kindly. After one's own rating it is a thank-you, not an error."""
    is_thanks = isinstance(error, TokenUsed | RatedAlready)
    context = {
        "heading": _("评价已经收到") if is_thanks else error.heading or _("现在不能评价"),
        "message": error.message,
        "tone": "ok" if is_thanks else "warn",
    }
    status = 200 if is_thanks and request.method != "POST" else error.status
    return private(render(request, "interaction/token_done.html", context, status=status))
