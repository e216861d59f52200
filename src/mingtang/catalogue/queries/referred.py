"""Reads: the items that one level examines and the next decides, for those who work on them."""

from dataclasses import dataclass
from datetime import date

from mingtang.base.ids import parse_id
from mingtang.catalogue.models import Item, ItemStatus
from mingtang.catalogue.queries.listing import promised_label
from mingtang.catalogue.rules.details import PRE_EXAMINERS
from mingtang.catalogue.rules.referral import referred_up
from mingtang.regions import queries as regions

PAGE = 50


@dataclass(frozen=True)
class ReferredItem:
    """`days`: within which it is examined first; `until`: the promise, counted from the report."""

    code: str
    name: str
    pre_examiner: str
    days: int
    decider: str
    until: str
    basis: str


def referred_items(on: date, after: str = "") -> tuple[list[ReferredItem], str]:
    """A page of the items in force that go up, in order of registration, and where it ended."""
    rows = Item.objects.filter(
        status=ItemStatus.ACTIVE, current_edition__details__has_key="pre_examined_by"
    )
    found = list(
        rows.filter(id__gt=parse_id(after) or 0)
        .select_related("current_edition")
        .order_by("id")[: PAGE + 1]
    )
    names = regions.names_of((item.department_id for item in found), on)
    made = []
    for item in found[:PAGE]:
        edition = item.current_edition
        assert edition is not None
        below = referred_up(edition.details)
        assert below is not None
        department = names.get(item.department_id, "")
        by = PRE_EXAMINERS[edition.details["pre_examined_by"]].label
        made.append(
            ReferredItem(
                code=item.code,
                name=edition.name,
                pre_examiner=by if below.is_by_township else department,
                days=below.days,
                decider=below.decided_by or department,
                until=promised_label(edition),
                basis=edition.basis,
            )
        )
    return made, str(found[PAGE - 1].id) if len(found) > PAGE else ""
