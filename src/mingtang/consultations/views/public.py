"""Views for everyone: what is asked, the form to say something, the results, the feed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.search import search
from mingtang.base.web import search_text, site_url, source_of
from mingtang.consultations import present, queries, services
from mingtang.consultations.forms.public import SayForm, SheetForm
from mingtang.consultations.queries import Activity
from mingtang.consultations.rules.life import PER_SOURCE, Kind, NotOpen, State
from mingtang.consultations.services.common import PUBLIC, state_of
from mingtang.disclosure.atom import atom
from mingtang.disclosure.rules.text import blocks
from mingtang.regions.queries import names_of, short_names_of

ENTRIES, FOUND = 50, 200
SAID = "consultations_said"  # what this browser has said: activity → number


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All that was put before the public, newest first; by kind, by words."""
    kind, text = request.GET.get("kind", ""), search_text(request)
    ids = [hit.key for hit in search("publication", text, FOUND)] if text else None
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.shown(kind, notice_ids=ids, after=after)
    names = short_names_of({one.organisation_id for one in page.rows}, today())
    context = {
        "rows": [present.row(one, names.get(one.organisation_id, ""), now()) for one in page.rows],
        "kinds": [
            {"label": one.label, "url": f"?kind={one.value}", "current": one.value == kind}
            for one in Kind
        ],
        "kind": kind if kind in set(Kind) else "",
        "asked": text,
        "next_url": f"?kind={kind}&q={text}&after={page.next}" if page.next else "",
    }
    return render(request, "consultations/list.html", context)


@public
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The notices as Atom: each entry leads to the page where one can speak up."""
    rows = queries.shown(size=ENTRIES).rows
    pages = {row.notice_id: reverse("consultations:one", args=[row.id]) for row in rows}
    made = atom(
        site_url(request),
        _("征集调查"),
        queries.notices_of(rows),
        reverse("consultations:index"),
        request.path,
        pages=pages,
    )
    answer = HttpResponse(made, content_type="application/atom+xml; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@public
@require_GET
def one(request: HttpRequest, activity_id: str) -> HttpResponse:
    """What is asked, until when, and what came of it: both texts as they were reviewed."""
    return _page(request, queries.shown_one(activity_id))


def _page(request: HttpRequest, activity: Activity) -> HttpResponse:
    assert activity.notice.published_version is not None
    row = _row(activity)
    result = queries.result_body(activity)
    context = {
        "row": row,
        "activity": activity,
        "blocks": blocks(activity.notice.published_version.body),
        "result": blocks(result),
        "figures": _figures(activity) if result else [],
        "crossing": _crossing(request, activity) if result else None,
        "least": settings.MINGTANG_SURVEY_LEAST,
        "notice_url": reverse("openness:item", args=[activity.notice_id]),
        "result_url": reverse("openness:item", args=[activity.result_id]) if result else "",
    }
    return render(request, "consultations/one.html", context)


def _row(activity: Activity) -> dict[str, Any]:
    names = names_of([activity.organisation_id], today())
    count = queries.counts_of([activity.id]).get(activity.id, 0)
    return present.row(activity, names.get(activity.organisation_id, ""), now(), count)


def _figures(activity: Activity) -> list[dict[str, Any]]:
    if activity.kind != Kind.SURVEY.value:
        return []
    return present.figures(queries.tallies(activity).lines)


def _crossing(request: HttpRequest, activity: Activity) -> dict[str, Any] | None:
    """One question by another, where the reader asks for it and enough people answered."""
    first = parse_id(request.GET.get("a", "")) or 0
    second = parse_id(request.GET.get("b", "")) or 0
    least = settings.MINGTANG_SURVEY_LEAST
    found = queries.crossed(activity, first, second, least)
    return present.crossing(*found) | {"a": first, "b": second} if found else None


@public
@sensitive_post_parameters("text", "name", "phone")
def say(request: HttpRequest, activity_id: str) -> HttpResponse:
    """The form of an opinion or a question; nobody has to say who they are."""
    activity = open_activity(activity_id)
    kind = Kind(activity.kind)
    if kind is Kind.SURVEY:
        return redirect("consultations:answer", activity_id)
    form, status = SayForm(request.POST or None, kind=kind), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _said(request, activity, form)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return _private(request, "consultations/say.html", activity, form, status)


def open_activity(activity_id: str) -> Activity:
    activity = queries.shown_one(activity_id)
    if state_of(activity, now()) is not State.OPEN:
        raise NotOpen(Kind(activity.kind))
    return activity


def _said(request: HttpRequest, activity: Activity, form: SayForm) -> HttpResponse:
    at = now()
    count_attempt_or_refuse("comment", source_of(request), PER_SOURCE, at)
    made = services.comment(
        activity_id=activity.id,
        **form.said(),
        person_id=citizen(request),
        actor=PUBLIC,
        at=at,
        command_id=form.cleaned_data["command_id"],
    )
    said = request.session.get(SAID, {})
    request.session[SAID] = {**said, str(activity.id): made["number"]}
    return redirect("consultations:thanks", activity.id)


def citizen(request: HttpRequest) -> int | None:
    reader = scope(request)
    return None if reader.is_staff else reader.person_id


def _private(
    request: HttpRequest, template: str, activity: Activity, form: Any, status: int
) -> HttpResponse:
    context = {"row": _row(activity), "activity": activity, "form": form}
    answer = render(request, template, context, status=status)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@public
@require_GET
def thanks(request: HttpRequest, activity_id: str) -> HttpResponse:
    """That it was received, under which number, for the browser that sent it."""
    number = request.session.get(SAID, {}).get(activity_id)
    activity = queries.shown_one(activity_id)
    if number is None:
        raise NotFound
    context = {"row": _row(activity), "activity": activity, "number": number}
    answer = render(request, "consultations/thanks.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@public
def answer(request: HttpRequest, activity_id: str) -> HttpResponse:
    """A sheet of a survey: once for whoever signed in, or for each code."""
    activity = open_activity(activity_id)
    if activity.kind != Kind.SURVEY.value:
        return redirect("consultations:say", activity_id)
    person = citizen(request)
    questions = [queries.as_question(row) for row in queries.questions_of(activity)]
    form = SheetForm(request.POST or None, questions=questions, needs_token=person is None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _answered(request, activity, form, person)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return _private(request, "consultations/answer.html", activity, form, status)


def _answered(
    request: HttpRequest, activity: Activity, form: SheetForm, person: int | None
) -> HttpResponse:
    at = now()
    if person is None:
        count_attempt_or_refuse("sheet", source_of(request), PER_SOURCE, at)
    services.submit_sheet(
        activity_id=activity.id,
        answers=form.answers(),
        person_id=person,
        token=form.cleaned_data.get("token", ""),
        actor=PUBLIC,
        at=at,
        command_id=form.cleaned_data["command_id"],
    )
    said = request.session.get(SAID, {})
    request.session[SAID] = {**said, str(activity.id): 0}
    return redirect("consultations:thanks", activity.id)
