"""The receipts that cases had of their own go to the room below, and come back."""

from datetime import timedelta
from pathlib import Path

import pytest

from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.outage.models import PaperBlock, PaperReceipt
from tests.outage.papers import claim, decide, printed
from tests.upgrading import Row, Stop, rows_of, walk, with_parents
from tests.world import new_command_id, plain

BEFORE, AFTER = [("cases", "0018_paper_receipts")], [("cases", "0019_paper_receipts_below")]
OLD, NEW = "cases_paperreceipt", "outage_paperreceipt"
BELOW = {"kind", "subject_id", "organisation_id", "region_id"}


def _old(row: Row) -> Row:
    return {name: row[name] for name in row.keys() - BELOW} | {"case_id": row["subject_id"]}


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_each_receipt_of_a_case_goes_down_and_comes_back(world, at, tmp_path: Path):
    printed(at - timedelta(days=3))
    made = services.take_in(
        item_code=world.item(),
        applicant=world.applicant(),
        answers=plain("取水。"),
        paper=claim(at - timedelta(days=1)),
        actor=world.actor(world.clerk),
        at=at,
        command_id=new_command_id(),
    )
    decide(services.refuse_paper_receipt, world.actor(world.approver), at, reason="号码不符")
    case = Case.objects.get(id=int(made["case_id"]))
    world.act(world.clerk, services.enter_paper_receipt, case, at, claim=claim(at))
    now, blocks = rows_of(NEW), rows_of(PaperBlock._meta.db_table)
    old = [_old(row) for row in now]
    laid = with_parents(Case, rows_of(Case._meta.db_table))
    laid += [one for one in with_parents(PaperReceipt, now) if one not in laid and one[0] != NEW]
    laid += [("cases_paperblock", row) for row in blocks] + [(OLD, row) for row in old]
    _, new, back, again = walk(
        tmp_path,
        Stop(at=BEFORE, lay=laid),
        Stop(at=AFTER, tell=NEW),
        Stop(at=BEFORE, tell=OLD),
        Stop(at=AFTER, tell=NEW),
    )
    assert [row["stage"] for row in new] == ["refused", "waiting"]
    assert new == now
    assert ([_sorted(row) for row in back], again) == ([_sorted(row) for row in old], new)


def _sorted(row: Row) -> list[tuple[str, object]]:
    return sorted(row.items())
