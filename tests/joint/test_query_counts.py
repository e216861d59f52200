"""What it costs to accept a matter: so many statements for each part that opens, not more."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.joint import services as joint
from tests.joint.office import Route, Stage, node
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
SIDE_BY_SIDE = ("plan", "land", "water", "environment")


def _statements(office, at, nodes):
    matter = office.open(at, nodes=nodes)
    by = {"actor": office.world.actor(office.clerk), "at": at, "command_id": new_command_id()}
    keys = [one.key for one in matter.materials.all()]
    with CaptureQueriesContext(connection) as found:
        joint.accept(joint_id=matter.id, brought=keys, **by)
    kept = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not one["sql"].startswith(kept) for one in found)


@pytest.mark.once
@pytest.mark.slow
def test_each_part_that_opens_costs_the_same(office, at):
    office.publish(Route((Stage("s", "审批", tuple(node(key) for key in SIDE_BY_SIDE)),)))
    _statements(office, at, SIDE_BY_SIDE[:1])  # series of numbers begin
    _statements(office, at, SIDE_BY_SIDE)
    costs = [_statements(office, at, SIDE_BY_SIDE[:count]) for count in (1, 2, 3, 4)]
    steps = {later - earlier for earlier, later in pairwise(costs)}
    assert len(steps) == 1, costs
    assert steps.pop() < 60
