"""Commands: the public copy of a letter, by two people; answers that hold for others too."""

from datetime import datetime

from mingtang.base.errors import Conflict, DomainError
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.letters.models import Knowledge, Letter, PublicCopy
from mingtang.letters.queries.standing import writer_of
from mingtang.letters.rules.kinds import Kind
from mingtang.letters.rules.masking import NoConsent, OnePersonTwice, check
from mingtang.letters.rules.moves import DONE, State
from mingtang.letters.services.common import (
    Facts,
    answer,
    locked,
    person_of,
    persons_of,
    said,
    tell,
)


def _answered(letter_id: int) -> Letter:
    """A letter that was answered; tip-offs are never made public."""
    letter = locked(letter_id)
    if letter.kind == Kind.TIP_OFF.value:
        raise DomainError("举报不公开。")
    if State(letter.state) not in DONE:
        raise Conflict("答复以后才能公开，请先答复。")
    return letter


@command("letter.draft_copy")
def draft_copy(
    *,
    letter_id: int,
    title: str,
    question: str,
    text: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Write what everybody may read. Raises StillPersonal, NoConsent."""
    letter = _answered(letter_id)
    if letter.consented_at is None:
        raise NoConsent
    words = [said(title, "标题"), said(question, "来信内容"), said(text, "答复内容")]
    check(words, writer_of(letter))
    if PublicCopy.objects.filter(letter=letter, confirmed_at__isnull=False).exists():
        raise Conflict("本件已经公开。要改的，请先撤下。")
    PublicCopy.objects.update_or_create(
        letter=letter,
        defaults={
            "title": words[0][:80],
            "question": words[1],
            "answer": words[2],
            "drafted_at": at,
            "drafted_by_id": person_of(actor),
        },
    )
    tell("letter.copy_drafted", letter, {}, actor, at, command_id)
    return answer(letter)


def _copy(letter: Letter) -> PublicCopy:
    found = PublicCopy.objects.select_for_update().filter(letter=letter).first()
    if found is None:
        raise Conflict("还没有公开稿，请先起草。")
    return found


@command("letter.confirm_copy")
def confirm_copy(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person has read it: now it is public. Everything is looked at once more."""
    letter = _answered(letter_id)
    if letter.consented_at is None:
        raise NoConsent
    copy = _copy(letter)
    if copy.confirmed_at is not None:
        raise Conflict("本件已经公开，请刷新页面后再看。")
    if copy.drafted_by_id in persons_of(actor):
        raise OnePersonTwice
    check([copy.title, copy.question, copy.answer], writer_of(letter))
    copy.confirmed_at, copy.confirmed_by_id = at, person_of(actor)
    copy.save(update_fields=["confirmed_at", "confirmed_by"])
    tell("letter.copy_confirmed", letter, {}, actor, at, command_id)
    return answer(letter)


@command("letter.take_down_copy")
def take_down_copy(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Nobody reads it any more; it may be drafted anew."""
    letter = locked(letter_id)
    copy = _copy(letter)
    if copy.confirmed_at is None:
        raise Conflict("本件没有公开，不必撤下。")
    copy.confirmed_at, copy.confirmed_by_id = None, None
    copy.save(update_fields=["confirmed_at", "confirmed_by"])
    tell("letter.copy_taken_down", letter, {}, actor, at, command_id)
    return answer(letter)


@command("letter.promote")
def promote(
    *,
    letter_id: int,
    question: str,
    text: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Make a good answer one for all who ask. It holds no word of who asked: no consent needed."""
    letter = _answered(letter_id)
    if Kind(letter.kind).is_against:
        raise DomainError("投诉和举报不写成常见问答。")
    words = [said(question, "问题"), said(text, "答案")]
    check(words, writer_of(letter))
    assert letter.lead_id is not None
    Knowledge.objects.update_or_create(
        letter=letter,
        defaults={
            "organisation_id": letter.lead_id,
            "question": words[0][:200],
            "answer": words[1],
            "promoted_at": at,
            "promoted_by_id": person_of(actor),
            "retired_at": None,
            "retired_by": None,
        },
    )
    tell("letter.promoted", letter, {}, actor, at, command_id)
    return answer(letter)


@command("letter.retire")
def retire(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The answer holds no longer."""
    letter = locked(letter_id)
    found = Knowledge.objects.filter(letter=letter, retired_at=None).first()
    if found is None:
        raise Conflict("没有在用的常见问答，不必停用。")
    found.retired_at, found.retired_by_id = at, person_of(actor)
    found.save(update_fields=["retired_at", "retired_by"])
    tell("letter.retired", letter, {}, actor, at, command_id)
    return answer(letter)
