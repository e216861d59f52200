"""Reads of handing over: who works where, who stands in for whom, the steps in one's hands."""

from collections.abc import Iterable
from datetime import date

from mingtang.accounts import queries as accounts
from mingtang.accounts.queries import Person, Substitution
from mingtang.accounts.rules import EVERY_ITEM, Grant, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.cases.models import Step
from mingtang.cases.queries.leads import regions_of
from mingtang.cases.rules import State, StepStatus
from mingtang.cases.rules.leads import ARRANGERS, WORKERS
from mingtang.cases.rules.moves import DECIDERS, HANDLERS
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

MOST_ITEMS = 200  # more than anybody ticks: the general window stands in for all or none
Colleague = tuple[Person, int]  # with the unit


def own_units(scope: Scope) -> list[int]:
    """Where somebody works themselves, not for others."""
    held = [one for one in scope.grants if one.role in WORKERS and one.acting_for_id is None]
    return sorted({one.organisation_id for one in held})


def managed_units(scope: Scope) -> list[int]:
    """The units whose people a centre's manager may arrange for."""
    return regions.ids_in(regions_of(scope, [Role.CENTRE_MANAGER]))


def may_arrange_for(scope: Scope, on: date) -> list[Colleague]:
    """For whom somebody may arrange: the people of the centre for its manager; else oneself,
    which is not listed."""
    units = managed_units(scope)
    return accounts.staff_of(units, on) if units else []


def substitutes_for(scope: Scope, absent_id: int, on: date) -> list[Colleague]:
    """Who may stand in: whoever works at the same units, above or below them; not who arranges."""
    units = accounts.related_units(absent_id, on, on)
    without = {absent_id, scope.person_id}
    return [one for one in accounts.staff_of(units, on) if one[0].id not in without]


def items_held(absent_id: int, on: date) -> list[tuple[str, str]]:
    """Code and name of the items that somebody handles; none where they are too many to name."""
    codes: set[str] = set()
    units: set[int] = set()
    for post in accounts.posts_of(absent_id, on):
        if post.item_codes is None:
            units.add(post.organisation_id)
        elif EVERY_ITEM in post.item_codes:
            return []
        else:
            codes.update(post.item_codes)
    found = catalogue.item_names(department_ids=units, codes=codes, most=MOST_ITEMS + 1)
    return found if len(found) <= MOST_ITEMS else []


def arrangeable(scope: Scope, on: date) -> set[int]:
    """For whom somebody may arrange, by id."""
    own = {scope.person_id} if _own_grants(scope) and scope.person_id else set()
    return own | {person.id for person, _unit in may_arrange_for(scope, on)}


def _own_grants(scope: Scope) -> list[Grant]:
    return [one for one in scope.grants if one.role in ARRANGERS and one.acting_for_id is None]


def arranger(scope: Scope, absent_id: int, on: date) -> Actor:
    """Who arranges for somebody: they themselves, or their centre's manager. Raises NotFound."""
    if absent_id not in arrangeable(scope, on):
        raise NotFound
    grants = _own_grants(scope)
    if absent_id != scope.person_id:
        grants = [one for one in scope.grants if one.role is Role.CENTRE_MANAGER]
    return accounts.actor_of(scope, grants[0])


def substitutions(scope: Scope, on: date) -> list[Substitution]:
    """What is arranged for or by somebody from a day on; all of the centre for its manager."""
    people = [scope.person_id] if scope.person_id else []
    return accounts.substitutions(on, person_ids=people, organisation_ids=managed_units(scope))


def substitution_to_end(scope: Scope, substitution_id: int, on: date) -> Substitution:
    """Only the absent one and the manager end it; a substitute does not dismiss themselves.

    Raises NotFound alike for none and for none of yours.
    """
    found = next((one for one in substitutions(scope, on) if one.id == substitution_id), None)
    if found is None or found.absent_id not in arrangeable(scope, on):
        raise NotFound
    return found


# ── open steps ────────────────────────────────────────────────────────────────────────────────


def steps_in_hand(scope: Scope) -> list[Step]:
    """The open steps that somebody has claimed or was given, the most urgent case first."""
    running = [State.REVIEWING.value, State.PAUSED.value]
    mine = Step.objects.filter(case__state__in=running).select_related(
        "case__edition", "case__item"
    )
    claimed = mine.filter(status=StepStatus.CLAIMED.value, claimed_by=scope.person_id)
    given = mine.filter(status=StepStatus.READY.value, assigned_to=scope.person_id)
    found = [*claimed.order_by("id"), *given.order_by("id")]
    return sorted(found, key=lambda one: (one.case.next_due_date or date.max, one.id))


def takers(steps: Iterable[Step], on: date, but: int | None) -> list[Colleague]:
    """Who may take these steps over: handlers and deciders of the units where they are."""
    units = {step.organisation_id for step in steps}
    if not units:
        return []
    able = {one.id for one in accounts.colleagues(units, HANDLERS | DECIDERS, on)} - {but}
    return [one for one in accounts.staff_of(units, on) if one[0].id in able]
