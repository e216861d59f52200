"""How long each kind of personal data is kept that is no file of a case, a letter or a request. An
app registers its kinds while the apps load; one command removes what is over its time.

《个人信息保护法》第十九条: no longer than the purpose needs.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

AT_ONCE = 500  # rows in one transaction


@dataclass(frozen=True)
class Kind:
    """`over(before, held)`: the rows that are older than an instant and belong to nobody on hold,
    oldest first. `forget(rows)` removes them, or what in them names people, and says how many.
    `days`: unless MINGTANG_KEEP_DAYS names another number."""

    name: str
    label: str
    days: int
    over: "Callable[[datetime, Collection[int]], QuerySet[Any]]"
    forget: "Callable[[QuerySet[Any]], int]"

    @property
    def kept_days(self) -> int:
        found: int = settings.MINGTANG_KEEP_DAYS.get(self.name, self.days)
        return found

    def due(self, at: datetime, held: Collection[int]) -> "QuerySet[Any]":
        return self.over(at - timedelta(days=self.kept_days), held)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]
