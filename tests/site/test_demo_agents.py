"""The demo's agent lives at any hour, also just after midnight."""

from datetime import date, datetime, timedelta

import pytest

from mingtang.base.clock import LEGAL_ZONE
from mingtang.projects.models import AgencyLetter
from mingtang.site.demo_agents import _Life
from tests.projects.bureau import Bureau
from tests.world import new_command_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("minute", [0, 30, 59, 61, 600])
def test_the_agents_life_is_told_at_any_hour(db, minute):
    bureau = Bureau()
    people = {"xiangmu": bureau.office, "daiban": bureau.agent}
    bureau.agent.username = "daiban"
    bureau.agent.save()
    at = datetime(2013, 10, 22, tzinfo=LEGAL_ZONE) + timedelta(minutes=minute)
    life = _Life(at, lambda who, _moment: bureau.actor(people[who]), lambda _name: new_command_id())
    life.tell(bureau.project.id)
    letter = AgencyLetter.objects.get()
    assert letter.signed_at is not None
    assert letter.acts.count() == 2
    assert date(2013, 9, 21) <= letter.valid_from <= date(2013, 9, 22)
