"""Reads of paper receipts: those that wait for a second person, and one of them."""

from dataclasses import dataclass

from django.db.models import Q

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.cases.models import PaperReceipt
from mingtang.cases.queries.leads import regions_of
from mingtang.cases.queries.reading import SEALED
from mingtang.cases.queries.rights import is_own
from mingtang.cases.rules import OwnCase
from mingtang.cases.rules.paper_receipts import Stage
from mingtang.ledger.rules import Actor

PAGE = 50
OF_CASE = tuple(f"case__{name}" for name in SEALED)


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
    rows = rows.select_related("case__edition", "entered_by").defer(*OF_CASE)
    found = list(rows.order_by("entered_at", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], Cursor(last.entered_at, last.id) if last else None)


def receipt_for(scope: Scope, receipt_id: int) -> PaperReceipt:
    """One of them, decided or not. Raises NotFound."""
    rows = PaperReceipt.objects.filter(_of(scope), id=receipt_id)
    rows = rows.select_related("case__edition", "entered_by", "decided_by", "scan")
    found = rows.defer(*OF_CASE).first()
    if found is None:
        raise NotFound
    return found


def confirmer(scope: Scope, receipt: PaperReceipt) -> Actor:
    """As whom the reader confirms. Raises NotFound, OwnCase."""
    case = receipt.case
    if is_own(scope, case):
        raise OwnCase
    for grant in scope.grants:
        leads = grant.role is Role.WINDOW_LEAD
        manages = grant.role is Role.CENTRE_MANAGER
        if (leads and case.intake_organisation_id in grant.organisation_ids) or (
            manages and case.region_id in grant.region_ids
        ):
            return actor_of(scope, grant)
    raise NotFound


def _of(scope: Scope) -> Q:
    """Of the windows where somebody leads; of all the place for the centre's manager."""
    leading = [grant for grant in scope.grants if grant.role is Role.WINDOW_LEAD]
    units = {one for grant in leading for one in grant.organisation_ids}
    places = regions_of(scope, [Role.CENTRE_MANAGER])
    return Q(case__intake_organisation_id__in=units) | Q(case__region_id__in=places)
