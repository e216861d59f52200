"""Simulated projects: joint matters that come to their end, and days that add up. The year is lived
by tests/supervision/test_simulated.py."""

from collections import Counter
from datetime import date, timedelta

from mingtang.base.clock import legal_date
from mingtang.joint.models import JointCase, JointPart
from mingtang.projects.models import MonthlyReport, Project
from mingtang.projects.queries.days import elapsed
from mingtang.projects.rules.buckets import Bucket
from mingtang.timing.queries import current_calendar


def working_days(since: date, until: date) -> int:
    """Day by day, the first not counted."""
    calendar, day, found = current_calendar(), since, 0
    while day < until:
        day += timedelta(days=1)
        found += calendar.is_working_day(day)
    return found


def check_projects(count: int, until: date) -> None:
    """So many projects of three programmes filed jointly, and came to their end by a day."""
    projects = list(Project.objects.filter(name__contains="模拟第").order_by("id"))
    programmes = Counter(
        one.programme.code for project in projects for one in project.programmes.all()
    )
    assert len(projects) == count
    assert len(programmes) == 3
    for project in projects:
        found = elapsed(project, until)
        assert found is not None
        assert found.since == legal_date(project.admitted_at)
        assert found.total == working_days(found.since, found.until)
        assert found.by_bucket[Bucket.GOVERNMENT] > 0
        assert MonthlyReport.objects.filter(project=project).count() >= 4
    matters = JointCase.objects.filter(project__startswith="project:")
    assert matters.count() == count
    assert set(matters.values_list("state", flat=True)) <= {"done", "delivered"}
    units = JointPart.objects.filter(case__isnull=False).values_list("organisation", flat=True)
    assert len(set(units)) >= 3
