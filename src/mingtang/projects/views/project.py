"""Views: one project: written down, looked at, acted upon."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import refusal
from mingtang.files.download import as_attachment, as_thumbnail
from mingtang.files.services import store
from mingtang.ledger.rules import Actor
from mingtang.projects import present, queries, services
from mingtang.projects.forms.projects import FORM_OF, DeedForm, NodeForm, ProjectForm, initial_of
from mingtang.projects.present_deeds import hints_of, offers_of, unit_choices
from mingtang.projects.present_history import history
from mingtang.projects.rules.moves import AGENTS, DEEDS, OFFICE, READERS, UNIT, Deed
from mingtang.projects.views.common import my_project, places, private, programme_choices

WRITE = ["GET", "HEAD", "POST"]


# ── written down ──────────────────────────────────────────────────────────────────────────────


def choices_of(request: HttpRequest) -> dict[str, Any]:
    """What the form of a project offers."""
    on = today()
    return {
        "places": places(scope(request), on),
        "units": unit_choices(on),
        "programmes": programme_choices(),
    }


@staff(*OFFICE)
@require_http_methods(WRITE)
@sensitive_post_parameters("owner_contact", "owner_phone")
def new(request: HttpRequest) -> HttpResponse:
    """The office of projects writes a project down as a draft."""
    form = ProjectForm(request.POST or None, **choices_of(request))
    if form.is_valid():
        try:
            made = enter(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            notes.success(request, _("项目已存为草稿。有了审议同意文件，再办“审议入库”。"))
            return redirect("projects:project", int(made["project_id"]))
    return _form_page(request, form, None)


@staff(*OFFICE)
@require_http_methods(WRITE)
@sensitive_post_parameters("owner_contact", "owner_phone")
def edit(request: HttpRequest, project_id: int) -> HttpResponse:
    """Change what is written of a project; the history keeps before and after."""
    reader, project = scope(request), my_project(request, project_id)
    actor = queries.permit(reader, project, Deed.CHANGE)
    form = change_form(request, project, request.POST or None)
    if form.is_valid():
        try:
            change(project, form, actor)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            notes.success(request, _("项目信息已变更，变更记录可查。"))
            return redirect("projects:project", project.id)
    return _form_page(request, form, project)


def change_form(request: HttpRequest, project: Any, data: Any) -> ProjectForm:
    """What is written of a project, to be changed; programmes that it carries stay offered."""
    choices = choices_of(request)
    held = [(one.programme.code, one.programme.name) for one in project.programmes.all()]
    choices["programmes"] += [one for one in held if one not in choices["programmes"]]
    return ProjectForm(data, initial=initial_of(project), asks_reason=True, **choices)


def enter(request: HttpRequest, form: ProjectForm) -> dict[str, Any]:
    """Write down what a form says that was found sound. Raises DomainError."""
    return services.enter(
        content=form.content,
        **form.marks,
        actor=queries.office_actor(scope(request), _("录入项目")),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )


def change(project: Any, form: ProjectForm, actor: Actor) -> dict[str, Any]:
    """Change what a form says that was found sound. Raises DomainError."""
    return services.change(
        project_id=project.id,
        content=form.content,
        **form.marks,
        reason=form.cleaned_data["reason"],
        actor=actor,
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )


def _form_page(request: HttpRequest, form: ProjectForm, project: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "project": project}
    return private(render(request, "projects/form.html", context, status=status))


# ── looked at ─────────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    """One project: what it is, what it owes, its plan, matters, papers, problems, reports."""
    return _page(request, my_project(request, project_id))


def _page(
    request: HttpRequest,
    found: Any,
    *,
    refused: tuple[Deed, DeedForm] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    on, reader = today(), scope(request)
    deeds = queries.deeds_for(reader, found)
    context = {
        "project": {"id": found.id, "name": found.name, "stage": found.stage},
        "state": present.state(found),
        "is_published": found.is_published,
        "is_draft": found.admitted_at is None,
        "progress": found.progress,
        "facts": present.facts(found, on, shows_owner=reader.has_role(OFFICE | AGENTS | UNIT)),
        "limits": present.limits(found, on),
        "nodes": present.nodes(found, on),
        "days": present.days(found, on),
        "matters": present.matters(found, on),
        "years": present.years(found),
        "reports": present.reports(found),
        "problems": present.problems(found, on),
        "papers": present.papers(found),
        "suspensions": queries.suspensions_of(found),
        "history": history(found.stream),
        "may_change": Deed.CHANGE in deeds,
        "may_plan": Deed.PLAN_NODE in deeds,
        "acts": _acts(found, deeds, refused),
        "message": message,
    }
    return private(render(request, "projects/project.html", context, status=status))


def _acts(found: Any, deeds: list[Deed], refused: tuple[Deed, DeedForm] | None) -> list[Any]:
    """The deeds that a reader may do, each with its form; changing has a page of its own."""
    acts = []
    for deed in deeds:
        if deed not in FORM_OF or not _applies(found, deed):
            continue
        form = form_of(found, deed)
        if refused and refused[0] is deed:
            form = refused[1]
        acts.append(
            {
                "verb": deed.value,
                "label": _label(found, deed),
                "url": reverse("projects:act", args=[found.id, deed.value]),
                "tone": "primary" if deed in {Deed.ADMIT, Deed.REPORT} else "plain",
                "form": form,
            }
        )
    return acts


def _label(found: Any, deed: Deed) -> str:
    """A report says of which month it is."""
    owed = queries.owed_month(found) if deed is Deed.REPORT else None
    return _("报送%s月报") % owed.label if owed else deed.label


def _applies(found: Any, deed: Deed) -> bool:
    """What makes no sense now is not offered: nothing to solve, nothing to amend."""
    if deed is Deed.SOLVE_PROBLEM:
        return any(one.solved_at is None for one in found.problems.all())
    if deed is Deed.AMEND:
        return bool(queries.reports_of(found))
    if deed in {Deed.PUBLISH, Deed.UNPUBLISH}:
        return bool(found.is_published) is (deed is Deed.UNPUBLISH)
    return True


def form_of(found: Any, deed: Deed, data: Any = None, files: Any = None) -> DeedForm:
    on = today()
    offers, hints = offers_of(deed, found, on), hints_of(deed, found, on)
    return FORM_OF[deed](data, files, offers=offers, hints=hints)


# ── acted upon ────────────────────────────────────────────────────────────────────────────────

COMMANDS: dict[Deed, Callable[..., dict[str, Any]]] = {
    Deed.ADMIT: services.admit,
    Deed.PLAN_YEAR: services.plan_year,
    Deed.REPORT: services.report_month,
    Deed.AMEND: services.amend_month,
    Deed.RAISE_PROBLEM: services.raise_problem,
    Deed.SOLVE_PROBLEM: services.solve_problem,
    Deed.ADD_PAPER: services.add_paper,
    Deed.CHOOSE_ROUTE: services.choose_route,
    Deed.ADD_MILESTONE: services.add_milestone,
    Deed.PUBLISH: services.publish,
    Deed.UNPUBLISH: services.unpublish,
    Deed.SUSPEND: services.suspend,
    Deed.RESUME: services.resume,
    Deed.COMPLETE: services.complete,
    Deed.ARCHIVE: services.archive,
}
BY_ANOTHER_ID = {Deed.AMEND, Deed.SOLVE_PROBLEM}  # the report or the problem says which project


@staff(*READERS)
@require_POST
def act(request: HttpRequest, project_id: int, verb: str) -> HttpResponse:
    """One deed on a project; what is refused comes back with its words."""
    deed = next((one for one in FORM_OF if one.value == verb), None)
    if deed is None:
        raise NotFound
    found = my_project(request, project_id)
    actor = queries.permit(scope(request), found, deed)
    form = form_of(found, deed, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, refused=(deed, form), status=422)
    try:
        do_act(request, found, deed, form, actor)
    except DomainError as error:
        return _refused(request, project_id, deed, form, error)
    notes.success(request, _("已办理：%s") % deed.label)
    return redirect("projects:project", found.id)


def do_act(
    request: HttpRequest, found: Any, deed: Deed, form: DeedForm, actor: Actor
) -> dict[str, Any]:
    """What a form that was found sound says, with the files that came along. Raises
    DomainError."""
    command_id = form.cleaned_data["command_id"]
    content = form.content | _stored(request, deed, command_id)
    if deed not in BY_ANOTHER_ID:
        content["project_id"] = found.id
    return COMMANDS[deed](**content, actor=actor, at=now(), command_id=command_id)


def _stored(request: HttpRequest, deed: Deed, command_id: str) -> dict[str, Any]:
    """Uploads of the form, safe on disk before the command begins. Raises RefusedFile."""
    if deed is Deed.REPORT:
        kept = [store(one, command_id=command_id) for one in request.FILES.getlist("pictures")]
        return {"pictures": list({one.storage_key: one for one in kept}.values())}
    if deed in {Deed.ADMIT, Deed.ADD_PAPER}:
        uploaded: Any = request.FILES["file"]
        return {"file": store(uploaded, command_id=command_id)}
    return {}


def _refused(
    request: HttpRequest, project_id: int, deed: Deed, form: DeedForm, error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    found = my_project(request, project_id)
    if deed in queries.deeds_for(scope(request), found):
        form.add_error(None, error.message)
        return _page(request, found, refused=(deed, form), status=error.status)
    message = refusal(error.message, form)
    return _page(request, found, message=message, status=error.status)


# ── a node ────────────────────────────────────────────────────────────────────────────────────


@staff(*DEEDS[Deed.PLAN_NODE].roles)
@require_http_methods(WRITE)
def node(request: HttpRequest, project_id: int, node_id: int) -> HttpResponse:
    """Plan the days of a node, or note what happened."""
    reader, found = scope(request), my_project(request, project_id)
    actor = queries.permit(reader, found, Deed.PLAN_NODE)
    mine = next((one for one in queries.nodes_of(found.id) if one.id == node_id), None)
    if mine is None:
        raise NotFound
    days = ("planned_start_date", "planned_end_date", "started_date", "ended_date", "delay_reason")
    hints = {name: getattr(mine, name) for name in days}
    form = NodeForm(request.POST or None, hints=hints)
    if form.is_valid():
        try:
            services.plan_node(
                node_id=mine.id,
                **form.content,
                actor=actor,
                at=now(),
                command_id=form.cleaned_data["command_id"],
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            notes.success(request, _("已登记：%s") % mine.name)
            return redirect("projects:project", found.id)
    context = {"form": form, "project": found, "node": mine}
    status = 422 if form.errors else 200
    return private(render(request, "projects/node.html", context, status=status))


# ── files ─────────────────────────────────────────────────────────────────────────────────────


def _upload(request: HttpRequest, project_id: int, upload_id: int) -> Any:
    found = queries.file_of(my_project(request, project_id), upload_id)
    if found is None:
        raise NotFound
    return found


@staff(*READERS)
@require_GET
def file(request: HttpRequest, project_id: int, upload_id: int) -> HttpResponseBase:
    return as_attachment(_upload(request, project_id, upload_id))


@staff(*READERS)
@require_GET
def thumbnail(request: HttpRequest, project_id: int, upload_id: int) -> HttpResponse:
    return as_thumbnail(_upload(request, project_id, upload_id))
