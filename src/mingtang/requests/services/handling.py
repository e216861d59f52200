"""Commands: what happens to a request before it is answered: correction, reasons, extension, the
search."""

from collections.abc import Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.requests.models import (
    Correction,
    Extension,
    Reasons,
    Request,
    Search,
)
from mingtang.requests.rules.moves import Verb
from mingtang.requests.rules.papers import PaperKind, told_day
from mingtang.requests.services.common import (
    Facts,
    answer,
    check_past,
    draw,
    law_of,
    locked,
    move,
    person_of,
    reply_clock,
    said,
    save,
    start_reply,
    stop,
    tell,
)
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind, Unit

LONGEST_TERM = 60


def _term(days: int) -> int:
    if not 1 <= days <= LONGEST_TERM:
        raise DomainError(f"期限须为 1 至 {LONGEST_TERM} 个工作日，请更正。")
    return days


# ── correction (R7) ───────────────────────────────────────────────────────────────────────────


@command("request.ask_correction")
def ask_correction(
    *, request_id: int, wanted: str, days: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Tell once and whole what is unclear; the limit stops. `days`: working days to correct.

    Within seven working days of receipt (《条例》第三十条); a later notice is kept as late.
    """
    request, on = locked(request_id), legal_date(at)
    move(request, Verb.ASK_CORRECTION)
    if request.corrections.exists():
        raise Conflict("补正只能一次性告知，本件已经告知过。内容仍不明确的，请拟写答复。")
    clocks = stop(request, ClockKind.REPLY, on)
    clock = timing.start_clock(
        stream=request.stream,
        kind=ClockKind.CORRECTION,
        start=on,
        amount=_term(days),
        unit=Unit.WORKING_DAY,
    )
    due = date.fromisoformat(clock["due"])
    words = {"wanted": said(wanted, "要补正什么"), "term": told_day(due)}
    document = draw(request, PaperKind.CORRECTION, at, words)
    is_late = _is_late_notice(request, on)
    Correction.objects.create(
        request=request,
        wanted=wanted.strip(),
        due_date=due,
        is_late=is_late,
        asked_at=at,
        asked_by_id=person_of(actor),
        document=document,
    )
    save(request)
    facts = {"is_late": is_late, "document": document.facts(), "clocks": [*clocks, clock]}
    tell("request.correction_asked", request, facts, actor, at, command_id)
    return answer(request, document_id=str(document.id))


def _is_late_notice(request: Request, on: date) -> bool:
    days = law_of(request).correction_notice_days
    received = request.received_date
    if days is None or received is None:
        return False
    return on > timing_queries.working_days_later(received, days)


@command("request.correct")
def correct(
    *,
    request_id: int,
    text: str,
    corrected_date: date | None = None,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The correction has come: the limit begins anew from this day (《条例》第三十条)."""
    request = locked(request_id)
    move(request, Verb.CORRECT)
    on = check_past(corrected_date or legal_date(at), at, "收到补正的日期")
    open_one = request.corrections.order_by("id").last()
    assert open_one is not None
    if on < legal_date(open_one.asked_at):
        raise DomainError("收到补正的日期早于补正告知书的日期，请核对。")
    open_one.answer = said(text, "补正的内容")
    open_one.corrected_date, open_one.corrected_at = on, at
    open_one.save(update_fields=["answer", "corrected_date", "corrected_at"])
    for one in files:
        attach(one, subject=request.stream, at=at)
    request.correction_count += 1
    request.lapse_proposed_at = None
    clocks = stop(request, ClockKind.CORRECTION, on)
    clocks.append(start_reply(request, on))
    save(request, "correction_count", "counted_from_date", "lapse_proposed_at")
    facts = {"corrected": on.isoformat(), "file_count": len(files), "clocks": clocks}
    tell("request.corrected", request, facts, actor, at, command_id)
    return answer(request)


# ── volume and extension (R11, R12) ───────────────────────────────────────────────────────────


@command("request.ask_reasons")
def ask_reasons(
    *, request_id: int, wanted: str, days: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Ask why so many or so often (《条例》第三十五条). The limit of reply runs on."""
    request, on = locked(request_id), legal_date(at)
    move(request, Verb.ASK_REASONS)
    if not law_of(request).may_ask_reasons:
        raise DomainError(f"《{law_of(request).name}》没有要求说明理由的规定，请直接办理。")
    if request.reasons.exists():
        raise Conflict("已经要求说明过理由，请刷新页面后再看。")
    clock = timing.start_clock(
        stream=request.stream,
        kind=ClockKind.EXPLANATION,
        start=on,
        amount=_term(days),
        unit=Unit.WORKING_DAY,
    )
    due = date.fromisoformat(clock["due"])
    words = {"wanted": said(wanted, "数量、频次的情况"), "term": told_day(due)}
    document = draw(request, PaperKind.REASONS, at, words)
    Reasons.objects.create(
        request=request,
        wanted=wanted.strip(),
        due_date=due,
        asked_at=at,
        asked_by_id=person_of(actor),
        document=document,
    )
    save(request)
    facts = {"document": document.facts(), "clocks": [clock]}
    tell("request.reasons_asked", request, facts, actor, at, command_id)
    return answer(request, document_id=str(document.id))


@command("request.give_reasons")
def give_reasons(
    *, request_id: int, text: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The applicant says why. Whether that is reasonable shows in what the organ does next."""
    request = locked(request_id)
    move(request, Verb.GIVE_REASONS)
    asked = request.reasons.filter(given_at=None).first()
    if asked is None:
        raise Conflict("没有等待说明的理由，请刷新页面后再看。")
    asked.answer, asked.given_at = said(text, "理由"), at
    asked.save(update_fields=["answer", "given_at"])
    clocks = stop(request, ClockKind.EXPLANATION, legal_date(at))
    save(request)
    tell("request.reasons_given", request, {"clocks": clocks}, actor, at, command_id)
    return answer(request)


@command("request.delay")
def delay(
    *, request_id: int, days: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The reasons are good but the work is much: a reasonable later day, told (第三十五条)."""
    request = locked(request_id)
    move(request, Verb.DELAY)
    asked = request.reasons.filter(given_at__isnull=False).first()
    if asked is None:
        raise Conflict("申请人还没有说明理由，不能确定延迟答复的期限。")
    asked.is_reasonable = True
    asked.save(update_fields=["is_reasonable"])
    return _longer(request, _term(days), reason, True, actor, at, command_id)


@command("request.extend")
def extend(
    *,
    request_id: int,
    reason: str,
    days: int | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The head of the office lets the reply come later, before the limit is over, and says so."""
    request = locked(request_id)
    move(request, Verb.EXTEND)
    law = law_of(request)
    wanted = law.extension_days if days is None else days
    if not 1 <= wanted <= law.extension_days:
        raise DomainError(
            f"延期最长 {law.extension_days} 个工作日（{law.article('extension')}），请更正。"
        )
    return _longer(request, wanted, reason, False, actor, at, command_id)


def _longer(
    request: Request,
    days: int,
    reason: str,
    is_delay: bool,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    clock = reply_clock(request)
    assert clock is not None
    is_paused = clock.state.status == "paused"
    if not is_paused and legal_date(at) > clock.due_date:
        raise Conflict(f"答复期限已于 {clock.due_date} 届满，不能再延长。请尽快答复。")
    if request.extensions.filter(is_delay=is_delay).exists():
        raise Conflict("已经延长过一次，不能再延长。")
    op = timing.extend_clock(stream=request.stream, kind=ClockKind.REPLY, amount=days)
    due = date.fromisoformat(op["due"])
    words = {
        "reason": said(reason, "延期的理由").rstrip("。"),
        "old_due": told_day(clock.due_date),
        "due": told_day(due) + ("（征求意见所需时间另行顺延）" if is_paused else ""),
        "days": str(days),
    }
    document = draw(request, PaperKind.EXTENSION, at, words)
    Extension.objects.create(
        request=request,
        is_delay=is_delay,
        days=days,
        reason=reason.strip(),
        old_due_date=clock.due_date,
        due_date=due,
        approved_at=at,
        approved_by_id=person_of(actor),
        document=document,
    )
    request.extended_at, request.extended_by_id = at, person_of(actor)
    save(request, "extended_at", "extended_by")
    facts = {"days": days, "is_delay": is_delay, "document": document.facts(), "clocks": [op]}
    tell("request.extended", request, facts, actor, at, command_id)
    return answer(request, document_id=str(document.id))


# ── the search ────────────────────────────────────────────────────────────────────────────────


@command("request.search")
def log_search(
    *,
    request_id: int,
    place: str,
    words: str,
    found: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Keep where the office looked and what it found: in court the organ has to prove it."""
    request = locked(request_id)
    move(request, Verb.SEARCH)
    Search.objects.create(
        request=request,
        place=said(place, "在哪里检索"),
        words=said(words, "用什么词、什么范围检索"),
        found=said(found, "检索的结果"),
        searched_at=at,
        searched_by_id=person_of(actor),
    )
    tell("request.searched", request, {}, actor, at, command_id)
    return answer(request)


@command("request.ask_assistance")
def ask_assistance(
    *,
    request_id: int,
    party_name: str,
    question: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Ask another unit to help with the search or the copies. The limit runs on."""
    request = locked(request_id)
    move(request, Verb.ASK_ASSISTANCE)
    words = {"party": said(party_name, "请谁协办"), "question": said(question, "协办的内容")}
    document = draw(request, PaperKind.ASSIST, at, words)
    facts = {"document": document.facts()}
    tell("request.assistance_asked", request, facts, actor, at, command_id)
    return answer(request, document_id=str(document.id))
