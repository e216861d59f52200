"""Commands of the units: return once, take, help, answer; and who stands aside or may read."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.letters.models import Answer, Reader, Recusal
from mingtang.letters.rules.kinds import Kind, NoSecondReturn
from mingtang.letters.rules.moves import Verb
from mingtang.letters.services.common import (
    Facts,
    answer,
    locked,
    move,
    person_of,
    said,
    save,
    stop_limit,
    tell,
)
from mingtang.letters.services.filing import letter_office


@command("letter.return")
def send_back(*, letter_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Not ours, says the unit: once, with a reason. The limit runs on."""
    letter = locked(letter_id)
    move(letter, Verb.RETURN, actor)
    if letter.is_designated or letter.returned_at is not None:
        raise NoSecondReturn
    letter.return_reason = said(reason, "退回的理由")
    letter.returned_at, letter.returned_by_id = at, person_of(actor)
    letter.returned_from_id, letter.lead_id = letter.lead_id, None
    save(letter, "return_reason", "returned_at", "returned_by", "returned_from", "lead")
    facts = {"returned_from": str(letter.returned_from_id)}
    tell("letter.returned", letter, facts, actor, at, command_id)
    return answer(letter)


@command("letter.take")
def take(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The unit signs for it."""
    letter = locked(letter_id)
    move(letter, Verb.TAKE, actor)
    letter.taken_at, letter.taken_by_id = at, person_of(actor)
    save(letter, "taken_at", "taken_by")
    facts = {"person_id": str(person_of(actor))}
    tell("letter.taken", letter, facts, actor, at, command_id)
    return answer(letter)


@command("letter.report")
def report(
    *,
    letter_id: int,
    words: str,
    organisation_id: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """An assisting unit says what it found."""
    letter = locked(letter_id)
    move(letter, Verb.REPORT, actor)
    asked = letter.assists.filter(organisation=organisation_id).first()
    if asked is None:
        raise NotFound
    asked.words = said(words, "协办的情况")
    asked.reported_at, asked.reported_by_id = at, person_of(actor)
    asked.save(update_fields=["words", "reported_at", "reported_by"])
    tell("letter.reported", letter, {"by_id": str(organisation_id)}, actor, at, command_id)
    return answer(letter)


@command("letter.answer")
def reply(*, letter_id: int, text: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The unit answers; the limit ends."""
    letter = locked(letter_id)
    move(letter, Verb.ANSWER, actor)
    assert letter.lead_id is not None
    Answer.objects.create(
        letter=letter,
        organisation_id=letter.lead_id,
        text=said(text, "答复的内容"),
        answered_at=at,
        answered_by_id=person_of(actor),
    )
    due = letter.next_due_date
    letter.answered_at, letter.answered_by_id = at, person_of(actor)
    clocks = stop_limit(letter, legal_date(at))
    save(letter, "answered_at", "answered_by", "next_due_date")
    facts = {"is_on_time": due is None or legal_date(at) <= due, "clocks": clocks}
    tell("letter.answered", letter, facts, actor, at, command_id)
    return answer(letter)


# ── who may see it ────────────────────────────────────────────────────────────────────────────


@command("letter.recuse")
def recuse(*, letter_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Whoever has an interest in it says so, and neither sees nor handles it from then on."""
    letter = locked(letter_id)
    move(letter, Verb.RECUSE, actor)
    Recusal.objects.create(
        letter=letter,
        person_id=person_of(actor),
        reason=said(reason, "回避的理由"),
        recused_at=at,
        recused_by_id=person_of(actor),
    )
    tell("letter.recused", letter, {}, actor, at, command_id)
    return answer(letter)


@command("letter.name_reader")
def name_reader(
    *, letter_id: int, person_id: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Who by name may read this tip-off: somebody of the unit that handles it."""
    letter = locked(letter_id)
    move(letter, Verb.NAME_READER, actor)
    if letter.kind != Kind.TIP_OFF.value:
        raise DomainError("只有举报须指定可看的人，其他来信按岗位办理。")
    if letter.readers.filter(person=person_id, ended_at=None).exists():
        raise Conflict("已经指定过这个人。")
    Reader.objects.create(
        letter=letter,
        office_id=letter.office_id,
        person_id=person_id,
        named_at=at,
        named_by_id=person_of(actor),
    )
    tell("letter.reader_named", letter, {"person_id": str(person_id)}, actor, at, command_id)
    return answer(letter)


@command("letter.name_keeper")
def name_keeper(*, person_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Who by name reads all tip-offs of the office."""
    office = letter_office()
    if Reader.objects.filter(letter=None, office=office, person=person_id, ended_at=None).exists():
        raise Conflict("已经指定过这个人。")
    Reader.objects.create(
        office_id=office, person_id=person_id, named_at=at, named_by_id=person_of(actor)
    )
    record(
        stream=f"letter_office:{office}",
        kind="letter.keeper_named",
        facts={"person_id": str(person_id), "organisation_id": str(office)},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"person_id": str(person_id)}


@command("letter.end_keeper")
def end_keeper(*, reader_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Somebody reads tip-offs no longer."""
    found = Reader.objects.select_for_update().filter(id=reader_id, letter=None, ended_at=None)
    reader = found.first()
    if reader is None:
        raise NotFound
    reader.ended_at, reader.ended_by_id = at, person_of(actor)
    reader.save(update_fields=["ended_at", "ended_by"])
    record(
        stream=f"letter_office:{reader.office_id}",
        kind="letter.keeper_ended",
        facts={"person_id": str(reader.person_id), "organisation_id": str(reader.office_id)},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"person_id": str(reader.person_id)}


@command("letter.read")
def note_reading(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Somebody opened a tip-off: each time is kept, without what stands in it."""
    letter = locked(letter_id)
    tell("letter.read", letter, {"person_id": str(person_of(actor))}, actor, at, command_id)
    return answer(letter)
