"""The demo's lists: powers and responsibilities of this year, and the handbook of 2013.

The centre's report of that year has 481 items of 29 departments in the hall, and says that guides
were printed anew. Which items they were it does not say: the demo's own list, which has as many,
stands for them and says so.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.catalogue import services as catalogue
from mingtang.catalogue.services.importing import DEMO
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

PRINTED = date(2013, 12, 2)
SOURCE = "演示：事项取自本系统附带的目录，481 项、29 个部门与年度报告的数字相同，不是当年的原件"


def load(
    *,
    author: Actor,
    reviewer: Actor,
    centre: str,
    at: datetime,
    command_id: Callable[[str], str],
) -> None:
    """By six commands; what was loaded stays."""
    units = [one.id for one in regions.organisation_cards(legal_date(at), kinds=["department"])]
    made: list[str] = []
    for kind in ("powers", "duties"):
        lists = catalogue.make_lists(
            kind=kind,
            organisation_ids=units,
            as_of_date=legal_date(at).isoformat(),
            actor=author,
            at=at,
            command_id=command_id(f"lists/{kind}"),
        )
        made += lists["list_ids"]
    catalogue.freeze_lists(
        list_ids=[int(one) for one in made],
        actor=reviewer,
        at=at,
        command_id=command_id("lists/freeze"),
    )
    then = datetime(PRINTED.year, PRINTED.month, PRINTED.day, 9, tzinfo=LEGAL_ZONE)
    handbook = catalogue.bring_in_list(
        kind="handbook",
        organisation_id=regions.organisation_by_code(centre).id,
        as_of_date=PRINTED.isoformat(),
        rows=[_row(row) for row in catalogue.read_items_file(DEMO)],
        source=SOURCE,
        actor=author,
        at=then,
        command_id=command_id("lists/handbook-2013"),
    )
    catalogue.freeze_lists(
        list_ids=[int(handbook["list_ids"][0])],
        actor=reviewer,
        at=then,
        command_id=command_id("lists/freeze-2013"),
    )


def _row(row: Mapping[str, str]) -> dict[str, str]:
    return {
        "code": row["task_code"],
        "name": row["name"],
        "department": row["department"],
        "subject": row["department"],
        "promised": row.get("promised_days", ""),
        "fee": row.get("fee", ""),
    }
