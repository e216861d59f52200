"""The clocks of a project: what is owed next, planned nodes, and the first day that is due."""

from datetime import date

from django.conf import settings

from mingtang.projects.models import NodePlan, Project
from mingtang.projects.rules.months import Month
from mingtang.timing import queries as timing_queries
from mingtang.timing.rules import ClockKind, ClockStatus, Op
from mingtang.timing.services import start_clock_until, stop_clock


def due_of(month: Month) -> date:
    return month.due(settings.MINGTANG_PROJECT_REPORT_DAY)


def owe_report(project: Project, month: Month, on: date) -> Op:
    """The report of a month is owed from now on; one at a time, the oldest first."""
    return start_clock_until(
        stream=project.stream,
        kind=ClockKind.MONTHLY_REPORT,
        start=min(month.first_day, on),
        due_date=due_of(month),
    )


def watch_node(project: Project, node: NodePlan, on: date) -> list[Op]:
    """A planned node that is not done is watched until its planned end; supervision sees it."""
    ops = stop_watching(project, node, on)
    if node.planned_end_date is not None and node.ended_date is None:
        ops.append(
            start_clock_until(
                stream=project.stream,
                kind=_kind_of(node),
                start=min(on, node.planned_end_date),
                due_date=node.planned_end_date,
            )
        )
    return ops


def stop_watching(project: Project, node: NodePlan, on: date) -> list[Op]:
    if timing_queries.open_clock(project.stream, _kind_of(node)) is None:
        return []
    return [stop_clock(stream=project.stream, kind=_kind_of(node), on=on)]


def _kind_of(node: NodePlan) -> str:
    return f"{ClockKind.NODE_PLAN}:{node.key}"


def first_due(project: Project) -> date | None:
    """The first day on which something of a project is due; None: nothing is owed."""
    clocks = timing_queries.clocks_of(project.stream)
    return min((one.due_date for one in clocks if one.status != ClockStatus.STOPPED), default=None)
