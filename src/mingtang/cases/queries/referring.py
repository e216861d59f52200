"""Reads of what one level examines and the next decides: where it may be handed in."""

from datetime import date
from typing import Any

from mingtang.cases.models import Case
from mingtang.cases.rules import Channel
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.rules.referral import ReferredUp
from mingtang.regions import queries as regions


def first_level(case: Case) -> ReferredUp | None:
    """How a lower level examines a case before the next one decides; None where one level handles
    all. A part of a joint matter was opened at the department: there the route says who is asked.
    """
    is_part = case.channel == Channel.JOINT.value
    return None if is_part else catalogue.referred_up_of(case.edition)


def is_below(case: Case) -> bool:
    """Whether a lower level has a case still, that the next one will decide."""
    return case.referred_up_at is None and first_level(case) is not None


def townships_of(edition: Any, on: date) -> list[tuple[str, str]]:
    """Unit and name of the townships of which an applicant chooses one; none for an item that no
    township examines first."""
    below = catalogue.referred_up_of(edition)
    if not below or not below.is_by_township:
        return []
    units = [one.id for one in regions.township_units(edition.item.department.area6)]
    names = regions.short_names_of(units, on)
    return [(str(one), names[one]) for one in units if one in names]
