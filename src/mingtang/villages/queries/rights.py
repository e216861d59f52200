"""Reads of who may see which villages' disclosures, and what they may do with one."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.regions.queries import units_of_county
from mingtang.villages.models import Disclosure, Member, Village
from mingtang.villages.rules.kinds import Office
from mingtang.villages.rules.moves import (
    CITY,
    CLERKS,
    DEEDS,
    SUPERVISORS,
    TOWNSHIP,
    WATCHING,
    Deed,
    State,
    deeds_in,
)

OFFICES = {Role.VILLAGE_CLERK: Office.CLERK, Role.VILLAGE_SUPERVISOR: Office.SUPERVISOR}


@dataclass(frozen=True)
class Reach:
    """One right of a person and the villages that it reaches."""

    grant: Grant
    village_ids: frozenset[int]


def reaches(scope: Scope) -> list[Reach]:
    """A village's own people reach their village, a township its villages, the city all."""
    found = []
    for grant in scope.grants:
        if grant.role in OFFICES:
            rows = _of_member(grant, scope)
        elif grant.role in TOWNSHIP:
            rows = Village.objects.filter(township__in=grant.organisation_ids)
        elif grant.role in WATCHING:
            rows = Village.objects.filter(township__in=units_of_county(grant.organisation_id))
        else:
            continue
        found.append(Reach(grant, frozenset(rows.values_list("id", flat=True))))
    return found


def _of_member(grant: Grant, scope: Scope) -> QuerySet[Village]:
    """Of the one who holds the office: for a stand-in, of the absent one."""
    on = scope.on or date.min
    person = grant.acting_for_id or scope.person_id
    held = Member.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        person=person,
        office=OFFICES[grant.role].value,
        valid_from__lte=on,
    )
    return Village.objects.filter(id__in=held.values("village_id"))


def visible_ids(scope: Scope) -> set[int]:
    return {one for reach in reaches(scope) for one in reach.village_ids}


def villages_for(scope: Scope) -> list[Village]:
    """The villages that a person works for or watches, by code."""
    return list(Village.objects.filter(id__in=visible_ids(scope)).order_by("code"))


def village_for(scope: Scope, code: str) -> Village:
    """Raises NotFound alike for none and for none of yours."""
    found = Village.objects.filter(code=code, id__in=visible_ids(scope)).first()
    if found is None:
        raise NotFound("没有找到这个村，请核对后重试。")
    return found


def disclosure_for(scope: Scope, disclosure_id: int) -> Disclosure:
    """Raises NotFound alike for none and for none of yours."""
    rows = Disclosure.objects.filter(id=disclosure_id, village__in=visible_ids(scope))
    found = rows.select_related("village", "section").first()
    if found is None:
        raise NotFound("没有找到这条公开，请核对后重试。")
    return found


def permit(scope: Scope, village_id: int, deed: Deed) -> Actor:
    """Under whose right a person does this for a village. Raises NotYourPost."""
    return _actor(scope, village_id, DEEDS[deed].roles, deed.label)


def clerk_actor(scope: Scope, village_id: int, act: str) -> Actor:
    """Who keeps the village's books. Raises NotYourPost."""
    return _actor(scope, village_id, CLERKS, act)


def township_actor(scope: Scope, village_id: int, act: str) -> Actor:
    """Who looks after the villages of a township. Raises NotYourPost."""
    return _actor(scope, village_id, TOWNSHIP, act)


def second_actor(scope: Scope, village_id: int, act: str) -> Actor:
    """Who of township or city may agree to what another has loosened. Raises NotYourPost."""
    return _actor(scope, village_id, TOWNSHIP | CITY, act)


def city_actor(scope: Scope, act: str) -> Actor:
    """Who sets what holds for all villages. Raises NotYourPost."""
    for grant in sorted(scope.grants, key=lambda one: one.acting_for_id is not None):
        if grant.role in CITY:
            return actor_of(scope, grant)
    raise NotYourPost(act)


def _actor(scope: Scope, village_id: int, roles: frozenset[Role], act: str) -> Actor:
    held = [
        reach.grant
        for reach in reaches(scope)
        if reach.grant.role in roles and village_id in reach.village_ids
    ]
    if not held:
        raise NotYourPost(act)
    grant = min(held, key=lambda one: one.acting_for_id is not None)
    actor = actor_of(scope, grant)
    if grant.role in CLERKS | SUPERVISORS:  # they act for their village, not for the township
        name = Village.objects.values_list("name", flat=True).get(id=village_id)
        actor = replace(actor, organisation_label=name)
    return actor


def deeds_for(scope: Scope, one: Disclosure) -> list[Deed]:
    """What a person may do with a disclosure now."""
    held = {reach.grant.role for reach in reaches(scope) if one.village_id in reach.village_ids}
    return [deed for deed in deeds_in(State(one.state)) if DEEDS[deed].roles & held]
