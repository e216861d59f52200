"""Commands: ends other than a decision, and taking up again what was cut short."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.cases.models import Case, Pause, Request, Step
from mingtang.cases.rules import (
    BEFORE_ACCEPTANCE,
    State,
    StepStatus,
    TerminationReason,
    Verb,
    check_reason,
    in_force,
    target_of,
)
from mingtang.cases.services.common import (
    BOUNCE_COLUMNS,
    Facts,
    answer,
    draw,
    lead,
    locked,
    move,
    person_of,
    save,
    settle_bounce,
    tell,
)
from mingtang.cases.services.steps import advance, next_attempt
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

CASE_OVER = "办件已结束。"


def end(case: Case, verb: Verb, reason: str, actor: Actor, at: datetime) -> list[Facts]:
    """Move a case to an end before a decision: clocks stop, open work is put away. Saves.

    Returns what was done to the clocks. Who acts for themselves (an applicant) is no clerk.
    """
    before = State(case.state)
    move(case, verb)
    with timing.together(case.stream):
        clocks = close_work(case, at)
        lead(case)
    case.ended_at, case.end_reason = at, reason
    case.ended_by_id = person_of(actor) if actor.organisation_id else None
    case.ended_from = (State.REVIEWING if before is State.PAUSED else before).value
    save(case, "ended_at", "ended_by", "ended_from", "end_reason", *BOUNCE_COLUMNS)
    return clocks


def close_work(case: Case, at: datetime) -> list[Facts]:
    """Stop what runs: clocks, steps, a special procedure, questions to an approver, a window's
    hand-over. Does not save the case."""
    settle_bounce(case)
    open_steps = (StepStatus.NOT_READY, StepStatus.READY, StepStatus.CLAIMED)
    Step.objects.filter(case=case, status__in=open_steps).update(
        status=StepStatus.CANCELLED.value, note=CASE_OVER
    )
    Pause.objects.filter(case=case, resumed_at=None).update(resumed_at=at, result=CASE_OVER)
    Request.objects.filter(case=case, is_approved=None).update(
        is_approved=False, answered_at=at, answer=CASE_OVER
    )
    return timing.stop_open_clocks(stream=case.stream, on=legal_date(at))


@command("case.withdraw", asks_once=True)
def withdraw(*, case_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The applicant takes the application back, any time before the decision (T20)."""
    case = locked(case_id)
    target_of(Verb.WITHDRAW, State(case.state))
    reason = reason.strip() or "申请人自愿撤回。"
    document = draw(case, "withdrawn", at, {"reason": reason})
    clocks = end(case, Verb.WITHDRAW, reason, actor, at)
    facts = {"document": document.facts(), "clocks": clocks}
    tell("case.withdrawn", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


@command("case.terminate", asks_once=True)
def terminate(
    *,
    case_id: int,
    why: TerminationReason,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """End an examination that has lost its person or its object (T21)."""
    case = locked(case_id)
    target_of(Verb.TERMINATE, State(case.state))
    reason = check_reason(reason)
    words = {"kind": why.label, "reason": reason}
    remedies = catalogue.profile_of(case.edition).remedies
    document = draw(case, "terminated", at, words, remedies=remedies)
    clocks = end(case, Verb.TERMINATE, f"{why.label}。{reason}", actor, at)
    facts = {
        "why": why.value,
        "reason": reason,
        "document": document.facts(),
        "clocks": clocks,
    }
    tell("case.terminated", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


@command("case.reopen", asks_once=True)
def reopen(*, case_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Go on with a case that was returned, withdrawn or terminated, from where it was left.

    The limits go on too: the days between are not counted, and those before are.
    """
    case = locked(case_id)
    target_of(Verb.REOPEN, State(case.state))
    reason = check_reason(reason)
    case.state = case.ended_from
    case.ended_at, case.ended_by, case.ended_from, case.end_reason = None, None, "", ""
    clocks = _restart_clocks(case, at)
    steps = list(Step.objects.filter(case=case).order_by("id"))
    lost = {step.key for step in steps if step.note == CASE_OVER}
    lost -= {step.key for step in in_force(steps)}  # a signer done without stays away
    for key in sorted(lost):
        last = [step for step in steps if step.key == key][-1]
        next_attempt(last, StepStatus.NOT_READY)
    clocks += advance(case, at)
    lead(case)
    save(case, "ended_at", "ended_by", "ended_from", "end_reason")
    facts = {"reason": reason, "to": case.state, "clocks": clocks}
    tell("case.reopened", case, facts, actor, at, command_id)
    return answer(case)


def _restart_clocks(case: Case, at: datetime) -> list[Facts]:
    on, state = legal_date(at), State(case.state)
    kinds = [ClockKind.PROMISED, ClockKind.STATUTORY]
    if case.referred_up_at is None:  # which began none of those two where another decides
        kinds.append(ClockKind.PRE_EXAMINATION)
    if case.deferred.filter(supplied_at=None).exists():
        kinds.append(ClockKind.DEFERRED)
    if state in BEFORE_ACCEPTANCE:
        is_correcting = state is State.CORRECTING
        kinds = [ClockKind.CORRECTION if is_correcting else ClockKind.COMPLETENESS]
    known = timing_queries.stopped_kinds(case.stream)
    clocks = [
        timing.restart_clock(stream=case.stream, kind=kind, on=on)
        for kind in kinds
        if kind.value in known
    ]
    if case.renews_until_date and ClockKind.RENEWAL.value in known and on <= case.renews_until_date:
        clocks.append(
            timing.start_clock_until(
                stream=case.stream,
                kind=ClockKind.RENEWAL,
                start=on,
                due_date=case.renews_until_date,
            )
        )
    return clocks
