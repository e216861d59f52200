"""Paths of the API."""

from typing import Any

from django.urls import path

from mingtang.accounts.policy import Policy
from mingtang.api.interface import api
from mingtang.api.views import (
    agents,
    assessing,
    authoring,
    campaigns,
    cases,
    consultations,
    going_public,
    house,
    items,
    joint,
    letters,
    licences,
    meetings,
    own_data,
    progress,
    projects,
    publications,
    queues,
    ratings,
    reports,
    requests,
    systems,
    tasks,
    troubles,
    village_settings,
    villages,
    watching,
)

app_name = "api"

_PARTS = (
    *(items, cases, progress, joint, meetings, publications, letters, requests),
    *(village_settings, villages, queues, consultations, projects, agents, watching, tasks),
    *(
        authoring,
        campaigns,
        assessing,
        reports,
        ratings,
        own_data,
        troubles,
        licences,
        going_public,
        house,
    ),
)
for _part in _PARTS:
    api.add_router("", _part.router)


def _operations() -> list[Any]:
    """Each operation asks at its own door; of its path nothing else is known."""
    patterns: list[Any] = api.urls[0]
    found = [one for one in patterns if one.name != "api-root"]
    for one in found:
        one.callback.policy = Policy("api")
    return found


urlpatterns = [
    path("openapi.json", systems.openapi, name="openapi"),
    path("reference/", systems.reference, name="reference"),
    path("token", systems.token, name="token"),
    *_operations(),
]
