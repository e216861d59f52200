"""Commands: the paper receipt of an application that was given in an outage. Nothing counts from it
before a second person has confirmed it (`confirming`)."""

from datetime import datetime

from mingtang.base.errors import DomainError
from mingtang.cases.models import Case
from mingtang.cases.rules import Channel
from mingtang.cases.services.common import Facts, answer, locked, tell
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.outage.services import Entered, PaperClaim, facts_of, note_claim

KIND = "case"


@command("case.enter_paper_receipt", asks_once=True)
def enter_paper_receipt(
    *, case_id: int, claim: PaperClaim, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Note the paper receipt of an application that is entered already: forgotten then, or entered
    once more after it was refused. Raises WrongNumber, WrongTime, Conflict."""
    case = locked(case_id)
    if case.channel == Channel.JOINT:
        raise DomainError("这一件是并联申报的一部分，纸质回执请在并联件的页面登记。")
    if case.intake_organisation_id is None:
        raise DomainError("这一件不是窗口收的，没有停机时的纸质回执。")
    return answer(case, receipt_id=note_paper(case, claim, actor, at, command_id))


def note_paper(case: Case, claim: PaperClaim, actor: Actor, at: datetime, command_id: str) -> str:
    """Inside the command that takes the application in, or later. No clock moves. Returns the id
    of the receipt."""
    assert case.intake_organisation_id is not None
    thing = Entered(
        kind=KIND,
        subject_id=case.id,
        entered_at=case.submitted_at,
        organisation_id=case.intake_organisation_id,
        region_id=case.region_id,
    )
    receipt = note_claim(thing, claim, actor, at)
    tell("case.paper_receipt_entered", case, facts_of(receipt), actor, at, command_id)
    return str(receipt.id)
