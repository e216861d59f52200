"""Commands: the paper receipt of a letter that came across a counter while the system stood still.
Its limit counts from the day of the paper once a second person has confirmed it."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.letters.rules.kinds import Source
from mingtang.letters.services.common import (
    Facts,
    answer,
    clock_of,
    locked,
    save,
    tell,
)
from mingtang.outage.services import (
    Entered,
    PaperClaim,
    confirmed,
    facts_of,
    held,
    note_claim,
    refused,
    subject_of,
)
from mingtang.regions import queries as regions
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

KIND = "letter"


@command("letter.enter_paper_receipt")
def enter_paper_receipt(
    *, letter_id: int, claim: PaperClaim, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Note the paper receipt of a letter that a clerk typed in afterwards. Nothing counts from it
    yet. Raises WrongNumber, WrongTime, Conflict."""
    letter = locked(letter_id)
    if letter.source != Source.BOX.value or letter.registered_at is None:
        raise DomainError("只有窗口收下、由工作人员录入的来信有停机时的纸质回执。")
    thing = Entered(
        kind=KIND,
        subject_id=letter.id,
        entered_at=letter.submitted_at,
        organisation_id=letter.office_id,
        region_id=regions.organisation_card(letter.office_id, legal_date(at)).region_id,
    )
    receipt = note_claim(thing, claim, actor, at)
    tell("letter.paper_receipt_entered", letter, facts_of(receipt), actor, at, command_id)
    return answer(letter, receipt_id=str(receipt.id))


@command("letter.confirm_paper_receipt")
def confirm_paper_receipt(*, receipt_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person has compared it with the scan: the letter came then, and its limit, as the
    city has set it for its kind, counts from that day. What was refused or answered stays."""
    letter = locked(subject_of(receipt_id, KIND))
    receipt = held(receipt_id, actor)
    before, since = letter.submitted_at, legal_date(receipt.received_at)
    clock, clocks = clock_of(letter), []
    if clock is not None and since < clock.start_date == legal_date(before):
        clocks = timing.count_from_earlier(
            stream=letter.stream, kind=ClockKind.LETTER, start=since, on=legal_date(at)
        )
        moved = clock_of(letter)
        letter.next_due_date = moved.due_date if moved else None
    letter.submitted_at = receipt.received_at
    save(letter, "submitted_at", "next_due_date")
    facts = confirmed(receipt, actor, at)
    facts |= {"before": before.isoformat(), "clocks": clocks}
    tell("letter.paper_receipt_confirmed", letter, facts, actor, at, command_id)
    return answer(letter)


@command("letter.refuse_paper_receipt")
def refuse_paper_receipt(
    *, receipt_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """What was entered is not what the scan says. The letter stays as it is."""
    letter = locked(subject_of(receipt_id, KIND))
    facts = refused(held(receipt_id, actor), reason, actor, at)
    facts.pop("reason")  # words about a letter stand in the row, not in the ledger
    tell("letter.paper_receipt_refused", letter, facts, actor, at, command_id)
    return answer(letter)
