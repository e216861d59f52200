"""Commands on identities of another system: who signs in with one is the person we know by it, or
a citizen whom we learn to know. Nobody becomes staff, or gets a right, by signing in."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from mingtang.accounts.identity import NotAsRegistered, NotStaffHere, Provider, Said, Side
from mingtang.accounts.models import ForeignIdentity, Person
from mingtang.accounts.rules import ADMINISTRATORS
from mingtang.accounts.sessions import end_sessions
from mingtang.base import ids
from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import NotFound
from mingtang.base.sealed import blind_index
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record


def person_for(
    *, provider: Provider, said: Said, at: datetime, new_command_id: Callable[[], str]
) -> Person:
    """The person behind what a provider said. Raises NotAsRegistered, NotStaffHere."""
    if provider.side is Side.STAFF:
        person = _staff(provider, said, at, new_command_id())
    else:
        person = _citizen(provider, said, at, new_command_id())
    if not person.is_active or (person.is_demo and settings.MINGTANG_IS_PRODUCTION):
        raise NotAsRegistered("账号在本系统已经停用")
    return person


def _linked(provider: Provider, subject: str) -> Person | None:
    rows = ForeignIdentity.objects.filter(
        issuer=provider.issuer, subject_index=blind_index("subject", subject)
    )
    found = rows.select_related("person").first()
    return found.person if found else None


def _staff(provider: Provider, said: Said, at: datetime, command_id: str) -> Person:
    """Who has an account here under the name that the provider says; from then on by the subject,
    so that a name which is given to somebody else opens nothing."""
    known = _linked(provider, said.subject)
    if known is not None:
        return known
    person = Person.objects.filter(username=said.username, is_active=True).first()
    if not said.username or person is None or not _may_be_linked(person, at):
        raise NotStaffHere
    _link(
        person_id=str(person.id),
        issuer=provider.issuer,
        subject=said.subject,
        actor=SYSTEM,
        at=at,
        command_id=command_id,
    )
    return person


def _may_be_linked(person: Person, at: datetime) -> bool:
    """By name alone nobody comes to a citizen's account, nor to an administrator's."""
    on = legal_date(at)
    held = person.posts.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    roles = set(held.values_list("role", flat=True))
    return bool(roles) and not roles & {role.value for role in ADMINISTRATORS}


def _citizen(provider: Provider, said: Said, at: datetime, command_id: str) -> Person:
    known = _linked(provider, said.subject)
    number = blind_index("identity", said.number)
    if known is not None and number and known.identity_index not in {"", number}:
        raise NotAsRegistered("证件号码和上次登录时不同")
    if known is None or _differs(known, said):
        told = _welcome(
            issuer=provider.issuer,
            said=asdict(said),
            actor=SYSTEM,
            at=at,
            command_id=command_id,
        )
        known = Person.objects.get(id=int(told["person_id"]))
    return known


def _differs(person: Person, said: Said) -> bool:
    return (
        person.real_name_level != said.level
        or (bool(said.name) and person.name != said.name)
        or (bool(said.phone) and person.phone != said.phone)
        or (bool(said.number) and not person.identity_index)
    )


@command("identity.welcome")
def _welcome(
    *, issuer: str, said: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Find, link or open the account of a citizen, and keep what was said of them."""
    told = Said(**said)
    queue_up(f"identity/{blind_index('subject', told.subject)}")
    queue_up(f"identity/{blind_index('identity', told.number)}")
    mine = ForeignIdentity.objects.filter(
        issuer=issuer, subject_index=blind_index("subject", told.subject)
    )
    link = mine.select_related("person").first()
    person = link.person if link else _by_number(told) or _opened(told, at, command_id)
    if link is None:
        _keep_link(person.id, issuer, told.subject, at, command_id)
    _keep_what_is_said(person, told, at, command_id)
    return {"person_id": str(person.id)}


def _by_number(told: Said) -> Person | None:
    """An account that has the number already. The name must be the same: one of the two may have
    been mistyped, and the account would be another person's."""
    if not told.number:
        return None
    number = blind_index("identity", told.number)
    rows = Person.objects.filter(identity_index=number, is_active=True)
    found = rows.order_by("id").first()
    if found is not None and found.name != told.name:
        raise NotAsRegistered("姓名和本系统里这个证件号码的姓名不同")
    return found


def _opened(told: Said, at: datetime, command_id: str) -> Person:
    """An account without a password: its owner comes by the provider."""
    own = ids.next_id()
    person = Person.objects.create(
        id=own,
        username=f"citizen-{own}",
        name=told.name or "申请人",
        password=make_password(None),
        identity_number=told.number,
        identity_index=blind_index("identity", told.number),
        phone=told.phone,
        joined_at=at,
    )
    _note(own, "person.added", {"person_id": str(own)}, at, command_id)
    return person


def _keep_what_is_said(person: Person, told: Said, at: datetime, command_id: str) -> None:
    level = person.real_name_level
    person.name = told.name or person.name
    person.phone = told.phone or person.phone
    person.real_name_level = told.level
    if told.number and not person.identity_index:
        person.identity_number = told.number
        person.identity_index = blind_index("identity", told.number)
    person.save(
        update_fields=["name", "phone", "real_name_level", "identity_number", "identity_index"]
    )
    if level != told.level:
        facts = {"person_id": str(person.id), "was": level, "level": told.level}
        _note(person.id, "person.real_name_noted", facts, at, command_id)


@command("identity.link")
def _link(
    *,
    person_id: str,
    issuer: str,
    subject: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """From now on somebody comes by this identity alone: whoever else is given their name over
    there is refused."""
    queue_up(f"identity/{person_id}")
    if ForeignIdentity.objects.filter(person_id=int(person_id), issuer=issuer).exists():
        raise NotAsRegistered("用户名在本系统属于另一个人")
    _keep_link(int(person_id), issuer, subject, at, command_id)
    return {"person_id": person_id}


@command("identity.unlink")
def unlink(
    *, person_id: str, issuer: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """This provider's identity opens the account no more; the next one that fits may be linked.
    All sessions of the account end. Raises NotFound where none is linked."""
    queue_up(f"identity/{person_id}")
    gone, _ = ForeignIdentity.objects.filter(person=int(person_id), issuer=issuer).delete()
    if not gone:
        raise NotFound("这个账号没有关联这个认证平台，请核对平台地址。")
    facts = {"person_id": person_id, "issuer": issuer}
    told: dict[str, Any] = {"facts": facts, "actor": actor, "at": at, "command_id": command_id}
    record(stream=f"person:{person_id}", kind="identity.unlinked", **told)
    end_sessions(person_id)
    return {"person_id": person_id}


def _keep_link(person_id: int, issuer: str, subject: str, at: datetime, command_id: str) -> None:
    ForeignIdentity.objects.create(
        person_id=person_id,
        issuer=issuer,
        subject_index=blind_index("subject", subject),
        linked_at=at,
    )
    _note(person_id, "identity.linked", {"person_id": str(person_id)}, at, command_id)


def _note(person_id: int, kind: str, facts: dict[str, Any], at: datetime, command_id: str) -> None:
    told: dict[str, Any] = {"facts": facts, "actor": SYSTEM, "at": at, "command_id": command_id}
    record(stream=f"person:{person_id}", kind=kind, **told)
