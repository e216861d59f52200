"""Commands on security keys (WebAuthn): register, check, remove. A key stands beside the phone: who
has one has a factor with a phone and recovery codes, and to remove a key takes neither."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    UserVerificationRequirement,
)

from mingtang.accounts.models import Factor, SecurityKey
from mingtang.accounts.rules import SECOND_PER_PERSON, WrongKey
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempts
from mingtang.accounts.sessions import end_sessions
from mingtang.base.db import queue_up
from mingtang.base.errors import Conflict, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

MOST_KEYS = 8
# The password was right already: that somebody touches the key is enough.
VERIFICATION = UserVerificationRequirement.DISCOURAGED


@dataclass(frozen=True)
class Site:
    """For which site a key speaks: its host without a port, and its whole origin."""

    host: str
    origin: str
    name: str

    def server(self) -> Fido2Server:
        entity = PublicKeyCredentialRpEntity(id=self.host, name=self.name)
        return Fido2Server(entity, verify_origin=lambda origin: origin == self.origin)


def asked_to_register(site: Site, person_id: int, username: str) -> tuple[dict[str, Any], Any]:
    """What the browser asks a new key, as JSON; and the state to be kept until it answers.

    Raises NotFound without a factor, Conflict where there are MOST_KEYS.
    """
    factor = Factor.objects.filter(person_id=person_id, confirmed_at__isnull=False).first()
    if factor is None:
        raise NotFound("请先用手机验证器启用两步验证，再登记安全密钥。")
    known = _credentials(person_id)
    if len(known) >= MOST_KEYS:
        raise Conflict(f"最多登记 {MOST_KEYS} 把密钥。请先移除不用的。")
    user = PublicKeyCredentialUserEntity(
        id=str(person_id).encode(), name=username, display_name=username
    )
    options, state = site.server().register_begin(
        user, list(known.values()), user_verification=VERIFICATION
    )
    return _as_json(options), state


def asked_to_sign(site: Site, person_id: int) -> tuple[dict[str, Any], Any]:
    """What the browser asks a key that is known, and the state. Raises NotFound without keys."""
    known = _credentials(person_id)
    if not known:
        raise NotFound("还没有登记安全密钥。请用手机上的 6 位数字。")
    options, state = site.server().authenticate_begin(
        list(known.values()), user_verification=VERIFICATION
    )
    return _as_json(options), state


def _as_json(options: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(dict(options), default=dict))
    return told


def _credentials(person_id: int) -> dict[int, AttestedCredentialData]:
    rows = SecurityKey.objects.filter(factor__person=person_id).order_by("id")
    return {row.id: AttestedCredentialData(bytes(row.credential)) for row in rows}


def register_key(
    *,
    site: Site,
    state: Any,
    person_id: int,
    name: str,
    said: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Take a key that answered the question of `state`. Returns {"key_id"}. Raises WrongKey."""
    try:
        made = site.server().register_complete(state, json.loads(said))
    except Exception:  # whatever the library met in what was sent
        raise WrongKey from None
    assert made.credential_data is not None
    return _register(
        person_id=person_id,
        name=name,
        credential=bytes(made.credential_data).hex(),
        sign_count=made.counter,
        actor=actor,
        at=at,
        command_id=command_id,
    )


@command("factor.register_key")
def _register(
    *,
    person_id: int,
    name: str,
    credential: str,
    sign_count: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    queue_up(f"factor/{person_id}")
    factor = Factor.objects.filter(person_id=person_id).first()
    if factor is None:
        raise NotFound("请先用手机验证器启用两步验证，再登记安全密钥。")
    _check_new(factor, credential)
    key = SecurityKey.objects.create(
        factor=factor,
        name=name.strip(),
        credential=bytes.fromhex(credential),
        sign_count=sign_count,
        registered_at=at,
    )
    _note(person_id, "factor.key_registered", {"key_id": str(key.id)}, actor, at, command_id)
    return {"key_id": str(key.id)}


def _check_new(factor: Factor, credential: str) -> None:
    """Two questions may have been asked at once, and what a browser leaves out is only its wish."""
    held = [bytes(one).hex() for one in factor.keys.values_list("credential", flat=True)]
    if len(held) >= MOST_KEYS:
        raise Conflict(f"最多登记 {MOST_KEYS} 把密钥。请先移除不用的。")
    if credential in held:
        raise Conflict("这把密钥已经登记过，不用再登记。")


def check_key(*, site: Site, state: Any, person_id: int, said: str, at: datetime) -> None:
    """What a key says to the question of `state`, which is asked once.

    Raises WrongKey, also where its counter goes back (a copy was made), and TooManyAttempts.
    """
    count_attempt_or_refuse("second_factor", str(person_id), SECOND_PER_PERSON, at)
    known = _credentials(person_id)
    try:
        answer: Mapping[str, Any] = json.loads(said)
        used = site.server().authenticate_complete(state, list(known.values()), answer)
        data = AuthenticatorData(websafe_decode(answer["response"]["authenticatorData"]))
    except Exception:
        raise WrongKey from None
    (key_id,) = (one for one, held in known.items() if held == used)
    mine = SecurityKey.objects.filter(id=key_id)
    grown = mine.filter(sign_count__lt=data.counter) if data.counter else mine.filter(sign_count=0)
    if not grown.update(sign_count=data.counter, used_at=at):
        raise WrongKey
    forget_attempts("second_factor", str(person_id))


@command("factor.remove_key")
def remove_key(
    *,
    key_id: int,
    person_id: int,
    at_session: str | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """A key opens nothing any more; the phone does. The person's sessions end, but the one they sit
    at. Raises NotFound for none of theirs."""
    removed, _ = SecurityKey.objects.filter(id=key_id, factor__person=person_id).delete()
    if not removed:
        raise NotFound("没有找到这把密钥，请刷新页面。")
    end_sessions(str(person_id), but=at_session)
    _note(person_id, "factor.key_removed", {"key_id": str(key_id)}, actor, at, command_id)
    return {}


def _note(
    person_id: int, kind: str, facts: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> None:
    stream = f"person:{person_id}"
    record(stream=stream, kind=kind, facts=facts, actor=actor, at=at, command_id=command_id)
