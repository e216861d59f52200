"""Commands: an answer is drafted by one person, approved by another, delivered; a lapse is
confirmed; the applicant withdraws."""

from collections.abc import Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.files.services import Document
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.requests import queries
from mingtang.requests.models import Decision, DecisionPart, Request
from mingtang.requests.rules.consulting import Answer, PartyRole
from mingtang.requests.rules.deciding import (
    Part,
    check_parts,
    check_two,
    is_reconsideration_first,
    remedy_text,
)
from mingtang.requests.rules.kinds import Kind, outcome_of
from mingtang.requests.rules.moves import Verb
from mingtang.requests.rules.papers import PaperKind, part_paragraphs, told_day
from mingtang.requests.rules.people import WantedWay
from mingtang.requests.rules.states import State
from mingtang.requests.services.common import (
    Facts,
    answer,
    bodies,
    check_past,
    draw,
    locked,
    move,
    person_of,
    persons_of,
    reconsider_first_too,
    said,
    save,
    stop_all,
    tell,
)

LAPSES = {State.CORRECTING: Kind.F1, State.AWAITING_FEE: Kind.F2}


@command("request.draft")
def draft(
    *,
    request_id: int,
    parts: Sequence[Part],
    override: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Write the answer, part by part, and hand it up. Raises BadDecision where the record of the
    request does not carry it."""
    request = locked(request_id)
    move(request, Verb.DRAFT)
    outcome = check_parts(parts, queries.record_of(request), override)
    decision = Decision.objects.create(
        request=request,
        override=override.strip(),
        drafted_at=at,
        drafted_by_id=person_of(actor),
    )
    _keep(decision, parts)
    on = legal_date(at)
    words = {"drafter": actor.label, "drafted": told_day(on)}
    rows = [
        (part.scope, part.kind.name_in_full, _basis(part, on), part.reason or "—") for part in parts
    ]
    decision.sheet = draw(request, PaperKind.APPROVAL, at, words, rows=rows)
    decision.save(update_fields=["sheet"])
    save(request)
    facts = {
        "kinds": [part.kind.value for part in parts],
        "result": outcome.value,
        "document": decision.sheet.facts(),
    }
    tell("request.drafted", request, facts, actor, at, command_id)
    return answer(request, result=outcome.value)


def _basis(part: Part, on: date) -> str:
    return part.basis.strip() or part.kind.row.legal_basis(on)


def _keep(decision: Decision, parts: Sequence[Part]) -> None:
    DecisionPart.objects.bulk_create(
        DecisionPart(
            decision=decision,
            place=place,
            scope=part.scope.strip(),
            kind=part.kind.value,
            basis=part.basis.strip(),
            reason=part.reason.strip(),
        )
        for place, part in enumerate(parts, 1)
    )


def _standing(request: Request) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",))
    found = rows.filter(request=request, returned_at=None).first()
    if found is None:
        raise NotFound("没有拟写的答复，请刷新页面后再看。")
    return found


@command("request.send_back")
def send_back(
    *, request_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The head does not approve: the draft stays on file, another one is written."""
    request = locked(request_id)
    move(request, Verb.SEND_BACK)
    decision = _standing(request)
    decision.returned_at, decision.returned_by_id = at, person_of(actor)
    decision.return_reason = said(reason, "退回的理由")
    decision.save(update_fields=["returned_at", "returned_by", "return_reason"])
    save(request)
    tell("request.sent_back", request, {}, actor, at, command_id)
    return answer(request)


@command("request.decide")
def decide(*, request_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Approve the draft: the letter goes out under its number, the limit stops.

    The letter names the remedy that its kinds and its day ask for. Raises SamePerson.
    """
    request = locked(request_id)
    move(request, Verb.DECIDE)
    decision = _standing(request)
    for one in persons_of(actor):
        check_two(one, [decision.drafted_by_id])
    parts = queries.parts_of(decision)
    check_parts(parts, queries.record_of(request), decision.override)
    told = _tell_third_parties(request, decision, parts, at)
    return _answered(request, decision, parts, told, actor, at, command_id, "request.decided")


def _tell_third_parties(
    request: Request, decision: Decision, parts: Sequence[Part], at: datetime
) -> list[Document]:
    """Who objected is told in writing what is given all the same and why (《条例》第三十二条)."""
    if not decision.override or all(part.kind is not Kind.A for part in parts):
        return []
    objecting = request.consultations.filter(
        party__role=PartyRole.THIRD.value, answer=Answer.OBJECT.value
    )
    return [
        draw(
            request,
            PaperKind.THIRD_PARTY_TOLD,
            at,
            {"party": one.party.name, "question": one.question, "override": decision.override},
        )
        for one in objecting.select_related("party").order_by("number")
    ]


def _answered(
    request: Request,
    decision: Decision,
    parts: Sequence[Part],
    told: Sequence[Document],
    actor: Actor,
    at: datetime,
    command_id: str,
    kind: str,
) -> Facts:
    """The letter, the result, the end of all limits. `kind` of the event."""
    on, kinds = legal_date(at), [part.kind for part in parts]
    law, more = queries.law_name(request), reconsider_first_too()
    letter = draw(
        request,
        PaperKind.REPLY,
        at,
        {"law": law},
        paragraphs=part_paragraphs(parts, on),
        remedies=remedy_text(kinds, on, bodies(), more),
    )
    decision.approved_at, decision.approved_by_id = at, person_of(actor)
    decision.document = letter
    decision.save(update_fields=["approved_at", "approved_by", "document"])
    outcome = outcome_of(kinds)
    request.result, request.result_date = outcome.value, on
    request.ended_at, request.ended_by_id = at, person_of(actor)
    clocks = stop_all(request, on)
    save(request, "result", "result_date", "ended_at", "ended_by")
    facts = {
        "kinds": [one.value for one in kinds],
        "result": outcome.value,
        "is_reconsideration_first": is_reconsideration_first(kinds, on, more),
        "document": letter.facts(),
        "documents": [one.facts() for one in told],
        "clocks": clocks,
    }
    tell(kind, request, facts, actor, at, command_id)
    return answer(request, document_id=str(letter.id), result=outcome.value)


@command("request.deliver")
def deliver(
    *,
    request_id: int,
    way: str,
    delivered_date: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The answer has reached the applicant: the terms of remedy count from this day."""
    request = locked(request_id)
    move(request, Verb.DELIVER)
    decision = _standing(request)
    on = check_past(delivered_date or legal_date(at), at, "送达日期")
    if request.result_date is not None and on < request.result_date:
        raise DomainError("送达日期早于答复书的日期，请核对。")
    decision.delivered_date, decision.delivered_way = on, WantedWay(way).value
    decision.delivered_at, decision.delivered_by_id = at, person_of(actor)
    decision.save(update_fields=["delivered_date", "delivered_way", "delivered_at", "delivered_by"])
    save(request)
    facts = {"way": decision.delivered_way, "delivered": on.isoformat()}
    tell("request.delivered", request, facts, actor, at, command_id)
    return answer(request)


# ── lapse ─────────────────────────────────────────────────────────────────────────────────────


@command("request.propose_lapse")
def propose_lapse(*, request_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The system says that a term has passed in silence. A person decides what follows."""
    request = locked(request_id)
    state = State(request.state)
    due = request.next_due_date
    if state not in LAPSES or due is None or legal_date(at) <= due:
        raise Conflict("期限还没有过，或者申请已经往下办理。")
    if request.lapse_proposed_at is None:
        request.lapse_proposed_at = at
        save(request, "lapse_proposed_at")
        facts = {"kind": LAPSES[state].value, "due": due.isoformat()}
        tell("request.lapse_proposed", request, facts, actor, at, command_id)
    return answer(request)


@command("request.confirm_lapse")
def confirm_lapse(
    *, request_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """A person confirms that the term passed without good reason: F1 or F2, with a letter."""
    request, on = locked(request_id), legal_date(at)
    kind = LAPSES.get(State(request.state))
    move(request, Verb.CONFIRM_LAPSE)
    assert kind is not None
    due = request.next_due_date
    if due is None or on <= due:
        raise Conflict(f"期限到 {due}，还没有过，不能按逾期处理。")
    part = Part("本件申请", kind, reason=said(reason, "逾期的情况"))
    decision = Decision.objects.create(request=request, is_lapse=True)
    _keep(decision, [part])
    return _answered(request, decision, [part], [], actor, at, command_id, "request.lapsed")


# ── withdrawal ────────────────────────────────────────────────────────────────────────────────


@command("request.withdraw")
def withdraw(
    *, request_id: int, reason: str = "", actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The applicant takes the request back. One that was received counts as F3 (其他)."""
    request, on = locked(request_id), legal_date(at)
    if request.state == State.DRAFTED.value:
        decision = _standing(request)
        decision.returned_at, decision.return_reason = at, "申请人撤回申请"
        decision.returned_by_id = decision.drafted_by_id
        decision.save(update_fields=["returned_at", "returned_by", "return_reason"])
    move(request, Verb.WITHDRAW)
    if request.received_date is not None:
        request.result, request.result_date = Kind.F3.value, on
    request.ended_at, request.end_reason = at, reason.strip()
    request.ended_by_id = int(actor.id) if actor.id else None
    clocks = stop_all(request, on)
    save(request, "result", "result_date", "ended_at", "ended_by", "end_reason")
    facts = {"result": request.result, "clocks": clocks}
    tell("request.withdrawn", request, facts, actor, at, command_id)
    return answer(request)
