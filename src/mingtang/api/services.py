"""Commands of the API: register a system, end it, give it a token; remember answers."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from mingtang.accounts.queries import Person
from mingtang.accounts.rules import SIGN_IN_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt
from mingtang.api.models import Client, Reply
from mingtang.api.queries import TOKEN, TOKEN_SECONDS, secret_hash, working_client
from mingtang.api.rules import WrongClient, roles_in
from mingtang.base.errors import Conflict, NotFound
from mingtang.base.rows import insert_rows
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

REMEMBERED = timedelta(days=1)


def new_secret() -> str:
    """The key of a system: 256 random bits, shown once and kept as a hash alone."""
    return secrets.token_hex(32)


@command("client.register")
def register_client(
    *, account_id: int, name: str, secret_hash: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Let a system ask in the place of an account. Returns {"client_id"}.

    What it may do is what the posts of that account open, no more. Raises NotFound.
    """
    if not Person.objects.filter(id=account_id, is_active=True).exists():
        raise NotFound("没有这个账号，请先用 mingtang add-staff 建立。")
    client = Client.objects.create(
        account_id=account_id, name=name, secret_hash=secret_hash, registered_at=at
    )
    _note(client, "client.registered", actor, at, command_id)
    return {"client_id": str(client.id)}


@command("client.end")
def end_client(
    *, client_id: int, person_id: int | None, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Lock a system out at once, its tokens too. `person_id`: who did; none at the command line.
    Raises NotFound, Conflict."""
    client = Client.objects.select_for_update().filter(id=client_id).first()
    if client is None:
        raise NotFound("没有这个客户端，请核对编号。")
    if client.ended_at is not None:
        raise Conflict("这个客户端已经停用。")
    client.ended_at, client.ended_by_id = at, person_id
    client.save(update_fields=["ended_at", "ended_by"])
    _note(client, "client.ended", actor, at, command_id)
    return {"client_id": str(client.id)}


def _note(client: Client, kind: str, actor: Actor, at: datetime, command_id: str) -> None:
    facts = {"client_id": str(client.id), "name": client.name, "account_id": str(client.account_id)}
    stream = f"client:{client.id}"
    record(stream=stream, kind=kind, facts=facts, actor=actor, at=at, command_id=command_id)


def token_for(
    *, client_id: str, secret: str, scope: str, source: str, at: datetime
) -> dict[str, Any]:
    """A token for an hour (RFC 6749, client credentials). `scope`: role codes with spaces between,
    to ask for less than all posts.

    Raises WrongClient, BodyWrong for a role that there is not, TooManyAttempts.
    """
    attempt = count_attempt_or_refuse("client_source", source, SIGN_IN_PER_SOURCE, at)
    client = working_client(client_id)
    expected = client.secret_hash if client else secret_hash("")
    if not secrets.compare_digest(expected, secret_hash(secret)) or client is None:
        raise WrongClient
    forget_attempt(attempt)
    roles = sorted(roles_in(scope))
    token = signing.dumps([client_id, *roles], salt=TOKEN, compress=True)
    said = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
    return {**said, "scope": " ".join(roles)}


def remember(*, key: str, digest: str, answer: Any, at: datetime) -> None:
    """Keep what a command was answered. Who comes second at the same moment leaves the first."""
    row = Reply(key=key, digest=digest, answer=answer, at=at)
    insert_rows([row], ignoring=True)


def sweep_replies(at: datetime) -> int:
    """Forget answers of which nobody asks any more. Run late or twice: same result."""
    return Reply.objects.filter(at__lt=at - REMEMBERED).delete()[0]
