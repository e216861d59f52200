"""Sessions that have ended: nothing of them is needed any more."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from mingtang.persons.retention import Kind


def _over(before: datetime, held: Collection[int]) -> "QuerySet[Session]":
    return Session.objects.filter(expire_date__lt=before).order_by("expire_date", "pk")


def _forget(rows: "QuerySet[Session]") -> int:
    return rows.delete()[0]


KIND = Kind("sessions", "登录会话（到期后）", 1, _over, _forget)
