"""Reads of rights: under whose post a person speaks for an office, or inspects it."""

from collections.abc import Callable, Iterable
from datetime import date

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import REGION_WIDE, SEES_NO_CASES, Grant, NotYourPost, Role, Scope
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.supervision.models import Card, Directive, InspectionTask
from mingtang.supervision.rules import APART, SECOND, Colour, Deed, State, deeds_from
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind


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


def order_open(card: Card) -> Directive | None:
    """The directive about a card that waits for its answer."""
    return card.directives.filter(answered_at=None).order_by("id").first()


def appeal_due(card: Card) -> date | None:
    """Until when the office may appeal, while that runs."""
    clock = open_clock(card.stream, ClockKind.APPEAL)
    return clock.due_date if clock else None


def deeds_of(scope: Scope, card: Card, on: date) -> list[Deed]:
    """What a reader may do about a card now. Each command asks once more."""
    due = appeal_due(card)
    possible = deeds_from(
        State(card.state),
        Colour(card.colour),
        is_proposed=card.proposed_at is not None,
        is_ordered=order_open(card) is not None,
        is_in_time=due is None or on <= due,
    )
    allowed = {True: may(office_actor, scope, card), False: may(inspector_actor, scope, card)}
    barred = _barred(scope, card)
    return [deed for deed in possible if allowed[deed.is_of_office] and deed not in barred]


Asked = Callable[[Scope, Card | InspectionTask], Actor]


def may(asked: Asked, scope: Scope, about: Card | InspectionTask) -> bool:
    """Whether somebody has the post for it."""
    try:
        asked(scope, about)
    except NotYourPost:
        return False
    return True


def _barred(scope: Scope, card: Card) -> frozenset[Deed]:
    """Two persons: nobody approves what they proposed, nor judges what they said themselves."""
    if scope.person_id in {card.explained_by_id, card.appealed_by_id}:
        return APART
    return SECOND if scope.person_id == card.proposed_by_id else frozenset()
