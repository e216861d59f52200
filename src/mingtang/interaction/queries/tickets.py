"""Reads of bad ratings: who may see which, lists, one ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Scope
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.interaction.models import BadRating, Concerned
from mingtang.interaction.models.tickets import IS_ENDED
from mingtang.interaction.rules import (
    CENTRE,
    READERS,
    TicketMove,
    TicketState,
    moves_from,
)
from mingtang.ledger.rules import Actor

PAGE = 30


def ticket_of(subject: str, service: int) -> BadRating | None:
    return BadRating.objects.filter(subject=subject, completed_seq=service).first()


def answered_ticket(subject: str) -> BadRating | None:
    """The ticket of a case whose answer waits for the rater's word."""
    rows = BadRating.objects.filter(subject=subject, state=TicketState.ANSWERED.value)
    return rows.order_by("-completed_seq").first()


def locked_ticket(ticket_id: str) -> BadRating:
    """One ticket, held until the transaction ends. Raises NotFound."""
    found = BadRating.objects.select_for_update().filter(id=parse_id(ticket_id) or 0).first()
    if found is None:
        raise NotFound
    return found


def days_of_tickets(ids: Iterable[int]) -> dict[int, date]:
    """On which day each of these tickets was opened."""
    rows = BadRating.objects.filter(id__in=list(ids)).order_by("id")
    return {number: legal_date(at) for number, at in rows.values_list("id", "opened_at")}


def _unit_grants(scope: Scope) -> list[Grant]:
    return [grant for grant in scope.grants if grant.role in READERS]


def _within(grant: Grant, prefix: str = "") -> Q:
    if grant.role in CENTRE:
        return Q(**{f"{prefix}organisation__region__in": list(grant.region_ids)})
    return Q(**{f"{prefix}organisation__in": list(grant.organisation_ids)})


def of_units(scope: Scope) -> Q:
    """What has an organisation that somebody leads, or oversees from the centre."""
    return reduce(or_, (_within(grant) for grant in _unit_grants(scope)), Q(pk__in=[]))


def visible(scope: Scope) -> QuerySet[BadRating]:
    """The tickets somebody may see: of units they lead or oversee, none on whose case they, or
    whoever they stand in for, acted."""
    people = [scope.person_id, *(grant.acting_for_id for grant in scope.grants)]
    mine = Concerned.objects.filter(person_id__in=[one for one in people if one])
    rows = BadRating.objects.filter(of_units(scope)).exclude(id__in=mine.values("ticket_id"))
    return rows.select_related("organisation")


def ticket_for(scope: Scope, ticket_id: int) -> BadRating:
    """One ticket. Raises NotFound alike for none and for none of yours."""
    found = visible(scope).filter(id=ticket_id).first()
    if found is None:
        raise NotFound
    return found


def _grants_for(scope: Scope, ticket: BadRating) -> list[Grant]:
    place, unit = ticket.organisation.region_id, ticket.organisation_id
    fitting = [
        grant
        for grant in _unit_grants(scope)
        if (place in grant.region_ids if grant.role in CENTRE else unit in grant.organisation_ids)
    ]
    return sorted(fitting, key=lambda grant: grant.acting_for_id is not None)


def may_know_case(scope: Scope, ticket: BadRating) -> bool:
    """Whether somebody may learn from a ticket which case it is about, and so who rated: the
    centre, which calls back; nobody who leads the rated unit."""
    roles = {grant.role for grant in _grants_for(scope, ticket)}
    return bool(roles) and roles <= CENTRE


def moves_for(scope: Scope, ticket: BadRating) -> list[TicketMove]:
    """What somebody may do next with a ticket they may see."""
    roles = [grant.role for grant in _grants_for(scope, ticket)]
    return [
        move
        for move in moves_from(TicketState(ticket.state), roles)
        if not (move.source is TicketState.DISPUTED and ticket.verified_by_id == scope.person_id)
    ]


def permit(scope: Scope, ticket: BadRating, move: TicketMove) -> Actor:
    """Under whose right a person does this. Raises NotYourPost."""
    for grant in _grants_for(scope, ticket):
        if grant.role in move.roles:
            return actor_of(scope, grant)
    raise NotYourPost(move.label)


@dataclass(frozen=True)
class TicketPage:
    rows: list[BadRating]
    next: Cursor | None


def tickets(scope: Scope, *, is_open: bool, after: Cursor | None = None) -> TicketPage:
    """Open tickets or ended ones, the newest first."""
    rows = visible(scope).filter(~IS_ENDED if is_open else IS_ENDED)
    if after is not None:
        rows = rows.filter(Q(opened_at__lt=after.at) | Q(opened_at=after.at, id__lt=after.id))
    listed = rows.defer(
        *("contact_note", "verify_note", "review_note", "answer", "close_note")
    ).order_by("-opened_at", "-id")
    found = list(listed[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return TicketPage(found[:PAGE], Cursor(last.opened_at, last.id) if last else None)
