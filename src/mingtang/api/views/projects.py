"""Views: major projects: those that were published, and the library as staff work on it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import check
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import reads
from mingtang.api.views.acts import Asked, Desk, acts, deed
from mingtang.api.views.common import After, Id, next_of
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.messages.forms import CommandForm
from mingtang.projects import queries, services
from mingtang.projects.forms.programmes import ProgrammeForm
from mingtang.projects.forms.projects import FORM_OF, NodeForm, ProjectForm
from mingtang.projects.present_history import history
from mingtang.projects.rules.moves import DEEDS, OFFICE, READERS, Deed
from mingtang.projects.rules.states import ProjectState
from mingtang.projects.views import programmes
from mingtang.projects.views.project import (
    change,
    change_form,
    choices_of,
    do_act,
    enter,
    form_of,
)

router = Router(tags=["重大项目"])


@reads(router, "/projects", everybody(), shapes.Page[shapes.OpenProject], "公布的重大项目")
def open_projects(request: HttpRequest) -> dict[str, Any]:
    """What is meant for everyone: name, place and stage."""
    rows = [
        {
            "name": one.name,
            "place": one.place.name,
            "stage": one.stage,
            "is_done": one.state in {ProjectState.COMPLETED, ProjectState.ARCHIVED},
        }
        for one in queries.published()
    ]
    return {"rows": rows, "next": None}


@reads(router, "/desk/projects", staff(*READERS), shapes.Page[shapes_desks.ProjectLine], "项目库")
def library(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """The projects that the reader may see, the latest entered first."""
    found, more = queries.library(scope(request), queries.Sought(), today(), Cursor.read(after))
    return {"rows": [_line(one) for one in found], "next": next_of(more)}


def _line(one: Any) -> dict[str, Any]:
    state = ProjectState(one.state)
    return {
        "id": str(one.id),
        "name": one.name,
        "place": one.place.name,
        "stage": one.stage,
        "state": state.value,
        "state_label": str(state.label),
    }


@reads(router, "/desk/projects/{id}", staff(*READERS), shapes_desks.ProjectFile, "一个项目")
def project(request: HttpRequest, id: Id) -> dict[str, Any]:
    """A project, what happened to it, and what the reader may do now."""
    found = _found(request, id)
    return {
        **_line(found),
        "nodes": [_node(one) for one in queries.nodes_of(found.id)],
        "problems": [
            {"id": str(one.id), "text": one.text, "is_solved": one.solved_at is not None}
            for one in queries.problems_of(found)
        ],
        "acts": [
            {"verb": deed.value, "label": str(deed.label), "about": {}}
            for deed in queries.deeds_for(scope(request), found)
            if deed in FORM_OF
        ],
        "history": history(found.stream),
    }


def _node(one: Any) -> dict[str, Any]:
    days = ("planned_start_date", "planned_end_date", "started_date", "ended_date")
    kept = {name: getattr(one, name) for name in ("key", "name", "stage", *days)}
    return {"id": str(one.id), **kept}


def _found(request: HttpRequest, key: str) -> Any:
    return queries.project_for(scope(request), parse_id(key) or 0)


def _act(asked: Asked) -> Any:
    found, deed = asked.about, asked.verb
    actor = queries.permit(asked.reader, found, deed)
    form = form_of(found, deed, asked.data, asked.request.FILES)
    check(form)
    return do_act(asked.request, found, deed, form, actor)


def _stands(found: Any) -> tuple[str, ProjectState]:
    found.refresh_from_db(fields=["state"])
    return str(found.id), ProjectState(found.state)


acts(
    router,
    "/desk/projects/{id}",
    staff(*READERS),
    Desk(forms=FORM_OF, find=_found, do=_act, stands=_stands),
)


# ── written down, planned ─────────────────────────────────────────────────────────────────────


def _enter(asked: Asked) -> Any:
    form = ProjectForm(asked.data, **choices_of(asked.request))
    check(form)
    return enter(asked.request, form)


def _change(asked: Asked) -> Any:
    found = _found(asked.request, asked.about["id"])
    actor = queries.permit(asked.reader, found, Deed.CHANGE)
    form = change_form(asked.request, found, asked.data)
    check(form)
    return change(found, form, actor)


def _plan(asked: Asked) -> Any:
    found = _found(asked.request, asked.about["id"])
    actor = queries.permit(asked.reader, found, Deed.PLAN_NODE)
    node_id = parse_id(asked.about["node"])
    if node_id not in {one.id for one in queries.nodes_of(found.id)}:
        raise NotFound
    return services.plan_node(node_id=node_id, **asked.sound(NodeForm).content, **asked.by(actor))


deed(router, "/desk/projects", staff(*OFFICE), ProjectForm, _enter, "录入项目")
deed(router, "/desk/projects/{id}/change", staff(*OFFICE), ProjectForm, _change, "变更项目")
PLANNERS = staff(*DEEDS[Deed.PLAN_NODE].roles)
deed(router, "/desk/projects/{id}/nodes/{node}", PLANNERS, NodeForm, _plan, "排一个节点")


# ── programmes ────────────────────────────────────────────────────────────────────────────────


@reads(
    router,
    "/desk/programmes",
    staff(*READERS),
    shapes.Page[shapes_desks.ProgrammeLine],
    "项目计划",
)
def programme_list(request: HttpRequest) -> dict[str, Any]:
    """Programmes with how many projects carry each."""
    names = ("code", "name", "state")
    rows = [
        {"id": str(one.id), **{name: getattr(one, name) for name in names}}
        for one in queries.programmes()
    ]
    return {"rows": rows, "next": None}


def _programme(asked: Asked) -> Any:
    found = queries.programme_of(parse_id(asked.about["id"]) or 0)
    form = ProgrammeForm(asked.data, elements=found.elements)
    check(form)
    return programmes.change(asked.request, found, form)


def _shelve(verb: str) -> Any:
    def do(asked: Asked) -> Any:
        found = queries.programme_of(parse_id(asked.about["id"]) or 0)
        actor = queries.office_actor(asked.reader, "归档计划")
        return programmes.COMMANDS[verb](programme_id=found.id, **asked.by(actor))

    return do


PROGRAMME = "/desk/programmes/{id}"
deed(router, f"{PROGRAMME}/change", staff(*OFFICE), ProgrammeForm, _programme, "改动计划")
for _verb, _said in (("archive", "归档计划"), ("reopen", "重新启用计划")):
    deed(
        router,
        f"{PROGRAMME}/{_verb}",
        staff(*OFFICE),
        CommandForm,
        _shelve(_verb),
        _said,
        is_open=False,
    )
