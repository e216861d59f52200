"""Commands: a second person compares a paper receipt with its scan; then its time counts."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.cases.models import Case
from mingtang.cases.rules import State
from mingtang.cases.services.accepting import accepted_too_late
from mingtang.cases.services.common import Facts, answer, lead, locked, save, tell
from mingtang.cases.services.filing import completeness_clock, renewal_clock
from mingtang.cases.services.paper_receipts import KIND
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.outage.services import confirmed, held, refused, subject_of
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind, Unit

LIMITS = (ClockKind.PRE_EXAMINATION, ClockKind.PROMISED, ClockKind.STATUTORY)


@command("case.confirm_paper_receipt", asks_once=True)
def confirm_paper_receipt(*, receipt_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person has compared number and time with the scan: the application was received
    then. The check of completeness counts from that day, and what was accepted only after it had
    run out is accepted as of that day (《行政许可法》第三十二条第一款第（四）项)."""
    case = locked(subject_of(receipt_id, KIND))
    receipt = held(receipt_id, actor)
    before = case.submitted_at
    with timing.together(case.stream):
        clocks = _reckoned_anew(case, legal_date(before), legal_date(receipt.received_at), at)
        lead(case)
    case.submitted_at = receipt.received_at
    save(case, "submitted_at")
    facts = confirmed(receipt, actor, at)
    facts |= {"before": before.isoformat(), "clocks": clocks}
    tell("case.paper_receipt_confirmed", case, facts, actor, at, command_id)
    return answer(case)


@command("case.refuse_paper_receipt", asks_once=True)
def refuse_paper_receipt(
    *, receipt_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """What was entered is not what the scan says. The case stays as it is; the number may be
    entered once more."""
    case = locked(subject_of(receipt_id, KIND))
    facts = refused(held(receipt_id, actor), reason, actor, at)
    tell("case.paper_receipt_refused", case, facts, actor, at, command_id)
    return answer(case)


@command("case.count_part_from", asks_once=True)
def count_part_from(
    *,
    case_id: int,
    joint: str,
    accepted_at: datetime,
    since: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The joint matter (`joint:42`) with whose acceptance a case began was received earlier, as a
    second person has confirmed of its paper receipt: the case's limits count from that day too.
    Nothing happens to one that began by itself, or is over."""
    case = locked(case_id)
    clocks: list[Facts] = []
    if State(case.state).is_open and case.accepted_at == accepted_at:
        with timing.together(case.stream):
            clocks = _limits_from(case, since, legal_date(at))
            lead(case)
        save(case)
    facts = {"joint": joint, "since": since.isoformat(), "clocks": clocks}
    tell("case.part_counted_from", case, facts, actor, at, command_id)
    return answer(case)


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
        clocks += _limits_from(case, since, on)
    return clocks


def _limits_from(case: Case, since: date, on: date) -> list[Facts]:
    return [op for kind in LIMITS for op in _from(case, kind, since, on)]


def _from(case: Case, kind: ClockKind, since: date, on: date) -> list[Facts]:
    clock = timing_queries.open_clock(case.stream, kind)
    if clock is None or clock.unit == Unit.OFFICE_HOUR or clock.start_date <= since:
        return []
    return timing.count_from_earlier(stream=case.stream, kind=kind, start=since, on=on)
