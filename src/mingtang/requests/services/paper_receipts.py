"""Commands: the paper receipt of a request that was handed in while the system stood still. The day
of receipt is that of the paper once a second person has confirmed it."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
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
from mingtang.requests.models import Request
from mingtang.requests.rules.law import law_on
from mingtang.requests.rules.people import Channel
from mingtang.requests.services.common import Facts, answer, locked, reply_clock, save, tell
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

KIND = "request"
BY_HAND = frozenset({Channel.COUNTER, Channel.PHONE})  # the day of handing in is that of receipt


@command("request.enter_paper_receipt")
def enter_paper_receipt(
    *, request_id: int, claim: PaperClaim, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Note the paper receipt of a request that was registered afterwards, with the day of that.
    Nothing counts from it yet. Raises WrongNumber, WrongTime, Conflict."""
    request = locked(request_id)
    if Channel(request.channel) not in BY_HAND or request.received_date is None:
        raise DomainError("只有当面提交或者口头提出的申请有停机时的纸质回执。")
    if legal_date(claim.received_at) > request.received_date:
        raise DomainError(
            f"本件已登记为 {request.received_date} 收到，早于纸质回执的日期，不用再补录。请核对。"
        )
    thing = Entered(
        kind=KIND,
        subject_id=request.id,
        entered_at=request.submitted_at,
        organisation_id=request.organisation_id,
        region_id=regions.organisation_card(request.organisation_id, legal_date(at)).region_id,
    )
    receipt = note_claim(thing, claim, actor, at)
    tell("request.paper_receipt_entered", request, facts_of(receipt), actor, at, command_id)
    return answer(request, receipt_id=str(receipt.id))


@command("request.confirm_paper_receipt")
def confirm_paper_receipt(*, receipt_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person has compared it with the scan: the request was received on that day, for it
    was handed in then, and the working days of the reply count from it
    (《政府信息公开条例》第三十一条、第三十三条). What was asked, corrected or answered stays."""
    request = locked(subject_of(receipt_id, KIND))
    receipt = held(receipt_id, actor)
    before, since = request.received_date, legal_date(receipt.received_at)
    assert before is not None
    clocks = _counted_from(request, before, since, at)
    if request.counted_from_date == before:
        request.counted_from_date = since
    request.received_date = request.arrived_date = since
    request.submitted_at = receipt.received_at
    save(request, "received_date", "arrived_date", "counted_from_date", "submitted_at")
    facts = confirmed(receipt, actor, at)
    facts |= {"before": before.isoformat(), "received": since.isoformat(), "clocks": clocks}
    tell("request.paper_receipt_confirmed", request, facts, actor, at, command_id)
    return answer(request)


def _counted_from(request: Request, before: date, since: date, at: datetime) -> list[Facts]:
    """The limit of reply, where it counts from the day of receipt and not from a correction, by the
    law of that day."""
    clock = reply_clock(request)
    if clock is None or clock.start_date != before or since == before:
        return []
    more = law_on(since).reply_days - law_on(before).reply_days
    return timing.count_from_earlier(
        stream=request.stream, kind=ClockKind.REPLY, start=since, on=legal_date(at), more=more
    )


@command("request.refuse_paper_receipt")
def refuse_paper_receipt(
    *, receipt_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """What was entered is not what the scan says. The request stays as it is."""
    request = locked(subject_of(receipt_id, KIND))
    facts = refused(held(receipt_id, actor), reason, actor, at)
    tell("request.paper_receipt_refused", request, facts, actor, at, command_id)
    return answer(request)
