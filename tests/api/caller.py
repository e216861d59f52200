"""Somebody who speaks to the API over HTTP alone: a system with a token, or a visitor."""

import json
from typing import Any

from django.test import Client

from mingtang.accounts.models import Person
from mingtang.api import services
from mingtang.api.queries import secret_hash
from mingtang.ledger.rules import SYSTEM
from tests.world import morning, new_command_id

SECRET = "5" * 64
ROOT = "/api/v1"


def register(person: Person) -> str:
    """A system that acts as this account. Returns its id."""
    made = services.register_client(
        account_id=person.id,
        name=f"{person.name}的系统",
        secret_hash=secret_hash(SECRET),
        actor=SYSTEM,
        at=morning(2013, 9, 1),
        command_id=new_command_id(),
    )
    return str(made["client_id"])


class Caller:
    """`code`: the query code that is shown with each request."""

    def __init__(self, person: Person | None = None, code: str = "", scope: str = "") -> None:
        self.client, self.headers = Client(), {}
        if person is not None:
            said = {
                "grant_type": "client_credentials",
                "client_id": register(person),
                "client_secret": SECRET,
                "scope": scope,
            }
            answer = self.client.post(f"{ROOT}/token", said)
            assert answer.status_code == 200, answer.content
            self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        if code:
            self.headers["X-Query-Code"] = code

    def get(self, path: str, status: int = 200, **asked: Any) -> Any:
        answer = self.client.get(ROOT + path, asked, headers=self.headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def post(
        self, path: str, status: int = 200, key: str = "", whole: Any = None, **said: Any
    ) -> Any:
        """`whole`: what is said in it, where a name would be one of ours."""
        headers = {**self.headers, "Idempotency-Key": key or new_command_id()}
        answer = self.client.post(
            ROOT + path, whole or said, content_type="application/json", headers=headers
        )
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def send(
        self,
        path: str,
        files: dict[str, list[Any]],
        status: int = 200,
        key: str = "",
        **said: Any,
    ) -> Any:
        """The same with files."""
        headers = {**self.headers, "Idempotency-Key": key or new_command_id()}
        data = {"said": json.dumps(said), **files}
        answer = self.client.post(ROOT + path, data, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()
