"""Another password: for who knows the old one, and by two administrators for who forgot it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from mingtang.accounts.models import Person
from mingtang.accounts.passwords import (
    RESET_GOOD_FOR,
    WeakPassword,
    check_new_password,
    check_no_word_of_this_place,
    made_by_chance,
)
from mingtang.accounts.services_factor import check_password_again
from mingtang.accounts.sessions import end_sessions
from mingtang.base.errors import NotAllowed, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


def change_password(
    *,
    person: Person,
    old: str,
    new: str,
    at_session: str | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    """Another password; the other sessions of the person end.

    Raises WrongCredentials, TooManyAttempts, WeakPassword.
    """
    check_password_again(person.id, old, at)
    check_new_password(new, person.username)
    check_no_word_of_this_place(new)
    if new == old:
        raise WeakPassword("新密码和原来的一样，请换一个。")
    told: dict[str, Any] = {"actor": actor, "at": at, "command_id": command_id}
    _change(person_id=person.id, hashed=make_password(new), at_session=at_session, **told)


@command("password.change")
def _change(
    *,
    person_id: int,
    hashed: str,
    at_session: str | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    Person.objects.filter(id=person_id).update(password=hashed, password_until=None)
    end_sessions(str(person_id), but=at_session)
    record(
        stream=f"person:{person_id}",
        kind="password.changed",
        facts={},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {}


def reset_password(
    *, username: str, by: Actor, second: Actor, at: datetime, command_id: str
) -> str:
    """Two administrators give somebody a password for a day, which opens the page where they set
    their own and nothing else. Returns it: it is kept nowhere, so that only this call tells it.

    Raises NotFound, and NotAllowed for one administrator alone or for themselves.
    """
    person = Person.objects.filter(username=username, is_active=True, is_demo=False).first()
    if person is None:
        raise NotFound("没有这个账号，或者已经停用。请核对用户名。")
    if by.id == second.id:
        raise NotAllowed("重设密码要由两名管理员办，请换另一名管理员确认。")
    if str(person.id) in {by.id, second.id}:
        raise NotAllowed("不能给自己重设密码，请由另外两名管理员办。")
    password = made_by_chance()
    hashed, told = make_password(password), {"actor": by, "at": at, "command_id": command_id}
    _reset(person_id=person.id, hashed=hashed, second_id=second.id, **told)
    return password


@command("password.reset")
def _reset(
    *,
    person_id: int,
    hashed: str,
    second_id: str | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    until = at + RESET_GOOD_FOR
    Person.objects.filter(id=person_id).update(password=hashed, password_until=until)
    end_sessions(str(person_id))
    record(
        stream=f"person:{person_id}",
        kind="password.reset",
        facts={"second_id": second_id, "until": until.isoformat()},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {}
