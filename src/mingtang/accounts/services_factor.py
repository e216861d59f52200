"""Commands on the second factor: begin, confirm, check a code, recover, reset by two people."""

import base64
import secrets
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password

from mingtang.accounts import totp
from mingtang.accounts.models import Factor, FactorReset, Person, RecoveryCode
from mingtang.accounts.queries import has_factor
from mingtang.accounts.rules import (
    RECOVERY_CODES,
    RESET_GOOD_FOR,
    SECOND_PER_PERSON,
    WrongCode,
    WrongCredentials,
)
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempts
from mingtang.base.db import queue_up
from mingtang.base.errors import Conflict, NotAllowed, NotFound
from mingtang.base.sealed import keyed_hash
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

# Without letters that look like digits: what is read from paper is typed right (Crockford).
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 12  # 60 random bits
_ALIKE = str.maketrans("OIL", "011")


def offered_secret(person_id: int, session_key: str) -> bytes:
    """The secret that a phone is to share: made of the key of the house and of the session, so that
    to look at the page writes nothing, and no session learns what another one enrols. 20 bytes.

    Raises Conflict where a factor stands already.
    """
    if has_factor(person_id):
        raise Conflict("您已经启用了两步验证。要换手机的，请先请安全管理员重置。")
    return keyed_hash("factor_secret", f"{person_id}/{session_key}".encode())[: totp.SECRET_BYTES]


def _secret(factor: Factor) -> bytes:
    return base64.b32decode(factor.secret)


def confirm_factor(
    *,
    person_id: int,
    session_key: str,
    typed: str,
    password: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> list[str]:
    """From now on a code is asked at each sign-in. Returns the recovery codes, shown this once.

    Raises WrongCredentials, WrongCode, TooManyAttempts, NotFound, Conflict.
    """
    secret = offered_secret(person_id, session_key)
    check_password_again(person_id, password, at)
    count_attempt_or_refuse("second_factor", str(person_id), SECOND_PER_PERSON, at)
    step = totp.matching_step(secret, "".join(typed.split()), at)
    if step is None:
        raise WrongCode
    codes = _fresh_codes()
    _enrol(
        person_id=person_id,
        session_key=session_key,
        step=step,
        digests=[_digest(one) for one in codes],
        actor=actor,
        at=at,
        command_id=command_id,
    )
    forget_attempts("second_factor", str(person_id))
    return _as_read(codes)


@command("factor.enrol")
def _enrol(
    *,
    person_id: int,
    session_key: str,
    step: int,
    digests: list[str],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    queue_up(f"factor/{person_id}")
    secret = totp.written(offered_secret(person_id, session_key))
    factor = Factor.objects.create(
        person_id=person_id, secret=secret, begun_at=at, confirmed_at=at, last_step=step
    )
    _keep_codes(factor, digests)
    _note(person_id, "factor.enrolled", {}, actor, at, command_id)
    return {"factor_id": str(factor.id)}


def renew_codes(*, person_id: int, actor: Actor, at: datetime, command_id: str) -> list[str]:
    """Ten other recovery codes, shown this once; those of before open nothing any more.

    Raises NotFound without a factor, Conflict where the same click came twice: the codes of the
    first answer hold, and a new click makes others.
    """
    codes = _fresh_codes()
    digests = [_digest(one) for one in codes]
    _renew(person_id=person_id, digests=digests, actor=actor, at=at, command_id=command_id)
    return _as_read(codes)


@command("factor.renew_codes")
def _renew(
    *, person_id: int, digests: list[str], actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    factor = Factor.objects.select_for_update().filter(person_id=person_id).first()
    if factor is None:
        raise NotFound("您还没有启用两步验证，请先启用。")
    factor.codes.all().delete()
    _keep_codes(factor, digests)
    _note(person_id, "factor.codes_renewed", {}, actor, at, command_id)
    return {"factor_id": str(factor.id)}


def _fresh_codes() -> list[str]:
    return [
        "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS)) for _ in range(RECOVERY_CODES)
    ]


def _as_read(codes: list[str]) -> list[str]:
    return [f"{one[:4]}-{one[4:8]}-{one[8:]}" for one in codes]


def _keep_codes(factor: Factor, digests: list[str]) -> None:
    for digest in digests:
        RecoveryCode.objects.create(factor=factor, digest=digest)


def check_code(*, person_id: int, typed: str, at: datetime) -> None:
    """A code of the phone, or a recovery code; each is taken once.

    Raises WrongCode, TooManyAttempts. Wrong ones count against the person: whoever guesses here
    knew the password.
    """
    count_attempt_or_refuse("second_factor", str(person_id), SECOND_PER_PERSON, at)
    typed = "".join(typed.upper().replace("-", "").split())
    factor = Factor.objects.filter(person_id=person_id, confirmed_at__isnull=False).first()
    if factor is None:
        raise WrongCode
    step = totp.matching_step(_secret(factor), typed, at)
    if step is not None:  # whoever comes second with the same code moves no row
        taken = Factor.objects.filter(id=factor.id, last_step__lt=step).update(last_step=step)
    else:
        unused = RecoveryCode.objects.filter(factor=factor, used_at=None)
        taken = unused.filter(digest=_digest(typed.translate(_ALIKE))).update(used_at=at)
    if not taken:
        raise WrongCode
    forget_attempts("second_factor", str(person_id))


def _digest(code: str) -> str:
    return keyed_hash("recovery_code", code.encode()).hex()


def check_password_again(person_id: int, password: str, at: datetime) -> None:
    """The password of somebody who is signed in. Raises WrongCredentials, TooManyAttempts."""
    count_attempt_or_refuse("password_again", str(person_id), SECOND_PER_PERSON, at)
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None or not check_password(password, person.password):
        raise WrongCredentials
    forget_attempts("password_again", str(person_id))


@command("factor.ask_reset")
def ask_reset(
    *, username: str, reason: str, asker_id: int, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Phone and codes are lost: the first of two administrators. Returns {"reset_id"}.

    Raises NotFound, NotAllowed for one's own factor, Conflict where it is asked already.
    """
    person = Person.objects.filter(username=username, factor__confirmed_at__isnull=False).first()
    if person is None:
        raise NotFound("没有找到这个用户名，或者这个人没有启用两步验证，请核对。")
    if person.id == asker_id:
        raise NotAllowed("不能重置自己的两步验证，请另一位安全管理员提出。")
    queue_up(f"factor/{person.id}")
    waiting = FactorReset.objects.filter(person=person, agreed_at=None)
    waiting.filter(asked_at__lt=at - RESET_GOOD_FOR).delete()  # that it was asked stays told
    if waiting.exists():
        raise Conflict("这个人的重置已经提出，请另一位安全管理员同意。")
    row = FactorReset.objects.create(
        person=person, reason=reason, asked_at=at, asked_by_id=asker_id
    )
    _note(person.id, "factor.reset_asked", {"reset_id": str(row.id)}, actor, at, command_id)
    return {"reset_id": str(row.id)}


@command("factor.agree_reset")
def agree_reset(
    *, reset_id: int, agreer_id: int, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """The second administrator: the factor is gone, the person enrols anew at the next sign-in.

    Raises NotFound, Conflict where it is done or too old, NotAllowed for who asked or whose factor
    it is.
    """
    row = FactorReset.objects.select_for_update().filter(id=reset_id).first()
    if row is None:
        raise NotFound("没有找到这项重置申请，请刷新页面。")
    if row.agreed_at is not None:
        raise Conflict("这项重置已经办理，请刷新页面。")
    if row.asked_at < at - RESET_GOOD_FOR:
        raise Conflict("这项重置申请已经超过三天，请重新提出。")
    if agreer_id in {row.asked_by_id, row.person_id}:
        raise NotAllowed("重置要由两个人办：请提出人以外的另一位安全管理员同意。")
    row.agreed_at, row.agreed_by_id = at, agreer_id
    row.save(update_fields=["agreed_at", "agreed_by"])
    Factor.objects.filter(person_id=row.person_id).delete()
    _note(row.person_id, "factor.reset", {"reset_id": str(row.id)}, actor, at, command_id)
    return {"reset_id": str(row.id)}


def _note(
    person_id: int, kind: str, facts: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> None:
    stream = f"person:{person_id}"
    record(stream=stream, kind=kind, facts=facts, actor=actor, at=at, command_id=command_id)
