"""Commands: special procedures that stop the limits, and extensions. One asks, another approves."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.cases.models import Case, Pause, Request
from mingtang.cases.queries.referring import is_below
from mingtang.cases.rules import (
    NotNow,
    PauseReason,
    RequestKind,
    Verb,
    check_extension,
    check_pause,
    check_reason,
    check_separation,
)
from mingtang.cases.services.common import (
    Facts,
    answer,
    chinese,
    draw,
    due_of,
    holder_of,
    lead,
    locked,
    move,
    person_of,
    persons_of,
    running,
    save,
    tell,
)
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

STOPPED_BY_A_PAUSE = frozenset(
    {ClockKind.PRE_EXAMINATION, ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.STEP}
)


@command("case.ask_pause", asks_once=True)
def ask_pause(
    *,
    case_id: int,
    why: PauseReason,
    note: str,
    days: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A handler asks for a special procedure: which, why, for how many working days (T13)."""
    case = locked(case_id)
    move(case, Verb.ASK_PAUSE)
    note = check_reason(note, "事由")
    check_pause(why, _declared(case), days)
    request = _ask(case, RequestKind.PAUSE, note, days, actor, at, why)
    facts = {"request_id": str(request.id), "why": why.value, "days": days, "note": note}
    tell("case.pause_asked", case, facts, actor, at, command_id)
    return answer(case)


def _declared(case: Case) -> list[str]:
    return [row["name"] for row in catalogue.special_of(case.edition)]


def _ask(
    case: Case,
    kind: RequestKind,
    note: str,
    days: int,
    actor: Actor,
    at: datetime,
    why: PauseReason | None = None,
) -> Request:
    if case.requests.filter(kind=kind.value, is_approved=None).exists():
        raise NotNow(f"“{kind.label}”已有一份申请在等审批人答复。")
    return Request.objects.create(
        case=case,
        kind=kind.value,
        reason=why.value if why else "",
        note=note,
        days=days,
        asked_at=at,
        asked_by_id=person_of(actor),
        asked_for_id=holder_of(actor),
    )


def _answered(case: Case, kind: RequestKind, actor: Actor, at: datetime) -> Request:
    """The open request of a kind, approved by another person than who asked. Not yet saved."""
    rows = case.requests.select_for_update().filter(kind=kind.value, is_approved=None)
    request = rows.order_by("id").first()
    if request is None:
        raise NotNow(f"没有等待批准的“{kind.label}”申请，请承办人先提出。")
    asked_by = {one for one in (request.asked_by_id, request.asked_for_id) if one}
    check_separation(persons_of(actor), asked_by)
    request.answered_at, request.answered_by_id = at, person_of(actor)
    return request


def _close(request: Request, *, is_approved: bool, answer: str = "") -> None:
    request.is_approved, request.answer = is_approved, answer
    request.save(update_fields=["is_approved", "answer", "answered_at", "answered_by"])


@command("case.pause", asks_once=True)
def pause(*, case_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Approve a special procedure (T13): the limits stand still from here on.

    There is no pause without the written notice that tells how long it will take
    (《行政许可法》第四十五条); that time has a clock of its own. Returns … "document_id".
    """
    case = locked(case_id)
    move(case, Verb.PAUSE)
    request = _answered(case, RequestKind.PAUSE, actor, at)
    why, on = PauseReason(request.reason), legal_date(at)
    clocks = [
        timing.pause_clock(stream=case.stream, kind=clock.kind, on=on)
        for clock in running(case)
        if clock.kind.partition(":")[0] in STOPPED_BY_A_PAUSE
    ]
    expected = timing.start_clock(
        stream=case.stream,
        kind=ClockKind.PAUSE,
        start=on,
        amount=request.days,
        unit="working_day",
    )
    due = due_of(expected)
    words = {"kind": why.label, "reason": request.note, "days": str(request.days)}
    document = draw(case, "pause", at, words | {"due": chinese(due)})
    Pause.objects.create(
        case=case,
        reason=why.value,
        note=request.note,
        expected_days=request.days,
        document=document,
        paused_at=at,
        paused_by_id=person_of(actor),
    )
    _close(request, is_approved=True)
    lead(case)
    save(case)
    facts = {
        "why": why.value,
        "note": request.note,
        "days": request.days,
        "asked_by": str(request.asked_by_id),
        "clocks": [*clocks, expected],
        "document": document.facts(),
    }
    tell("case.paused", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id), due=due.isoformat() if due else "")


@command("case.resume", asks_once=True)
def resume(*, case_id: int, result: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The special procedure is over (T14): its result is noted, the limits go on."""
    case = locked(case_id)
    move(case, Verb.RESUME)
    result = check_reason(result, "特别程序的结果")
    on = legal_date(at)
    clocks = [timing.stop_clock(stream=case.stream, kind=ClockKind.PAUSE, on=on)]
    clocks += [
        timing.resume_clock(stream=case.stream, kind=clock.kind, on=on)
        for clock in running(case)
        if clock.status == "paused"
    ]
    Pause.objects.filter(case=case, resumed_at=None).update(
        resumed_at=at, resumed_by_id=person_of(actor), result=result
    )
    lead(case)
    save(case)
    tell("case.resumed", case, {"result": result, "clocks": clocks}, actor, at, command_id)
    return answer(case)


@command("case.ask_extension", asks_once=True)
def ask_extension(
    *, case_id: int, days: int, note: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """A handler asks for more time (T15): before the statutory limit is over, once."""
    case = locked(case_id)
    move(case, Verb.ASK_EXTENSION)
    note = check_reason(note, "延期的理由")
    _check_extension(case, days, at)
    request = _ask(case, RequestKind.EXTENSION, note, days, actor, at)
    facts = {"request_id": str(request.id), "days": days, "note": note}
    tell("case.extension_asked", case, facts, actor, at, command_id)
    return answer(case)


def _check_extension(case: Case, days: int, at: datetime) -> None:
    clock = timing_queries.open_clock(case.stream, ClockKind.STATUTORY)
    if is_below(case):
        raise NotNow("本件还在初审，决定的期限自上报之日起算，上报以后才能申请延期。")
    check_extension(
        days=days,
        most=catalogue.profile_of(case.edition).extension_days,
        due=clock.due_date if clock else None,
        today=legal_date(at),
        is_extended=case.extended_at is not None,
    )
    if clock and clock.unit != "working_day":
        raise DomainError("本事项的法定时限不以工作日计算，延期须依其特别法办理。")


@command("case.extend", asks_once=True)
def extend(*, case_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Approve an extension (T15, 《行政许可法》第四十二条): the statutory limit becomes longer.

    The promised limit stays as it was, so that no statistic of kept promises moves unseen.
    """
    case = locked(case_id)
    move(case, Verb.EXTEND)
    request = _answered(case, RequestKind.EXTENSION, actor, at)
    _check_extension(case, request.days, at)
    clock = timing.extend_clock(stream=case.stream, kind=ClockKind.STATUTORY, amount=request.days)
    due = due_of(clock)
    words = {"reason": request.note, "days": str(request.days), "due": chinese(due)}
    document = draw(case, "extension", at, words)
    case.extended_at, case.extended_by_id = at, person_of(actor)
    _close(request, is_approved=True)
    lead(case)
    save(case, "extended_at", "extended_by")
    facts = {
        "days": request.days,
        "note": request.note,
        "asked_by": str(request.asked_by_id),
        "clocks": [clock],
        "document": document.facts(),
    }
    tell("case.extended", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id), due=due.isoformat() if due else "")


@command("case.reject_request", asks_once=True)
def reject_request(
    *,
    case_id: int,
    kind: RequestKind,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Do not approve what a handler asked for; the reason goes back to them."""
    case = locked(case_id)
    move(case, Verb.REJECT_REQUEST)
    reason = check_reason(reason)
    request = _answered(case, kind, actor, at)
    _close(request, is_approved=False, answer=reason)
    facts = {"request_id": str(request.id), "kind": kind.value, "reason": reason}
    tell("case.request_rejected", case, facts, actor, at, command_id)
    return answer(case)
