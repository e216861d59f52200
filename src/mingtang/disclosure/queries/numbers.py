"""Reads of index numbers: what an organ's are made of, by which scheme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from mingtang.disclosure.models import IndexNumber, IndexScheme, Publication
from mingtang.disclosure.rules import index
from mingtang.regions.queries import organisations


def organ_of(item: Publication) -> index.Organ:
    """The codes of an item's unit that may stand in its number."""
    return _organ(item.organisation)


def _organ(row: Any) -> index.Organ:
    return index.Organ(row.id, row.credit_code or "", row.region.code, row.unit3)


def schemes_for(organisation_id: int) -> list[index.Scheme]:
    """The schemes of a unit, its own first; where none is written down, the shipped ones."""
    return _schemes_of([organisation_id])[organisation_id]


def _schemes_of(organisation_ids: Iterable[int]) -> dict[int, list[index.Scheme]]:
    wanted = list(organisation_ids)
    written = IndexScheme.objects.filter(
        Q(organisation__in=wanted) | Q(organisation=None), is_on=True
    )
    rows = sorted(written, key=lambda row: (row.organisation_id is None, row.position, row.id))
    found: dict[int, list[index.Scheme]] = {}
    for unit in wanted:
        own = [row for row in rows if row.organisation_id in {unit, None}]
        found[unit] = [
            index.Scheme(row.code, row.template, index.SerialScope(row.scope)) for row in own
        ] or list(index.SHIPPED)
    return found


@dataclass(frozen=True)
class Numbering:
    """How the numbers of a unit are made, and what one looks like; no scheme fits: neither."""

    organisation_id: int
    scheme: index.Scheme | None
    example: str


def numbering_of(organisation_ids: Iterable[int], on: date) -> list[Numbering]:
    """How these units number what they publish, in the order given."""
    wanted = list(organisation_ids)
    units, schemes = organisations(wanted), _schemes_of(wanted)
    return [_numbering(_organ(units[one]), schemes[one], on) for one in wanted]


def _numbering(organ: index.Organ, schemes: Iterable[index.Scheme], on: date) -> Numbering:
    parts = organ.parts(on)
    scheme = next((one for one in schemes if index.can_number(one, parts)), None)
    return Numbering(organ.id, scheme, index.spell(scheme, parts, 1) if scheme else "")


def doubts_of_item(item: Publication) -> list[str]:
    """What of an item's numbers does not hold."""
    assert item.version is not None
    numbers = IndexNumber.objects.filter(publication=item).order_by("id")
    return [
        doubt
        for number in numbers.values_list("number", flat=True)
        for doubt in (
            *index.doubts_of(number),
            *index.year_doubts(number, item.version.formed_date),
        )
    ]
