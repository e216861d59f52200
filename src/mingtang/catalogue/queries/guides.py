"""Reads for the paper a person takes home: the printed guide, the one-time information sheet."""

from datetime import date
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.catalogue import queries
from mingtang.catalogue.models import Edition
from mingtang.catalogue.queries import item_files
from mingtang.counts import queries as counts
from mingtang.files.queries import Upload
from mingtang.ledger import queries as ledger
from mingtang.regions import queries as regions


class FileNotPublished(NotFound):
    def __init__(self) -> None:
        super().__init__("没有找到这份表格，请回到事项页面重新打开，或到窗口领取。")


PLAIN = (("规格", "A4"), ("规格", "证件原样"), ("来源", "申请人自备"))  # goes without saying
NO_PROCEDURE = "无"
QUESTIONS = 3


def on_paper(told: dict[str, Any]) -> dict[str, Any]:
    """What is told of an item, as far as it is worth paper: the page on the web has all of it."""
    special = [one for one in told["special"] if one["name"] != NO_PROCEDURE]
    return told | {
        "materials": [_on_paper(line) for line in told["materials"]],
        "special": special,
        "questions": told["questions"][:QUESTIONS],
    }


def _on_paper(line: dict[str, Any]) -> dict[str, Any]:
    """A material whose notes can run together in one line, between semicolons."""
    facts = [
        one | {"value": one["value"].rstrip("。；")}
        for one in line["facts"]
        if (one["term"], one["value"]) not in PLAIN
    ]
    return line | {"facts": facts, "note": line["note"].rstrip("。；")}


def enquiry_sheet(code: str, number: int, variant: str = "") -> dict[str, Any]:
    """The sheet of an enquiry: the edition of that day, as it was told. Raises NotFound.

    `variant` is the code of the business variant somebody asks about; blank for all.
    """
    item, _current = queries.published(code)
    event = ledger.event_of(f"item:{item.id}", number)
    if event is None or event.kind != queries.ENQUIRY:
        raise NotFound("没有这份告知单，请回到咨询页重新打印。")
    edition = Edition.objects.get(id=int(event.facts["edition_id"]))
    told = {"told_at": event.at, "counter": event.organisation_label, "number": number}
    return on_paper(queries.describe(item, edition, legal_date(event.at), variant)) | told


def public_file(code: str, name: str) -> Upload:
    """A blank form or sample that a published edition of the item names. Raises NotFound."""
    item, _current = queries.published(code)
    found = item_files.kept_file(item.id, name)
    if found is None or name not in item_files.names_published(item.id):
        raise FileNotPublished
    return found


def enquiry_figures(organisation_id: int, on: date) -> dict[str, int]:
    """How many asked on a day: at the counters of a unit, and at all of them."""
    units = regions.subtree_ids(organisation_id)
    here = counts.totals([queries.ENQUIRY], since=on, until=on, organisation_ids=units)
    everywhere = counts.totals([queries.ENQUIRY], since=on, until=on)
    return {"here": here[queries.ENQUIRY], "everywhere": everywhere[queries.ENQUIRY]}
