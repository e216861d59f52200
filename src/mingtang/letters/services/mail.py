"""Commands: a mail comes in. Whatever it is, its bytes are kept and it ends as something."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mingtang.base.clock import day_bounds, legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.base.ids import derived_command_id
from mingtang.base.sealed import blind_index
from mingtang.files.services import StoredFile, store
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.letters.models import Letter, Mail
from mingtang.letters.rules.kinds import Source, Writer
from mingtang.letters.rules.mail import (
    MOST_A_DAY,
    Enclosure,
    Outcome,
    Quarantined,
    Read,
    Trouble,
    kind_of,
    read,
)
from mingtang.letters.rules.moves import State
from mingtang.letters.services import filing
from mingtang.letters.services.common import Facts, locked, person_of

WRITER = Actor(id=None, label="来信人")


def take_mail(*, raw: bytes, at: datetime) -> str:
    """Take a mail in. Returns its outcome. The same bytes twice: as the first time."""
    digest = hashlib.sha256(raw).hexdigest()
    result: Facts = _take(
        raw=raw.decode("latin-1"),
        actor=WRITER,
        at=at,
        command_id=derived_command_id("mail", digest),
    )
    return str(result["outcome"])


def note_oversize(*, digest: str, size: int, kept_as: str, at: datetime) -> None:
    """A mail too large to be read: it is known, and where its bytes lie."""
    _note_oversize(
        digest=digest,
        size=size,
        kept_as=kept_as,
        actor=SYSTEM,
        at=at,
        command_id=derived_command_id("mail", digest),
    )


@command("mail.take")
def _take(*, raw: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """`raw`: the bytes, each as the character of that number."""
    content = raw.encode("latin-1")
    mail = Mail(
        digest=hashlib.sha256(content).hexdigest(), raw=raw, size_bytes=len(content), received_at=at
    )
    try:
        told = read(content)
        _index(mail, told)
        _settle(mail, told, _place_of(mail, told, at), actor, at, command_id)
    except DomainError as error:  # whatever a letter would not take: a person looks at the mail
        trouble = error.trouble if isinstance(error, Quarantined) else Trouble.UNREADABLE
        mail.outcome, mail.trouble, mail.letter = Outcome.QUARANTINED.value, trouble.value, None
    mail.save(force_insert=True)
    _tell(mail, actor, at, command_id)
    return {"outcome": mail.outcome, "mail_id": str(mail.id)}


@command("mail.note_oversize")
def _note_oversize(
    *, digest: str, size: int, kept_as: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    mail = Mail.objects.create(
        digest=digest,
        kept_as=kept_as,
        size_bytes=size,
        outcome=Outcome.QUARANTINED.value,
        trouble=Trouble.OVERSIZE.value,
        received_at=at,
    )
    _tell(mail, actor, at, command_id)
    return {"outcome": mail.outcome, "mail_id": str(mail.id)}


def _tell(mail: Mail, actor: Actor, at: datetime, command_id: str) -> None:
    facts = {
        "outcome": mail.outcome,
        "trouble": mail.trouble,
        "size": mail.size_bytes,
        "letter_id": str(mail.letter_id) if mail.letter_id else None,
    }
    record(
        stream=f"mail:{mail.id}",
        kind="mail.taken",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def _index(mail: Mail, told: Read) -> None:
    said = "\n".join([told.sender, told.title, "".join(told.text.split())])
    files = [hashlib.sha256(one.content).hexdigest() for one in told.files]
    mail.sender_index = blind_index("email", told.sender)
    mail.message_index = blind_index("message", told.message_id)
    mail.content_index = blind_index("mail", "\n".join([said, *files]))


@dataclass(frozen=True)
class _Place:
    """Where a mail belongs: to a letter that is there, as a repetition or as more; or to none."""

    letter: Letter | None
    is_repeated: bool = False


def _place_of(mail: Mail, told: Read, at: datetime) -> _Place:
    """Raises Quarantined."""
    known = Mail.objects.filter(message_index=mail.message_index).exclude(message_index="")
    before = known.order_by("id").first()
    if before is not None and before.content_index != mail.content_index:
        raise Quarantined(Trouble.REUSED)
    today, _tomorrow = day_bounds(legal_date(at))
    same = Mail.objects.filter(content_index=mail.content_index, received_at__gte=today)
    repeated = before or same.order_by("id").first()
    if repeated is not None:
        return _Place(repeated.letter, is_repeated=True)
    sent = Mail.objects.filter(sender_index=mail.sender_index, received_at__gte=today).count()
    if sent >= MOST_A_DAY:
        raise Quarantined(Trouble.FLOOD)
    return _Place(_answered_letter(mail, told))


def _answered_letter(mail: Mail, told: Read) -> Letter | None:
    """The letter that a mail goes on with, if its sender is who wrote that. Raises Quarantined."""
    letter = Letter.objects.filter(number=told.number).first() if told.number else None
    if letter is None and told.answers:
        wanted = [blind_index("message", one) for one in told.answers]
        rows = Mail.objects.filter(message_index__in=wanted, letter__isnull=False)
        first = rows.select_related("letter").order_by("-id").first()
        letter = first.letter if first else None
    if letter is None:
        return None
    if letter.email_index != mail.sender_index:
        raise Quarantined(Trouble.STRANGER)
    return None if State(letter.state).is_ended else letter


def _settle(
    mail: Mail, told: Read, place: _Place, actor: Actor, at: datetime, command_id: str
) -> None:
    mail.letter = place.letter
    if place.is_repeated:
        mail.outcome = Outcome.DUPLICATE.value
        return
    by = {"actor": actor, "at": at, "command_id": derived_command_id("mail-letter", command_id)}
    files = list(_stored(mail, told.files, command_id))
    if place.letter is not None:
        filing.add(letter_id=place.letter.id, text=told.text, files=files, **by)
        mail.outcome = Outcome.REPLY.value
        return
    made = filing.file(
        kind=kind_of(told.title).value,
        source=Source.MAIL.value,
        title=told.title,
        text=told.text,
        writer=Writer(name=told.sender_name, email=told.sender),
        files=files,
        **by,
    )
    mail.letter_id, mail.outcome = int(made["letter_id"]), Outcome.LETTER.value


@dataclass(frozen=True)
class _Sent:
    """An enclosure as the store takes it."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def chunks(self) -> Iterable[bytes]:
        yield self.content


def _stored(mail: Mail, files: Iterable[Enclosure], command_id: str) -> Iterator[StoredFile]:
    """What of the files may be kept for readers; how many may not is noted, the mail has them."""
    for one in files:
        try:
            yield store(_Sent(one.name, one.content), command_id=command_id)
        except DomainError:
            mail.refused_count += 1


@command("mail.settle")
def settle(
    *,
    mail_id: int,
    as_letter: bool,
    title: str = "",
    text: str = "",
    name: str = "",
    email: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A person has looked at a mail that waited: it is a letter, as they typed it, or nothing."""
    mail = Mail.objects.select_for_update().filter(id=mail_id).first()
    if mail is None:
        raise NotFound
    if mail.outcome != Outcome.QUARANTINED.value or mail.settled_at is not None:
        raise Conflict("这封邮件已经处理过，请刷新页面后再看。")
    mail.settled_at, mail.settled_by_id = at, person_of(actor)
    if as_letter:
        made = filing.file(
            kind=kind_of(title).value,
            source=Source.MAIL.value,
            title=title,
            text=text,
            writer=Writer(name=name, email=email),
            actor=WRITER,
            at=at,
            command_id=derived_command_id("mail-letter", command_id),
        )
        mail.letter = locked(int(made["letter_id"]))
    mail.save(update_fields=["settled_at", "settled_by", "letter"])
    facts = {"as_letter": as_letter, "letter_id": str(mail.letter_id) if mail.letter_id else None}
    record(
        stream=f"mail:{mail.id}",
        kind="mail.settled",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"mail_id": str(mail.id), **facts}
