"""Somebody of the staff leaves."""

from datetime import datetime
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Greatest

from mingtang.accounts.models import Person, Post
from mingtang.accounts.sessions import end_sessions
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, NotAllowed, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@command("person.close")
def close_account(
    *, username: str, reason: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Somebody leaves: the account opens no more, its sessions and posts end today. What they did
    stays theirs; what lies on their desk is handed over by whoever leads. Returns {"posts"}.

    Raises NotFound, NotAllowed for one's own account, Conflict for one that is closed.
    """
    person = Person.objects.select_for_update().filter(username=username).first()
    if person is None:
        raise NotFound("没有这个账号，请核对用户名。")
    if str(person.id) == actor.id:
        raise NotAllowed("不能停用自己的账号，请由另一名管理员办。")
    if not person.is_active:
        raise Conflict("这个账号已经停用。")
    today = legal_date(at)
    Person.objects.filter(id=person.id).update(is_active=False)
    held = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), person=person)
    posts = held.update(valid_to=Greatest("valid_from", Value(today)))
    end_sessions(str(person.id))
    record(
        stream=f"person:{person.id}",
        kind="person.closed",
        facts={"reason": reason.strip(), "posts": posts},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"posts": posts}
