"""Reads of one project: its reports, years, problems, papers, plan, limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mingtang.files.queries import Upload, upload_of, uploads_by_subject
from mingtang.joint import queries as joint
from mingtang.projects.models import (
    MonthlyReport,
    NodePlan,
    Problem,
    Project,
    ProjectPaper,
    Suspension,
)
from mingtang.projects.queries.lists import Figures
from mingtang.projects.queries.plan import nodes_of
from mingtang.projects.rules.plan import Days
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind


def names_of(ids: Iterable[int]) -> dict[int, str]:
    rows = Project.objects.filter(id__in=list(ids)).order_by("id")
    return dict(rows.values_list("id", "name"))


def reports_of(project: Project) -> list[MonthlyReport]:
    rows = project.reports.select_related("reported_by")
    return list(rows.order_by("-year", "-month"))


def pictures_of(reports: Iterable[MonthlyReport]) -> dict[str, list[Upload]]:
    return uploads_by_subject(one.subject for one in reports)


def file_of(project: Project, upload_id: int) -> Upload | None:
    """A paper of the project or a picture of one of its reports."""
    found = upload_of(project.stream, upload_id)
    if found is not None:
        return found
    ids = project.reports.order_by("id").values_list("id", flat=True)
    subjects = [f"project_report:{one}" for one in ids]
    pictures = (one for kept in uploads_by_subject(subjects).values() for one in kept)
    return next((one for one in pictures if one.id == upload_id), None)


def years_of(project: Project) -> list[tuple[int, Figures, str]]:
    """Year, what it comes to, what is to stand at its end; the latest first."""
    plans = {one.year: one for one in project.annual_plans.order_by("year")}
    last = {one.year: one for one in project.reports.order_by("year", "month")}
    found = []
    for year in sorted(plans.keys() | last.keys(), reverse=True):
        plan, report = plans.get(year), last.get(year)
        figures = Figures(
            plan.investment_cents if plan else 0,
            report.year_cents if report else 0,
            report.month if report else 0,
        )
        found.append((year, figures, plan.goal if plan else ""))
    return found


def problems_of(project: Project) -> list[Problem]:
    """Open ones first, by the day they are due."""
    rows = project.problems.select_related("raised_by").order_by("due_date", "id")
    return sorted(rows, key=lambda one: one.solved_at is not None)


def suspensions_of(project: Project) -> list[Suspension]:
    return list(project.suspensions.order_by("from_date", "id"))


def papers_of(project: Project) -> list[ProjectPaper]:
    rows = project.papers.select_related("upload", "added_by")
    return list(rows.order_by("added_at", "id"))


# ── planned days against actual ones ──────────────────────────────────────────────────────────


def plan_of(project: Project) -> list[tuple[NodePlan, Days]]:
    """Each node with its days. What a joint matter handles happened when the matter says."""
    actual = _days_in_matters(project)
    return [
        (
            node,
            Days(
                node.planned_start_date,
                node.planned_end_date,
                *actual.get(node.key, (node.started_date, node.ended_date)),
            ),
        )
        for node in nodes_of(project.id)
    ]


def _days_in_matters(project: Project) -> dict[str, tuple[date | None, date | None]]:
    """Key of a node → when its part of a joint matter began and ended; the latest matter tells."""
    matters = joint.matters_of_project(project.stream)
    parts = joint.parts_of_matters(one.id for one in matters)
    return {
        part.key: (part.begun_date or part.ended_date, part.ended_date)
        for matter in matters
        for part in parts.get(matter.id, [])
        if part.begun_date or part.ended_date
    }


# ── what is owed ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Owed:
    """Something that a project owes, and until when."""

    label: str
    due: date


def limits_of(project: Project) -> list[Owed]:
    """What runs now, the first due first."""
    nodes = {node.key: node.name for node in nodes_of(project.id)}
    texts = {str(one.id): one.text for one in project.problems.all()}
    running = [one for one in timing.clocks_of(project.stream) if one.state.is_open]
    found = []
    for clock in running:
        kind, _colon, key = clock.kind.partition(":")
        if kind == ClockKind.MONTHLY_REPORT:
            label = f"{clock.due_date.year}年{clock.due_date.month}月月报"
        elif kind == ClockKind.PROBLEM:
            label = f"解决问题：{texts.get(key, '')[:30]}"
        else:
            label = f"节点：{nodes.get(key, key)}"
        found.append(Owed(label, clock.due_date))
    return sorted(found, key=lambda one: (one.due, one.label))
