"""Views of agents: their desk, the board of all, one letter with its plan and acts, its papers."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor, DateCursor
from mingtang.base.replica import may_lag
from mingtang.base.web import refusal, site_url
from mingtang.files import queries as files
from mingtang.files.printing import document_pdf as drawn_pdf
from mingtang.files.printing import page_context, pdf_name
from mingtang.ledger.queries import history
from mingtang.projects import present_agents as present
from mingtang.projects.forms import agents as forms
from mingtang.projects.queries import agency as queries
from mingtang.projects.queries import portfolio
from mingtang.projects.rules.agency import Deed, Service
from mingtang.projects.services import acting, agency, agent_filing
from mingtang.timing.queries import current_calendar

READERS = queries.AGENTS | queries.OVERSEERS
FORMS: dict[Deed, type[forms.DeedForm]] = {
    Deed.SIGN: forms.SignForm,
    Deed.NOTE: forms.ActForm,
    Deed.SETTLE: forms.SettleForm,
    Deed.PLAN: forms.PlanForm,
    Deed.PLAN_NODES: forms.DeedForm,
    Deed.DROP: forms.DropForm,
    Deed.TAKE_OVER: forms.DeedForm,
    Deed.HAND_OVER: forms.HandOverForm,
    Deed.CALL_OFF: forms.DeedForm,
    Deed.CONCLUDE: forms.DeedForm,
    Deed.REVOKE: forms.RevokeForm,
}
COMMANDS: dict[Deed, Callable[..., Any]] = {
    Deed.SIGN: agency.sign,
    Deed.NOTE: acting.note_act,
    Deed.SETTLE: acting.settle_act,
    Deed.PLAN: acting.plan,
    Deed.PLAN_NODES: acting.plan_nodes,
    Deed.DROP: acting.drop_step,
    Deed.TAKE_OVER: acting.take_over,
    Deed.HAND_OVER: acting.hand_over,
    Deed.CALL_OFF: acting.call_off_hand_over,
    Deed.CONCLUDE: agency.conclude,
    Deed.REVOKE: agency.revoke,
}

TONES = {Deed.NOTE: "primary", Deed.REVOKE: "danger"}  # what is done every day stands open


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


@staff(*queries.AGENTS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """An agent's day: what is due, what is carried, what is offered."""
    on, reader = today(), scope(request)
    page = queries.due_steps(reader, DateCursor.read(request.GET.get("after", "")))
    context = {
        "steps": [present.due_step(one, on) for one in page.rows],
        "next_url": f"?after={page.next}" if page.next else "",
        "letters": [present.counted(one, on) for one in queries.my_letters(reader, on)],
        "offered": queries.offered_to(reader),
    }
    return render(request, "agents/desk.html", context)


@staff(*queries.OVERSEERS)
@may_lag
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """All projects with an agent, by stage; the load of each; what agents are worth."""
    on, reader, stage = today(), scope(request), request.GET.get("stage", "")
    agent = parse_id(request.GET.get("agent", ""))
    after = Cursor.read(request.GET.get("after", ""))
    page = portfolio.board(reader, on, stage=stage, agent_id=agent, after=after)
    given = {"stage": stage, "agent": str(agent) if agent else ""}
    least = settings.MINGTANG_AGENCY_LEAST
    context = {
        "rows": [present.counted(one, on) for one in page.rows],
        "next_url": _onward(given, page.next),
        "stages": portfolio.stages(reader),
        "stage": stage,
        "agent": agent,
        "loads": portfolio.loads(reader, on),
        "coverage": portfolio.coverage(reader, on),
        "saved": portfolio.days_saved(reader, current_calendar(), least),
        "least": least,
    }
    return render(request, "agents/board.html", context)


def _onward(given: dict[str, str], after: Cursor | None) -> str:
    kept = {name: value for name, value in given.items() if value}
    return "?" + urlencode({**kept, "after": str(after)}) if after else ""


# ── one letter ────────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One letter: the plan, the ledger of acts, hand-over, papers, what may be done."""
    return _page(request, queries.letter_for(scope(request), letter_id))


Refused = tuple[Deed, forms.DeedForm]


def _page(
    request: HttpRequest,
    about: queries.AgencyLetter,
    *,
    refused: Refused | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    on = today()
    page = queries.acts_of(about, DateCursor.read(request.GET.get("after", "")))
    context = {
        "about": present.letter(about, on),
        "steps": [present.step(one, on) for one in queries.steps_of(about)],
        "rows": [present.act(one) for one in page.rows],
        "next_url": f"?after={page.next}#acts" if page.next else "",
        "offered": queries.offered_hand_over(about),
        "open_acts": queries.open_acts_of(about),
        "documents": _documents(about),
        "history": present.history(history(about.stream)),
        "acts": _acts(request, about, refused),
        "may_file": _may_file(request, about),
        "message": message,
    }
    return private(render(request, "agents/letter.html", context, status=status))


def _may_file(request: HttpRequest, about: queries.AgencyLetter) -> bool:
    is_agents = Deed.NOTE in queries.deeds_of(scope(request), about, today())
    return is_agents and bool(agent_filing.fileable_nodes(about))


def _documents(about: queries.AgencyLetter) -> list[dict[str, Any]]:
    return [
        {
            "title": one.title,
            "number": one.number or "",
            "date": one.issued_date,
            "url": reverse("agents:document", args=[about.id, one.id]),
        }
        for one in files.documents_of(about.stream)
    ]


def _acts(
    request: HttpRequest, about: queries.AgencyLetter, refused: Refused | None
) -> list[dict[str, Any]]:
    """The forms open to the reader; one that was refused keeps what was typed."""
    deeds = queries.deeds_of(scope(request), about, today())
    choices = choices_of(about)
    return [
        {
            "verb": deed.value,
            "label": _(deed.label),
            "url": reverse("agents:act", args=[about.id, deed.value]),
            "tone": TONES.get(deed, "plain"),
            "form": refused[1] if refused and refused[0] is deed else form_of(deed, about, choices),
        }
        for deed in deeds
    ]


Choices = dict[str, forms.Choices]


def choices_of(about: queries.AgencyLetter) -> Choices:
    """What the lists of the forms offer."""
    steps = [
        (one.id, f"{one.name}（{one.planned_date}）")
        for one in queries.steps_of(about)
        if one.done_at is None
    ]
    services = forms.labelled(one for one in Service if one in about.services)
    agents = queries.agents_near(about.organisation_id, today())
    return {
        "step_id": [("", _("不在计划里")), *steps],
        "service": services,
        "node": [("", _("不选环节，自己写")), *queries.node_choices(about)],
        "act_id": [
            (one.id, f"{one.acted_date} {one.action}") for one in queries.open_acts_of(about)
        ],
        "to_agent_id": [(one.id, one.name) for one in agents if one.id != about.agent_id],
    }


def form_of(
    deed: Deed, about: queries.AgencyLetter, choices: Choices, data: Any = None
) -> forms.DeedForm:
    initial = {
        "acted_date": today(),
        "owner_signed_date": today(),
        "agent_signed_date": today(),
        "kind": "chase",
    }
    offered = dict(choices)
    if deed is Deed.DROP:
        offered["step_id"] = offered["step_id"][1:]
    return FORMS[deed](data, choices=offered, initial=initial)


@staff(*READERS)
@require_POST
def act(request: HttpRequest, letter_id: int, verb: str) -> HttpResponse:
    """Something is done about a letter; what is refused comes back with its words."""
    if verb not in set(Deed):
        raise NotFound
    deed, reader = Deed(verb), scope(request)
    about = queries.letter_for(reader, letter_id)
    actor = queries.deed_actor(reader, about, deed)
    form = form_of(deed, about, choices_of(about), request.POST)
    if not form.is_valid():
        return _page(request, about, refused=(deed, form), status=422)
    key = form.cleaned_data["command_id"]
    try:
        COMMANDS[deed](letter_id=about.id, **form.content(), actor=actor, at=now(), command_id=key)
    except DomainError as error:
        return _refused(request, letter_id, deed, form, error)
    notes.success(request, _("已办理：%s") % _(deed.label))
    return redirect("agents:letter", letter_id)


def _refused(
    request: HttpRequest, letter_id: int, deed: Deed, form: forms.DeedForm, error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    about = queries.letter_for(scope(request), letter_id)
    if deed in queries.deeds_of(scope(request), about, today()) and form.visible_fields():
        form.add_error(None, error.message)
        return _page(request, about, refused=(deed, form), status=error.status)
    message = refusal(error.message, form)
    return _page(request, about, message=message, status=error.status)


@staff(*READERS)
@require_GET
def document(request: HttpRequest, letter_id: int, document_id: int) -> HttpResponse:
    """A paper of a letter, to read and print."""
    about = queries.letter_for(scope(request), letter_id)
    context = page_context(_paper(about, document_id)) | {
        "back_route": "agents:letter",
        "number": letter_id,
        "pdf_url": reverse("agents:document_pdf", args=[letter_id, document_id]),
    }
    return private(render(request, "files/document.html", context))


@staff(*READERS)
@require_GET
def document_pdf(request: HttpRequest, letter_id: int, document_id: int) -> HttpResponse:
    found = _paper(queries.letter_for(scope(request), letter_id), document_id)
    answer = HttpResponse(drawn_pdf(found, site_url(request)), content_type="application/pdf")
    name = content_disposition_header(False, pdf_name(found))
    answer.headers["Content-Disposition"] = name or "inline"
    return private(answer)


def _paper(about: queries.AgencyLetter, document_id: int) -> files.Document:
    found = files.document_of(about.stream, document_id)
    if found is None:
        raise NotFound
    return found
