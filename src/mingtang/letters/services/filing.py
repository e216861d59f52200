"""Commands: a letter comes in, by whatever way; its writer adds to it, rates it, takes it back."""

import hmac
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt, forget_attempts
from mingtang.base.clock import legal_date
from mingtang.base.codes import spell_code
from mingtang.base.entropy import salt
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.base.profile import commitment
from mingtang.base.sealed import blind_index, keyed_hash
from mingtang.base.serials import next_serial
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor, canonical
from mingtang.ledger.services import command
from mingtang.letters.models import Addition, Letter
from mingtang.letters.rules.kinds import (
    RATINGS,
    Kind,
    Order,
    Source,
    Writer,
    letter_number,
    normal_email,
    normal_phone,
)
from mingtang.letters.rules.moves import State, Verb
from mingtang.letters.services.common import (
    Facts,
    answer,
    locked,
    move,
    person_of,
    said,
    save,
    start_limit,
    stop_limit,
    tell,
)
from mingtang.regions import queries as regions


def letter_office() -> int:
    """The unit to which letters come."""
    return regions.organisation_by_code(settings.MINGTANG_LETTER_OFFICE).id


@command("letter.file")
def file(
    *,
    kind: str,
    source: str = Source.WEB.value,
    title: str,
    text: str,
    writer: Writer,
    about_id: int | None = None,
    page_path: str = "",
    reference: str = "",
    may_publish: bool = False,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A letter that its writer sent. Returns {"letter_id", "number", "state"}."""
    letter = _new(Kind(kind), Source(source), writer, title, text, about_id, at)
    letter.page_path, letter.reference = page_path[:200], reference[:60]
    letter.consented_at = at if may_publish else None
    return _filed(letter, None, files, actor, at, command_id)


@command("letter.register")
def register(
    *,
    kind: str,
    source: str,
    title: str,
    text: str,
    writer: Writer,
    about_id: int | None = None,
    order: Order | None = None,
    may_publish: bool = False,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A letter that a clerk types: from the box, on the telephone, from an order of the hotline.

    An order has its own number and may fix its own day. Returns {"letter_id", "number", "state"}.
    """
    letter = _new(Kind(kind), Source(source), writer, title, text, about_id, at)
    letter.registered_at, letter.registered_by_id = at, person_of(actor)
    letter.consented_at = at if may_publish else None
    if order is not None:
        letter.reference = said(order.number, "工单编号")[:60]
        if Letter.objects.filter(source=Source.HOTLINE, reference=letter.reference).exists():
            raise Conflict(f"工单 {letter.reference} 已经登记过，请查找原来的来信。")
    elif letter.source == Source.HOTLINE.value:
        raise DomainError("12345 工单须有工单编号和期限，请填写。")
    return _filed(letter, order.due_date if order else None, files, actor, at, command_id)


def _new(
    kind: Kind,
    source: Source,
    writer: Writer,
    title: str,
    text: str,
    about_id: int | None,
    at: datetime,
) -> Letter:
    office, on = letter_office(), legal_date(at)
    yymmdd = on.strftime("%y%m%d")
    area6 = regions.organisation_card(office, on).area6
    fresh = salt(16).hex()
    title, text = said(title, "标题"), said(text, "内容")
    content = {"kind": kind, "writer": writer, "title": title, "text": text}
    return Letter(
        number=letter_number(
            area6=area6, date_yymmdd=yymmdd, serial=next_serial(f"letter:{area6}{yymmdd}")
        ),
        kind=kind.value,
        source=source.value,
        state=State.FILED.value,
        office_id=office,
        about_id=about_id,
        title=title,
        text=text,
        writer_name=said(writer.name, "姓名"),
        writer_person_id=writer.person_id,
        phone=writer.phone.strip(),
        phone_index=blind_index("phone", normal_phone(writer.phone)),
        email=writer.email.strip(),
        email_index=blind_index("email", normal_email(writer.email)),
        address=writer.address.strip(),
        code_salt=salt(16),
        salt=fresh,
        commitment=commitment(fresh, canonical(content)),
        submitted_at=at,
    )


def _filed(
    letter: Letter,
    until: date | None,
    files: Sequence[StoredFile],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    clock = start_limit(letter, legal_date(at), until)
    letter.save(force_insert=True)
    for one in files:
        attach(one, subject=letter.stream, at=at)
    facts = {
        "letter": letter.commitment,
        "file_count": len(files),
        "may_publish": letter.consented_at is not None,
        "clocks": [clock],
    }
    tell("letter.filed", letter, facts, actor, at, command_id)
    return answer(letter)


# ── what the writer does later ────────────────────────────────────────────────────────────────


@command("letter.add")
def add(
    *,
    letter_id: int,
    text: str,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The writer says more. The limit runs on."""
    letter = locked(letter_id)
    move(letter, Verb.ADD, actor)
    Addition.objects.create(letter=letter, text=said(text, "补充的内容"), added_at=at)
    for one in files:
        attach(one, subject=letter.stream, at=at)
    tell("letter.added", letter, {"file_count": len(files)}, actor, at, command_id)
    return answer(letter)


@command("letter.rate")
def rate(
    *, letter_id: int, rating: int, words: str = "", actor: Actor, at: datetime, command_id: str
) -> Facts:
    """One to five, once for each answer; nobody but the writer."""
    letter = locked(letter_id)
    move(letter, Verb.RATE, actor)
    if rating not in RATINGS:
        raise DomainError("请从“非常不满意”到“非常满意”里选一项。")
    if letter.rating is not None:
        raise Conflict("您已经评价过这次答复，不能再改。")
    letter.rating, letter.rating_words, letter.rated_at = rating, words.strip(), at
    save(letter, "rating", "rating_words", "rated_at")
    tell("letter.rated", letter, {"rating": rating}, actor, at, command_id)
    return answer(letter)


@command("letter.withdraw")
def withdraw(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The writer wants nothing any more."""
    letter = locked(letter_id)
    move(letter, Verb.WITHDRAW, actor)
    letter.ended_at = at
    clocks = stop_limit(letter, legal_date(at))
    save(letter, "ended_at", "next_due_date")
    tell("letter.withdrawn", letter, {"clocks": clocks}, actor, at, command_id)
    return answer(letter)


# ── the query code ────────────────────────────────────────────────────────────────────────────


def tracking_code(letter: Letter) -> str:
    """The query code: fifty keyed bits, derived and never stored (as cases do it)."""
    content = f"{letter.id}/".encode() + bytes(letter.code_salt)
    return spell_code(keyed_hash("letter_code", content))


def letter_by_code(*, number: str, code: str, source: str, at: datetime) -> Letter:
    """The letter behind a number and its query code. Guessing is slowed down.

    Raises NotFound for a wrong number and a wrong code alike, TooManyAttempts beyond the limits.
    """
    subject = f"{number}|{source}"
    count_attempt_or_refuse("letter_lookup", subject, LOOKUP_PER_CASE, at)
    attempt = count_attempt_or_refuse("lookup_source", source, LOOKUP_PER_SOURCE, at)
    found = Letter.objects.filter(number=number).first()
    expected = tracking_code(found) if found else "-" * 11
    if not hmac.compare_digest(expected.encode(), code.encode()) or found is None:
        raise NotFound("来信编号或查询码不正确，请对照回执重新输入。")
    forget_attempts("letter_lookup", subject)
    forget_attempt(attempt)
    return found
