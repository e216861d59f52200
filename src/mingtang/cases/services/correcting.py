"""Commands: what happens between receipt and acceptance but acceptance itself.

On-the-spot corrections, the one notice of all that is missing, what the applicant brings, and
the ends: not required, declined, returned.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.cases.models import Case, Correction
from mingtang.cases.rules import (
    NotNow,
    SecondRound,
    State,
    Verb,
    check_missing,
    check_reason,
)
from mingtang.cases.services.common import (
    Facts,
    answer,
    chinese,
    draw,
    due_of,
    lead,
    locked,
    move,
    numbered,
    person_of,
    save,
    tell,
)
from mingtang.cases.services.ending import end
from mingtang.cases.services.filing import changed_answers, keep_originals
from mingtang.cases.services.handing_in import HandedIn, keep_submission
from mingtang.cases.services.paper_receipts import KIND
from mingtang.catalogue import queries as catalogue
from mingtang.files.services import StoredFile
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.outage.queries import waiting_since
from mingtang.questions.rules import Answers
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


@command("case.correct_on_spot", asks_once=True)
def correct_on_spot(
    *, case_id: int, note: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The applicant mended an error at the counter (T6): noted, no clock moves."""
    case = locked(case_id)
    move(case, Verb.CORRECT_ON_SPOT)
    note = check_reason(note, "更正了什么")
    number = case.submissions.count() + 1
    submission = keep_submission(case, number, HandedIn({"corrected": note}), at)
    facts = {"submission": submission.commitment}
    tell("case.corrected_on_spot", case, facts, actor, at, command_id)
    return answer(case)


@command("case.ask_correction", asks_once=True)
def ask_correction(
    *,
    case_id: int,
    missing: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    override_reason: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Tell the applicant all that is missing, at once (T7).

    `missing`: [{"id", "name", "text"}] of the edition's materials. Within five working days of
    receipt (《行政许可法》第三十二条): after that the application counts as accepted. A second
    round takes an `override_reason`; the ledger marks it. Returns … "document_id", "due".
    """
    case, override_reason = locked(case_id), override_reason.strip()
    move(case, Verb.ASK_CORRECTION_AGAIN if override_reason else Verb.ASK_CORRECTION)
    if case.correction_count and not override_reason:
        raise SecondRound
    _check_in_time(case, legal_date(at))
    lines = check_missing(missing, note, _material_ids(case))
    clocks = [
        timing.stop_clock(stream=case.stream, kind=ClockKind.COMPLETENESS, on=legal_date(at)),
        timing.start_clock(
            stream=case.stream,
            kind=ClockKind.CORRECTION,
            start=legal_date(at),
            amount=settings.MINGTANG_CORRECTION_DAYS,
            unit="calendar_day",
        ),
    ]
    due = due_of(clocks[1])
    correction = _told(case, lines, note, override_reason, due, actor, at)
    case.complete_date = None
    lead(case)
    save(case, "correction_count", "complete_date")
    facts = _correction_facts(correction) | {"clocks": clocks}
    tell("case.correction_asked", case, facts, actor, at, command_id)
    return answer(case, document_id=str(correction.document_id), due=due.isoformat() if due else "")


def _check_in_time(case: Case, on: date, act: str = "告知补正") -> None:
    """Nothing may be asked for, nor declined, when the five working days are over: then it counts
    as accepted (《行政许可法》第三十二条)."""
    profile = catalogue.profile_of(case.edition)
    if not profile.has_deemed_acceptance or case.correction_count:
        return
    clock = timing_queries.open_clock(case.stream, ClockKind.COMPLETENESS)
    if clock and on > clock.due_date:
        raise DomainError(
            f"告知补正的期限已于 {clock.due_date} 届满，本件自收件之日起视为受理，不能再{act}。"
        )
    if case.intake_organisation_id is None:
        return
    received = waiting_since(KIND, case.id)  # a paper receipt that nobody has compared yet
    if received is None:
        return
    last = timing_queries.working_days_later(received, profile.completeness_days)
    if on > last:
        raise DomainError(
            f"本件有一份停机时的纸质回执等待核对，写明 {received} 收件，照此期限已于 {last} 届满："
            f"请先核对纸质回执，再决定能不能{act}。"
        )


def _material_ids(case: Case) -> set[str]:
    return {line["id"] for line in case.edition.materials}


def _told(
    case: Case,
    lines: Sequence[Mapping[str, str]],
    note: str,
    override_reason: str,
    due: date | None,
    actor: Actor,
    at: datetime,
    *,
    is_after_acceptance: bool = False,
) -> Correction:
    case.correction_count += 1
    words = {"note": note.strip(), "due": chinese(due)}
    rows = numbered((line["name"], line["text"] or "请补交") for line in lines)
    return Correction.objects.create(
        case=case,
        round=case.correction_count,
        missing=list(lines),
        note=note.strip(),
        document=draw(case, "correction", at, words, rows),
        asked_at=at,
        asked_by_id=person_of(actor),
        override_reason=override_reason,
        is_after_acceptance=is_after_acceptance,
    )


def _correction_facts(correction: Correction) -> Facts:
    return {
        "round": correction.round,
        "missing": [line["name"] for line in correction.missing],
        "is_override": bool(correction.override_reason),
        "is_after_acceptance": correction.is_after_acceptance,
        "document": correction.document.facts(),
    }


@command("case.supply", asks_once=True)
def supply(
    *,
    case_id: int,
    note: str = "",
    answers: Answers | None = None,
    files: Sequence[StoredFile] = (),
    originals: Sequence[tuple[str, int]] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The applicant brings what was asked for (T8); a new submission, the old one stays.

    `answers`: the form as it now reads, where it was changed. If that is all, the application is
    accepted as of this day (《行政许可法》第三十二条); a clerk confirms it within
    MINGTANG_CONFIRM_DAYS working days. Raises AnswersWrong.
    """
    case = locked(case_id)
    move(case, Verb.SUPPLY)
    changed = changed_answers(case, answers, at) if answers is not None else {}
    if not (note.strip() or files or originals or changed):
        raise DomainError("请上传补正的材料，修改申请表，或者写明补正的内容。")
    on = legal_date(at)
    correction = _open_correction(case)
    number = case.submissions.count() + 1
    came = _came(correction, files)
    said = {"supplied": note.strip(), **({"came": came} if came else {}), **changed}
    submission = keep_submission(case, number, HandedIn(said, files), at)
    keep_originals(case, originals, actor, at)
    correction.supplied_at, correction.submission = at, submission
    correction.save(update_fields=["supplied_at", "submission"])
    clocks = [] if correction.is_after_acceptance else _to_confirm(case, on)
    given = [*originals, *((file.original_name, 1) for file in files)]
    document = draw(case, "correction_receipt", at, {}, numbered(given))
    lead(case)
    save(case, "complete_date")
    facts = {
        "submission": submission.commitment,
        "file_count": len(files),
        "clocks": clocks,
        "document": document.facts(),
    }
    tell("case.supplied", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


def _open_correction(case: Case) -> Correction:
    """The notice that the applicant answers: the last one, if nothing was brought for it yet or
    not all of it. Raises NotNow."""
    last = case.corrections.select_for_update().order_by("-round").first()
    is_open = last is not None and (State(case.state) is State.RECEIVED or last.supplied_at is None)
    if last is None or not is_open:
        raise NotNow("没有等待补正的材料。")
    return last


def _came(correction: Correction, files: Sequence[StoredFile]) -> list[str]:
    """The materials of the notice that these files are. Fewer files than materials leave open
    which of them came: a clerk says so."""
    asked = [line["id"] for line in correction.missing]
    return asked if len(files) >= len(asked) else []


def _to_confirm(case: Case, on: date) -> list[Facts]:
    """The applicant's time stops; a clerk confirms that it is all."""
    case.complete_date = on
    return [
        timing.stop_clock(stream=case.stream, kind=ClockKind.CORRECTION, on=on),
        timing.start_clock(
            stream=case.stream,
            kind=ClockKind.COMPLETENESS,
            start=on,
            amount=settings.MINGTANG_CONFIRM_DAYS,
            unit="working_day",
        ),
    ]


@command("case.still_missing", asks_once=True)
def still_missing(*, case_id: int, note: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """What was supplied is not all that was listed (T8): noted; the same notice holds on.

    No second five-day period, and nothing new may be asked for. The applicant's time goes on.
    """
    case = locked(case_id)
    move(case, Verb.STILL_MISSING)
    if case.complete_date is None:
        raise DomainError("申请人还没有补正过，请用“一次性告知补正”列明缺少的材料。")
    note = check_reason(note, "还缺什么")
    on = legal_date(at)
    clocks = [
        timing.stop_clock(stream=case.stream, kind=ClockKind.COMPLETENESS, on=on),
        timing.restart_clock(stream=case.stream, kind=ClockKind.CORRECTION, on=on),
    ]
    case.complete_date = None
    lead(case)
    save(case, "complete_date")
    tell("case.found_incomplete", case, {"note": note, "clocks": clocks}, actor, at, command_id)
    return answer(case)


@command("case.ask_more", asks_once=True)
def ask_more(
    *,
    case_id: int,
    missing: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    override_reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Ask for materials after acceptance: only with an approval, no clock stops, marked (T7)."""
    case = locked(case_id)
    move(case, Verb.ASK_MORE)
    override_reason = check_reason(override_reason, "批准的理由")
    lines = check_missing(missing, note, _material_ids(case))
    correction = _told(
        case,
        lines,
        note,
        override_reason,
        case.next_due_date,
        actor,
        at,
        is_after_acceptance=True,
    )
    save(case, "correction_count")
    due = case.next_due_date
    facts = _correction_facts(correction) | {"due": due.isoformat() if due else ""}
    tell("case.correction_asked", case, facts, actor, at, command_id)
    return answer(case, document_id=str(correction.document_id))


@command("case.not_require", asks_once=True)
def not_require(*, case_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Tell at once that no permission is needed (T4, 《行政许可法》第三十二条第一款第（一）项).

    Who asked for one and is turned away may have that reviewed (《行政复议法》第十一条).
    """
    case = locked(case_id)
    reason = check_reason(reason)
    _check_in_time(case, legal_date(at), "告知不需办理")
    remedies = catalogue.profile_of(case.edition).remedies
    document = draw(case, "not_required", at, {"reason": reason}, remedies=remedies)
    clocks = end(case, Verb.NOT_REQUIRE, reason, actor, at)
    facts = {"reason": reason, "document": document.facts(), "clocks": clocks}
    tell("case.not_required", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


@command("case.decline", asks_once=True)
def decline(
    *,
    case_id: int,
    reason: str,
    competent: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Decline what another organ is competent for, and name it (T5)."""
    case = locked(case_id)
    reason = check_reason(reason)
    competent = check_reason(competent, "有权办理的机关")
    _check_in_time(case, legal_date(at), "不予受理")
    words = {"reason": reason, "competent": competent}
    profile = catalogue.profile_of(case.edition)
    document = draw(case, "declined", at, words, remedies=profile.remedies)
    clocks = end(case, Verb.DECLINE, reason, actor, at)
    facts = {**words, "document": document.facts(), "clocks": clocks}
    tell("case.declined", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


@command("case.send_back", asks_once=True)
def send_back(
    *,
    case_id: int,
    reason: str,
    asked_by_applicant: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Give an application back whose correction never came, or at the applicant's wish (T9).

    No refusal. The law names no lapse of its own accord: the system only proposes it.
    """
    case = locked(case_id)
    reason = check_reason(reason)
    clock = timing_queries.open_clock(case.stream, ClockKind.CORRECTION)
    is_over = clock is not None and legal_date(at) > clock.due_date
    if State(case.state) is State.CORRECTING and not (is_over or asked_by_applicant):
        due = clock.due_date if clock else None
        raise DomainError(f"补正期限到 {due} 才届满，申请人没有要求退件的，现在不能退件。")
    document = draw(case, "returned", at, {"reason": reason})
    clocks = end(case, Verb.SEND_BACK, reason, actor, at)
    facts = {
        "reason": reason,
        "asked_by_applicant": asked_by_applicant,
        "document": document.facts(),
        "clocks": clocks,
    }
    tell("case.returned", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))
