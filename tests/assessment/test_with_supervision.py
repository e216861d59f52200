"""A real card of supervision takes points off a sheet; cancelled by two persons it does not."""

from datetime import date
from decimal import Decimal

import pytest

from mingtang.assessment import queries, services
from mingtang.assessment.queries import differences, read_ledger, targets
from mingtang.assessment.rules.periods import period_of
from mingtang.assessment.rules.schemes import Cycle, TargetKind
from mingtang.ledger import queries as ledger
from mingtang.supervision import queries as cards
from mingtang.supervision.rules import CancelReason, SameInspector
from tests.assessment.conftest import MONTH, OPENED, Office
from tests.assessment.schemes import deduct, scheme
from tests.supervision.hall import Hall

pytestmark = pytest.mark.django_db
LATER = date(2013, 10, 14)
REASON = {"reason": CancelReason.OUTAGE, "note": "核对属实，有通知为证。"}


@pytest.fixture
def hall(db):
    return Hall()


@pytest.fixture
def office(hall):
    return Office(hall)


@pytest.fixture
def red(hall):
    """A case that ran over in September: its reminder and its yellow card gave way to a red one."""
    found = hall.overdue()
    (card,) = [card for card in found if card.colour == "red"]
    return card


@pytest.fixture
def sheet(office, red):
    lines = deduct("red_cards", "4", "20"), deduct("yellow_cards", "2", "10")
    office.open(office.use(scheme(*lines, code="cards")))
    sheets = {one.target_id: one for one in queries.sheets_of("cards", MONTH)}
    return sheets[red.organisation_id]


def differ(sheet):
    period = period_of(Cycle.MONTH, MONTH)
    judged = targets(TargetKind.DEPARTMENT, period.until)
    found = read_ledger(period, TargetKind.DEPARTMENT, judged).measures[sheet.target_id]
    told = differences(queries.content_of(sheet.scheme), queries.scores_of(sheet), found)
    return [(one.key, one.kept, one.now, [row[0] for row in one.removed]) for one in told]


def test_a_card_costs_until_two_persons_cancel_it_and_never_silently(hall, office, red, sheet):
    assert sheet.total == 96  # the red one counts, those that gave way do not
    (score,) = [one for one in queries.scores_of(sheet) if one.evidence]
    assert [row[0] for row in score.evidence] == [red.stream]
    hall.supervise("propose_cancel", hall.inspector, LATER, card_id=red.id, **REASON)
    assert differ(sheet) == []
    with pytest.raises(SameInspector):
        hall.supervise("approve_cancel", hall.inspector, LATER, card_id=red.id)
    assert differ(sheet) == []
    refresh = {"code": "cards", "period": MONTH}
    assert office.do(office.reform, services.refresh, OPENED, **refresh) == {"changed": 0}
    hall.supervise("approve_cancel", hall.second, LATER, card_id=red.id)
    assert differ(sheet) == [("red_cards", "1", "0", [red.stream])]
    sheet.refresh_from_db()
    assert sheet.total == 96  # a difference, until somebody reads anew
    assert office.do(office.reform, services.refresh, OPENED, **refresh) == {"changed": 1}
    sheet.refresh_from_db()
    assert sheet.total == Decimal(100)
    assert differ(sheet) == []
    told = ledger.history(sheet.stream)[-1]
    assert (told.kind, told.facts["before"], told.facts["total"]) == (
        *("sheet.refreshed", "96.00", "100.00"),
    )
    assert next(iter(cards.for_subject(hall.case.stream))).state == "superseded"


def test_others_lose_nothing(office, red, sheet):
    others = [one for one in queries.sheets_of("cards", MONTH) if one.id != sheet.id]
    assert others
    assert {one.total for one in others} == {Decimal(100)}
