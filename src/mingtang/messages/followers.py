"""Followers of messages: people are told of what is asked and done about their own data. The rooms
below cannot tell anybody themselves; they record, and this hears it."""

from datetime import date

from django.conf import settings

from mingtang.accounts.queries import open_account
from mingtang.base.errors import NotFound
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.messages.occasions import OCCASION_OF
from mingtang.messages.services import tell
from mingtang.persons.rules import RequestKind


def _told(event: Event) -> None:
    """The person by inbox and SMS, once per event. Who has no account any more was told at the
    counter, and no number of theirs is left."""
    try:
        person = open_account(int(event.stream.removeprefix("person:")))
    except NotFound:
        return
    occasion, facts = OCCASION_OF[event.kind], event.facts
    kind, due = facts.get("kind"), facts.get("due")
    tell(
        subject=f"personal:{facts.get('request_id') or event.id}",
        event=occasion.event,
        audience=occasion.audience.value,
        fallback=occasion.fallback,
        facts={
            "what": RequestKind(kind).label if kind else "",
            "due": _written(date.fromisoformat(due)) if due else "",
            "answer": "同意" if facts.get("is_agreed") else "不同意",
            "hotline": settings.MINGTANG_HOTLINE,
        },
        person_id=person.id,
        phone=person.phone,
        dedupe=f"{event.id}/{occasion.event}",
        at=event.at,
    )


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


OWN_DATA = Follower("own_data_notes", tuple(OCCASION_OF), _told)
