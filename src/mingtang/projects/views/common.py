"""Views: what those of projects share."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from mingtang.accounts.policy import scope
from mingtang.accounts.rules import Scope
from mingtang.projects import queries
from mingtang.projects.rules.moves import READERS
from mingtang.regions import queries as regions

Choice = tuple[str, Any]


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


def county_of(reader: Scope, on: date) -> str:
    """The code of the county where a reader works."""
    grant = next(grant for grant in reader.grants if grant.role in READERS)
    return f"{regions.organisation_card(grant.organisation_id, on).area6}000000"


def places(reader: Scope, on: date) -> list[Choice]:
    """The county itself and its townships."""
    county = county_of(reader, on)
    whole = regions.region_ids_of_codes([county])
    name = regions.region_path(county)
    first = [(str(whole[county]), name[-1])] if county in whole else []
    return [*first, *((str(one.id), one.name) for one in regions.townships(county, on))]


def programme_choices(*, every: bool = False) -> list[Choice]:
    """Programmes that take projects; `every`: archived ones too."""
    return [(one.code, one.name) for one in queries.programmes() if every or one.state == "active"]


def my_project(request: HttpRequest, project_id: int) -> Any:
    return queries.project_for(scope(request), project_id)
