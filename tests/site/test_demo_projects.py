"""The demo's projects load at every hour of the day, and show what a library shows."""

from datetime import datetime

import pytest

from mingtang.accounts.rules import Role
from mingtang.base.clock import LEGAL_ZONE
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.projects import queries
from mingtang.projects.models import MonthlyReport, Problem, Project
from mingtang.regions.models import Organisation
from mingtang.regions.services import load_regions
from mingtang.site import demo_projects
from tests.world import People, new_command_id

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.parametrize("hour", [0, 10, 23])
def test_at_every_hour(hour):
    at = datetime(2013, 11, 28, hour, 14, tzinfo=LEGAL_ZONE)
    load_regions(county="330881", actor=SYSTEM, at=at, command_id=new_command_id())
    unit = Organisation.objects.get(code="fgj")
    person = People().post("xiangmu", Role.PROJECT_OFFICE, unit)
    actor = Actor(id=str(person.id), label="赵文斌", organisation_id=str(unit.id))
    demo_projects.load(
        at, actor_of=lambda _who, _at: actor, command_id=lambda _name: new_command_id()
    )
    states = dict(Project.objects.values_list("type", "state"))
    assert states == {"new": "in_library", "continued": "suspended", "preparatory": "draft"}
    assert any(report.is_late for report in MonthlyReport.objects.all())
    assert Problem.objects.filter(solved_at=None).exists()
    factory = Project.objects.get(type="new")
    found = queries.elapsed(factory, at.date())
    assert found.total == sum(found.by_bucket.values()) > 60
