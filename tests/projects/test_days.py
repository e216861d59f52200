"""Each elapsed working day of a project is somebody's, and only one's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.joint.rules.route import NodeKind
from mingtang.projects import queries
from mingtang.projects.models import NodePlan
from mingtang.projects.rules.buckets import BUCKET_OF, Bucket, bucket_days, stretches
from mingtang.projects.rules.claims import Span, still, without, work
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import shipped_calendar
from tests.world import morning

FIRST = date(2013, 1, 4)
DAYS = st.integers(0, 400).map(lambda days: FIRST + timedelta(days=days))


@st.composite
def spans(draw):
    after = draw(DAYS)
    return Span(after, draw(st.none() | DAYS.map(lambda day: max(day, after))))


def days_in(span, until=FIRST + timedelta(days=500)):
    """The days of a span, one by one."""
    last = span.until or until
    count = (last - span.after).days
    return {span.after + timedelta(days=number) for number in range(1, count + 1)}


@given(spans(), st.lists(spans(), max_size=4))
def test_what_is_left_of_a_span_is_what_no_hole_has(span, holes):
    left = without(span, holes)
    expected = days_in(span) - {day for hole in holes for day in days_in(hole)}
    assert {day for one in left for day in days_in(one)} == expected
    assert sum(len(days_in(one)) for one in left) == len(expected)  # no day twice


LIVES = st.lists(
    st.tuples(st.sampled_from(NodeKind), spans(), st.lists(spans(), max_size=2)), max_size=8
)


@given(LIVES, st.lists(spans(), max_size=2), DAYS, DAYS)
def test_buckets_of_random_lives_add_up_exactly(nodes, suspended, one, other):
    since, until = min(one, other), max(one, other)
    claims = [claim for kind, span, asked in nodes for claim in work(kind, span, asked)]
    claims += [still(span) for span in suspended]
    calendar = shipped_calendar()
    days = bucket_days(claims, since, until, calendar)
    assert sum(days.values()) == calendar.count(since, until)
    assert sum(part.days for part in stretches(claims, since, until, calendar)) == sum(
        days.values()
    )
    assert set(days) == set(Bucket)


@given(spans(), st.lists(spans(), min_size=1, max_size=3))
def test_while_the_owner_corrects_it_is_not_the_governments(span, asked):
    claims = work(NodeKind.CASE, span, asked)
    theirs = {d for one in claims if one.bucket is Bucket.GOVERNMENT for d in days_in(one)}
    assert not theirs & {day for one in asked for day in days_in(one)}


def test_work_on_every_kind_of_node_has_a_bucket():
    assert set(BUCKET_OF) == set(NodeKind)


@pytest.mark.django_db
class TestOfAProject:
    def life(self, office):
        project = office.admitted(at=morning(2013, 3, 1))
        office.do("choose_route", project_id=project.id, route_edition_id=office.route().id)
        for key, started, ended in (
            ("filing", date(2013, 3, 4), date(2013, 3, 8)),
            ("note", date(2013, 3, 6), date(2013, 3, 20)),
        ):
            node = NodePlan.objects.get(key=key)
            office.do(
                "plan_node",
                at=morning(2013, 4, 1),
                node_id=node.id,
                planned_start_date=None,
                planned_end_date=None,
                started_date=started,
                ended_date=ended,
            )
        at, on = morning(2013, 4, 8), date(2013, 4, 8)
        office.do("suspend", at=at, project_id=project.id, reason="x", from_date=on)
        at = morning(2013, 4, 15)
        office.do("resume", at=at, project_id=project.id, resumed_date=date(2013, 4, 15))
        return project

    def test_each_day_is_counted_once(self, office):
        found = queries.elapsed(self.life(office), date(2013, 4, 30))
        assert found.by_bucket == {
            Bucket.SUSPENDED: 5,  # 8–12 April
            Bucket.GOVERNMENT: 4,  # 5–8 March
            Bucket.GOVERNMENT_INTERMEDIARY: 0,
            Bucket.UTILITY: 0,
            Bucket.OWNER_INTERMEDIARY: 8,  # 11–20 March
            Bucket.OWNER: found.total - 17,
        }
        assert found.total == current_calendar().count(date(2013, 3, 1), date(2013, 4, 30))

    @pytest.mark.parametrize(("said", "days"), [(8, 5), (10, 3), (15, 0)])
    def test_what_is_said_later_takes_no_day_that_has_passed(self, office, said, days):
        project = office.admitted(at=morning(2013, 3, 1))
        on = date(2013, 4, 8)
        at = morning(2013, 4, said)
        office.do("suspend", at=at, project_id=project.id, reason="x", from_date=on)
        at = morning(2013, 4, 15)
        office.do("resume", at=at, project_id=project.id, resumed_date=date(2013, 4, 15))
        found = queries.elapsed(project, date(2013, 4, 30))
        assert found.by_bucket[Bucket.SUSPENDED] == days

    def test_a_draft_has_no_days_yet(self, office):
        assert queries.elapsed(office.enter(), date(2013, 4, 30)) is None

    def test_the_page_shows_who_had_it(self, office, client, time_machine):
        project = self.life(office)
        time_machine.move_to(morning(2013, 4, 30))
        client.force_login(office.leader)
        text = client.get(f"/projects/{project.id}/").content.decode()
        assert "时间用在哪里" in text
        assert "业主委托的中介" in text
