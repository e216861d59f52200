"""What messages hold about a person: they go when they ask. That somebody was told something stays
in the ledger."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import QuerySet

from mingtang.base.clock import legal_date
from mingtang.messages.models import Message
from mingtang.messages.rules import Way
from mingtang.persons.holdings import Holder
from mingtang.persons.retention import Kind
from mingtang.persons.rules import Held, Who


def tell(who: Who) -> Iterator[Held]:
    for one in Message.objects.filter(person=who.person_id).order_by("created_at", "id"):
        day = legal_date(one.created_at).isoformat()
        told = [("日期", day), ("方式", Way(one.way).label), ("发到", one.recipient)]
        told += [("标题", one.title), ("内容", one.text)]
        yield Held("消息", tuple(fact for fact in told if fact[1]))


def erase(who: Who, at: datetime) -> int:
    return Message.objects.filter(person=who.person_id).delete()[0]


HOLDER = Holder("messages", "消息", tell, erase, models=("mailroom.Message",))


def _over(before: datetime, held: Collection[int]) -> "QuerySet[Message]":
    rows = Message.objects.filter(created_at__lt=before, due_at=None)
    return rows.exclude(person__in=held).order_by("created_at", "id")


def _forget(rows: "QuerySet[Message]") -> int:
    return rows.delete()[0]


KIND = Kind("messages", "消息（站内信、短信、邮件的内容）", 1095, _over, _forget)
