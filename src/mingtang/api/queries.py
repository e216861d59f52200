"""Reads of the API: the system behind a number or a token, the answer to an earlier command."""

from django.core import signing

from mingtang.accounts.queries import Person
from mingtang.accounts.rules import Role
from mingtang.api.models import Client, Reply
from mingtang.api.rules import WrongToken
from mingtang.base.ids import parse_id
from mingtang.base.rows import find_rows
from mingtang.base.sealed import keyed_hash

TOKEN = "mingtang.api.token"  # noqa: S105 – a salt
TOKEN_SECONDS = 3600


def secret_hash(secret: str) -> str:
    return keyed_hash("client_secret", secret.encode()).hex()


def working_client(client_id: str) -> Client | None:
    """A system that was not ended, whose account is open."""
    rows = Client.objects.filter(id=parse_id(client_id) or 0, ended_at=None)
    return rows.filter(account__is_active=True).select_related("account").first()


def clients() -> list[Client]:
    return list(Client.objects.select_related("account").order_by("registered_at", "id"))


def bearer(token: str) -> tuple[Person, frozenset[Role]]:
    """The account that a token speaks for, and the roles that it was asked for; none: all.

    Raises WrongToken, for a token of a system that was ended too.
    """
    try:
        client_id, *roles = signing.loads(token, salt=TOKEN, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError):
        raise WrongToken from None
    client = working_client(client_id)
    if client is None:
        raise WrongToken
    account: Person = client.account
    return account, frozenset(Role(one) for one in roles)


def reply_to(key: str) -> Reply | None:
    return next(iter(find_rows(Reply, key=key)), None)
