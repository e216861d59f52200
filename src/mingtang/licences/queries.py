"""Reads of licences: one's own, and those that one's units gave."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.cases.queries import is_own, own_cases
from mingtang.ledger.rules import Actor
from mingtang.licences.models import Licence as Licence
from mingtang.licences.rules import DECIDERS, READERS, WORKERS

PAGE, MINE_SHOWN = 30, 100
_WITH = ("case", "case__item", "item")


def mine(scope: Scope) -> list[Licence]:
    """Those of who signed in, and of the enterprises they act for: what holds longest first."""
    rows = Licence.objects.filter(case__in=own_cases(scope))
    return list(rows.select_related(*_WITH).order_by("-issued_at", "-id")[:MINE_SHOWN])


def _of(grant: Grant) -> Q:
    there = Q(organisation_id__in=sorted(grant.organisation_ids))
    if grant.region_ids:
        there |= Q(case__region_id__in=sorted(grant.region_ids))
    if grant.item_codes is not None:
        there &= Q(item__code__in=sorted(grant.item_codes))
    return there


def visible(scope: Scope) -> "QuerySet[Licence]":
    found = Q(pk__in=[])
    for grant in scope.grants:
        if grant.role in READERS:
            found |= _of(grant)
    return Licence.objects.filter(found)


@dataclass(frozen=True)
class Page:
    rows: list[Licence]
    next: Cursor | None


def licences(
    scope: Scope,
    *,
    number: str = "",
    waits: bool = False,
    after: Cursor | None = None,
    size: int = PAGE,
) -> Page:
    """The latest first; total order (issued_at, id). `number`: begins so; `waits`: an ending that
    nobody has confirmed yet."""
    rows = visible(scope).select_related(*_WITH)
    if number:
        rows = rows.filter(number__startswith=number)
    if waits:
        rows = rows.filter(asked_at__isnull=False, ended_at=None)
    if after is not None:
        rows = rows.filter(Q(issued_at__lt=after.at) | Q(issued_at=after.at, id__lt=after.id))
    listed = list(rows.order_by("-issued_at", "-id")[: size + 1])
    last = listed[size - 1] if len(listed) > size else None
    return Page(listed[:size], Cursor(last.issued_at, last.id) if last else None)


def licence_for(scope: Scope, licence_id: int) -> Licence:
    """Raises NotFound for those of others too."""
    rows = visible(scope).select_related(*_WITH, "asked_by", "ended_by", "replaced_by")
    found = rows.filter(id=licence_id).first()
    if found is None:
        raise NotFound
    return found


def grant_at(scope: Scope, found: Licence, *, to_decide: bool) -> Grant | None:
    """The right under which its ending is asked for, or confirmed; nobody acts on their own."""
    if is_own(scope, found.case):
        return None
    grants = scope.grants_for(
        DECIDERS if to_decide else WORKERS,
        organisation_id=found.organisation_id,
        item_code=found.item.code,
        region_id=found.case.region_id,
    )
    return next(
        (one for one in grants if one.acting_for_identity != found.case.identity_index), None
    )


def actor_at(scope: Scope, found: Licence, *, to_decide: bool) -> Actor:
    """Who acts. Raises NotYourPost."""
    grant = grant_at(scope, found, to_decide=to_decide)
    if grant is None:
        raise NotYourPost("证照的撤销、撤回、吊销和注销")
    return actor_of(scope, grant)


def of_case(case_id: int) -> Licence | None:
    return Licence.objects.filter(case_id=case_id).first()


def titles(licence_ids: list[int]) -> dict[int, str]:
    return {one.id: str(one) for one in Licence.objects.filter(id__in=licence_ids)}
