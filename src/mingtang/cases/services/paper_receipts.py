"""Commands: numbers of paper receipts are reserved; what was given in an outage is entered. Nothing
counts from it before a second person has confirmed it (`confirming`)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.rows import find_rows
from mingtang.base.serials import next_serials
from mingtang.cases.models import Case, PaperBlock, PaperReceipt
from mingtang.cases.rules.paper_receipts import LAST, Stage, check_time, code_of, serial_in
from mingtang.cases.services.common import Facts, answer, holder_of, locked, person_of, tell
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@dataclass(frozen=True)
class PaperClaim:
    """What a paper receipt says: its number as printed, when the application was received."""

    code: str
    received_at: datetime
    scan: StoredFile


@command("paper_receipt.print")
def reserve_paper_receipts(*, count: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Reserve the next numbers, to be printed. Returns {"first", "last"}."""
    numbers = next_serials("paper_receipt", count)
    if numbers[-1] > LAST:
        raise DomainError("纸质回执的号码用完了，请报系统管理员。")
    block = PaperBlock.objects.create(first=numbers[0], last=numbers[-1], printed_at=at)
    facts = {"first": code_of(block.first), "last": code_of(block.last), "count": count}
    record(
        stream=f"paper_receipts:{block.id}",
        kind="paper_receipt.printed",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"first": block.first, "last": block.last}


@command("case.enter_paper_receipt", asks_once=True)
def enter_paper_receipt(
    *, case_id: int, claim: PaperClaim, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Note the paper receipt of an application that is entered already: forgotten then, or entered
    once more after it was refused. Raises WrongNumber, WrongTime, Conflict."""
    case = locked(case_id)
    if case.intake_organisation_id is None:
        raise DomainError("这一件不是窗口收的，没有停机时的纸质回执。")
    receipt = note_claim(case, claim, actor, at, command_id)
    return answer(case, receipt_id=str(receipt.id))


def waiting_since(case: Case) -> date | None:
    """The day on which a paper receipt says that it was received, while nobody has compared it."""
    if case.intake_organisation_id is None:
        return None
    rows = find_rows(PaperReceipt, case_id=case.id, stage=Stage.WAITING.value)
    return legal_date(rows[0].received_at) if rows else None


def note_claim(
    case: Case, claim: PaperClaim, actor: Actor, at: datetime, command_id: str
) -> PaperReceipt:
    """Inside the command that takes the application in, or later. No clock moves."""
    number = serial_in(claim.code)
    block = PaperBlock.objects.filter(first__lte=number, last__gte=number).first()
    if block is None:
        raise DomainError(f"没有印过号码为 {code_of(number)} 的纸质回执，请对照回执再输一遍。")
    find_rows(PaperBlock, lock=True, id=block.id)  # one at a time looks whether it was used
    check_time(
        claim.received_at,
        printed_at=block.printed_at,
        entered_at=case.submitted_at,
        at=at,
        most_days=settings.MINGTANG_PAPER_RECEIPT_DAYS,
    )
    standing = PaperReceipt.objects.exclude(stage=Stage.REFUSED.value)
    if standing.filter(number=number).exists():
        raise Conflict(f"纸质回执 {code_of(number)} 已经用过，一个号只用一次。请核对号码。")
    if standing.filter(case=case).exists():
        raise Conflict("这一件已经登记过纸质回执。")
    receipt = PaperReceipt.objects.create(
        case=case,
        number=number,
        received_at=claim.received_at,
        scan_id=attach(claim.scan, subject=case.stream, at=at).id,
        entered_at=at,
        entered_by_id=person_of(actor),
        entered_for_id=holder_of(actor),
    )
    tell("case.paper_receipt_entered", case, receipt_facts(receipt), actor, at, command_id)
    return receipt


def receipt_facts(receipt: PaperReceipt) -> Facts:
    return {
        "receipt_id": str(receipt.id),
        "receipt": code_of(receipt.number),
        "received_at": receipt.received_at.isoformat(),
        "scan_id": str(receipt.scan_id),
    }
