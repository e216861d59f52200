"""Views: an edition of a route as a file."""

from typing import Any

from django.http import HttpResponse

from mingtang.base.clock import legal_date
from mingtang.joint.queries.routes import unit_names
from mingtang.joint.rules import bpmn
from mingtang.joint.rules.route import route_of


def bpmn_file(edition: Any) -> HttpResponse:
    """An edition as BPMN 2.0, with the organisations' names of the day of its publication."""
    route, code = route_of(edition.content), edition.route.code
    names = unit_names([route], legal_date(edition.published_at))
    data = bpmn.write(
        route, code=code, name=edition.route.name, edition=edition.number, organisations=names
    )
    answer = HttpResponse(data, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}-{edition.number}.bpmn"'
    return answer
