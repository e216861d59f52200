"""Reads for the paper a person takes home: the printed guide, the one-time information sheet."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.catalogue import queries
from mingtang.catalogue.models import Edition, Item, ItemStatus
from mingtang.catalogue.queries import item_files
from mingtang.catalogue.queries.lists import items_in_hall
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


def handbook_items(on: date, organ: str = "") -> list[dict[str, Any]]:
    """The items in force as the handbook tells them, by department and code: all that are handled
    in the hall, or all of one organ and the units below it. Raises NotFound where there is none.
    """
    rows = _in_handbook(organ).filter(current_edition__isnull=False)
    listed = rows.select_related("current_edition", "department__region")
    found = [
        on_paper(queries.describe(item, item.current_edition, on))
        for item in listed.order_by("department__area6", "department__unit3", "code", "id")
        if item.current_edition
    ]
    if not found:
        raise NotFound("没有已经公布的事项可以汇编，请先发布事项，或核对单位代码。")
    return found


def unpublished_items(on: date, organ: str = "") -> list[tuple[str, str]]:
    """What belongs in the handbook and has no published guide yet: department and name."""
    rows = _in_handbook(organ).filter(current_edition=None)
    listed = list(rows.order_by("department__area6", "department__unit3", "code", "id"))
    names = regions.names_of({item.department_id for item in listed}, on)
    return [(names.get(item.department_id, ""), item.name) for item in listed]


def _in_handbook(organ: str) -> "QuerySet[Item]":
    if not organ:
        return items_in_hall().filter(status=ItemStatus.ACTIVE.value)
    units = regions.subtree_ids(regions.organisation_by_code(organ).id)
    return Item.objects.filter(department_id__in=units, status=ItemStatus.ACTIVE.value)


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
