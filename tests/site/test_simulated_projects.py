"""Simulated projects: joint matters that come to their end, and days that add up."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.joint.models import JointCase, JointPart
from mingtang.ledger import queries as ledger
from mingtang.projects.models import MonthlyReport, Project
from mingtang.projects.queries.days import elapsed
from mingtang.projects.rules.buckets import Bucket
from mingtang.site import demo
from mingtang.site.simulate import Simulation
from mingtang.timing.queries import current_calendar

SPAN = date(2013, 1, 1), date(2013, 12, 31)
PROJECTS = 4


def working_days(since: date, until: date) -> int:
    """Day by day, the first not counted."""
    calendar, day, found = current_calendar(), since, 0
    while day < until:
        day += timedelta(days=1)
        found += calendar.is_working_day(day)
    return found


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db
def test_projects_of_three_programmes_file_jointly_and_their_days_add_up():
    demo.load(datetime.combine(SPAN[0], time(0), LEGAL_ZONE))
    simulation = Simulation(seed=7, cases=0, projects=PROJECTS, span=SPAN)
    told = simulation.run()
    assert told["refused"] == {}
    projects = list(Project.objects.filter(name__contains="模拟第").order_by("id"))
    programmes = Counter(
        one.programme.code for project in projects for one in project.programmes.all()
    )
    assert len(projects) == PROJECTS
    assert len(programmes) == 3
    for project in projects:
        found = elapsed(project, SPAN[1])
        assert found is not None
        assert found.since == legal_date(project.admitted_at)
        assert found.total == working_days(found.since, found.until)
        assert found.by_bucket[Bucket.GOVERNMENT] > 0
        assert MonthlyReport.objects.filter(project=project).count() >= 4
    matters = JointCase.objects.filter(project__startswith="project:")
    assert matters.count() == PROJECTS
    assert set(matters.values_list("state", flat=True)) <= {"done", "delivered"}
    units = JointPart.objects.filter(case__isnull=False).values_list("organisation", flat=True)
    assert len(set(units)) >= 3
    assert ledger.verify().is_ok
