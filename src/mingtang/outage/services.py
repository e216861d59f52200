"""Services of paper receipts: numbers are reserved, what was given by hand is entered, a second
person decides. The room of each kind records what happened in its own history, and moves its own
clock; until a second person has confirmed, nothing counts from the paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.base.rows import find_rows
from mingtang.base.serials import next_serials
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.outage.models import PaperBlock, PaperReceipt
from mingtang.outage.rules import (
    LAST,
    Stage,
    check_reason,
    check_second,
    check_time,
    code_of,
    serial_in,
)

Facts = dict[str, Any]


@dataclass(frozen=True)
class PaperClaim:
    """What a paper receipt says: its number as printed, when the thing was received."""

    code: str
    received_at: datetime
    scan: StoredFile


@dataclass(frozen=True)
class Entered:
    """What a receipt is entered for: `kind` and `subject_id` make its stream, `entered_at` is the
    time of receipt that counts now, the unit answers for it."""

    kind: str
    subject_id: int
    entered_at: datetime
    organisation_id: int
    region_id: int


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


def note_claim(thing: Entered, claim: PaperClaim, actor: Actor, at: datetime) -> PaperReceipt:
    """Keep what a receipt says, inside the command of a room that holds the thing and tells of it.
    No clock moves. Raises WrongNumber, WrongTime, Conflict."""
    number = serial_in(claim.code)
    block = PaperBlock.objects.filter(first__lte=number, last__gte=number).first()
    if block is None:
        raise DomainError(f"没有印过号码为 {code_of(number)} 的纸质回执，请对照回执再输一遍。")
    find_rows(PaperBlock, lock=True, id=block.id)  # one at a time looks whether it was used
    check_time(
        claim.received_at,
        printed_at=block.printed_at,
        entered_at=thing.entered_at,
        at=at,
        most_days=settings.MINGTANG_PAPER_RECEIPT_DAYS,
    )
    standing = PaperReceipt.objects.exclude(stage=Stage.REFUSED.value)
    if standing.filter(number=number).exists():
        raise Conflict(f"纸质回执 {code_of(number)} 已经用过，一个号只用一次。请核对号码。")
    if standing.filter(kind=thing.kind, subject_id=thing.subject_id).exists():
        raise Conflict("这一件已经登记过纸质回执。")
    subject = f"{thing.kind}:{thing.subject_id}"
    return PaperReceipt.objects.create(
        kind=thing.kind,
        subject_id=thing.subject_id,
        organisation_id=thing.organisation_id,
        region_id=thing.region_id,
        number=number,
        received_at=claim.received_at,
        scan_id=attach(claim.scan, subject=subject, at=at).id,
        entered_at=at,
        entered_by_id=_person_of(actor),
        entered_for_id=_holder_of(actor),
    )


def subject_of(receipt_id: int, kind: str) -> int:
    """Of which thing a receipt of a kind is, so that the room locks that first. Raises NotFound."""
    found = PaperReceipt.objects.filter(id=receipt_id, kind=kind).first()
    if found is None:
        raise NotFound
    return found.subject_id


def held(receipt_id: int, actor: Actor) -> PaperReceipt:
    """A receipt that waits, held for who decides on it: another person than who entered it, or for
    whom that was done. Raises Conflict, SamePerson."""
    (receipt,) = find_rows(PaperReceipt, lock=True, id=receipt_id)
    if receipt.stage != Stage.WAITING.value:
        raise Conflict("这份纸质回执已经核对过了。")
    people = {_person_of(actor), *filter(None, [_holder_of(actor)])}
    check_second(people, {receipt.entered_by_id, receipt.entered_for_id})
    return receipt


def confirmed(receipt: PaperReceipt, actor: Actor, at: datetime) -> Facts:
    """What was entered is what the scan says. Returns what the room tells of it."""
    _decide(receipt, Stage.CONFIRMED, actor, at)
    return facts_of(receipt)


def refused(receipt: PaperReceipt, reason: str, actor: Actor, at: datetime) -> Facts:
    """It is not: the number may be entered once more. Returns what the room tells of it."""
    receipt.reason = check_reason(reason)
    _decide(receipt, Stage.REFUSED, actor, at)
    return {**facts_of(receipt), "reason": receipt.reason}


def facts_of(receipt: PaperReceipt) -> Facts:
    return {
        "receipt_id": str(receipt.id),
        "receipt": code_of(receipt.number),
        "received_at": receipt.received_at.isoformat(),
        "scan_id": str(receipt.scan_id),
    }


def _decide(receipt: PaperReceipt, stage: Stage, actor: Actor, at: datetime) -> None:
    receipt.stage = stage.value
    receipt.decided_at, receipt.decided_by_id = at, _person_of(actor)
    receipt.save(update_fields=["stage", "decided_at", "decided_by", "reason"])


def _person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def _holder_of(actor: Actor) -> int | None:
    """For whom somebody acts, if not for themselves."""
    return int(actor.acting_for_id) if actor.acting_for_id else None
