"""Reads of all agents of a county: the board by project and stage, loads, what agents are worth."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from mingtang.accounts import queries as accounts
from mingtang.accounts.rules import Scope
from mingtang.base.paging import Cursor
from mingtang.joint.queries import lists as joint
from mingtang.joint.rules.route import NodeKind
from mingtang.projects.models import AgencyAct, AgencyLetter, AgencyStep, NodePlan, Project
from mingtang.projects.queries.agency import AGENTS, PAGE, STANDING, counted, county_of
from mingtang.projects.rules.agency import Compared, Share, Took, compared
from mingtang.projects.rules.states import ProjectState
from mingtang.timing.rules import WorkingCalendar

RUNNING = [one.value for one in ProjectState if one.is_running]
# What government and owner take themselves; intermediaries and utilities have buckets of their own.
MEASURED = [
    kind.value
    for kind in (NodeKind.CASE, NodeKind.JOINT_REVIEW, NodeKind.SITE_VISIT, NodeKind.OWNER)
]
Span = tuple[date, date]
Done = dict[tuple[int, str], tuple[str, date, date]]  # by project and node: name, first, last day


@dataclass(frozen=True)
class LetterPage:
    rows: list[AgencyLetter]
    next: Cursor | None


def board(
    scope: Scope,
    on: date,
    *,
    stage: str = "",
    agent_id: int | None = None,
    after: Cursor | None = None,
) -> LetterPage:
    """All letters that stand, the latest first; total order (drawn_at, id)."""
    rows = AgencyLetter.objects.filter(STANDING, organisation__in=county_of(scope))
    if stage:
        rows = rows.filter(project__stage=stage)
    if agent_id is not None:
        rows = rows.filter(agent=agent_id)
    if after is not None:
        rows = rows.filter(Q(drawn_at__lt=after.at) | Q(id__lt=after.id), drawn_at__lte=after.at)
    listed = list(counted(rows, on).order_by("-drawn_at", "-id")[: PAGE + 1])
    last = listed[PAGE - 1] if len(listed) > PAGE else None
    return LetterPage(listed[:PAGE], Cursor(last.drawn_at, last.id) if last else None)


def stages(scope: Scope) -> list[tuple[str, int]]:
    """How many projects with a standing letter are at each stage, by name of stage."""
    rows = AgencyLetter.objects.filter(STANDING, organisation__in=county_of(scope))
    found = rows.values(stage=F("project__stage")).annotate(many=Count("id"))
    return [(row["stage"], row["many"]) for row in found.order_by("stage")]


@dataclass(frozen=True)
class Load:
    """What one agent carries: letters that stand, steps overdue, acts without a result."""

    agent_id: int
    name: str
    letter_count: int
    late_count: int
    open_count: int


def loads(scope: Scope, on: date) -> list[Load]:
    """The load of every agent of the county, also of who carries nothing; the heaviest first."""
    units = county_of(scope)
    mine = Q(letter__ended_at=None, letter__organisation__in=units)
    letters = AgencyLetter.objects.filter(STANDING, organisation__in=units)
    late = AgencyStep.objects.filter(mine, done_at=None, dropped_at=None, planned_date__lt=on)
    waiting = AgencyAct.objects.filter(mine, settled_at=None)
    carried = Counter(letters.order_by("id").values_list("agent_id", flat=True))
    lates = Counter(late.order_by("id").values_list("letter__agent_id", flat=True))
    opens = Counter(waiting.order_by("id").values_list("letter__agent_id", flat=True))
    names = {one.id: one.name for one in accounts.colleagues(units, AGENTS, on)}
    names |= accounts.person_names(carried.keys() - names.keys())
    found = [Load(one, names[one], carried[one], lates[one], opens[one]) for one in names]
    return sorted(found, key=lambda one: (-one.letter_count, one.name, one.agent_id))


# ── what agents are worth ─────────────────────────────────────────────────────────────────────


def coverage(scope: Scope, on: date) -> Share:
    """代办受益面: of the projects that run in the county, how many have a letter in force."""
    running = Project.objects.filter(state__in=RUNNING, responsible__in=county_of(scope))
    in_force = AgencyLetter.objects.filter(
        STANDING, signed_at__isnull=False, valid_from__lte=on, valid_to__gte=on
    )
    return Share(running.filter(id__in=in_force.values("project")).count(), running.count())


def days_saved(scope: Scope, calendar: WorkingCalendar, least: int) -> list[Compared]:
    """实效性: completed nodes of projects with an agent against the same nodes of those without.

    What a joint matter did counts by its own days; only where none did, by those typed in.
    """
    units = county_of(scope)
    projects = Project.objects.filter(responsible__in=units).values_list("id", flat=True)
    nodes = _done_in_matters(projects)
    nodes = {**_done_by_hand(units), **nodes}
    spans = _agents_spans({project for project, _key in nodes})
    took = (
        Took(key, name, calendar.count(first, last), _overlaps(spans.get(project), first, last))
        for (project, key), (name, first, last) in nodes.items()
    )
    return compared(took, least)


def _done_by_hand(units: Iterable[int]) -> Done:
    rows = NodePlan.objects.filter(
        kind__in=MEASURED,
        started_date__isnull=False,
        ended_date__isnull=False,
        project__responsible__in=list(units),
    ).order_by("id")
    columns = ("project_id", "key", "name", "started_date", "ended_date")
    return {
        (project, key): (name, first, last)
        for project, key, name, first, last in rows.values_list(*columns)
        if first is not None and last is not None
    }


def _done_in_matters(project_ids: Iterable[int]) -> Done:
    labels = {f"project:{one}": one for one in project_ids}
    return {
        (labels[part.joint.project], part.key): (part.name, part.begun_date, part.ended_date)
        for part in joint.done_parts(labels, MEASURED)
        if part.begun_date is not None and part.ended_date is not None
    }


def _agents_spans(project_ids: Iterable[int]) -> dict[int, list[Span]]:
    """The days on which each project had an agent."""
    found: dict[int, list[Span]] = {}
    rows = AgencyLetter.objects.filter(project__in=list(project_ids), signed_at__isnull=False)
    columns = ("project_id", "valid_from", "valid_to", "ended_date")
    for project, first, last, ended in rows.order_by("id").values_list(*columns):
        found.setdefault(project, []).append((first, min(last, ended or last)))
    return found


def _overlaps(spans: Iterable[Span] | None, first: date, last: date) -> bool:
    return any(begin <= last and first <= end for begin, end in spans or ())
