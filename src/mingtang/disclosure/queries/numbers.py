"""Reads of index numbers: what an organ's are made of, by which scheme."""

from django.db.models import Q

from mingtang.disclosure.models import IndexNumber, IndexScheme, Publication
from mingtang.disclosure.rules import index


def organ_of(item: Publication) -> index.Organ:
    """The codes of an item's unit that may stand in its number."""
    row = item.organisation
    return index.Organ(row.id, row.credit_code or "", row.region.code, row.unit3)


def schemes_for(organisation_id: int) -> list[index.Scheme]:
    """The schemes of a unit, its own first; where none is written down, the shipped ones."""
    rows = IndexScheme.objects.filter(
        Q(organisation=organisation_id) | Q(organisation=None), is_on=True
    )
    found = sorted(rows, key=lambda row: (row.organisation_id is None, row.position, row.id))
    listed = [index.Scheme(row.code, row.template, index.SerialScope(row.scope)) for row in found]
    return listed or list(index.SHIPPED)


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
