"""Services: somebody's secret calendar address is made, in place of the one before, and ended."""

import hashlib
from datetime import datetime

from mingtang.base.errors import NotAllowed, NotFound
from mingtang.exchange.models import CalendarFeed
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Result, command, record


def digest_of(token: str) -> str:
    """What is kept of an address: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@command("calendar.make_feed")
def make_feed(*, digest: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """A new address for whoever acts; the one before is no more. Records "calendar.feed_made"."""
    owner = _person(actor)
    CalendarFeed.objects.update_or_create(
        owner_id=owner, defaults={"digest": digest, "made_at": at}
    )
    record(
        stream=f"calendar:{owner}",
        kind="calendar.feed_made",
        facts={},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"person_id": str(owner)}


@command("calendar.end_feed")
def end_feed(*, actor: Actor, at: datetime, command_id: str) -> Result:
    """The address leads nowhere from now on. Records "calendar.feed_ended". Raises NotFound."""
    owner = _person(actor)
    if not CalendarFeed.objects.filter(owner_id=owner).delete()[0]:
        raise NotFound("您现在没有日历地址。")
    record(
        stream=f"calendar:{owner}",
        kind="calendar.feed_ended",
        facts={},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"person_id": str(owner)}


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)
