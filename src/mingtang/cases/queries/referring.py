"""Reads of what one level examines and the next decides: where it may be handed in."""

from datetime import date
from typing import Any

from mingtang.cases.models import Case
from mingtang.catalogue import queries as catalogue
from mingtang.regions import queries as regions


def is_below(case: Case) -> bool:
    """Whether a lower level has a case still, that the next one will decide."""
    return case.referred_up_at is None and catalogue.referred_up_of(case.edition) is not None


def townships_of(edition: Any, on: date) -> list[tuple[str, str]]:
    """Unit and name of the townships of which an applicant chooses one; none for an item that no
    township examines first."""
    below = catalogue.referred_up_of(edition)
    if not below or not below.is_by_township:
        return []
    units = [one.id for one in regions.township_units(edition.item.department.area6)]
    names = regions.short_names_of(units, on)
    return [(str(one), names[one]) for one in units if one in names]
