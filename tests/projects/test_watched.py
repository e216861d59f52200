"""What a project owes is watched by supervision, which knows it by its events alone."""

from datetime import date

import pytest

from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from mingtang.supervision import queries, services
from tests.projects.office import Office
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(office: Office) -> Office:
    services.load_shipped_rules(
        since=date(2013, 1, 1),
        actor=SYSTEM,
        at=morning(2013, 1, 4),
        command_id=new_command_id(),
    )
    return office


def cards(project, on):
    """Rule and unit of the cards that there are on a day."""
    deliver_all(on)
    services.sweep(on)
    deliver_all(on)
    found = queries.for_subject(project.stream)
    return {(one.rule_code, one.organisation_id) for one in found}


def test_a_report_that_is_late_is_its_units(watched):
    project = watched.admitted()
    assert cards(project, morning(2013, 3, 25)) == set()
    late = {("PROJECT_REPORT_LATE", watched.water.id)}
    assert cards(project, morning(2013, 3, 26)) == late
    watched.report(project, 3, 1, 1, at=morning(2013, 3, 27))
    assert cards(project, morning(2013, 3, 28)) == late  # what was late was late


def test_a_problem_is_whoever_is_to_clear_it(watched):
    project = watched.admitted()
    watched.do(
        "raise_problem",
        project_id=project.id,
        category="land",
        text="尚有两户未签约",
        owner_id=watched.planning.id,
        due_date=date(2013, 3, 8),
    )
    watched.report(project, 3, 1, 1, at=morning(2013, 3, 4))
    assert cards(project, morning(2013, 3, 11)) == {("PROJECT_PROBLEM_OVER", watched.planning.id)}


def test_a_node_is_warned_of_before_it_is_late(watched):
    project = watched.admitted()
    watched.do(
        "add_milestone",
        project_id=project.id,
        stage="施工",
        name="桩基完成",
        kind="owner",
        unit_id=watched.planning.id,
        planned_end_date=date(2013, 3, 15),
    )
    watched.report(project, 3, 1, 1, at=morning(2013, 3, 4))
    soon = {("PROJECT_NODE_SOON", watched.planning.id)}
    assert cards(project, morning(2013, 3, 7)) == set()
    assert cards(project, morning(2013, 3, 11)) == soon
    over = {("PROJECT_NODE_OVER", watched.planning.id)}
    assert cards(project, morning(2013, 3, 18)) == soon | over
