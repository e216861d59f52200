"""Reads of the cashier's day: what was taken and given back, which days are closed."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.db.models import F, Q

from mingtang.accounts.rules import Role, Scope
from mingtang.base.clock import day_bounds
from mingtang.base.paging import DateCursor
from mingtang.cases.models import CashierDay, Charge
from mingtang.cases.queries.leads import regions_of
from mingtang.cases.queries.lists import PAGE
from mingtang.regions import queries as regions


@dataclass(frozen=True)
class MoneyLine:
    """One movement of money. A refund has a negative sum."""

    at: datetime
    cents: int
    number: str
    item_name: str
    receipt: str
    note: str


def money_of(cashier_id: int, on: date) -> list[MoneyLine]:
    """What a cashier took and gave back on a day, in the order in which it happened."""
    first, last = day_bounds(on)
    about = ("case__number", "case__edition__name", "receipt_number")
    taken = Charge.objects.filter(paid_by=cashier_id, paid_at__gte=first, paid_at__lt=last)
    given = Charge.objects.filter(
        refunded_by=cashier_id, refunded_at__gte=first, refunded_at__lt=last
    )
    rows = chain(
        taken.order_by("paid_at", "id").values_list("paid_at", "paid_cents", *about, "reference"),
        given.order_by("refunded_at", "id").values_list(
            "refunded_at", -F("refunded_cents"), *about, "refund_reason"
        ),
    )
    return sorted((MoneyLine(*row) for row in rows), key=lambda line: line.at)


def closed_day(cashier_id: int, on: date) -> CashierDay | None:
    return CashierDay.objects.filter(cashier=cashier_id, date=on).first()


@dataclass(frozen=True)
class DayPage:
    rows: list[CashierDay]
    next: DateCursor | None


def closed_days(scope: Scope, after: DateCursor | None = None) -> DayPage:
    """Days that were closed: one's own; all of the place for its manager. Newest first, total
    order (date, id)."""
    whose = Q(cashier=scope.person_id)
    managed = regions_of(scope, [Role.CENTRE_MANAGER])
    if managed:
        whose |= Q(organisation_id__in=regions.ids_in(managed))
    rows = CashierDay.objects.filter(whose)
    if after is not None:
        rows = rows.filter(Q(date__lt=after.day) | Q(date=after.day, id__lt=after.id))
    rows = rows.select_related("cashier").defer("cashier__identity_number", "cashier__phone")
    found = list(rows.order_by("-date", "-id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return DayPage(found[:PAGE], DateCursor(last.date, last.id) if last else None)
