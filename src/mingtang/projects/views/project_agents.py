"""Views: the agents and intermediary services of one project; engagements that end or are rated."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotAllowed, NotFound
from mingtang.ledger.rules import Actor
from mingtang.projects import present_agents as present
from mingtang.projects.forms import agents as forms
from mingtang.projects.forms.intermediaries import CompleteForm, EngageForm
from mingtang.projects.queries import agency, intermediaries
from mingtang.projects.queries.rights import project_for
from mingtang.projects.rules.moves import READERS
from mingtang.projects.services import agency as letters
from mingtang.projects.services import intermediaries as services
from mingtang.projects.views.agents import private
from mingtang.regions import queries as regions

DRAW, ENGAGE, COMPLETE, RATE = "draw", "engage", "complete", "rate"
LABELS = {DRAW: "起草委托书", ENGAGE: "登记中介服务"}


@staff(*READERS)
@require_GET
def of_project(request: HttpRequest, project_id: int) -> HttpResponse:
    """Who acts for the owner of a project, and which intermediaries work on it."""
    return _page(request, project_id)


Refused = tuple[str, forms.DeedForm]


def _page(
    request: HttpRequest, project_id: int, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    on, reader = today(), scope(request)
    project = project_for(reader, project_id)
    context = {
        "project": project,
        "letters": [present.letter(one, on) for one in agency.letters_of_project(project.id)],
        "engagements": [
            present.engagement(one, on) | {"acts": _engagement_acts(request, one, refused)}
            for one in intermediaries.engagements_of(project.id)
        ],
        "acts": _project_acts(request, project, refused),
    }
    return private(render(request, "agents/project.html", context, status=status))


def _project_acts(request: HttpRequest, project: Any, refused: Refused | None) -> list[Any]:
    """What the reader may add: a letter, an engagement."""
    found = []
    verbs = (ENGAGE,) if agency.has_standing_letter(project.id, today()) else (DRAW, ENGAGE)
    for verb in verbs:
        if _may(lambda verb=verb: project_actor(request, project, verb)):  # type: ignore[misc]
            kept = refused[1] if refused and refused[0] == verb else None
            url = reverse("agents:project_act", args=[project.id, verb])
            form = kept or project_form(project, verb)
            found.append({"verb": verb, "label": _(LABELS[verb]), "url": url, "form": form})
    return found


def _may(ask: Callable[[], Actor]) -> bool:
    try:
        ask()
    except (NotAllowed, NotFound):
        return False
    return True


def project_actor(request: HttpRequest, project: Any, verb: str) -> Actor:
    if verb == DRAW:
        return agency.office_actor(scope(request), project.responsible_id)
    return intermediaries.noter(scope(request), project.id)


def project_form(project: Any, verb: str, data: Any = None) -> forms.DeedForm:
    on = today()
    nodes = agency.nodes_of_project(project.id)
    if verb == DRAW:
        agents = agency.agents_near(project.responsible_id, on)
        offered: dict[str, forms.Choices] = {
            "agent_id": [(one.id, one.name) for one in agents],
            "node_keys": nodes,
        }
        return forms.DrawLetterForm(data, choices=offered, initial={"valid_from": on})
    firms = intermediaries.engageable(on)
    units = regions.units_of_county(project.responsible_id)
    names = sorted(regions.names_of(units, on).items(), key=lambda pair: pair[1])
    offered = {
        "intermediary_id": [(one.id, f"{one.name}（{one.get_trade_display()}）") for one in firms],
        "node": [("", _("不选环节，自己写")), *nodes],
        "organisation_id": names,
    }
    initial = {"started_date": on, "organisation_id": project.responsible_id}
    return EngageForm(data, choices=offered, initial=initial)


@staff(*READERS)
@require_POST
def project_act(request: HttpRequest, project_id: int, verb: str) -> HttpResponse:
    """A letter is drawn up, or an engagement written down."""
    if verb not in LABELS:
        raise NotFound
    project = project_for(scope(request), project_id)
    actor = project_actor(request, project, verb)
    form = project_form(project, verb, request.POST)
    if not form.is_valid():
        return _page(request, project_id, (verb, form), 422)
    command = letters.draw_letter if verb == DRAW else services.engage
    content = {**form.content(), "project_id": project.id}
    try:
        made = command(**content, actor=actor, at=now(), command_id=form.cleaned_data["command_id"])
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, project_id, (verb, form), error.status)
    notes.success(request, _("已办理：%s") % _(LABELS[verb]))
    if verb == DRAW:
        return redirect("agents:letter", made["letter_id"])
    return redirect("agents:of_project", project_id)


# ── engagements ───────────────────────────────────────────────────────────────────────────────


def _engagement_acts(
    request: HttpRequest, one: intermediaries.Engagement, refused: Refused | None
) -> list[dict[str, Any]]:
    """What the reader may do about an engagement: say that it ended, rate it for the department."""
    verb = RATE if one.completed_at else COMPLETE
    if verb == RATE and any(said.side == "department" for said in one.ratings.all()):
        return []
    if not _may(lambda: engagement_actor(request, one, verb)):
        return []
    name = f"{verb}-{one.id}"
    kept = refused[1] if refused and refused[0] == name else None
    label = _("登记完成") if verb == COMPLETE else _("部门评价")
    url = reverse("agents:engagement_act", args=[one.id, verb])
    form = kept or engagement_form(verb)
    return [{"verb": name, "label": label, "url": url, "form": form}]


def engagement_form(verb: str, data: Any = None) -> forms.DeedForm:
    kind = CompleteForm if verb == COMPLETE else forms.LevelForm
    return kind(data, initial={"ended_date": today()})


def engagement_actor(request: HttpRequest, one: intermediaries.Engagement, verb: str) -> Actor:
    if verb == COMPLETE:
        return intermediaries.noter(scope(request), one.project_id)
    return intermediaries.rater(scope(request), one)


@staff(*READERS)
@require_POST
def engagement_act(request: HttpRequest, engagement_id: int, verb: str) -> HttpResponse:
    """An engagement ended, or the department says how content it is."""
    if verb not in {COMPLETE, RATE}:
        raise NotFound
    about = intermediaries.engagement_for(scope(request), engagement_id)
    actor = engagement_actor(request, about, verb)
    form = engagement_form(verb, request.POST)
    name = f"{verb}-{about.id}"
    if not form.is_valid():
        return _page(request, about.project_id, (name, form), 422)
    content = form.content() | ({"side": "department"} if verb == RATE else {})
    command = services.complete if verb == COMPLETE else services.rate_engagement
    key = form.cleaned_data["command_id"]
    try:
        command(engagement_id=about.id, **content, actor=actor, at=now(), command_id=key)
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, about.project_id, (name, form), error.status)
    notes.success(request, _("已登记。"))
    return redirect("agents:of_project", about.project_id)
