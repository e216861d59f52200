"""Somebody signs out where they no longer sit."""

from datetime import datetime
from typing import Any

from mingtang.accounts.sessions import end_sessions
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@command("session.end")
def end_own_sessions(
    *,
    person_id: int,
    mark: str | None,
    at_session: str | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """End one's session of a mark, without a mark all; never the one that somebody sits at (its
    key). Returns {"count"}. Raises NotFound where there is none to end."""
    count = end_sessions(str(person_id), but=at_session, mark=mark)
    if not count:
        raise NotFound("这处登录已经退出，不用再办。")
    record(
        stream=f"person:{person_id}",
        kind="session.ended",
        facts={"count": count},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"count": count}
