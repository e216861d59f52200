"""Views: the applicant rates a service, once; staff read what was said."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from mingtang.accounts.policy import public, scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now
from mingtang.base.errors import NotFound
from mingtang.cases.queries import case_for
from mingtang.cases.views.common import CASE_STAFF, applicants_case, private
from mingtang.interaction import present, queries, services
from mingtang.interaction.forms import RatingForm
from mingtang.interaction.rules import (
    Level,
    NotCompleted,
    RatedAlready,
    RatingChannel,
    StaffMayNotRate,
)


@public
@sensitive_post_parameters("text")
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Choose, look at it once more, send; afterwards the page shows what was said."""
    case = applicants_case(request, number)
    form = RatingForm(request.POST or None)
    sends = request.POST.get("go") == "sure"
    if sends and form.is_valid():
        return _sent(request, case, form)
    service = queries.service_of(case.stream)
    if service is None:
        raise NotCompleted
    if given := queries.rating_of(case.stream, service):
        return _rated(request, case, [given])
    if scope(request).is_staff:
        raise StaffMayNotRate
    if request.method != "POST" or request.POST.get("go") == "change":
        return _page(request, case, "interaction/rate.html", {"form": form})
    if not form.is_valid():
        return _page(request, case, "interaction/rate.html", {"form": form}, status=422)
    level = Level(form.cleaned_data["level"])
    context = {"form": form, "level": level, "text": form.cleaned_data["text"]}
    return _page(request, case, "interaction/rate_confirm.html", context)


def _sent(request: HttpRequest, case: Any, form: RatingForm) -> HttpResponse:
    reader, said = scope(request), form.cleaned_data
    channel = RatingChannel.ACCOUNT if reader.person_id else RatingChannel.CODE
    try:
        services.submit(
            number=case.number,
            level=said["level"],
            text=said["text"],
            channel=channel.value,
            actor=actor_of(reader),
            at=now(),
            command_id=said["command_id"],
        )
    except RatedAlready as error:
        given = queries.ratings_of(case.stream)[-1:]
        return _rated(request, case, given, message=error.message, status=error.status)
    return redirect("interaction:rate", case.number)


@staff(*CASE_STAFF)
def ratings(request: HttpRequest, number: str) -> HttpResponse:
    """What the applicant said of a case, for staff who may see it."""
    case = case_for(scope(request), number)
    given = queries.ratings_of(case.stream)
    if not given:
        raise NotFound
    return _rated(request, case, given, for_staff=True)


def _rated(
    request: HttpRequest, case: Any, given: list[Any], *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"ratings": [present.shown(one) for one in given], **more}
    return _page(request, case, "interaction/rated.html", context, status=status)


def _page(
    request: HttpRequest, case: Any, page: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    about = {"number": case.number, "item_name": case.edition.name}
    return private(render(request, page, {"case": about, **context}, status=status))
