"""Commands on the steps of a case: claim, examine, take back, return, transfer, add, ask others."""

from collections.abc import Iterable
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.rows import update_row
from mingtang.cases.models import Case, Step
from mingtang.cases.rules import (
    BELOW,
    RUNNING,
    UNPLANNED,
    AlreadyClaimed,
    Finding,
    NotNow,
    StepKind,
    StepStatus,
    Verb,
    check_bounced,
    check_officers,
    check_reason,
    hanging_on,
    step_clock,
)
from mingtang.cases.services.common import (
    Facts,
    answer,
    holder_of,
    lead,
    locked,
    move,
    person_of,
    persons_of,
    save,
    tell,
)
from mingtang.cases.services.steps import (
    advance,
    all_steps,
    next_attempt,
    step_among,
    step_facts,
    step_of,
    steps_in_force,
    stop,
)
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions
from mingtang.timing import services as timing


@command("case.claim", asks_once=True)
def claim(*, case_id: int, step_key: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Take a step to work on (T12). One claim wins; the other is told by whom it was taken."""
    case = locked(case_id)
    before = case.state
    move(case, Verb.CLAIM)
    step = step_of(case, step_key)
    if step.status == StepStatus.NOT_READY:
        raise NotNow(f"“{step.name}”前面的环节还没有完成，现在不能领取。")
    if step.status != StepStatus.READY:
        raise AlreadyClaimed(str(step.claimed_by or "同事"))
    if step.assigned_to_id and step.assigned_to_id not in persons_of(actor):
        raise NotNow(f"“{step.name}”指定由{step.assigned_to}办理。")
    step.status = StepStatus.CLAIMED.value
    step.claimed_at, step.claimed_by_id = at, person_of(actor)
    update_row(step, "status", "claimed_at", "claimed_by")
    if case.state != before:
        lead(case)
        save(case)
    tell("case.step_claimed", case, step_facts(step), actor, at, command_id)
    return answer(case)


@command("case.examine", asks_once=True)
def examine(
    *,
    case_id: int,
    step_key: str,
    opinion: str,
    finding: Finding = Finding.FIT,
    companion: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Finish a claimed step with an opinion (T12). Only who claimed it may.

    `companion`: the second officer of a site visit (《行政许可法》第三十四条).
    """
    case = locked(case_id)
    move(case, Verb.EXAMINE)
    if not opinion.strip():
        raise DomainError("请填写审查意见。")
    check_bounced(case.bounced_at is not None)
    steps = all_steps(case)
    step = own_among(steps, step_key, actor)
    if step.kind == StepKind.PRE_EXAMINATION:
        raise NotNow("初审意见随件上报，请用“初审上报”。")
    check_officers(step.kind, companion)
    clocks = stop(case, [step], at)
    finish(step, opinion, finding, companion, actor, at)
    clocks += advance(case, at, steps)
    facts = step_facts(step) | {"finding": finding.value, "clocks": clocks}
    tell("case.examined", case, facts, actor, at, command_id)
    return answer(case)


def finish(
    step: Step, opinion: str, finding: Finding, companion: str, actor: Actor, at: datetime
) -> None:
    """Write down who found what, and when."""
    step.status, step.opinion = StepStatus.DONE.value, opinion.strip()
    step.finding, step.companion = finding.value, companion.strip()
    step.done_at, step.done_by_id = at, person_of(actor)
    step.done_for_id = holder_of(actor)
    found = ("status", "opinion", "finding", "companion")
    update_row(step, *found, "done_at", "done_by", "done_for")


def own_step(case: Case, key: str, actor: Actor) -> Step:
    return own_among(all_steps(case), key, actor)


def own_among(steps: Iterable[Step], key: str, actor: Actor) -> Step:
    """The step of this key that the actor has claimed. Raises NotFound, AlreadyClaimed."""
    step = step_among(steps, key)
    if step.status != StepStatus.CLAIMED or step.claimed_by_id not in persons_of(actor):
        raise AlreadyClaimed(str(step.claimed_by or "其他人"))
    return step


@command("case.take_back", asks_once=True)
def take_back(*, case_id: int, step_key: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Who finished a step last takes it up again, while nobody has gone on from there (取回)."""
    case = locked(case_id)
    move(case, Verb.TAKE_BACK)
    step = step_of(case, step_key)
    _check_not_reported(case, step)
    if step.status != StepStatus.DONE or not {step.done_by_id, step.done_for_id} & persons_of(
        actor
    ):
        raise NotNow(f"“{step.name}”不是由您完成的，不能取回。")
    after = hanging_on(steps_in_force(case), step.key)
    if any(one.status in {StepStatus.CLAIMED, StepStatus.DONE} for one in after):
        raise NotNow(f"“{step.name}”之后的环节已有同事办理，不能取回。请与对方联系退回。")
    clocks = _put_off(case, after, at)
    again = _redo(step, StepStatus.NOT_READY, "取回")
    clocks += advance(case, at)
    again.refresh_from_db()
    again.status = StepStatus.CLAIMED.value
    again.claimed_at, again.claimed_by_id = at, person_of(actor)
    again.save(update_fields=["status", "claimed_at", "claimed_by"])
    facts = step_facts(again) | {"clocks": clocks}
    tell("case.step_taken_back", case, facts, actor, at, command_id)
    return answer(case)


def _check_not_reported(case: Case, step: Step) -> None:
    """What went up is with the next level, whose limits run."""
    if step.stage == BELOW and case.referred_up_at is not None:
        raise NotNow("初审已经上报，不能再取回或者退回重办。移交不全的，请用“退回窗口”。")


def _redo(step: Step, status: StepStatus, note: str) -> Step:
    """The step again, with a row of its own; the old row is history."""
    step.status = StepStatus.RETURNED.value
    step.save(update_fields=["status"])
    return next_attempt(step, status, note)


def _put_off(case: Case, after: Iterable[Step], at: datetime) -> list[Facts]:
    """What hangs on a step that is done again waits for it again; what was done is done again."""
    after = list(after)
    clocks = stop(case, after, at)
    for step in after:
        if step.status == StepStatus.READY:
            step.status = StepStatus.NOT_READY.value
            step.save(update_fields=["status"])
        elif step.status in {StepStatus.CLAIMED, StepStatus.DONE}:
            _redo(step, StepStatus.NOT_READY, "前面的环节重办")
    return clocks


@command("case.return_step", asks_once=True)
def return_step(
    *,
    case_id: int,
    step_key: str,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Send a finished step back to be done again, and what hangs on it (退回环节)."""
    case = locked(case_id)
    move(case, Verb.RETURN_STEP)
    reason = check_reason(reason, "退回的理由")
    step = step_of(case, step_key)
    _check_not_reported(case, step)
    if step.status != StepStatus.DONE:
        raise NotNow(f"“{step.name}”还没有完成，不用退回。")
    if persons_of(actor) & {step.done_by_id, step.done_for_id}:
        raise NotNow(f"“{step.name}”由您本人完成，请用“取回”。")
    clocks = _put_off(case, hanging_on(steps_in_force(case), step.key), at)
    again = _redo(step, StepStatus.NOT_READY, reason)
    clocks += advance(case, at)
    facts = step_facts(again) | {"reason": reason, "clocks": clocks}
    tell("case.step_returned", case, facts, actor, at, command_id)
    return answer(case)


@command("case.transfer_step", asks_once=True)
def transfer_step(
    *,
    case_id: int,
    step_key: str,
    to_person_id: int | None,
    reason: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Give an open step to a colleague, or with nobody named put it back for all (转交)."""
    case = locked(case_id)
    move(case, Verb.TRANSFER_STEP)
    step = step_of(case, step_key)
    if step.status not in RUNNING:
        raise NotNow(f"“{step.name}”现为“{StepStatus(step.status).label}”，不能转交。")
    if to_person_id is not None and to_person_id == step.claimed_by_id:
        raise NotNow(f"“{step.name}”已在这位同事手上。")
    step.status = StepStatus.READY.value
    step.claimed_at, step.claimed_by = None, None
    step.assigned_to_id, step.note = to_person_id, reason.strip()[:300]
    step.save(update_fields=["status", "claimed_at", "claimed_by", "assigned_to", "note"])
    facts = step_facts(step) | {"to": str(to_person_id or ""), "reason": reason.strip()}
    tell("case.step_transferred", case, facts, actor, at, command_id)
    return answer(case)


@command("case.add_signer", asks_once=True)
def add_signer(
    *,
    case_id: int,
    person_id: int,
    organisation_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Ask one more person to sign before it can be decided (加签)."""
    case = locked(case_id)
    move(case, Verb.ADD_SIGNER)
    reason = check_reason(reason, "加签的理由")
    if person_id in persons_of(actor):
        raise NotNow("不能给自己加签，请另选一位同事。")
    step = _added(case, StepKind.SIGN, "加签", organisation_id, reason, None, person_id)
    tell("case.signer_added", case, step_facts(step) | {"reason": reason}, actor, at, command_id)
    return answer(case)


@command("case.request_opinion", asks_once=True)
def request_opinion(
    *,
    case_id: int,
    organisation_id: int,
    question: str,
    days: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Ask another unit for its opinion, with a limit of its own (征求意见)."""
    case = locked(case_id)
    move(case, Verb.REQUEST_OPINION)
    question = check_reason(question, "要征求的问题")
    if not 1 <= days <= 90:
        raise DomainError("请写明对方答复的时限：1 至 90 个工作日。")
    names = regions.names_of({organisation_id}, legal_date(at))
    if organisation_id not in names:
        raise NotFound("没有找到要征求意见的单位，请重新选择。")
    if organisation_id == case.organisation_id:
        raise NotNow("征求意见是问其他单位的；本单位内请用加签。")
    step = _added(case, StepKind.OPINION, "征求意见", organisation_id, question, days)
    clock = timing.start_clock(
        stream=case.stream,
        kind=step_clock(step.key),
        start=legal_date(at),
        amount=days,
        unit="working_day",
    )
    facts = step_facts(step) | {
        "to": str(organisation_id),
        "to_label": names[organisation_id],
        "clocks": [clock],
    }
    tell("case.opinion_requested", case, facts, actor, at, command_id)
    return answer(case)


@command("case.cancel_step", asks_once=True)
def cancel_step(
    *,
    case_id: int,
    step_key: str,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Do without a signer or an opinion that was asked for: nobody waits for ever."""
    case = locked(case_id)
    move(case, Verb.CANCEL_STEP)
    reason = check_reason(reason, "取消的理由")
    step = step_of(case, step_key)
    if step.kind not in UNPLANNED or step.status not in RUNNING:
        raise NotNow(f"“{step.name}”不是等待中的加签或征求意见，不能取消。")
    clocks = stop(case, [step], at)
    step.status, step.note = StepStatus.CANCELLED.value, reason[:300]
    step.save(update_fields=["status", "note"])
    clocks += advance(case, at)
    facts = step_facts(step) | {"reason": reason, "clocks": clocks}
    tell("case.step_cancelled", case, facts, actor, at, command_id)
    return answer(case)


def _added(
    case: Case,
    kind: StepKind,
    name: str,
    organisation_id: int,
    note: str,
    days: int | None,
    person_id: int | None = None,
) -> Step:
    """A step that nobody planned, beside those that are worked on; a decision waits for it."""
    steps = list(Step.objects.filter(case=case).order_by("id"))
    open_stages = [step.stage for step in steps if step.status in RUNNING]
    number = sum(step.kind == kind for step in steps) + 1
    return Step.objects.create(
        case=case,
        key=f"{kind.value}-{number}",
        name=f"{name}{number if number > 1 else ''}",
        kind=kind.value,
        stage=min(open_stages, default=max((step.stage for step in steps), default=1)),
        limit_days=days,
        organisation_id=organisation_id,
        assigned_to_id=person_id,
        status=StepStatus.READY.value,
        note=note[:300],
    )
