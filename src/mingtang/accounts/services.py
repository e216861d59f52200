"""Commands on people: add a person and a post, sign in within limits, stand in for somebody."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q

from mingtang.accounts.models import (
    Attempt,
    Factor,
    ForeignIdentity,
    LetterOfAuthority,
    Mandate,
    Person,
    Post,
    Substitution,
)
from mingtang.accounts.passwords import (
    FIRST_GOOD_FOR,
    check_new_password,
    check_no_word_of_this_place,
)
from mingtang.accounts.queries import (
    actor_of,
    has_room,
    related_units,
    scope_of,
    works_throughout,
)
from mingtang.accounts.rules import (
    ADMINISTRATORS,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_SOURCE,
    Limit,
    NotExclusive,
    PasswordRanOut,
    Role,
    TooManyAttempts,
    WrongCredentials,
)
from mingtang.base import ids
from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.base.sealed import blind_index, keyed_hash
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@cache
def _published(password: str) -> str:
    """Demo accounts share one password that everybody knows: one hash of it is as good as twenty
    that take seconds."""
    return make_password(password)


@command("person.add")
def add_person(
    *,
    username: str,
    name: str,
    password: str,
    identity_number: str = "",
    phone: str = "",
    is_demo: bool = False,
    is_first_password: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Open an account. Returns {"person_id"}. Raises Conflict for a taken name.

    `is_first_password`: somebody else knows it too, so it runs out and has to be replaced.
    """
    if not is_demo:
        check_new_password(password, username)
        check_no_word_of_this_place(password)
    if Person.objects.filter(username=username).exists():
        raise Conflict(f"用户名“{username}”已被使用，请换一个。")
    person = Person.objects.create(
        id=ids.next_id(),
        username=username,
        name=name,
        password=_published(password) if is_demo else make_password(password),
        identity_number=identity_number,
        identity_index=blind_index("identity", identity_number),
        phone=phone,
        is_demo=is_demo,
        joined_at=at,
        password_until=at + FIRST_GOOD_FOR if is_first_password else None,
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
    """Give a person a post. Returns {"post_id"}.

    Raises NotExclusive where one of the three administrators would hold a second role meanwhile.
    """
    if role is Role.GENERAL_CLERK and not item_codes:
        raise DomainError("综合窗口岗位须列明可办理的事项（全部事项写 *）。")
    queue_up(f"posts/{person_id}")
    _check_is_exclusive(person_id, role, valid_from, valid_to)
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


def _check_is_exclusive(person_id: int, role: Role, first: date, last: date | None) -> None:
    overlapping = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=first), person_id=person_id
    )
    if last is not None:
        overlapping = overlapping.filter(valid_from__lte=last)
    held = {Role(one) for one in overlapping.order_by("id").values_list("role", flat=True)} - {role}
    for other in sorted(held):
        if {role, other} & ADMINISTRATORS:
            raise NotExclusive(other, role)


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
    """Give a chief representative a letter of authority (授权书). Returns {"letter_id"}.

    Under it one person examines and decides an on-the-spot item: nobody gives it to themselves.
    Raises NotAllowed for who would, DomainError for a post that is none of a representative.
    """
    post = Post.objects.get(id=post_id)
    if _is_actor(post.person_id, actor):
        raise NotAllowed("不能给自己发授权书，请由另一位有权的同事发放。")
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
    """Let one person act for another between two days, both included.

    Raises DomainError for days gone by and for somebody from elsewhere, NotAllowed for who
    arranges it for their own hands, Conflict where the same two people overlap already.
    """
    if absent_id == substitute_id:
        raise DomainError("不能由本人顶替本人，请另选顶岗人员。")
    if to_date < from_date:
        raise DomainError("顶岗的结束日期早于开始日期，请更正。")
    if to_date < legal_date(at):
        raise DomainError(f"顶岗的结束日期 {to_date} 已经过去，请更正日期。")
    if _is_actor(substitute_id, actor):
        raise NotAllowed("不能安排由自己顶替别人，请另选顶岗人员，或请本人自己安排。")
    _check_works_near(substitute_id, absent_id, max(from_date, legal_date(at)), to_date)
    queue_up(f"substitution/{absent_id}")
    if Substitution.objects.filter(
        absent=absent_id,
        substitute=substitute_id,
        ended_at=None,
        from_date__lte=to_date,
        to_date__gte=from_date,
    ).exists():
        raise Conflict("这两位同事在这段时间里已有顶岗安排。要改的，先把原来的结束再重新安排。")
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


def _check_works_near(substitute_id: int, absent_id: int, first: date, last: date) -> None:
    units = related_units(absent_id, first, last)
    if not works_throughout(substitute_id, units, first, last):
        raise DomainError("顶岗人员须在这段时间里一直在同一单位或其上下级单位任职，请另选。")


@command("substitution.end")
def end_substitution(
    *, substitution_id: int, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """End a substitution early, from this moment on. Raises NotFound, or Conflict if it is over."""
    stand_in = Substitution.objects.select_for_update().filter(id=substitution_id).first()
    if stand_in is None:
        raise NotFound("没有找到这项顶岗安排，请刷新页面。")
    if stand_in.ended_at is not None or stand_in.to_date < legal_date(at):
        raise Conflict("这项顶岗已经结束，请刷新页面。")
    stand_in.ended_at, stand_in.ended_by_id = at, _person_of(actor)
    stand_in.save(update_fields=["ended_at", "ended_by"])
    facts = {
        "substitution_id": str(stand_in.id),
        "substitute_id": str(stand_in.substitute_id),
        "to": stand_in.to_date.isoformat(),
    }
    _note(f"person:{stand_in.absent_id}", "substitution.ended", facts, actor, at, command_id)
    return {"substitution_id": str(stand_in.id)}


def _person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def _is_actor(person_id: int, actor: Actor) -> bool:
    """Whether somebody acts themselves, or another one acts in their place."""
    return str(person_id) in {actor.id, actor.acting_for_id}


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
    """Note that a citizen may act for an enterprise.

    Raises NotAllowed for who registers themselves, Conflict for who may already.
    """
    if _is_actor(proxy_id, actor):
        raise NotAllowed("不能由自己登记自己为代理人，请由另一位同事核对委托书后登记。")
    if valid_to is not None and valid_to < max(valid_from, legal_date(at)):
        raise DomainError("委托的截止日期已经过去，或者早于开始日期，请更正。")
    queue_up(f"mandate/{credit_code}")
    until = Q(valid_to=None) | Q(valid_to__gte=valid_from)
    overlapping = Mandate.objects.filter(
        until, proxy_id=proxy_id, credit_code=credit_code, ended_at=None
    )
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_to)
    if overlapping.exists():
        raise Conflict("这个人对该单位的委托已经登记，不用重复登记。要改期限的，先终止原来的。")
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


@command("mandate.end")
def end_mandate(
    *, mandate_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Revoke a mandate, from this moment on. Raises NotFound, or Conflict if it is over."""
    mandate = Mandate.objects.select_for_update().filter(id=mandate_id).first()
    if mandate is None:
        raise NotFound("没有找到这项委托，请刷新页面。")
    is_over = mandate.valid_to is not None and mandate.valid_to < legal_date(at)
    if mandate.ended_at is not None or is_over:
        raise Conflict("这项委托已经终止，请刷新页面。")
    mandate.ended_at, mandate.ended_by_id = at, _person_of(actor)
    mandate.save(update_fields=["ended_at", "ended_by"])
    facts = {"mandate_id": str(mandate.id), "reason": reason.strip()}
    _note(f"person:{mandate.proxy_id}", "mandate.ended", facts, actor, at, command_id)
    return {"mandate_id": str(mandate.id)}


def empty_account(person_id: int, at: datetime) -> bool:
    """Close an account and forget who it was, inside a transaction (《个人信息保护法》第四十七条).

    False where nothing is done: whoever held a post stays, for their acts name them.
    """
    if Post.objects.filter(person=person_id).exists():
        return False
    Factor.objects.filter(person=person_id).delete()
    ForeignIdentity.objects.filter(person=person_id).delete()
    emptied = Person.objects.filter(id=person_id, is_active=True).update(
        username=f"erased-{person_id}",
        name="已注销用户",
        password=make_password(None),
        identity_number="",
        identity_index="",
        real_name_level=0,
        phone="",
        is_active=False,
    )
    return bool(emptied)


def _note(
    stream: str, kind: str, facts: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> None:
    record(stream=stream, kind=kind, facts=facts, actor=actor, at=at, command_id=command_id)


def check_credentials(*, username: str, password: str, source: str, at: datetime) -> Person:
    """The person behind a name and a password.

    Raises TooManyAttempts, WrongCredentials or PasswordRanOut. Only failures count against the
    limits, so a stranger cannot lock a person out from elsewhere. The time taken does not tell a
    name apart.
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
    if person.password_until is not None and person.password_until <= at:
        raise PasswordRanOut
    return person


_decoys: list[str] = []


def _decoy() -> str:
    """A hash that no password opens, made once, as costly to check as a real one."""
    if not _decoys:
        _decoys.append(make_password("not a password of anyone"))
    return _decoys[0]


def attempt_key(subject: str) -> str:
    """Under what the attempts at a subject are counted: nobody reads from it whose they are."""
    return keyed_hash("attempt", subject.encode()).hex()


def count_attempt_or_refuse(purpose: str, subject: str, limit: Limit, at: datetime) -> int:
    """Note an attempt before it is judged, so that parallel guesses count too. Returns its id.

    Attempts at one subject queue up, or many at once would all find room.
    """
    ids.lease()
    key = attempt_key(subject)
    with transaction.atomic():
        queue_up(f"{purpose}/{key}")
        is_free = has_room(purpose, key, limit, at)
        noted = Attempt.objects.create(purpose=purpose, key=key, at=at) if is_free else None
    if noted is None:
        raise TooManyAttempts
    return noted.id


def forget_attempt(attempt_id: int) -> None:
    """Take back an attempt that turned out right: only failures count."""
    Attempt.objects.filter(id=attempt_id).delete()


def forget_attempts(purpose: str, subject: str) -> None:
    Attempt.objects.filter(purpose=purpose, key=attempt_key(subject)).delete()


def sweep_attempts(at: datetime) -> int:
    """Remove attempts that no limit looks at any more. Run late or twice: same result."""
    return Attempt.objects.filter(at__lt=at - timedelta(days=1)).delete()[0]


def administrator(username: str, password: str, at: datetime) -> Actor:
    """Who acts at the command line: one of the three administrators, with their own password.

    Raises WrongCredentials, TooManyAttempts, NotAllowed.
    """
    person = check_credentials(username=username, password=password, source="command", at=at)
    if person.password_until is not None:
        raise NotAllowed(f"{username} 的密码是别人给的初始密码，请本人先登录网页改成自己的。")
    held = scope_of(person, legal_date(at))
    grants = [one for one in held.grants if one.role in ADMINISTRATORS]
    if not grants:
        raise NotAllowed(f"{username} 不是管理员，不能办这件事。请换管理员的账号。")
    return actor_of(held, grants[0])
