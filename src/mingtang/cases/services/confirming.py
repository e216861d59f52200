"""Commands: a second person compares a paper receipt with its scan; then its time counts."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, NotFound
from mingtang.base.rows import find_rows
from mingtang.cases.models import Case, PaperReceipt
from mingtang.cases.rules import State, check_reason
from mingtang.cases.rules.paper_receipts import Stage, check_second
from mingtang.cases.services.accepting import accepted_too_late
from mingtang.cases.services.common import (
    Facts,
    answer,
    lead,
    locked,
    person_of,
    persons_of,
    save,
    tell,
)
from mingtang.cases.services.filing import completeness_clock, renewal_clock
from mingtang.cases.services.paper_receipts import receipt_facts
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind, Unit

LIMITS = (ClockKind.PRE_EXAMINATION, ClockKind.PROMISED, ClockKind.STATUTORY)


@command("case.confirm_paper_receipt", asks_once=True)
def confirm_paper_receipt(*, receipt_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person has compared number and time with the scan: the application was received
    then. The check of completeness counts from that day, and what was accepted only after it had
    run out is accepted as of that day (《行政许可法》第三十二条第一款第（四）项)."""
    case, receipt = _to_decide(receipt_id, actor)
    before = case.submitted_at
    with timing.together(case.stream):
        clocks = _reckoned_anew(case, legal_date(before), legal_date(receipt.received_at), at)
        lead(case)
    case.submitted_at = receipt.received_at
    save(case, "submitted_at")
    _decide(receipt, Stage.CONFIRMED, actor, at)
    facts = {**receipt_facts(receipt), "before": before.isoformat(), "clocks": clocks}
    tell("case.paper_receipt_confirmed", case, facts, actor, at, command_id)
    return answer(case)


@command("case.refuse_paper_receipt", asks_once=True)
def refuse_paper_receipt(
    *, receipt_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """What was entered is not what the scan says. The case stays as it is; the number may be
    entered once more."""
    case, receipt = _to_decide(receipt_id, actor)
    receipt.reason = check_reason(reason)
    _decide(receipt, Stage.REFUSED, actor, at)
    facts = {**receipt_facts(receipt), "reason": receipt.reason}
    tell("case.paper_receipt_refused", case, facts, actor, at, command_id)
    return answer(case)


def _to_decide(receipt_id: int, actor: Actor) -> tuple[Case, PaperReceipt]:
    """Both held, the case first. Raises NotFound, SamePerson."""
    found = PaperReceipt.objects.filter(id=receipt_id).first()
    if found is None:
        raise NotFound
    case = locked(found.case_id)
    (receipt,) = find_rows(PaperReceipt, lock=True, id=receipt_id)
    if receipt.stage != Stage.WAITING.value:
        raise Conflict("这份纸质回执已经核对过了。")
    check_second(persons_of(actor), {receipt.entered_by_id, receipt.entered_for_id})
    return case, receipt


def _decide(receipt: PaperReceipt, stage: Stage, actor: Actor, at: datetime) -> None:
    receipt.stage = stage.value
    receipt.decided_at, receipt.decided_by_id = at, person_of(actor)
    receipt.save(update_fields=["stage", "decided_at", "decided_by", "reason"])


def _reckoned_anew(case: Case, before: date, since: date, at: datetime) -> list[Facts]:
    """What counts from the day of receipt counts from the true one."""
    if not State(case.state).is_open:
        return []
    on, clocks = legal_date(at), []
    check = timing_queries.open_clock(case.stream, ClockKind.COMPLETENESS)
    if check is not None and check.start_date == before:
        clocks.append(timing.stop_clock(stream=case.stream, kind=check.kind, on=on))
        clocks.append(completeness_clock(case, since))
    if timing_queries.open_clock(case.stream, ClockKind.RENEWAL) is None:
        clocks += renewal_clock(case, since)
    if accepted_too_late(case, since):
        for kind in LIMITS:
            clocks += _from(case, kind, since, on)
    return clocks


def _from(case: Case, kind: ClockKind, since: date, on: date) -> list[Facts]:
    clock = timing_queries.open_clock(case.stream, kind)
    if clock is None or clock.unit == Unit.OFFICE_HOUR or clock.start_date <= since:
        return []
    return timing.count_from_earlier(stream=case.stream, kind=kind, start=since, on=on)
