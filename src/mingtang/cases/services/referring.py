"""Commands between levels and inside the house: a case goes up from who examined it first, comes
back to the window that handed it over badly, and is handed on again."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.cases.models import Case, Step
from mingtang.cases.rules import (
    BELOW,
    Finding,
    NotNow,
    StepKind,
    StepsUnfinished,
    Verb,
    check_bounced,
    check_reason,
    unfinished,
)
from mingtang.cases.services.accepting import start_limits
from mingtang.cases.services.common import (
    BOUNCE_COLUMNS,
    Facts,
    answer,
    decider_of,
    draw,
    hand_up,
    lead,
    locked,
    move,
    person_of,
    save,
    settle_bounce,
    tell,
)
from mingtang.cases.services.examining import finish, own_step
from mingtang.cases.services.steps import advance, step_facts, steps_in_force
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


@command("case.refer_up", asks_once=True)
def refer_up(
    *,
    case_id: int,
    step_key: str = StepKind.PRE_EXAMINATION.value,
    opinion: str,
    finding: Finding = Finding.FIT,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Report a case up with the opinion of who examined it first (T17), fit or not: the lower
    level does not decide. Its clock stops, the limits of the next level begin on the day of the
    report (《行政许可法》第四十三条). Returns … "document_id".
    """
    case = locked(case_id)
    move(case, Verb.REFER_UP)
    opinion = check_reason(opinion, "初审意见")
    check_bounced(case.bounced_at is not None)
    step = own_step(case, step_key, actor)
    _check_ready(case, step)
    on, sender = legal_date(at), case.organisation_id
    words = {
        "sender": regions.name_of(sender, on),
        "receiver": decider_of(case, on),
        "finding": finding.label,
        "opinion": opinion,
        "who": actor.label,
    }
    document = draw(case, "referred_up", at, words)
    finish(step, opinion, finding, "", actor, at)
    case.referred_up_at, case.referred_up_by_id = at, person_of(actor)
    hand_up(case, on)
    clocks = [timing.stop_clock(stream=case.stream, kind=ClockKind.PRE_EXAMINATION, on=on)]
    clocks += start_limits(case, on, at) + advance(case, at)
    lead(case)
    save(case, "referred_up_at", "referred_up_by", "organisation", "region")
    facts = step_facts(step) | {
        "finding": finding.value,
        "from": str(sender),
        "to": str(case.organisation_id),
        "to_label": words["receiver"],
        "clocks": clocks,
        "document": document.facts(),
    }
    tell("case.referred_up", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


def _check_ready(case: Case, step: Step) -> None:
    """Whatever else the lower level has begun is done first: afterwards it is no longer there."""
    if step.kind != StepKind.PRE_EXAMINATION:
        raise NotNow(f"“{step.name}”不是初审环节，不用上报。")
    below = [one for one in steps_in_force(case) if one.stage == BELOW and one.key != step.key]
    if waiting := unfinished(below):
        raise StepsUnfinished(one.name for one in waiting)
    if case.requests.filter(is_approved=None).exists():
        raise NotNow("还有特别程序的申请没有答复，请先答复，再上报。")


@command("case.bounce", asks_once=True)
def bounce(*, case_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Send a case back to the window that handed it over wrongly or not in full (退回窗口). The
    applicant's time goes on: a mistake inside the house is not theirs. Each time is counted."""
    case = locked(case_id)
    move(case, Verb.BOUNCE)
    reason = check_reason(reason, "退回窗口的理由")
    if len(reason) > REASON_LETTERS:
        raise DomainError(f"退回窗口的理由最多 {REASON_LETTERS} 个字，请精简。")
    check_bounced(case.bounced_at is not None)
    case.bounced_at, case.bounced_by_id = at, person_of(actor)
    case.bounce_reason, case.bounce_count = reason, case.bounce_count + 1
    save(case, *BOUNCE_COLUMNS)
    window = case.intake_organisation_id or case.organisation_id
    facts = {"reason": reason, "count": case.bounce_count, "window_id": str(window)}
    tell("case.bounced", case, facts, actor, at, command_id)
    return answer(case)


REASON_LETTERS = 300


@command("case.hand_on", asks_once=True)
def hand_on(*, case_id: int, note: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The window has mended what was handed over badly, and hands it on again."""
    case = locked(case_id)
    move(case, Verb.HAND_ON)
    note = check_reason(note, "补好了什么")
    if case.bounced_at is None:
        raise NotNow("本件没有退回窗口，不用重新移交。")
    settle_bounce(case)
    save(case, *BOUNCE_COLUMNS)
    facts = {"note": note, "count": case.bounce_count}
    tell("case.handed_on", case, facts, actor, at, command_id)
    return answer(case)
