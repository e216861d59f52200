"""Commands of the letter office: take on, send on, step in, ask back, do again, close."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.ids import derived_command_id
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.letters.models import Assist, CallBack, Directive, Letter
from mingtang.letters.queries.standing import is_dissatisfied
from mingtang.letters.rules.kinds import (
    CallResult,
    Kind,
    OwnCase,
    Refusal,
    Source,
    Target,
)
from mingtang.letters.rules.moves import Verb
from mingtang.letters.services.common import (
    LIMIT,
    Facts,
    answer,
    clock_of,
    is_below,
    locked,
    move,
    person_of,
    said,
    save,
    start_limit,
    stop_limit,
    tell,
)
from mingtang.requests import services as requests
from mingtang.requests.rules.people import Applicant, ApplicantKind, Channel
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


@command("letter.accept")
def accept(
    *,
    letter_id: int,
    kind: str = "",
    about_id: int | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Take a letter on, under the kind that it is; the limit is that of the kind, from its day."""
    letter = locked(letter_id)
    move(letter, Verb.ACCEPT, actor)
    letter.accepted_at, letter.accepted_by_id = at, person_of(actor)
    letter.about_id = about_id or letter.about_id
    clocks = _reclassify(letter, Kind(kind), at) if kind and kind != letter.kind else []
    save(letter, "accepted_at", "accepted_by", "about", "kind", *LIMIT)
    tell("letter.accepted", letter, {"clocks": clocks}, actor, at, command_id)
    return answer(letter)


def _reclassify(letter: Letter, kind: Kind, at: datetime) -> list[Any]:
    letter.kind = kind.value
    if letter.limit_days is None:  # the hotline fixed the day, whatever the kind
        return []
    came = legal_date(letter.submitted_at)
    return [*stop_limit(letter, legal_date(at)), start_limit(letter, came)]


@command("letter.decline")
def decline(
    *,
    letter_id: int,
    refusal: str,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Not for us, for one of the listed reasons, which the writer is told."""
    letter = locked(letter_id)
    move(letter, Verb.DECLINE, actor)
    letter.refusal = Refusal(refusal).value
    letter.end_note = note.strip()
    clocks = _end(letter, actor, at)
    save(letter, "refusal", "end_note", "ended_at", "ended_by", "next_due_date")
    facts = {"refusal": letter.refusal, "clocks": clocks}
    tell("letter.declined", letter, facts, actor, at, command_id)
    return answer(letter)


def _end(letter: Letter, actor: Actor, at: datetime) -> list[Any]:
    letter.ended_at, letter.ended_by_id = at, person_of(actor)
    return stop_limit(letter, legal_date(at))


@command("letter.transfer")
def transfer(
    *,
    letter_id: int,
    target: str,
    reference: str = "",
    organisation_id: int | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """It goes on where it belongs, under the clock of there: to the hotline or the petition office
    with their number, or as a request for information to an organ."""
    letter = locked(letter_id)
    move(letter, Verb.TRANSFER, actor)
    letter.target = Target(target).value
    letter.target_reference = (
        _asked(letter, organisation_id, actor, at, command_id)
        if letter.target == Target.REQUEST.value
        else said(reference, "对方的编号或者经办人")[:60]
    )
    letter.end_note = note.strip()
    clocks = _end(letter, actor, at)
    columns = ("target", "target_reference", "end_note", "ended_at", "ended_by", "next_due_date")
    save(letter, *columns)
    facts = {"target": letter.target, "reference": letter.target_reference, "clocks": clocks}
    tell("letter.transferred", letter, facts, actor, at, command_id)
    return answer(letter)


CHANNELS = {
    Source.MAIL: Channel.EMAIL,
    Source.BOX: Channel.LETTER,
    Source.PHONE: Channel.PHONE,
    Source.HOTLINE: Channel.PHONE,
}


def _asked(
    letter: Letter, organisation_id: int | None, actor: Actor, at: datetime, command_id: str
) -> str:
    """Make a request for information of a letter; it waits for the organ to confirm it."""
    if organisation_id is None:
        raise DomainError("请选择向哪个单位申请公开。")
    on = legal_date(at)
    made = requests.register(
        organisation_id=organisation_id,
        channel=CHANNELS.get(Source(letter.source), Channel.INTERNET).value,
        applicant=Applicant(
            kind=ApplicantKind.NATURAL,
            name=letter.writer_name,
            identity_number="",
            phone=letter.phone,
            address=letter.address,
            email=letter.email,
            person_id=letter.writer_person_id,
        ),
        description=f"{letter.title}\n{letter.text}",
        submitted_date=legal_date(letter.submitted_at),
        arrived_date=on,
        actor=actor,
        at=at,
        command_id=derived_command_id("letter-request", command_id),
    )
    return str(made["number"])


# ── to a unit ─────────────────────────────────────────────────────────────────────────────────


@command("letter.dispatch")
def dispatch(
    *,
    letter_id: int,
    lead_id: int,
    assisting_ids: Sequence[int] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """One unit leads, others help."""
    letter = locked(letter_id)
    move(letter, Verb.DISPATCH, actor)
    return _sent(letter, lead_id, assisting_ids, actor, at, command_id)


@command("letter.designate")
def designate(
    *, letter_id: int, lead_id: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Returned once: the unit that is named now keeps it. The limit ran on meanwhile."""
    letter = locked(letter_id)
    move(letter, Verb.DESIGNATE, actor)
    letter.is_designated = True
    return _sent(letter, lead_id, (), actor, at, command_id)


def _sent(
    letter: Letter,
    lead_id: int,
    assisting_ids: Sequence[int],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    helping = [one for one in dict.fromkeys(assisting_ids) if one != lead_id]
    if letter.kind == Kind.TIP_OFF.value and any(
        is_below(one, letter.accused_id) for one in (lead_id, *helping)
    ):
        raise OwnCase
    letter.lead_id = lead_id
    letter.dispatched_at, letter.dispatched_by_id = at, person_of(actor)
    save(letter, "lead", "is_designated", "dispatched_at", "dispatched_by")
    letter.assists.filter(organisation=lead_id).delete()
    for one in helping:
        Assist.objects.create(
            letter=letter, organisation_id=one, asked_at=at, asked_by_id=person_of(actor)
        )
    facts = {
        "is_designated": letter.is_designated,
        "assisting_ids": [str(one) for one in helping],
    }
    tell("letter.dispatched", letter, facts, actor, at, command_id)
    return answer(letter)


@command("letter.urge")
def urge(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Remind the unit."""
    letter = locked(letter_id)
    move(letter, Verb.URGE, actor)
    letter.urged_count += 1
    save(letter, "urged_count")
    tell("letter.urged", letter, {"count": letter.urged_count}, actor, at, command_id)
    return answer(letter)


@command("letter.direct")
def direct(*, letter_id: int, words: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The head of the office says what is to be done."""
    letter = locked(letter_id)
    move(letter, Verb.DIRECT, actor)
    Directive.objects.create(
        letter=letter,
        words=said(words, "督办意见"),
        directed_at=at,
        directed_by_id=person_of(actor),
    )
    tell("letter.directed", letter, {}, actor, at, command_id)
    return answer(letter)


@command("letter.extend")
def extend(
    *, letter_id: int, days: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Once, within what the row of limits allows, before the limit is over."""
    letter = locked(letter_id)
    move(letter, Verb.EXTEND, actor)
    said(reason, "延期的理由")
    if not 1 <= days <= letter.extension_days:
        raise DomainError(f"延期最多 {letter.extension_days} 个工作日，请更正。")
    if letter.extended_at is not None:
        raise Conflict("已经延期过一次，不能再延。")
    clock = clock_of(letter)
    assert clock is not None
    if legal_date(at) > clock.due_date:
        raise Conflict(f"期限已于 {clock.due_date} 届满，不能再延。请尽快答复。")
    op = timing.extend_clock(stream=letter.stream, kind=ClockKind.LETTER.value, amount=days)
    letter.next_due_date = date.fromisoformat(op["due"])
    letter.extended_at, letter.extended_by_id = at, person_of(actor)
    save(letter, "next_due_date", "extended_at", "extended_by")
    tell("letter.extended", letter, {"days": days, "clocks": [op]}, actor, at, command_id)
    return answer(letter)


# ── after the answer ──────────────────────────────────────────────────────────────────────────


@command("letter.call_back")
def call_back(
    *,
    letter_id: int,
    result: str,
    words: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """What the writer says of the answer."""
    letter = locked(letter_id)
    move(letter, Verb.CALL_BACK, actor)
    CallBack.objects.create(
        letter=letter,
        result=CallResult(result).value,
        words=words.strip(),
        called_at=at,
        called_by_id=person_of(actor),
    )
    tell("letter.called_back", letter, {"result": result}, actor, at, command_id)
    return answer(letter)


@command("letter.redo")
def redo(*, letter_id: int, words: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The writer is dissatisfied, with reason: the unit does it again, under a limit of its own."""
    letter = locked(letter_id)
    move(letter, Verb.REDO, actor)
    if not is_dissatisfied(letter):
        raise DomainError("只有诉求人回访或者评价不满意的，才能退回重办。请先登记回访。")
    Directive.objects.create(
        letter=letter,
        words=said(words, "重办的要求"),
        directed_at=at,
        directed_by_id=person_of(actor),
    )
    letter.redone_count += 1
    letter.rating, letter.rating_words, letter.rated_at = None, "", None
    letter.extended_at, letter.extended_by_id = None, None
    letter.answered_at, letter.answered_by_id = None, None
    op = start_limit(letter, legal_date(at))
    save(
        *(letter, "redone_count", "rating", "rating_words", "rated_at", "extended_at"),
        *("extended_by", "answered_at", "answered_by", *LIMIT),
    )
    facts = {"count": letter.redone_count, "clocks": [op]}
    tell("letter.redone", letter, facts, actor, at, command_id)
    return answer(letter)


@command("letter.close")
def close(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Done. What somebody needed is closed after they were asked, or have rated it."""
    letter = locked(letter_id)
    move(letter, Verb.CLOSE, actor)
    was_asked = letter.call_backs.filter(called_at__gte=letter.answered_at).exists()
    if Kind(letter.kind).needs_word and letter.rating is None and not was_asked:
        raise DomainError("求助、投诉、举报须回访或者诉求人评价以后才能办结。请先登记回访。")
    letter.ended_at, letter.ended_by_id = at, person_of(actor)
    save(letter, "ended_at", "ended_by")
    tell("letter.closed", letter, {}, actor, at, command_id)
    return answer(letter)


@command("letter.hand_back")
def hand_back(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The answer to an order goes back to the hotline, under the order's number."""
    letter = locked(letter_id)
    move(letter, Verb.HAND_BACK, actor)
    if letter.source != Source.HOTLINE.value:
        raise DomainError("只有 12345 热线的工单才需要反馈。")
    if letter.reported_at is not None:
        raise Conflict("已经反馈过，不必重复。")
    letter.reported_at, letter.reported_by_id = at, person_of(actor)
    save(letter, "reported_at", "reported_by")
    tell("letter.handed_back", letter, {"reference": letter.reference}, actor, at, command_id)
    return answer(letter)
