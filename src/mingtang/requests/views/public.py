"""Views for everybody: ask for information, look a request up, reckon a deadline, see figures."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, signed_in
from mingtang.accounts.puzzles import puzzled
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import WRITING_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.search import search
from mingtang.base.web import for_reading, search_text, secret_fields, source_of
from mingtang.catalogue import queries as catalogue
from mingtang.disclosure import queries as disclosure
from mingtang.files import queries as files
from mingtang.files.forms import files_of
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.requests import present, queries, services
from mingtang.requests.forms.public import CalculatorForm, FileForm, ProgressForm
from mingtang.requests.rules.calculator import reckon
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.law import LAWS
from mingtang.requests.rules.papers import flow_rows
from mingtang.requests.rules.states import DECIDING_EVENTS
from mingtang.requests.views.common import (
    FILED,
    SHOWN,
    has_shown,
    organs,
    private,
    remember,
    unit_of,
)
from mingtang.timing import queries as timing

FIRST_YEAR = 2008
SUGGESTED = 8


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What one can do here, how it goes, what it costs, what one can do against an answer."""
    context = {
        "law": LAWS[-1],
        "rows": flow_rows(),
        "body": settings.MINGTANG_RECONSIDERATION_BODY,
        "court": settings.MINGTANG_COURT,
        "is_signed_in": request.user.is_authenticated and not scope(request).is_staff,
    }
    return render(request, "requests/index.html", context)


def _found(text: str) -> list[dict[str, str]]:
    """What is public already and answers a text: publications with a page, guides of items."""
    guides = [
        {
            "name": one.name,
            "department": one.department,
            "url": reverse("catalogue:item", args=[one.code]),
        }
        for one in catalogue.suggest_items(text, today())
    ]
    return (_published(text) + guides)[:SUGGESTED]


def _published(text: str) -> list[dict[str, str]]:
    hits = search("publication", text, SUGGESTED) if text.strip() else []
    if not hits:
        return []
    found = disclosure.public_items(disclosure.PublicSought(ids=tuple(hit.key for hit in hits)))
    names = regions.short_names_of({one.organisation_id for one in found.rows}, today())
    return [
        {
            "name": one.published_version.title,
            "department": names.get(one.organisation_id, ""),
            "url": reverse("openness:item", args=[one.id]),
        }
        for one in found.rows
        if one.published_version is not None
    ]


@public
@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """What is public already, while somebody types."""
    return JsonResponse({"items": _found(search_text(request))})


@public
@sensitive_post_parameters("identity_number", "phone", "address", "email", "agent_phone")
@puzzled("writing_source")
def new(request: HttpRequest) -> HttpResponse:
    """The form of a request; above it, what may be public already."""
    asked = search_text(request)
    typed = {"description": asked} if asked else {}
    form, status = _file_form(request, typed), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _filed(request, form)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {"form": form, "asked": asked, "found": _found(asked) if asked else []}
    return private(render(request, "requests/new.html", context, status=status))


def _file_form(request: HttpRequest, typed: dict[str, str]) -> FileForm:
    if request.method == "POST":
        return FileForm(request.POST, units=organs())
    reader = scope(request)
    is_citizen = reader.person_id is not None and not reader.is_staff
    known = {"applicant_name": reader.person_label} if is_citizen else {}
    return FileForm(units=organs(), initial={**typed, **known})


def _is_staff(request: HttpRequest) -> bool:
    return scope(request).is_staff


def _filed(request: HttpRequest, form: FileForm) -> HttpResponse:
    key, at = form.cleaned_data["command_id"], now()
    count_attempt_or_refuse("writing_source", source_of(request), WRITING_PER_SOURCE, at)
    person = None if _is_staff(request) else scope(request).person_id
    kept = files_of(request, "uploads", subject="request:new", at=at, command_id=key)
    made = services.file(
        applicant=form.applicant(person),
        **form.wants(),
        files=kept,
        actor=applicant_of(request),
        at=at,
        command_id=key,
    )
    remember(request, FILED, made["number"])
    return redirect("requests:filed", made["number"])


def applicant_of(request: HttpRequest) -> Actor:
    """Who files for themselves: an id without a name, or nobody in particular."""
    return actor_of(scope(request)) if not _is_staff(request) else Actor(id=None, label="申请人")


@public
@require_GET
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that filed it, and for the counter that took it in."""
    if number not in request.session.get(FILED, []):
        raise NotFound
    about = queries.filed_request(number)
    context = {
        "about": present.public_request(about, unit_of(about)),
        "tracking_code": services.tracking_code(about),
        "due": about.next_due_date if about.received_date else None,
        "paper_url": reverse("requests:enter_paper_receipt", args=[about.id])
        if about.registered_by_id == scope(request).person_id is not None
        else "",
    }
    return private(render(request, "requests/filed.html", context))


@public
@for_reading
@secret_fields("code")
@puzzled("lookup_source")
def progress(request: HttpRequest) -> HttpResponse:
    """Look a request up by number and query code."""
    form, status = ProgressForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _shown(request, form)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return render(request, "requests/lookup.html", {"form": form}, status=status)


def _shown(request: HttpRequest, form: ProgressForm) -> HttpResponse:
    data = form.cleaned_data
    found = services.request_by_code(
        number=data["number"], code=data["code"], source=source_of(request), at=now()
    )
    remember(request, SHOWN, found.number)
    return redirect("requests:progress_of", found.number)


@public
@require_GET
def progress_of(request: HttpRequest, number: str) -> HttpResponse:
    """Where a request stands, when the answer is due and why, its papers, what one can do now."""
    if has_shown(request, number):
        about = queries.filed_request(number)
    else:
        about = queries.own_request(scope(request), number)
    return private(render(request, "requests/progress.html", _progress(request, about)))


def _progress(request: HttpRequest, about: queries.Request) -> dict[str, Any]:
    on, calendar = today(), timing.current_calendar()
    events, is_unsigned = ledger.history_and_unsigned(about.stream, DECIDING_EVENTS)
    limits = present.limits(timing.clocks_of(about.stream), None, on, calendar)
    reply = present.reply_limit(limits)
    papers = files.documents_of(about.stream)
    may_act = not _is_staff(request)
    return {
        "about": present.public_request(about, unit_of(about)),
        "limit": reply,
        "others": [one for one in limits if one["is_open"] and one is not reply],
        "is_unsigned": is_unsigned,
        "history": present.history(events, present.SHOWN_TO_APPLICANT),
        "documents": present.documents(
            papers, "requests:own_document", about.number, for_applicant=True
        )
        if may_act
        else [],
        "may_act": may_act,
    }


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The requests of a citizen who signed in."""
    rows = [
        {**present.public_request(one, unit_of(one)), "due": one.next_due_date}
        for one in queries.my_requests(scope(request))
    ]
    return render(request, "requests/mine.html", {"rows": rows})


# ── the calculator, the figures ───────────────────────────────────────────────────────────────


@public
@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """When an answer is due: every day that counts, and why the others do not."""
    form = CalculatorForm(request.GET or None)
    found, status = None, 200
    if form.is_bound:
        if form.is_valid():
            try:
                found = reckon(form.asked(), timing.current_calendar())
            except DomainError as error:
                form.add_error(None, error.message)
        status = 200 if found else 422
    context = {"form": form, "found": found, "laws": LAWS}
    return render(request, "requests/calculator.html", context, status=status)


@public
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """How many requests of a year, what came of them, how fast; no share of too few."""
    year = _year(request.GET.get("year", ""))
    found = queries.figures(year)
    share = found.on_time_share
    context = {
        "figures": found,
        "share": round(share * 100) if share is not None else None,
        "results": [
            {"label": Kind(kind).name_in_full, "count": count}
            for kind, count in found.by_result.items()
        ],
        "years": [year + step for step in (-1, 1) if FIRST_YEAR <= year + step <= today().year],
    }
    return render(request, "requests/figures.html", context)


def _year(text: str) -> int:
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return asked if FIRST_YEAR <= asked <= today().year else today().year
