"""Reads of rights: under whose post a person speaks for an office, or inspects it."""

from collections.abc import Iterable

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import REGION_WIDE, SEES_NO_CASES, Grant, NotYourPost, Role, Scope
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.supervision.models import Card, InspectionTask


def office_actor(scope: Scope, about: Card | InspectionTask) -> Actor:
    """Who explains, appeals, answers an order or reports: somebody of the office concerned.

    Raises NotYourPost, for whoever watches over it as well.
    """
    unit = _unit(about)
    wanted = (
        grant
        for grant in scope.grants
        if unit in grant.organisation_ids and grant.role not in SEES_NO_CASES | REGION_WIDE
    )
    return _actor(scope, wanted, "说明、申诉和反馈")


def inspector_actor(scope: Scope, about: Card | InspectionTask | None = None) -> Actor:
    """Who upholds, cancels, orders, assigns and closes: an inspector of the place where the office
    stands. Raises NotYourPost."""
    unit = _unit(about) if about is not None else None
    place = regions.regions_of_organisations([unit]).get(unit) if unit else None
    wanted = (
        grant
        for grant in scope.grants
        if grant.role is Role.INSPECTOR and (place is None or place in grant.region_ids)
    )
    return _actor(scope, wanted, "监察")


def _unit(about: Card | InspectionTask) -> int | None:
    return about.organisation_id if isinstance(about, Card) else about.owner_unit_id


def _actor(scope: Scope, grants: Iterable[Grant], act: str) -> Actor:
    """One's own right before one held for another."""
    found = sorted(grants, key=lambda grant: grant.acting_for_id is not None)
    if not found:
        raise NotYourPost(act)
    return actor_of(scope, found[0])
