"""Views of the office: the worklist, the register, one request with its acts, the tables."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor, DateCursor
from mingtang.base.web import refusal, site_url
from mingtang.files import queries as files
from mingtang.files.download import as_attachment
from mingtang.files.forms import files_of
from mingtang.ledger import queries as ledger
from mingtang.messages.forms import CommandForm
from mingtang.outage.present import standing
from mingtang.persons.present import hidden_context
from mingtang.regions import queries as regions
from mingtang.requests import present, queries, services
from mingtang.requests.bundle import bundle
from mingtang.requests.forms.acts import FORMS, RegisterForm, TakeInForm
from mingtang.requests.hidden import hidden_of
from mingtang.requests.rules.moves import MOVE_OF, READERS, REGISTRARS, Verb
from mingtang.requests.rules.states import DECIDING_EVENTS, State
from mingtang.requests.views.common import (
    FILED,
    paper_file,
    paper_page,
    private,
    remember,
    rows_of,
    unit_of,
)
from mingtang.timing import queries as timing


@staff(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What is open, the most urgent first."""
    units = queries.units_of(scope(request))
    state = request.GET.get("state", "")
    state = state if state in set(State) else ""
    page = queries.worklist(units, state=state, after=DateCursor.read(request.GET.get("after", "")))
    counts = queries.counts_by_state(units)
    tabs = [_tab("", _("全部"), sum(counts.values()), state)]
    tabs += [
        _tab(one.value, one.label, counts[one.value], state) for one in State if one.value in counts
    ]
    context = {
        "rows": rows_of(page.rows),
        "tabs": tabs,
        "next_url": _onward({"state": state}, page.next),
        "warning": timing.calendar_warning(today()),
        "this_year": today().year,
    }
    return render(request, "requests/desk.html", context)


def _tab(value: str, label: str, count: int, chosen: str) -> dict[str, Any]:
    url = reverse("requests:desk") + (f"?state={value}" if value else "")
    return {"label": label, "count": count, "url": url, "current": value == chosen}


def _onward(given: dict[str, str], after: Cursor | DateCursor | None) -> str:
    kept = {name: value for name, value in given.items() if value}
    return "?" + urlencode({**kept, "after": str(after)}) if after else ""


@staff(*READERS)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """All requests, the latest first, narrowed."""
    form = RegisterForm(request.GET)
    sought = form.sought()
    page = queries.register(
        queries.units_of(scope(request)), sought, Cursor.read(request.GET.get("after", ""))
    )
    given = {name: request.GET.get(name, "") for name in form.fields}
    context = {
        "form": form,
        "rows": rows_of(page.rows),
        "next_url": _onward(given, page.next),
        "is_narrowed": any(given.values()),
        "this_year": today().year,
    }
    return render(request, "requests/register.html", context)


@staff(*REGISTRARS)
@sensitive_post_parameters("identity_number", "phone", "address", "email", "agent_phone")
def take_in(request: HttpRequest) -> HttpResponse:
    """Enter a request that came on paper or by word of mouth."""
    choices = own_units(request)
    typed = {
        "submitted_date": today(),
        "arrived_date": today(),
        "organisation": choices[0][0] if choices else "",
        "wanted_form": "paper",
        "wanted_way": "pick_up",
    }
    form = TakeInForm(request.POST or None, units=choices, initial=typed)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = enter(request, form)
                remember(request, FILED, made["number"])
                return redirect("requests:filed", made["number"])
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return render(request, "requests/take_in.html", {"form": form}, status=status)


def own_units(request: HttpRequest) -> list[tuple[str, str]]:
    """The units for which the reader may enter a request."""
    names = regions.names_of(queries.units_of(scope(request), REGISTRARS), today())
    return [(str(one), names[one]) for one in sorted(names)]


def enter(request: HttpRequest, form: TakeInForm) -> dict[str, Any]:
    """Enter what a form says that was found sound. Raises DomainError."""
    wants, key, at = form.wants(), form.cleaned_data["command_id"], now()
    return services.register(
        applicant=form.applicant(),
        **wants,
        **form.came(),
        files=files_of(request, "uploads", subject="request:new", at=at, command_id=key),
        actor=queries.registrar(scope(request), wants["organisation_id"]),
        at=at,
        command_id=key,
    )


# ── one request ───────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def detail(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what is wanted, by when and why, what was done, what may be done."""
    return _page(request, queries.request_for(scope(request), request_id))


def _page(
    request: HttpRequest,
    about: queries.Request,
    *,
    refused: tuple[Verb, CommandForm] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    on, calendar = today(), timing.current_calendar()
    events, is_unsigned = ledger.history_and_unsigned(about.stream, DECIDING_EVENTS)
    found = queries.file_of(about)
    limits = present.limits(timing.clocks_of(about.stream), events, on, calendar)
    reply = present.reply_limit(limits)
    context = {
        "about": about,
        "row": present.row(about, on, unit_of(about), calendar),
        "limit": reply,
        "others": [one for one in limits if one is not reply],
        "found": found,
        **hidden_context(scope(request), "request", about.id, hidden_of(about, found.parties)),
        "consultations": present.consultations(found),
        "decisions": present.decisions(found),
        "earlier": rows_of(queries.earlier_of(about)),
        "documents": present.documents(
            files.documents_of(about.stream), "requests:document", about.id, for_applicant=False
        ),
        "uploads": files.uploads_of(about.stream),
        "is_unsigned": is_unsigned,
        "history": present.history(events),
        "paper": standing(events),
        "paper_url": reverse("requests:enter_paper_receipt", args=[about.id]),
        "acts": _acts(request, about, refused),
        "message": message,
    }
    return private(render(request, "requests/detail.html", context, status=status))


def _acts(
    request: HttpRequest, about: queries.Request, refused: tuple[Verb, CommandForm] | None
) -> list[dict[str, Any]]:
    """The forms open to the reader; one that was refused keeps what was typed."""
    verbs = queries.deeds_of(scope(request), about, today())
    return [
        {
            "verb": verb.value,
            "label": MOVE_OF[verb].label,
            "help": MOVE_OF[verb].law and f"《条例》{MOVE_OF[verb].law}",
            "url": reverse("requests:act", args=[about.id, verb.value]),
            "tone": "danger" if verb is Verb.WITHDRAW else "plain",
            "form": refused[1] if refused and refused[0] is verb else FORMS[verb](about=about),
        }
        for verb in verbs
    ]


COMMANDS: dict[Verb, Callable[..., Any]] = {
    Verb.CONFIRM_RECEIPT: services.confirm_receipt,
    Verb.ASK_CORRECTION: services.ask_correction,
    Verb.CORRECT: services.correct,
    Verb.CONFIRM_LAPSE: services.confirm_lapse,
    Verb.SEARCH: services.log_search,
    Verb.ASK_ASSISTANCE: services.ask_assistance,
    Verb.CONSULT: services.consult,
    Verb.CONSULTED: services.note_consulted,
    Verb.ANSWER_CONSULTATION: services.answer_consultation,
    Verb.ASK_REASONS: services.ask_reasons,
    Verb.GIVE_REASONS: services.give_reasons,
    Verb.DELAY: services.delay,
    Verb.EXTEND: services.extend,
    Verb.CHARGE: services.charge,
    Verb.PAY: services.pay,
    Verb.DRAFT: services.draft,
    Verb.SEND_BACK: services.send_back,
    Verb.DECIDE: services.decide,
    Verb.DELIVER: services.deliver,
    Verb.LINK: services.link,
    Verb.MOVE_TO_ACTIVE: services.move_to_active,
    Verb.TRANSFER_TO_LETTER: services.transfer_to_letter,
    Verb.REGISTER_REMEDY: services.register_remedy,
    Verb.CLOSE_REMEDY: services.close_remedy,
    Verb.WITHDRAW: services.withdraw,
}


@staff(*READERS)
@require_POST
@proved(when=lambda request_id, verb: verb == Verb.DECIDE.value)
def act(request: HttpRequest, request_id: int, verb: str) -> HttpResponse:
    """Something is done about a request; what is refused comes back with its words."""
    if verb not in set(Verb):
        raise NotFound
    deed = Verb(verb)
    about = queries.request_for(scope(request), request_id)
    actor = queries.actor_for(scope(request), about, deed)
    form = FORMS[deed](request.POST, about=about)
    if not form.is_valid():
        return _page(request, about, refused=(deed, form), status=422)
    key = form.cleaned_data["command_id"]
    try:
        COMMANDS[deed](request_id=about.id, **form.content(), actor=actor, at=now(), command_id=key)
    except DomainError as error:
        return _refused(request, request_id, deed, form, error)
    notes.success(request, _("已办理：%s") % MOVE_OF[deed].label)
    return redirect("requests:detail", request_id)


def _refused(
    request: HttpRequest, request_id: int, verb: Verb, form: CommandForm, error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    about = queries.request_for(scope(request), request_id)
    if verb in queries.deeds_of(scope(request), about, today()):
        form.add_error(None, error.message)
        return _page(request, about, refused=(verb, form), status=error.status)
    message = refusal(error.message, form)
    return _page(request, about, message=message, status=error.status)


@staff(*READERS)
@require_GET
def document(request: HttpRequest, request_id: int, document_id: int) -> HttpResponse:
    """A paper of a request, for the office."""
    about = queries.request_for(scope(request), request_id)
    back, pdf = "requests:detail", "requests:document_pdf"
    return paper_page(request, about, document_id, back, pdf, request_id)


@staff(*READERS)
@require_GET
def document_pdf(request: HttpRequest, request_id: int, document_id: int) -> HttpResponse:
    return paper_file(request, queries.request_for(scope(request), request_id), document_id)


@staff(*READERS)
@require_GET
def attachment(request: HttpRequest, request_id: int, upload_id: int) -> FileResponse:
    """A file that came with a request or a correction."""
    about = queries.request_for(scope(request), request_id)
    upload = files.upload_of(about.stream, upload_id)
    if upload is None:
        raise NotFound
    return as_attachment(upload)


@staff(*READERS)
@require_GET
@proved()
def evidence(request: HttpRequest, request_id: int) -> HttpResponse:
    """The whole record as one file, with a manifest of hashes."""
    about = queries.request_for(scope(request), request_id)
    answer = HttpResponse(bundle(about, site_url(request)), content_type="application/zip")
    name = content_disposition_header(True, f"证据-{about.number}.zip")
    answer.headers["Content-Disposition"] = name or "attachment"
    return private(answer)
