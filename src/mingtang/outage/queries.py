"""Reads of paper receipts: those that wait for a second person, and one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.base.rows import find_rows
from mingtang.ledger.rules import Actor
from mingtang.outage.models import PaperReceipt
from mingtang.outage.rooms import Room, room_of, rooms
from mingtang.outage.rules import Stage

PAGE = 50


@dataclass(frozen=True)
class Page:
    rows: list[PaperReceipt]
    next: Cursor | None


def waiting(scope: Scope, *, after: Cursor | None = None) -> Page:
    """What a reader may confirm, in order (entered_at, id)."""
    rows = PaperReceipt.objects.filter(_of(scope), stage=Stage.WAITING.value)
    if after is not None:
        later = Q(entered_at=after.at, id__gt=after.id) | Q(entered_at__gt=after.at)
        rows = rows.filter(later)
    found = list(rows.select_related("entered_by").order_by("entered_at", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], Cursor(last.entered_at, last.id) if last else None)


def receipt_for(scope: Scope, receipt_id: int) -> PaperReceipt:
    """One of them, decided or not. Raises NotFound."""
    rows = PaperReceipt.objects.filter(_of(scope), id=receipt_id)
    found = rows.select_related("entered_by", "decided_by", "scan").first()
    if found is None:
        raise NotFound
    return found


def confirmer(scope: Scope, receipt: PaperReceipt) -> Actor:
    """As whom the reader confirms: under a post of their own before one held for another. Raises
    NotFound, and what the room raises where the thing is the reader's own."""
    room = room_of(receipt.kind)
    room.check_own(scope, receipt.subject_id)
    fitting = [
        grant
        for grant in scope.grants
        if (grant.role in room.unit_roles and receipt.organisation_id in grant.organisation_ids)
        or (grant.role in room.place_roles and receipt.region_id in grant.region_ids)
    ]
    if not fitting:
        raise NotFound
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def waiting_since(kind: str, subject_id: int) -> date | None:
    """The day on which a paper receipt says that a thing was received, while nobody has compared
    it."""
    rows = find_rows(PaperReceipt, kind=kind, subject_id=subject_id, stage=Stage.WAITING.value)
    return legal_date(rows[0].received_at) if rows else None


def _of(scope: Scope) -> Q:
    """Of each kind those of the units where somebody leads, and of their place."""
    found = Q(pk__in=[])
    for room in rooms():
        found |= _within(room, scope)
    return found


def _within(room: Room, scope: Scope) -> Q:
    units = {one for grant in _held(scope, room.unit_roles) for one in grant.organisation_ids}
    places = {one for grant in _held(scope, room.place_roles) for one in grant.region_ids}
    if not units and not places:
        return Q(pk__in=[])
    theirs = Q(organisation_id__in=sorted(units)) | Q(region_id__in=sorted(places))
    return Q(kind=room.kind) & theirs & room.readable(scope)


def _held(scope: Scope, roles: Iterable[Role]) -> list[Grant]:
    return [grant for grant in scope.grants if grant.role in roles]
