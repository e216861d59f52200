"""The board: whom a county's agents serve, what each carries, and what it was worth."""

from datetime import date, timedelta

import pytest

from mingtang.projects.models import NodePlan
from mingtang.projects.queries import portfolio
from mingtang.timing.queries import current_calendar
from tests.projects.bureau import Bureau

pytestmark = pytest.mark.django_db
DAY = Bureau.start


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau()


def done(project, key, first, last):
    NodePlan.objects.filter(project=project, key=key).update(started_date=first, ended_date=last)


def test_coverage_counts_running_projects_with_a_letter_in_force(bureau):
    scope = bureau.scope(bureau.office)
    assert portfolio.coverage(scope, DAY).percent == 0
    bureau.drawn()  # not signed yet
    assert portfolio.coverage(scope, DAY).part == 0
    bureau.signed(bureau.make_project("二号"))
    found = portfolio.coverage(scope, DAY)
    assert (found.part, found.whole, found.percent) == (1, 2, 50)
    later = portfolio.coverage(scope, DAY + timedelta(days=91))
    assert later.part == 0


def test_the_load_of_each_agent_also_of_who_carries_nothing(bureau):
    letter = bureau.signed()
    bureau.do("plan", letter_id=letter.id, node="eia", planned_date=DAY - timedelta(days=1))
    bureau.acted(letter)
    first, second = portfolio.loads(bureau.scope(bureau.office), DAY)
    assert (first.agent_id, first.letter_count, first.late_count, first.open_count) == (
        *(bureau.agent.id, 1, 1, 1),
    )
    assert (second.agent_id, second.letter_count) == (bureau.second.id, 0)


def test_the_board_is_narrowed_by_stage_and_agent(bureau):
    scope, other = bureau.scope(bureau.office), bureau.make_project("二号", stage="施工许可")
    one, two = bureau.signed(), bureau.signed(other, agent_id=bureau.second.id)
    assert [row.id for row in portfolio.board(scope, DAY).rows] == [two.id, one.id]
    assert [row.id for row in portfolio.board(scope, DAY, stage="施工许可").rows] == [two.id]
    mine = portfolio.board(scope, DAY, agent_id=bureau.agent.id)
    assert [row.id for row in mine.rows] == [one.id]
    assert dict(portfolio.stages(scope)) == {"立项": 1, "施工许可": 1}


def test_days_saved_hold_like_against_like_and_hide_small_samples(bureau):
    scope, calendar = bureau.scope(bureau.office), current_calendar()
    helped = [bureau.project, bureau.make_project("二号")]
    alone = [bureau.make_project("三号"), bureau.make_project("四号")]
    for project in helped:
        bureau.signed(project)
        done(project, "eia", DAY, date(2013, 9, 24))
    for project in alone:
        done(project, "eia", DAY, date(2013, 10, 8))
    done(bureau.project, "survey", DAY, DAY)  # an intermediary's time is another bucket
    (eia,) = portfolio.days_saved(scope, calendar, 2)
    with_agent = calendar.count(DAY, date(2013, 9, 24))
    without = calendar.count(DAY, date(2013, 10, 8))
    assert (eia.with_count, eia.without_count) == (2, 2)
    assert eia.saved == without - with_agent > 0
    (hidden,) = portfolio.days_saved(scope, calendar, 3)
    assert (hidden.with_median, hidden.saved, hidden.with_count) == (None, None, 2)


def test_an_agent_before_or_after_a_node_is_none_of_it(bureau):
    scope, calendar = bureau.scope(bureau.office), current_calendar()
    done(bureau.project, "eia", DAY - timedelta(days=20), DAY - timedelta(days=10))
    bureau.signed()
    (eia,) = portfolio.days_saved(scope, calendar, 1)
    assert (eia.with_count, eia.without_count) == (0, 1)
