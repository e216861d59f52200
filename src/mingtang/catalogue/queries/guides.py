"""Reads for the paper a person takes home: the printed guide, the one-time information sheet."""

from datetime import date
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.catalogue import queries
from mingtang.catalogue.models import Edition
from mingtang.counts import queries as counts
from mingtang.ledger import queries as ledger
from mingtang.regions import queries as regions


def enquiry_sheet(code: str, number: int) -> dict[str, Any]:
    """The sheet of an enquiry: the edition of that day, as it was told. Raises NotFound."""
    item, _current = queries.published(code)
    event = ledger.event_of(f"item:{item.id}", number)
    if event is None or event.kind != queries.ENQUIRY:
        raise NotFound("没有这份告知单，请回到咨询页重新打印。")
    edition = Edition.objects.get(id=int(event.facts["edition_id"]))
    told = {"told_at": event.at, "counter": event.organisation_label, "number": number}
    return queries.describe(item, edition, legal_date(event.at)) | told


def enquiry_figures(organisation_id: int, on: date) -> dict[str, int]:
    """How many asked on a day: at the counters of a unit, and at all of them."""
    units = regions.subtree_ids(organisation_id)
    here = counts.totals([queries.ENQUIRY], since=on, until=on, organisation_ids=units)
    everywhere = counts.totals([queries.ENQUIRY], since=on, until=on)
    return {"here": here[queries.ENQUIRY], "everywhere": everywhere[queries.ENQUIRY]}
