"""Views: major projects: those that were published, and the library as staff work on it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import check
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import reads
from mingtang.api.views.acts import Asked, Desk, acts
from mingtang.api.views.common import After, Id, next_of
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.projects import queries
from mingtang.projects.forms.projects import FORM_OF
from mingtang.projects.present_history import history
from mingtang.projects.rules.moves import READERS
from mingtang.projects.rules.states import ProjectState
from mingtang.projects.views.project import do_act, form_of

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
        "acts": [
            {"verb": deed.value, "label": str(deed.label), "about": {}}
            for deed in queries.deeds_for(scope(request), found)
            if deed in FORM_OF
        ],
        "history": history(found.stream),
    }


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
