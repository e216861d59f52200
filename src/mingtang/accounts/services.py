"""Commands on people: add a person and a post, sign in within limits, stand in for somebody."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from mingtang.accounts.models import Attempt, LetterOfAuthority, Mandate, Person, Post, Substitution
from mingtang.accounts.queries import attempts_within
from mingtang.accounts.rules import (
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_SOURCE,
    Limit,
    Role,
    TooManyAttempts,
    WrongCredentials,
)
from mingtang.base import ids
from mingtang.base.db import queue_up
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.sealed import blind_index, keyed_hash
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

SHORTEST_PASSWORD = 8


@command("person.add")
def add_person(
    *,
    username: str,
    name: str,
    password: str,
    identity_number: str = "",
    phone: str = "",
    is_demo: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Open an account. Returns {"person_id"}. Raises Conflict for a taken name."""
    if len(password) < SHORTEST_PASSWORD:
        raise DomainError(f"密码太短：至少 {SHORTEST_PASSWORD} 位。")
    if Person.objects.filter(username=username).exists():
        raise Conflict(f"用户名“{username}”已被使用，请换一个。")
    person = Person.objects.create(
        id=ids.next_id(),
        username=username,
        name=name,
        password=make_password(password),
        identity_number=identity_number,
        identity_index=blind_index("identity", identity_number),
        phone=phone,
        is_demo=is_demo,
        joined_at=at,
    )
    _note(
        f"person:{person.id}", "person.added", {"person_id": str(person.id)}, actor, at, command_id
    )
    return {"person_id": str(person.id)}


@command("post.assign")
def assign_post(
    *,
    person_id: int,
    organisation_id: int,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    window_id: int | None = None,
    item_codes: list[str] | None = None,
    is_part_time: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Give a person a post. Returns {"post_id"}."""
    if role is Role.GENERAL_CLERK and not item_codes:
        raise DomainError("综合窗口岗位须列明可办理的事项（全部事项写 *）。")
    post = Post.objects.create(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role.value,
        valid_from=valid_from,
        valid_to=valid_to,
        window_id=window_id,
        item_codes=item_codes,
        is_part_time=is_part_time,
    )
    facts = {"post_id": str(post.id), "role": role.value, "organisation_id": str(organisation_id)}
    _note(f"person:{person_id}", "post.assigned", facts, actor, at, command_id)
    return {"post_id": str(post.id)}


@command("authority.grant")
def grant_authority(
    *,
    post_id: int,
    document_number: str,
    item_codes: list[str],
    acts: list[str],
    seal: str,
    valid_from: date,
    valid_to: date,
    limits: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Give a chief representative a letter of authority (授权书). Returns {"letter_id"}."""
    post = Post.objects.get(id=post_id)
    if post.role != Role.CHIEF_REPRESENTATIVE.value:
        raise DomainError("授权书只能发给首席代表岗位。")
    letter = LetterOfAuthority.objects.create(
        post=post,
        document_number=document_number,
        item_codes=item_codes,
        acts=acts,
        seal=seal,
        limits=limits,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    facts = {"letter_id": str(letter.id), "document_number": document_number, "acts": acts}
    _note(f"person:{post.person_id}", "authority.granted", facts, actor, at, command_id)
    return {"letter_id": str(letter.id)}


@command("substitution.arrange")
def arrange_substitution(
    *,
    absent_id: int,
    substitute_id: int,
    from_date: date,
    to_date: date,
    reason: str,
    item_codes: list[str] | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Let one person act for another between two days, both included."""
    if absent_id == substitute_id:
        raise DomainError("不能由本人顶替本人，请另选顶岗人员。")
    if to_date < from_date:
        raise DomainError("顶岗的结束日期早于开始日期，请更正。")
    stand_in = Substitution.objects.create(
        absent_id=absent_id,
        substitute_id=substitute_id,
        item_codes=item_codes,
        from_date=from_date,
        to_date=to_date,
        reason=reason,
    )
    facts = {
        "substitute_id": str(substitute_id),
        "from": from_date.isoformat(),
        "to": to_date.isoformat(),
    }
    _note(f"person:{absent_id}", "substitution.arranged", facts, actor, at, command_id)
    return {"substitution_id": str(stand_in.id)}


@command("mandate.register")
def register_mandate(
    *,
    proxy_id: int,
    credit_code: str,
    enterprise_name: str,
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Note that a citizen may act for an enterprise."""
    mandate = Mandate.objects.create(
        proxy_id=proxy_id,
        credit_code=credit_code,
        enterprise_name=enterprise_name,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    facts = {"mandate_id": str(mandate.id)}
    _note(f"person:{proxy_id}", "mandate.registered", facts, actor, at, command_id)
    return {"mandate_id": str(mandate.id)}


def _note(
    stream: str, kind: str, facts: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> None:
    record(stream=stream, kind=kind, facts=facts, actor=actor, at=at, command_id=command_id)


def check_credentials(*, username: str, password: str, source: str, at: datetime) -> Person:
    """The person behind a name and a password.

    Raises TooManyAttempts or WrongCredentials. Only failures count against the limits, so a
    stranger cannot lock a person out from elsewhere. The time taken does not tell a name apart.
    """
    count_attempt_or_refuse("sign_in", f"{username}|{source}", SIGN_IN_PER_ACCOUNT, at)
    attempt = count_attempt_or_refuse("sign_in_source", source, SIGN_IN_PER_SOURCE, at)
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is not None and person.is_demo and settings.MINGTANG_IS_PRODUCTION:
        person = None
    stored = person.password if person else _decoy()
    if not check_password(password, stored) or person is None:
        raise WrongCredentials
    forget_attempts("sign_in", f"{username}|{source}")
    forget_attempt(attempt)
    return person


_decoys: list[str] = []


def _decoy() -> str:
    """A hash that no password opens, made once, as costly to check as a real one."""
    if not _decoys:
        _decoys.append(make_password("not a password of anyone"))
    return _decoys[0]


def _attempt_key(subject: str) -> str:
    return keyed_hash("attempt", subject.encode()).hex()


def count_attempt_or_refuse(purpose: str, subject: str, limit: Limit, at: datetime) -> int:
    """Note an attempt before it is judged, so that parallel guesses count too. Returns its id.

    Attempts at one subject queue up, or many at once would all find room.
    """
    ids.lease()
    key = _attempt_key(subject)
    with transaction.atomic():
        queue_up(f"{purpose}/{key}")
        refused = limit.is_reached(attempts_within(purpose, key, limit, at))
        noted = None if refused else Attempt.objects.create(purpose=purpose, key=key, at=at)
    if noted is None:
        raise TooManyAttempts
    return noted.id


def forget_attempt(attempt_id: int) -> None:
    """Take back an attempt that turned out right: only failures count."""
    Attempt.objects.filter(id=attempt_id).delete()


def forget_attempts(purpose: str, subject: str) -> None:
    Attempt.objects.filter(purpose=purpose, key=_attempt_key(subject)).delete()


def sweep_attempts(at: datetime) -> int:
    """Remove attempts that no limit looks at any more. Run late or twice: same result."""
    return Attempt.objects.filter(at__lt=at - timedelta(days=1)).delete()[0]
