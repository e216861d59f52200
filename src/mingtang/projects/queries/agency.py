"""Reads of agents: whose a letter is, one letter, the agent's own desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from mingtang.accounts import queries as accounts
from mingtang.accounts.queries import Person, actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.ledger.rules import Actor
from mingtang.projects.models import AgencyAct as AgencyAct
from mingtang.projects.models import AgencyHandOver as AgencyHandOver
from mingtang.projects.models import AgencyLetter as AgencyLetter
from mingtang.projects.models import AgencyStep as AgencyStep
from mingtang.projects.models import NodePlan, ProjectPaper
from mingtang.projects.rules.agency import BY_OFFICE, Deed, Stand
from mingtang.regions import queries as regions

PAGE = 30
OFFICE = frozenset({Role.PROJECT_OFFICE})
OVERSEERS = frozenset(
    {*OFFICE, Role.CENTRE_MANAGER, Role.INSPECTOR, Role.STEERING_GROUP, Role.REFORM_OFFICE}
)
AGENTS = frozenset({Role.AGENT})
UNIT = frozenset({Role.HANDLER, Role.APPROVER, Role.CHIEF_REPRESENTATIVE})  # of its own unit
STANDING = Q(ended_at=None)
OFFERED = Q(taken_at=None, called_off_at=None)


# ── whose a letter is ─────────────────────────────────────────────────────────────────────────


def people_of(scope: Scope) -> frozenset[int]:
    """The agents as whom somebody may act: themselves, and those they stand in for."""
    held = (one.acting_for_id or scope.person_id for one in scope.grants if one.role in AGENTS)
    return frozenset(one for one in held if one is not None)


def county_of(scope: Scope, roles: Iterable[Role] = OVERSEERS) -> frozenset[int]:
    """The units of the counties in which somebody oversees agents."""
    wanted = frozenset(roles)
    units = {one.organisation_id for one in scope.grants if one.role in wanted}
    return frozenset(one for unit in units for one in regions.units_of_county(unit))


def letter_for(scope: Scope, letter_id: int) -> AgencyLetter:
    """A letter, for its agent, for whom it is offered to, and for who oversees agents there.

    Raises NotFound for all others.
    """
    people = people_of(scope)
    offered = AgencyHandOver.objects.filter(OFFERED, to_agent__in=people).values("letter")
    readable = Q(agent__in=people) | Q(id__in=offered) | Q(organisation__in=county_of(scope))
    rows = AgencyLetter.objects.filter(readable, id=letter_id)
    found = rows.select_related("project", "agent").first()
    if found is None:
        raise NotFound
    return found


def owners_letters(person_id: int, on: date) -> list[AgencyLetter]:
    """The letters of the projects for whose owner somebody speaks, the latest first."""
    codes = accounts.mandated_codes(person_id, on)
    rows = AgencyLetter.objects.filter(project__owner_credit_code__in=codes)
    rows = rows.exclude(project__owner_credit_code="").select_related("project", "agent", "rating")
    return list(rows.order_by("-drawn_at", "-id"))


def owners_letter(person_id: int, letter_id: int, on: date) -> AgencyLetter:
    """One of them. Raises NotFound."""
    found = next((one for one in owners_letters(person_id, on) if one.id == letter_id), None)
    if found is None:
        raise NotFound
    return found


def titles_of(ids: Iterable[int]) -> dict[int, str]:
    """Number and project of letters, by id."""
    rows = AgencyLetter.objects.filter(id__in=list(ids)).select_related("project").order_by("id")
    return {one.id: f"{one.number} {one.project.name}" for one in rows}


def letters_of_project(project_id: int) -> list[AgencyLetter]:
    """All letters of a project, the latest first."""
    rows = AgencyLetter.objects.filter(project=project_id).select_related("agent", "rating")
    return list(rows.order_by("-drawn_at", "-id"))


def has_standing_letter(project_id: int, on: date) -> bool:
    """Whether a letter leaves no room for another: not ended, not run out."""
    rows = AgencyLetter.objects.filter(STANDING, project=project_id, valid_to__gte=on)
    return rows.exists()


def agent_actor(scope: Scope, agent_ids: Iterable[int]) -> Actor:
    """Who acts as one of these agents, in their own right before another's. Raises NotYourPost."""
    wanted = set(agent_ids)
    fitting = [
        one
        for one in scope.grants
        if one.role in AGENTS and (one.acting_for_id or scope.person_id) in wanted
    ]
    return actor_under(scope, fitting, "代办")


def office_actor(scope: Scope, organisation_id: int) -> Actor:
    """Who keeps the letters of a unit's county. Raises NotYourPost."""
    fitting = [
        one
        for one in scope.grants
        if one.role in OFFICE and organisation_id in regions.units_of_county(one.organisation_id)
    ]
    return actor_under(scope, fitting, "办理委托书")


def actor_under(scope: Scope, fitting: list[Grant], act: str) -> Actor:
    """The actor under one of these rights: one's own before one held for another."""
    if not fitting:
        raise NotYourPost(act)
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def agents_near(organisation_id: int, on: date) -> list[Person]:
    """The agents of a county, by name."""
    return accounts.colleagues(regions.units_of_county(organisation_id), AGENTS, on)


def deeds_of(scope: Scope, letter: AgencyLetter, on: date) -> list[Deed]:
    """What a reader may do about a letter now."""
    offered, people = offered_hand_over(letter), people_of(scope)
    stand = Stand(
        state=letter.mandate.state(on),
        is_signed=letter.signed_at is not None,
        has_steps=letter.steps.filter(done_at=None, dropped_at=None).exists(),
        has_open_acts=letter.acts.filter(settled_at=None).exists(),
        is_offered=offered is not None,
    )
    return stand.deeds(
        is_office=letter.organisation_id in county_of(scope, OFFICE),
        is_agent=letter.agent_id in people,
        is_taker=offered is not None and offered.to_agent_id in people,
    )


def deed_actor(scope: Scope, letter: AgencyLetter, deed: Deed) -> Actor:
    """Under whose post a deed is done. Raises NotYourPost."""
    if deed in BY_OFFICE:
        return office_actor(scope, letter.organisation_id)
    offered = offered_hand_over(letter)
    takers = {offered.to_agent_id} if offered else set()
    if deed is Deed.TAKE_OVER:
        return agent_actor(scope, takers)
    return agent_actor(scope, {letter.agent_id, *(takers if deed is Deed.CALL_OFF else ())})


# ── one letter ────────────────────────────────────────────────────────────────────────────────


def steps_of(letter: AgencyLetter) -> list[AgencyStep]:
    """The plan as it stands, by day."""
    return list(letter.steps.filter(dropped_at=None).order_by("planned_date", "id"))


@dataclass(frozen=True)
class ActPage:
    rows: list[AgencyAct]
    next: DateCursor | None


def acts_of(letter: AgencyLetter, after: DateCursor | None = None) -> ActPage:
    """The ledger of acts, the latest first; total order (acted_date, id)."""
    rows = letter.acts.select_related("step", "noted_by")
    if after is not None:
        rows = rows.filter(Q(acted_date__lt=after.day) | Q(acted_date=after.day, id__lt=after.id))
    listed = list(rows.order_by("-acted_date", "-id")[: PAGE + 1])
    last = listed[PAGE - 1] if len(listed) > PAGE else None
    return ActPage(listed[:PAGE], DateCursor(last.acted_date, last.id) if last else None)


def open_acts_of(letter: AgencyLetter) -> list[AgencyAct]:
    """Acts without a result yet, oldest first."""
    return list(letter.acts.filter(settled_at=None).order_by("acted_date", "id"))


def offered_hand_over(letter: AgencyLetter) -> AgencyHandOver | None:
    """The hand-over that waits to be confirmed."""
    rows = letter.hand_overs.filter(OFFERED)
    return rows.select_related("from_agent", "to_agent").first()


def node_choices(letter: AgencyLetter) -> list[tuple[str, str]]:
    """The nodes of the project that the letter reaches and the plan does not have yet."""
    planned = letter.steps.filter(dropped_at=None).values("node")
    rows = NodePlan.objects.filter(project=letter.project_id).exclude(key__in=planned)
    nodes = letter.mandate.nodes
    return [(key, name) for key, name in _named(rows) if nodes is None or key in nodes]


def papers_of(project_id: int) -> list[tuple[str, str]]:
    """Number of the upload and title of the papers in a project's library."""
    rows = ProjectPaper.objects.filter(project=project_id).order_by("added_at", "id")
    return [(str(number), title) for number, title in rows.values_list("upload_id", "title")]


def nodes_of_project(project_id: int) -> list[tuple[str, str]]:
    """Key and name of the nodes of a project, in their order."""
    return _named(NodePlan.objects.filter(project=project_id))


def _named(rows: "QuerySet[NodePlan]") -> list[tuple[str, str]]:
    return list(rows.order_by("position", "id").values_list("key", "name"))


# ── the agent's desk ──────────────────────────────────────────────────────────────────────────


def counted(rows: "QuerySet[AgencyLetter]", on: date) -> "QuerySet[AgencyLetter]":
    """Letters with the numbers that lists show of them: `step_count` planned, `done_count`,
    `late_count` overdue, `open_count` acts without a result."""
    kept = Q(steps__id__isnull=False, steps__dropped_at=None)
    late = kept & Q(steps__done_at=None, steps__planned_date__lt=on)
    return rows.annotate(
        step_count=Count("steps", filter=kept, distinct=True),
        done_count=Count("steps", filter=Q(steps__done_at__isnull=False), distinct=True),
        late_count=Count("steps", filter=late, distinct=True),
        open_count=Count(
            "acts", filter=Q(acts__id__isnull=False, acts__settled_at=None), distinct=True
        ),
    ).select_related("project", "agent")


def my_letters(scope: Scope, on: date) -> list[AgencyLetter]:
    """What an agent carries now, what ends soonest first."""
    rows = AgencyLetter.objects.filter(STANDING, agent__in=people_of(scope))
    return list(counted(rows, on).order_by("valid_to", "id"))


def offered_to(scope: Scope) -> list[AgencyHandOver]:
    """Hand-overs that wait for an agent's word, the oldest first."""
    rows = AgencyHandOver.objects.filter(OFFERED, to_agent__in=people_of(scope))
    return list(rows.select_related("letter__project", "from_agent").order_by("given_at", "id"))


@dataclass(frozen=True)
class StepPage:
    rows: list[AgencyStep]
    next: DateCursor | None


def due_steps(scope: Scope, after: DateCursor | None = None) -> StepPage:
    """What is planned and not done in all letters of an agent; total order (planned_date, id)."""
    rows = AgencyStep.objects.filter(
        done_at=None,
        dropped_at=None,
        letter__ended_at=None,
        letter__signed_at__isnull=False,
        letter__agent__in=people_of(scope),
    ).select_related("letter__project")
    if after is not None:
        rows = rows.filter(
            Q(planned_date__gt=after.day) | Q(planned_date=after.day, id__gt=after.id)
        )
    listed = list(rows.order_by("planned_date", "id")[: PAGE + 1])
    last = listed[PAGE - 1] if len(listed) > PAGE else None
    return StepPage(listed[:PAGE], DateCursor(last.planned_date, last.id) if last else None)
