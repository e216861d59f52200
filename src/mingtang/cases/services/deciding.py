"""Commands: the decision, by a person or by the law; the licence; delivery."""

from datetime import date, datetime

from mingtang.accounts.queries import authorities_of
from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.together import Wanted, read_together
from mingtang.cases.models import Case, DeferredMaterial, Request, Step
from mingtang.cases.queries.referring import first_level
from mingtang.cases.rules import (
    OUTCOME_OF,
    HandOverWay,
    NotNow,
    Outcome,
    SamePerson,
    State,
    StepsUnfinished,
    Verb,
    check_bounced,
    check_decision,
    check_resident,
    check_sealed,
    in_force,
    unfinished,
)
from mingtang.cases.rules.fees import ChargeState, FeesUnpaid
from mingtang.cases.services.common import (
    BOUNCE_COLUMNS,
    Facts,
    answer,
    chinese,
    draw,
    due_of,
    hand_up,
    lead,
    locked,
    move,
    person_of,
    persons_of,
    save,
    tell,
)
from mingtang.cases.services.ending import close_work
from mingtang.cases.services.receiving import check_mandate
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import Document, latest_document
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


@command("case.decide", asks_once=True)
def decide(
    *,
    case_id: int,
    verb: Verb,
    reason: str,
    legal_basis: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Grant, grant in part or refuse (T18, T19): after every step, with reason, by someone who
    did not examine.

    On-the-spot items may be examined and decided by one person under a written authority: it is
    marked, for supervision to sample. The handling clocks stop; a grant starts that of delivery
    (《行政许可法》第四十四条). Returns … "document_id".
    """
    case = locked(case_id)
    move(case, verb)
    profile = catalogue.profile_of(case.edition)
    check_decision(verb, reason, legal_basis, profile.remedies)
    check_mandate(case)
    check_bounced(case.bounced_at is not None)
    steps = _ready_steps(case)
    letter = _letter_of(case, verb, actor, legal_date(at))
    is_alone = _is_examiner(steps, actor)
    if is_alone and not (case.edition.on_the_spot and letter):
        raise SamePerson
    case.decided_at, case.decided_by_id = at, person_of(actor)
    case.outcome = OUTCOME_OF[verb].value
    case.decision_reason, case.decision_legal_basis = reason.strip(), legal_basis.strip()
    case.decided_under, case.is_decided_alone = letter, is_alone
    facts = _concluded(case, "" if verb is Verb.GRANT else profile.remedies, at)
    kind = "case.granted" if Outcome(case.outcome).is_grant else "case.refused"
    tell(kind, case, facts, actor, at, command_id)
    return answer(case, document_id=facts["document"]["id"])


def _concluded(case: Case, remedies: str, at: datetime) -> Facts:
    """Stop and start the clocks, draw up the decision, save. Returns what the event tells."""
    with timing.together(case.stream):
        clocks = _stop_limits(case, at)
        lead(case)
    assert case.outcome is not None
    document = draw(
        case,
        case.outcome,
        at,
        {"reason": case.decision_reason},
        remedies=remedies,
        legal_basis=case.decision_legal_basis,
    )
    slip = _result_slip(case, clocks, at)
    save(case, *DECISION_COLUMNS)
    return {
        "clocks": clocks,
        "outcome": case.outcome,
        "reason": case.decision_reason,
        "legal_basis": case.decision_legal_basis,
        "authority": case.decided_under,
        "is_decided_alone": case.is_decided_alone,
        "is_on_the_spot": case.edition.on_the_spot,
        "document": document.facts(),
        "slip": slip.facts(),
    }


def _result_slip(case: Case, clocks: list[Facts], at: datetime) -> Document:
    """What the applicant comes with to fetch the result, and until when it is due to them."""
    assert case.outcome is not None
    due = next((due_of(op) for op in clocks if op["kind"] == ClockKind.DELIVERY), None)
    words = {
        "result": Outcome(case.outcome).label,
        "collect": COLLECTING[case.wanted_way or HandOverWay.WINDOW.value],
        "due": f"结果最迟于 {chinese(due)} 送达。" if due else "",
    }
    return draw(case, "result", at, words)


COLLECTING = {
    HandOverWay.WINDOW.value: "请带本单和身份证件（单位带营业执照）到受理窗口领取结果；"
    "不便前来的，可以在网上或者打电话改为邮寄。",
    HandOverWay.POST.value: "结果将按您填写的地址邮寄，请保持电话畅通。",
    HandOverWay.PROXY.value: "请代理人带本单、委托书和双方的身份证件到受理窗口领取结果。",
}


DECISION_COLUMNS = (
    *("decided_at", "decided_by", "outcome", "decision_reason", "decision_legal_basis"),
    *("decided_under", "is_decided_alone"),
)


def _ready_steps(case: Case) -> list[Step]:
    """All steps of a case that may be decided: nothing is waited for."""
    steps, deferred, requests = read_together(
        Wanted(Step, "case_id = %s", (case.id,)),
        Wanted(DeferredMaterial, "case_id = %s", (case.id,)),
        Wanted(Request, "case_id = %s", (case.id,)),
    )
    if waiting := unfinished(in_force(steps)):
        raise StepsUnfinished(step.name for step in waiting)
    late = [one.name for one in deferred if one.supplied_at is None]
    if late:
        raise DomainError(f"容缺材料还没有补交：{'、'.join(late)}。补交后再作决定。")
    if any(one.is_approved is None for one in requests):
        raise NotNow("还有特别程序或延期的申请没有答复，请先答复。")
    return steps


def _is_examiner(steps: list[Step], actor: Actor) -> bool:
    """An examination that was sent back was one too."""
    done = {one for step in steps for one in (step.done_by_id, step.done_for_id)}
    return bool(persons_of(actor) & done)


def _letter_of(case: Case, verb: Verb, actor: Actor, on: date) -> str:
    """The number of the letter of authority under which a chief representative decides."""
    holder = int(actor.acting_for_id) if actor.acting_for_id else person_of(actor)
    letters = authorities_of(holder, int(actor.organisation_id or 0), on)
    if not letters:
        return ""
    code = case.item.code
    fitting = (one for one in letters if one.allows(act=verb.value, item_code=code, on=on))
    return next((one.number for one in fitting), "")


def _stop_limits(case: Case, at: datetime) -> list[Facts]:
    """The handling clocks stop; a grant is to be delivered within days of its own."""
    on = legal_date(at)
    clocks = timing.stop_open_clocks(stream=case.stream, on=on)
    if case.outcome == Outcome.REFUSED:
        return clocks
    clocks.append(
        timing.start_clock(
            stream=case.stream,
            kind=ClockKind.DELIVERY,
            start=on,
            amount=catalogue.profile_of(case.edition).delivery_days,
            unit="working_day",
        )
    )
    return clocks


@command("case.deem_granted", asks_once=True)
def deem_granted(*, case_id: int, actor: Actor = SYSTEM, at: datetime, command_id: str) -> Facts:
    """No decision on a renewal before the licence expired: it counts as renewed
    (《行政许可法》第五十条第二款). Only for what was asked for thirty days before."""
    case = locked(case_id)
    move(case, Verb.DEEM_GRANTED)
    if not case.is_renewal_seen:
        raise NotNow("申请延续的原证件还没有核对，不能视为准予延续。")
    clock = timing_queries.open_clock(case.stream, ClockKind.RENEWAL)
    if clock is None or legal_date(at) <= clock.due_date:
        raise NotNow("原证件还没有到期，或者没有提前三十日申请，不能视为准予延续。")
    with timing.together(case.stream):
        clocks = close_work(case, at)
        if first_level(case):
            hand_up(case, legal_date(at))  # it is granted by who would have decided
        case.decided_at, case.outcome = at, Outcome.DEEMED_GRANTED.value
        clocks += _stop_limits(case, at)
        lead(case)
    words = {"renewed": case.renews_number, "day": chinese(case.renews_until_date)}
    document = draw(case, "deemed_granted", at, words)
    slip = _result_slip(case, clocks, at)
    save(case, "decided_at", "outcome", "organisation", "region", *BOUNCE_COLUMNS)
    facts = {
        "clocks": clocks,
        "outcome": case.outcome,
        "document": document.facts(),
        "slip": slip.facts(),
    }
    tell("case.deemed_granted", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


@command("case.issue", asks_once=True)
def issue(
    *,
    case_id: int,
    licence_number: str,
    expires_on: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Make the licence (出证): not before what is due has been paid, where that is the law."""
    case = locked(case_id)
    move(case, Verb.ISSUE)
    if case.issued_at is not None:
        raise NotNow(f"证照 {case.licence_number} 已经出具，不能重复出具。")
    if not licence_number.strip():
        raise DomainError("请填写证照编号。")
    if expires_on is not None and expires_on <= legal_date(at):
        raise DomainError(f"证照的有效期止 {expires_on} 不晚于今天，请更正。")
    _check_paid(case)
    case.issued_at, case.issued_by_id = at, person_of(actor)
    case.licence_number, case.licence_expires_on = licence_number.strip(), expires_on
    save(case, "issued_at", "issued_by", "licence_number", "licence_expires_on")
    facts = {
        "licence_number": case.licence_number,
        "expires_on": expires_on.isoformat() if expires_on else None,
    }
    tell("case.issued", case, facts, actor, at, command_id)
    return answer(case)


def _check_paid(case: Case) -> None:
    open_states = [state.value for state in ChargeState if not state.is_settled]
    due = list(case.charges.filter(state__in=open_states, blocks_issue=True).order_by("id"))
    if due:
        raise FeesUnpaid(sum(one.cents - one.waiver_cents * bool(one.waived_at) for one in due))


def needs_licence(case: Case) -> bool:
    """Whether the result of a grant is a licence that has to be made first."""
    is_grant = case.outcome is not None and Outcome(case.outcome).is_grant
    return is_grant and "licence" in (case.edition.details.get("result_type") or [])


@command("case.hand_over", asks_once=True)
def hand_over(
    *,
    case_id: int,
    way: HandOverWay,
    note: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Give the result to the applicant (T22): who, when, how. Its decision bears its seal."""
    case = locked(case_id)
    move(case, Verb.HAND_OVER)
    _check_way(way, note)
    check_mandate(case)
    check_sealed(_unsealed_decision(case))
    if needs_licence(case) and case.issued_at is None:
        raise NotNow("证照还没有出具。请先“出证”，再送达。")
    if case.outcome and Outcome(case.outcome).is_grant:
        _check_paid(case)
    case.delivered_at, case.delivered_by_id = at, person_of(actor)
    case.delivered_way, case.delivered_note = way.value, note.strip()
    with timing.together(case.stream):
        clocks = timing.stop_open_clocks(stream=case.stream, on=legal_date(at))
        lead(case)
    words = {
        "result": Outcome(case.outcome).label if case.outcome else "",
        "way": way.label,
        "note": f"{NOTE_WORDS[way]}：{note.strip()}。" if note.strip() else "",
    }
    document = draw(case, "delivery", at, words)
    save(case, "delivered_at", "delivered_by", "delivered_way", "delivered_note")
    facts = {"way": way.value, "clocks": clocks, "document": document.facts()}
    tell("case.delivered", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


def _unsealed_decision(case: Case) -> list[str]:
    assert case.outcome is not None
    decision = latest_document(case.stream, case.outcome)
    is_waiting = decision and decision.needs_seal and decision.sealed_at is None
    return [str(decision)] if is_waiting else []


NOTE_WORDS = {
    HandOverWay.WINDOW: "领取人",
    HandOverWay.POST: "邮件号码",
    HandOverWay.PROXY: "代理人",
}


def _check_way(way: HandOverWay, note: str) -> None:
    if way is HandOverWay.POST and not note.strip():
        raise DomainError("邮寄送达须填写邮件号码。")
    if way is HandOverWay.PROXY and len(note.strip()) < 2:
        raise DomainError("代理人领取须填写代理人姓名，并核对其身份证和委托书。")


@command("case.choose_delivery", asks_once=True)
def choose_delivery(
    *,
    case_id: int,
    way: HandOverWay,
    address: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The applicant says how they want the result: at the window, by post, by a proxy."""
    case = locked(case_id)
    check_resident(State(case.state))
    if way is HandOverWay.POST:
        case.address = address.strip() or case.address
        if not case.address:
            raise DomainError("邮寄须填写收件地址。")
    case.wanted_way = way.value
    save(case, "wanted_way", "address")
    tell("case.delivery_chosen", case, {"way": way.value}, actor, at, command_id)
    return answer(case)
