"""Reads of the library: narrowed lists, counts of places, the leader's figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.projects.models import AnnualPlan, MonthlyReport, Problem, Programme, Project
from mingtang.projects.queries.rights import visible
from mingtang.projects.rules.progress import Progress
from mingtang.projects.rules.states import ProjectState
from mingtang.timing import queries as timing
from mingtang.timing.rules import LIGHT_RULE, Light, WorkingCalendar, working_days_left

PAGE = 30
OPEN = [ProjectState.DRAFT.value, ProjectState.IN_LIBRARY.value, ProjectState.SUSPENDED.value]


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to; blank: everything that is not archived."""

    text: str = ""
    programme: str = ""
    stage: str = ""
    place: int | None = None
    type: str = ""
    unit: int | None = None
    state: str = ""
    light: str = ""
    tag: str = ""


def sought(scope: Scope, asked: Sought, on: date) -> QuerySet[Project]:
    """The projects that a person may see and asks for."""
    rows = visible(scope)
    exact = {
        "programmes__programme__code": asked.programme,
        "stage": asked.stage,
        "type": asked.type,
        "responsible": asked.unit,
        "place": asked.place,
        "state": asked.state,
        "tags__text": asked.tag,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if not asked.state:
        rows = rows.exclude(state=ProjectState.ARCHIVED.value)
    if asked.text:
        rows = rows.filter(
            Q(name__icontains=asked.text)
            | Q(owner_name__icontains=asked.text)
            | Q(code__iexact=asked.text)
        )
    return rows.filter(_lit(Light(asked.light), on)) if asked.light else rows


def _lit(light: Light, on: date) -> Q:
    """Red: something is overdue; yellow: due within so many working days; green: all the rest."""
    soon = timing.working_days_later(on, LIGHT_RULE.yellow_within)
    red, yellow = Q(next_due_date__lt=on), Q(next_due_date__gte=on, next_due_date__lte=soon)
    green = Q(next_due_date=None) | Q(next_due_date__gt=soon)
    return {Light.RED: red, Light.YELLOW: yellow, Light.GREEN: green}[light]


def light_on(project: Project, on: date, calendar: WorkingCalendar) -> Light:
    if project.next_due_date is None:
        return Light.GREEN
    return timing.light_of(working_days_left(calendar, on, project.next_due_date))


def library(
    scope: Scope, asked: Sought, on: date, after: Cursor | None = None, size: int = PAGE
) -> tuple[list[Project], Cursor | None]:
    """The library, the latest entered first, page by page."""
    rows = sought(scope, asked, on).select_related("place", "responsible")
    if after is not None:
        rows = rows.filter(Q(entered_at__lt=after.at) | Q(entered_at=after.at, id__lt=after.id))
    rows = rows.prefetch_related("programmes__programme", "tags")
    found = list(rows.order_by("-entered_at", "-id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return found[:size], Cursor(last.entered_at, last.id) if last else None


def by_place(scope: Scope, asked: Sought, on: date) -> dict[int, int]:
    """How many of them lie in each place."""
    rows = sought(scope, asked, on).order_by()
    return dict(rows.values_list("place").annotate(Count("id")))


def stages(scope: Scope) -> list[str]:
    """The stages in which projects are now."""
    rows = visible(scope).exclude(stage="").order_by("stage")
    return list(rows.values_list("stage", flat=True).distinct())


def tags(scope: Scope) -> list[str]:
    rows = visible(scope).exclude(tags=None).order_by("tags__text")
    return list(rows.values_list("tags__text", flat=True).distinct())


def units(scope: Scope) -> list[int]:
    """The units that answer for projects one may see."""
    rows = visible(scope).order_by("responsible")
    return list(rows.values_list("responsible", flat=True).distinct())


def programmes(*, with_counts: bool = False) -> list[Programme]:
    """All programmes, those that take projects first."""
    rows = Programme.objects.order_by("state", "name", "id")
    return list(rows.annotate(project_count=Count("projects")) if with_counts else rows)


def programme_of(programme_id: int) -> Programme:
    """One programme. Raises NotFound."""
    found = Programme.objects.filter(id=programme_id).first()
    if found is None:
        raise NotFound("没有找到这个计划，请核对后重试。")
    return found


# ── figures ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Figures:
    """What the year of a project comes to: the plan, and what the last report says."""

    plan_cents: int = 0
    done_cents: int = 0
    month: int = 0  # of the last report; 0: none yet this year

    @property
    def progress(self) -> Progress | None:
        return Progress(self.plan_cents, self.done_cents, self.month) if self.month else None


def figures(project_ids: Iterable[int], year: int) -> dict[int, Figures]:
    """The year of each project, in two statements however many there are."""
    ids = list(project_ids)
    plans = dict(
        AnnualPlan.objects.filter(project__in=ids, year=year).values_list(
            "project_id", "investment_cents"
        )
    )
    reports = MonthlyReport.objects.filter(project__in=ids, year=year).order_by("month")
    last = {
        project: (done, month)
        for project, done, month in reports.values_list("project_id", "year_cents", "month")
    }
    return {one: Figures(plans.get(one, 0), *last.get(one, (0, 0))) for one in ids}


@dataclass(frozen=True)
class LeadersSheet:
    """What leaders read on one sheet: sums of the year, and each project in a line."""

    year: int
    rows: list[Project]
    figures: dict[int, Figures]
    open_problems: dict[int, int]
    overdue_problems: int
    investment_cents: int
    states: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> Figures:
        """By the end of the month that most of them have reported: that of the latest report."""
        every = self.figures.values()
        return Figures(
            sum(one.plan_cents for one in every),
            sum(one.done_cents for one in every),
            max((one.month for one in every), default=0),
        )


MOST_ON_A_SHEET = 200


def leaders_sheet(scope: Scope, asked: Sought, on: date) -> LeadersSheet:
    """The first two hundred projects by the day on which something is due; sums over all."""
    every = sought(scope, asked, on).exclude(state=ProjectState.DRAFT.value)
    ordered = every.select_related("place", "responsible").order_by("next_due_date", "id")
    ordered = ordered.prefetch_related("programmes__programme", "tags")
    rows = list(ordered[:MOST_ON_A_SHEET])
    ids = list(every.values_list("id", flat=True))
    open_problems = Problem.objects.filter(project__in=ids, solved_at=None).order_by()
    counted = open_problems.values_list("project_id").annotate(Count("id"))
    states = every.order_by().values_list("state").annotate(Count("id"))
    return LeadersSheet(
        year=on.year,
        rows=rows,
        figures=figures(ids, on.year),
        open_problems=dict(counted),
        overdue_problems=open_problems.filter(due_date__lt=on).count(),
        investment_cents=every.aggregate(sum=Sum("investment_cents"))["sum"] or 0,
        states=dict(states),
    )


def published() -> list[Project]:
    """What is meant for everyone: running and completed projects with the mark."""
    rows = Project.objects.filter(is_published=True).select_related("place")
    return list(rows.only("name", "stage", "state", "place__name").order_by("name", "id"))
