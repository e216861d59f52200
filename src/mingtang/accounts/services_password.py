"""Another password for who knows the old one."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from mingtang.accounts.models import Person
from mingtang.accounts.passwords import WeakPassword, check_new_password
from mingtang.accounts.services_factor import check_password_again
from mingtang.accounts.sessions import end_sessions
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
    Person.objects.filter(id=person_id).update(password=hashed)
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
