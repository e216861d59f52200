"""Reads of intermediary services: the register, engagements, their time in its bucket, figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from mingtang.accounts import queries as accounts
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.joint.rules.route import NodeKind
from mingtang.ledger.rules import Actor
from mingtang.projects.models import AgencyLetter, Project
from mingtang.projects.models import Engagement as Engagement
from mingtang.projects.models import Intermediary as Intermediary
from mingtang.projects.queries.agency import OFFICE, county_of, people_of
from mingtang.projects.rules.intermediaries import Commissioner, Engaged, Figures, Trade, figures
from mingtang.timing.queries import current_calendar

PAGE = 30
KEEPERS = OFFICE
NOTERS = frozenset({*OFFICE, Role.AGENT})  # who writes engagements down
RATERS = frozenset({*OFFICE, Role.HANDLER, Role.APPROVER})


# ── time ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class EngagementSpan:
    """When an intermediary worked on a node, for whom: from the first day to the last, both of
    them days of the engagement; `ended` None: still."""

    kind: NodeKind
    node: str
    started: date
    ended: date | None


def engagement_spans(project_id: int) -> list[EngagementSpan]:
    """The time of intermediaries on a project, each in its bucket, by first day."""
    rows = Engagement.objects.filter(project=project_id).order_by("started_date", "id")
    found = rows.values_list("commissioner", "node", "started_date", "ended_date")
    return [
        EngagementSpan(Commissioner(who).node_kind, node, started, ended)
        for who, node, started, ended in found
    ]


# ── the register ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Listed:
    """A firm with what its work shows."""

    firm: Intermediary
    figures: Figures


@dataclass(frozen=True)
class NameCursor:
    """Where a page ended of a list that is ordered by names."""

    name: str
    id: int

    @classmethod
    def read(cls, text: str) -> "NameCursor | None":
        number, _, name = text.partition("_")
        found = parse_id(number)
        return None if found is None else cls(name, found)

    def __str__(self) -> str:
        return f"{self.id}_{self.name}"


@dataclass(frozen=True)
class RegisterPage:
    rows: list[Listed]
    next: NameCursor | None


def register_page(
    on: date, *, trade: str = "", with_struck_off: bool = False, after: NameCursor | None = None
) -> RegisterPage:
    """The register with its figures, by name; total order (name, id). Without the struck off it is
    what everybody may see: who may be engaged on the day."""
    rows = Intermediary.objects.all()
    if not with_struck_off:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), struck_off_at=None)
    if trade in set(Trade):
        rows = rows.filter(trade=trade)
    if after is not None:
        rows = rows.filter(Q(name__gt=after.name) | Q(name=after.name, id__gt=after.id))
    listed = list(rows.order_by("name", "id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    counted = _figures_of(shown, on)
    rows_shown = [Listed(firm, counted[firm.id]) for firm in shown]
    return RegisterPage(rows_shown, NameCursor(last.name, last.id) if last else None)


def _figures_of(firms: Iterable[Intermediary], on: date) -> dict[int, Figures]:
    """The figures of several firms with one statement."""
    found: dict[int, list[Engaged]] = {firm.id: [] for firm in firms}
    rows = Engagement.objects.filter(intermediary__in=list(found)).order_by("id")
    for one, started, promised, ended in rows.values_list(
        "intermediary_id", "started_date", "promised_date", "ended_date"
    ):
        found[one].append(Engaged(started, promised, ended))
    calendar, least = current_calendar(), settings.MINGTANG_AGENCY_LEAST
    return {one: figures(listed, calendar, on, least) for one, listed in found.items()}


def engageable(on: date) -> list[Intermediary]:
    """Who may be engaged on a day, by kind of service and name."""
    rows = Intermediary.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), struck_off_at=None)
    return list(rows.order_by("trade", "name", "id"))


def listed(intermediary_id: int, on: date) -> Listed:
    """One firm with its figures. Raises NotFound."""
    found = Intermediary.objects.filter(id=intermediary_id).first()
    if found is None:
        raise NotFound
    return Listed(found, _figures_of([found], on)[found.id])


def latest_engagements(intermediary_id: int) -> list[Engagement]:
    """The last engagements of a firm, the latest first."""
    rows = Engagement.objects.filter(intermediary=intermediary_id)
    rows = rows.select_related("project", "intermediary").prefetch_related("ratings")
    return list(rows.order_by("-started_date", "-id")[:PAGE])


# ── engagements ───────────────────────────────────────────────────────────────────────────────


def engagements_of(project_id: int) -> list[Engagement]:
    """All engagements on a project, by first day, with what was said of them."""
    rows = Engagement.objects.filter(project=project_id).select_related("intermediary")
    return list(rows.prefetch_related("ratings").order_by("started_date", "id"))


def days_late_of(one: Engagement, on: date) -> int:
    return one.engaged.days_late(current_calendar(), on)


def engagement_for(scope: Scope, engagement_id: int) -> Engagement:
    """An engagement, for who writes it down and for the department that it concerns."""
    near = county_of(scope, NOTERS)
    units = {unit for one in scope.grants if one.role in RATERS for unit in one.organisation_ids}
    rows = Engagement.objects.filter(
        Q(organisation__in=near | units) | Q(project__responsible__in=near), id=engagement_id
    )
    found = rows.select_related("project", "intermediary").first()
    if found is None:
        raise NotFound
    return found


def owners_engagements(person_id: int, on: date) -> list[Engagement]:
    """Finished engagements on the projects for whose owner somebody speaks, the latest first."""
    codes = accounts.mandated_codes(person_id, on)
    rows = Engagement.objects.filter(
        project__owner_credit_code__in=codes, completed_at__isnull=False
    ).exclude(project__owner_credit_code="")
    rows = rows.select_related("project", "intermediary").prefetch_related("ratings")
    return list(rows.order_by("-ended_date", "-id"))


def project_of(engagement_id: int) -> int | None:
    """The id of the project for which an engagement is."""
    rows = Engagement.objects.filter(id=engagement_id).order_by("id")
    return rows.values_list("project_id", flat=True).first()


def titles_of_engagements(ids: Iterable[int]) -> dict[int, str]:
    rows = Engagement.objects.filter(id__in=list(ids)).order_by("id")
    found = rows.values_list("id", "name", "project__name")
    return {one: f"{project}：{name}" for one, name, project in found}


def names_of(ids: Iterable[int]) -> dict[int, str]:
    rows = Intermediary.objects.filter(id__in=list(ids)).order_by("id")
    return dict(rows.values_list("id", "name"))


def keeper(scope: Scope) -> Actor:
    """Who keeps the register. Raises NotYourPost."""
    fitting = [one for one in scope.grants if one.role in KEEPERS]
    if not fitting:
        raise NotYourPost("维护中介机构名录")
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def noter(scope: Scope, project_id: int) -> Actor:
    """Who writes engagements of a project down: the office of the county, or the agent of the
    project. Raises NotYourPost."""
    project = Project.objects.filter(id=project_id).first()
    if project is None:
        raise NotFound
    carries = AgencyLetter.objects.filter(
        project=project_id, agent__in=people_of(scope), ended_at=None
    ).exists()
    is_near = project.responsible_id in county_of(scope, OFFICE)
    fitting = [
        one
        for one in scope.grants
        if (one.role in OFFICE and is_near) or (one.role is Role.AGENT and carries)
    ]
    if not fitting:
        raise NotYourPost("登记中介服务")
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def rater(scope: Scope, engagement: Engagement) -> Actor:
    """Who rates for the department. Raises NotYourPost."""
    fitting = [
        one
        for one in scope.grants
        if one.role in RATERS and one.organisation_id == engagement.organisation_id
    ]
    if not fitting:
        raise NotYourPost("评价中介服务")
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))
