"""Reads of who may see which projects, and what they may do with one."""

from django.db.models import Q, QuerySet

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Scope
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.projects.models import Project
from mingtang.projects.rules.moves import (
    AGENTS,
    DEEDS,
    OFFICE,
    READERS,
    WATCHING,
    Deed,
    deeds_in,
)
from mingtang.projects.rules.states import ProjectState
from mingtang.regions.queries import units_of_county

COUNTY_WIDE = OFFICE | AGENTS  # the office and the agents work for the whole county


def reached_units(scope: Scope) -> dict[Grant, frozenset[int]]:
    """The units whose projects each right of a person reaches; those of a region besides."""
    counties = {
        grant.organisation_id: frozenset(units_of_county(grant.organisation_id))
        for grant in scope.grants
        if grant.role in COUNTY_WIDE
    }
    return {
        grant: counties.get(grant.organisation_id, frozenset())
        if grant.role in COUNTY_WIDE
        else grant.organisation_ids
        for grant in scope.grants
        if grant.role in READERS
    }


def visible(scope: Scope) -> QuerySet[Project]:
    """The projects of one's units, of one's region or county, and those on which a problem is
    one's unit's to clear."""
    units: set[int] = set()
    places: set[int] = set()
    for grant, reached in reached_units(scope).items():
        if grant.role in WATCHING:
            places |= grant.region_ids
        else:
            units |= reached
    found = Q(responsible__in=sorted(units)) | Q(responsible__region__in=sorted(places))
    concerned = Project.objects.filter(problems__owner__in=sorted(units))
    return Project.objects.filter(found | Q(id__in=concerned.values("id")))


def project_for(scope: Scope, project_id: int) -> Project:
    """One project. Raises NotFound alike for none and for none of yours."""
    rows = visible(scope).select_related(
        *("place", "responsible", "entered_by", "route_edition__route")
    )
    found = rows.filter(id=project_id).first()
    if found is None:
        raise NotFound("没有找到这个项目，请核对后重试。")
    return found


def grants_for(scope: Scope, project: Project, deed: Deed) -> list[Grant]:
    """Under which rights a person may do this here: one's own before those held for others. Whose
    unit has a problem to clear may say that it is solved."""
    held = [
        grant
        for grant, units in reached_units(scope).items()
        if grant.role in DEEDS[deed].roles
        and (project.responsible_id in units or _clears(deed, project, units))
    ]
    return sorted(held, key=lambda grant: grant.acting_for_id is not None)


def _clears(deed: Deed, project: Project, units: frozenset[int]) -> bool:
    return deed is Deed.SOLVE_PROBLEM and any(
        problem.solved_at is None and problem.owner_id in units
        for problem in project.problems.all()
    )


def permit(scope: Scope, project: Project, deed: Deed) -> Actor:
    """Under whose right a person does this. Raises NotYourPost."""
    grants = grants_for(scope, project, deed)
    if not grants:
        raise NotYourPost(deed.label)
    return actor_of(scope, grants[0])


def deeds_for(scope: Scope, project: Project) -> list[Deed]:
    """What a person may do with a project now."""
    return [
        deed for deed in deeds_in(ProjectState(project.state)) if grants_for(scope, project, deed)
    ]


def office_actor(scope: Scope, act: str) -> Actor:
    """Under whose right the office of projects does what belongs to no project yet."""
    for grant in sorted(scope.grants, key=lambda one: one.acting_for_id is not None):
        if grant.role in OFFICE:
            return actor_of(scope, grant)
    raise NotYourPost(act)
