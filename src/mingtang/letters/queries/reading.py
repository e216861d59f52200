"""Reads of one letter: for who may know its writer, for who may not, for its writer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.files import queries as files
from mingtang.letters.models import (
    Addition,
    Answer,
    Assist,
    CallBack,
    Directive,
    Knowledge,
    Letter,
    Mail,
    PublicCopy,
    Reader,
)
from mingtang.letters.queries.rights import Eye
from mingtang.letters.queries.standing import writer_of
from mingtang.letters.rules.kinds import Kind, Writer
from mingtang.letters.rules.masking import propose

MINE = 50


@dataclass(frozen=True)
class Seen:
    """A letter as somebody may see it. `writer` None: who wrote is kept from them, and what was
    written is masked; files stay closed."""

    letter: Letter
    title: str
    text: str
    writer: Writer | None
    additions: tuple[tuple[Addition, str], ...]
    uploads: tuple[files.Upload, ...]


def seen_by(scope: Scope, letter: Letter) -> Seen:
    writer, is_blind = writer_of(letter), Eye(scope).is_blind(letter)

    def told(text: str) -> str:
        return propose(text, writer) if is_blind else text

    additions = letter.additions.order_by("id")
    return Seen(
        letter=letter,
        title=told(letter.title),
        text=told(letter.text),
        writer=None if is_blind else writer,
        additions=tuple((one, told(one.text)) for one in additions),
        uploads=() if is_blind else tuple(files.uploads_of(letter.stream)),
    )


def titles_for(scope: Scope, letters: Iterable[Letter]) -> dict[int, str]:
    """What letters are called, as somebody may see it; to read a tip-off it is opened."""
    eye = Eye(scope)
    return {one.id: _title(one, eye) for one in letters}


def _title(letter: Letter, eye: Eye) -> str:
    if letter.kind == Kind.TIP_OFF.value:
        return "（举报，打开时留记录）"
    return propose(letter.title, writer_of(letter)) if eye.is_blind(letter) else letter.title


@dataclass(frozen=True)
class File:
    """What was done about a letter."""

    assists: tuple[Assist, ...]
    answers: tuple[Answer, ...]
    directives: tuple[Directive, ...]
    call_backs: tuple[CallBack, ...]
    readers: tuple[Reader, ...]
    copy: PublicCopy | None
    knowledge: Knowledge | None


def file_for(scope: Scope, letter: Letter) -> File:
    """What was done, masked where who wrote is kept from a reader: colleagues write names too."""
    found, writer = file_of(letter), writer_of(letter)
    if Eye(scope).is_blind(letter):
        for helping in found.assists:
            helping.words = propose(helping.words, writer)
        for directive in found.directives:
            directive.words = propose(directive.words, writer)
        for answer in found.answers:
            answer.text = propose(answer.text, writer)
        letter.return_reason = propose(letter.return_reason, writer)
        return replace(found, call_backs=())
    return found


def file_of(letter: Letter) -> File:
    return File(
        assists=tuple(letter.assists.order_by("id")),
        answers=tuple(letter.answers.order_by("id")),
        directives=tuple(letter.directives.order_by("id")),
        call_backs=tuple(letter.call_backs.order_by("id")),
        readers=tuple(letter.readers.filter(ended_at=None).select_related("person").order_by("id")),
        copy=PublicCopy.objects.filter(letter=letter).first(),
        knowledge=Knowledge.objects.filter(letter=letter, retired_at=None).first(),
    )


def filed_letter(number: str) -> Letter:
    """A letter by its number, for who has shown the right to it. Raises NotFound."""
    found = Letter.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def own_letter(scope: Scope, number: str) -> Letter:
    """A letter for who wrote it, signed in. Raises NotFound."""
    found = filed_letter(number)
    if scope.person_id is None or found.writer_person_id != scope.person_id:
        raise NotFound
    return found


def my_letters(scope: Scope) -> list[Letter]:
    rows = Letter.objects.filter(writer_person=scope.person_id)
    return list(rows.order_by("-submitted_at", "-id")[:MINE]) if scope.person_id else []


def answers_of(letter: Letter) -> list[Answer]:
    return list(letter.answers.order_by("id"))


def mail_of(mail_id: int) -> Mail:
    """Raises NotFound."""
    found = Mail.objects.filter(id=mail_id).first()
    if found is None:
        raise NotFound
    return found


def numbers_of(ids: list[int]) -> dict[int, tuple[str, str]]:
    """Number and kind of letters."""
    rows = Letter.objects.filter(id__in=ids).order_by("id")
    return {key: (number, kind) for key, number, kind in rows.values_list("id", "number", "kind")}
