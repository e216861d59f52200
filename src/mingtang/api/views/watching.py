"""Views: major projects that were published, and the cards of supervision."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import reads
from mingtang.api.views.common import After, next_of
from mingtang.base.clock import today
from mingtang.base.paging import DateCursor
from mingtang.projects import queries as projects
from mingtang.projects.rules.states import ProjectState
from mingtang.supervision import present, queries
from mingtang.supervision.rules import READERS

router = Router(tags=["项目和监察"])


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
        for one in projects.published()
    ]
    return {"rows": rows, "next": None}


@reads(router, "/cards", staff(*READERS), shapes.Page[shapes.CardLine], "提醒、黄牌和红牌")
def cards(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """The cards that the reader's posts open, the latest first."""
    page = queries.cards(scope(request), queries.Filters(), DateCursor.read(after))
    rows = [
        {**one, "colour": one["colour"]["value"], "state": str(one["state"]["label"])}
        for one in present.rows(page.cards, today())
    ]
    return {"rows": rows, "next": next_of(page.next)}
