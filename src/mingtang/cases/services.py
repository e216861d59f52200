"""Commands on a case: file, receive, accept, claim, examine, decide, hand over."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt, forget_attempts
from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.sealed import blind_index, keyed_hash
from mingtang.base.serials import next_serial
from mingtang.cases.models import Case, Step, Submission
from mingtang.cases.rules import (
    AlreadyClaimed,
    ApplicantKind,
    HandOverWay,
    State,
    StepStatus,
    StepsUnfinished,
    Verb,
    case_number,
    check_decision,
    check_separation,
    spell_code,
    target_of,
)
from mingtang.catalogue import queries as catalogue
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor, canonical
from mingtang.ledger.services import command, record
from mingtang.timing import services as timing
from mingtang.timing.queries import clocks_of
from mingtang.timing.rules import ClockKind, Unit

Facts = dict[str, Any]


@dataclass(frozen=True)
class Applicant:
    """Who applies, with numbers already normalised and checked."""

    kind: ApplicantKind
    name: str
    identity_number: str
    phone: str
    address: str = ""
    person_id: int | None = None


@command("case.submit")
def submit(
    *,
    item_code: str,
    applicant: Applicant,
    summary: str,
    files: list[StoredFile],
    channel: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """File a case for an item's current edition (T1). Returns {"case_id", "number"}.

    Starts the check of completeness: counted from the day of receipt, which online is the day of
    filing (《行政许可法》第三十二条).
    """
    edition = catalogue.edition_for_filing(item_code)
    on = legal_date(at)
    case = _new_case(edition, applicant, channel, at, on)
    submission = _keep_submission(case, applicant, {"summary": summary}, files, at)
    profile = catalogue.profile_of(edition)
    clock = timing.start_clock(
        stream=case.stream,
        kind=ClockKind.COMPLETENESS,
        start=on,
        amount=profile.completeness_days,
        unit="working_day",
    )
    _due(case, clock)
    facts = {
        "item_id": str(edition.item_id),
        "item_name": edition.name,
        "edition_id": str(edition.id),
        "channel": channel,
        "applicant_kind": applicant.kind.value,
        "submission": submission.commitment,
        "file_count": len(files),
        "clocks": [clock],
    }
    _tell("case.submitted", case, facts, actor, at, command_id)
    return {"case_id": str(case.id), "number": case.number}


def _new_case(edition: Any, applicant: Applicant, channel: str, at: datetime, on: date) -> Case:
    organisation = edition.item.department
    yymmdd = on.strftime("%y%m%d")
    serial = next_serial(f"case:{organisation.area6}{organisation.unit3}{yymmdd}")
    case = Case(
        number=case_number(
            region_code=organisation.area6,
            unit3=organisation.unit3,
            date_yymmdd=yymmdd,
            serial=serial,
        ),
        region=organisation.region,
        organisation=organisation,
        item_id=edition.item_id,
        edition=edition,
        state=State.SUBMITTED.value,
        channel=channel,
        applicant_kind=applicant.kind.value,
        applicant_name=applicant.name,
        applicant_person_id=applicant.person_id,
        identity_number=applicant.identity_number,
        identity_index=blind_index("identity", applicant.identity_number),
        phone=applicant.phone,
        address=applicant.address,
        code_salt=os.urandom(16),
        submitted_at=at,
    )
    case.save(force_insert=True)
    return case


def _keep_submission(
    case: Case, applicant: Applicant, answers: Facts, files: list[StoredFile], at: datetime
) -> Submission:
    """Keep what was handed in. The ledger gets a salted commitment: provable, and erasable."""
    content = {"applicant": applicant, "answers": answers, "files": [file.sha256 for file in files]}
    salt = os.urandom(16).hex()
    commitment = hashlib.sha256(bytes.fromhex(salt) + canonical(content)).hexdigest()
    for file in files:
        attach(file, subject=case.stream, at=at)
    return Submission.objects.create(
        case=case, number=1, answers=answers, salt=salt, commitment=commitment, submitted_at=at
    )


def _due(case: Case, clock: Facts | None) -> None:
    case.next_due_date = date.fromisoformat(clock["due"]) if clock else None
    case.save(update_fields=["next_due_date"])


def _tell(kind: str, case: Case, facts: Facts, actor: Actor, at: datetime, command_id: str) -> None:
    """Every event of a case says whose case it is, so that followers need not ask."""
    common = {"case_id": str(case.id), "organisation_id": str(case.organisation_id)}
    record(
        stream=case.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


def tracking_code(case: Case) -> str:
    """The query code: fifty keyed bits, derived and never stored, so that no copy of the
    database shows one and a lost receipt can be printed again."""
    return spell_code(keyed_hash("tracking_code", f"{case.id}/".encode() + bytes(case.code_salt)))


def case_by_code(*, number: str, code: str, source: str, at: datetime) -> Case:
    """The case behind a number and its query code. Guessing is slowed down.

    Raises NotFound for a wrong number and a wrong code alike, TooManyAttempts beyond the limits.
    """
    subject = f"{number}|{source}"
    count_attempt_or_refuse("lookup", subject, LOOKUP_PER_CASE, at)
    attempt = count_attempt_or_refuse("lookup_source", source, LOOKUP_PER_SOURCE, at)
    case = Case.objects.filter(number=number).first()
    expected = tracking_code(case) if case else "-" * 11
    if not hmac.compare_digest(expected.encode(), code.encode()) or case is None:
        raise NotFound("办件编号或查询码不正确，请对照回执重新输入。")
    forget_attempts("lookup", subject)
    forget_attempt(attempt)
    return case


def _locked(case_id: int) -> Case:
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None:
        raise NotFound
    return case


def _move(case: Case, verb: Verb) -> None:
    case.state = target_of(verb, State(case.state)).value


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def _persons(actor: Actor) -> set[int]:
    """Who acts, and for whom."""
    return {_person(actor), *([int(actor.acting_for_id)] if actor.acting_for_id else [])}


@command("case.receive")
def receive(*, case_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Take an online filing in at the window (T3). The day of receipt stays the day of filing."""
    case = _locked(case_id)
    _move(case, Verb.RECEIVE)
    case.received_at, case.received_by_id = at, _person(actor)
    case.save(update_fields=["state", "received_at", "received_by"])
    _tell("case.received", case, {}, actor, at, command_id)
    return _answer(case)


@command("case.accept")
def accept(*, case_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Accept a complete application (T10): both limits are frozen, the work is laid out.

    The limits are those of the edition that the case was filed under; counting starts the next
    working day (《行政许可法》第四十二条、第八十二条).
    """
    case = _locked(case_id)
    _move(case, Verb.ACCEPT)
    case.accepted_at, case.accepted_by_id = at, _person(actor)
    on = legal_date(at)
    clocks = [
        timing.stop_clock(stream=case.stream, kind=ClockKind.COMPLETENESS, on=on),
        *_start_limits(case, at),
    ]
    case.next_due_date = date.fromisoformat(clocks[1]["due"])
    case.save(update_fields=["state", "accepted_at", "accepted_by", "next_due_date"])
    steps = _lay_out(case)
    facts = {"clocks": clocks, "steps": [{"key": step.key, "name": step.name} for step in steps]}
    _tell("case.accepted", case, facts, actor, at, command_id)
    return _answer(case)


def _start_limits(case: Case, at: datetime) -> list[Facts]:
    """The promised clock, and the statutory one where the law sets a limit."""
    limits = catalogue.limits_of(case.edition)
    wanted = [(ClockKind.PROMISED, limits.promised), (ClockKind.STATUTORY, limits.statutory)]
    return [
        timing.start_clock(
            stream=case.stream,
            kind=kind,
            start=at if limit.unit == Unit.OFFICE_HOUR else legal_date(at),
            amount=limit.amount,
            unit=limit.unit,
        )
        for kind, limit in wanted
        if limit is not None
    ]


def _lay_out(case: Case) -> list[Step]:
    steps = [
        Step(
            case=case,
            key=step["key"],
            name=step["name"],
            organisation_id=case.organisation_id,
            status=StepStatus.READY.value,
        )
        for stage in case.edition.route["stages"]
        for step in stage["steps"]
    ]
    return Step.objects.bulk_create(steps)


def _step(case: Case, key: str) -> Step:
    step = Step.objects.select_for_update(of=("self",)).filter(case=case, key=key).first()
    if step is None:
        raise NotFound
    return step


@command("case.claim")
def claim(*, case_id: int, step_key: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Take a step to work on (T12). One claim wins; the other is told by whom it was taken."""
    case = _locked(case_id)
    _move(case, Verb.CLAIM)
    step = _step(case, step_key)
    if step.status != StepStatus.READY.value:
        raise AlreadyClaimed(str(step.claimed_by))
    step.status = StepStatus.CLAIMED.value
    step.claimed_at, step.claimed_by_id = at, _person(actor)
    step.save(update_fields=["status", "claimed_at", "claimed_by"])
    case.save(update_fields=["state"])
    _tell("case.step_claimed", case, _step_facts(step), actor, at, command_id)
    return _answer(case)


@command("case.examine")
def examine(
    *,
    case_id: int,
    step_key: str,
    opinion: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Finish a claimed step with an opinion (T12). Only who claimed it may."""
    case = _locked(case_id)
    _move(case, Verb.EXAMINE)
    if not opinion.strip():
        raise DomainError("请填写审查意见。")
    step = _step(case, step_key)
    if step.status != StepStatus.CLAIMED.value or step.claimed_by_id not in _persons(actor):
        raise AlreadyClaimed(str(step.claimed_by or "其他人"))
    step.status, step.opinion = StepStatus.DONE.value, opinion.strip()
    step.done_at, step.done_by_id = at, _person(actor)
    step.done_for_id = int(actor.acting_for_id) if actor.acting_for_id else None
    step.save(update_fields=["status", "opinion", "done_at", "done_by", "done_for"])
    _tell("case.examined", case, _step_facts(step), actor, at, command_id)
    return _answer(case)


def _step_facts(step: Step) -> Facts:
    return {"step_id": str(step.id), "step_key": step.key, "step_name": step.name}


@command("case.decide")
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
    """Grant or refuse (T18, T19): by someone who did not examine, after every step, with reason.

    The handling clocks stop; a grant starts the clock of delivery (《行政许可法》第四十四条).
    """
    case = _locked(case_id)
    _move(case, verb)
    check_decision(verb, reason, legal_basis)
    _check_steps(case, actor)
    case.decided_at, case.decided_by_id = at, _person(actor)
    case.is_granted = verb is Verb.GRANT
    case.decision_reason, case.decision_legal_basis = reason.strip(), legal_basis.strip()
    clocks = _stop_limits(case, legal_date(at))
    case.save(update_fields=DECISION_COLUMNS)
    facts = {"clocks": clocks, "reason": case.decision_reason}
    if case.is_granted:
        _tell("case.granted", case, facts, actor, at, command_id)
    else:
        facts["legal_basis"] = case.decision_legal_basis
        _tell("case.refused", case, facts, actor, at, command_id)
    return _answer(case)


DECISION_COLUMNS = (
    *("state", "decided_at", "decided_by", "is_granted", "next_due_date"),
    *("decision_reason", "decision_legal_basis"),
)


def _check_steps(case: Case, actor: Actor) -> None:
    steps = list(Step.objects.filter(case=case).order_by("id"))
    unfinished = [step.name for step in steps if step.status != StepStatus.DONE.value]
    if unfinished:
        raise StepsUnfinished(unfinished)
    examiners = {one for step in steps for one in (step.done_by_id, step.done_for_id) if one}
    check_separation(_persons(actor), examiners)


def _stop_limits(case: Case, on: date) -> list[Facts]:
    clocks = timing.stop_open_clocks(stream=case.stream, on=on)
    case.next_due_date = None
    if case.is_granted:
        delivery = timing.start_clock(
            stream=case.stream,
            kind=ClockKind.DELIVERY,
            start=on,
            amount=catalogue.profile_of(case.edition).delivery_days,
            unit="working_day",
        )
        case.next_due_date = date.fromisoformat(delivery["due"])
        clocks.append(delivery)
    return clocks


@command("case.hand_over")
def hand_over(
    *,
    case_id: int,
    way: HandOverWay,
    note: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Give the result to the applicant (T22): who, when, how."""
    case = _locked(case_id)
    _move(case, Verb.HAND_OVER)
    if way is HandOverWay.POST and not note.strip():
        raise DomainError("邮寄送达须填写邮件号码。")
    case.delivered_at, case.delivered_by_id = at, _person(actor)
    case.delivered_way, case.next_due_date = way.value, None
    case.delivered_note = note.strip()
    clocks = timing.stop_open_clocks(stream=case.stream, on=legal_date(at))
    case.save(update_fields=DELIVERY_COLUMNS)
    facts = {"way": way.value, "clocks": clocks}
    _tell("case.delivered", case, facts, actor, at, command_id)
    return _answer(case)


DELIVERY_COLUMNS = (
    *("state", "delivered_at", "delivered_by", "delivered_way", "delivered_note"),
    "next_due_date",
)


def _answer(case: Case) -> Facts:
    return {"case_id": str(case.id), "number": case.number, "state": case.state}


LEADING_CLOCK = {
    State.SUBMITTED: ClockKind.COMPLETENESS,
    State.RECEIVED: ClockKind.COMPLETENESS,
    State.ACCEPTED: ClockKind.PROMISED,
    State.REVIEWING: ClockKind.PROMISED,
    State.GRANTED: ClockKind.DELIVERY,
}


def refresh_due_date(stream: str) -> None:
    """Show on the worklist what the case's leading clock says now.

    Called when a clock was recomputed. The date is read from the clock, not from the event, so
    that events which come late or twice do no harm.
    """
    case = Case.objects.select_for_update(of=("self",)).get(id=int(stream.removeprefix("case:")))
    leading = LEADING_CLOCK.get(State(case.state))
    due = {clock.kind: clock.due_date for clock in clocks_of(stream) if not clock.stopped_date}
    if leading is not None and leading.value in due:
        case.next_due_date = due[leading.value]
        case.save(update_fields=["next_due_date"])
