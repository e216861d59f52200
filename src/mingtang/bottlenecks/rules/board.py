"""Rules of bottlenecks: what many passages through nodes add up to. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from mingtang.accounts.rules import REGION_WIDE
from mingtang.bottlenecks.rules.spread import Spread, spread_of_counts
from mingtang.bottlenecks.rules.steps import CHECK_STAGE, DECIDE_STAGE, DELIVER_STAGE

READERS = REGION_WIDE  # who sees the offices of a whole county
WORST = 10
Key = tuple[Any, ...]  # of a group: the values of what passages are put together by


class By(StrEnum):
    """What passages are put together by."""

    NODE = "node"
    STAGE = "stage"
    DEPARTMENT = "department"
    EDITION = "edition"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {By.NODE: "环节", By.STAGE: "阶段", By.DEPARTMENT: "部门", By.EDITION: "事项版本"}


def stage_label(stage: int) -> str:
    fixed = {CHECK_STAGE: "收件到受理", DECIDE_STAGE: "审查完到决定", DELIVER_STAGE: "决定到送达"}
    return fixed.get(stage, f"审查第 {stage} 阶段")


@dataclass(frozen=True, slots=True)
class Alike:
    """Passages that took the same: `count` of them."""

    key: Key
    waiting_days: int
    handling_days: int
    is_redo: bool
    is_overdue: bool
    has_limit: bool
    count: int


@dataclass
class Figures:
    """What the passages of one group took, in working days. Shares are of all groups together."""

    key: Key
    redone: int = 0
    overdue: int = 0
    limited: int = 0
    _days: Counter[int] = field(default_factory=Counter)
    _waiting: Counter[int] = field(default_factory=Counter)
    _handling: Counter[int] = field(default_factory=Counter)

    def add(self, one: Alike) -> None:
        self.redone += one.count * one.is_redo
        self.overdue += one.count * one.is_overdue
        self.limited += one.count * one.has_limit
        self._days[one.waiting_days + one.handling_days] += one.count
        self._waiting[one.waiting_days] += one.count
        self._handling[one.handling_days] += one.count

    @property
    def count(self) -> int:
        return sum(self._days.values())

    @property
    def total(self) -> int:
        return _sum(self._days)

    @property
    def waiting_total(self) -> int:
        return _sum(self._waiting)

    @property
    def handling_total(self) -> int:
        return _sum(self._handling)

    @property
    def days(self) -> Spread:
        return _spread(self._days)

    @property
    def waiting(self) -> Spread:
        return _spread(self._waiting)

    @property
    def handling(self) -> Spread:
        return _spread(self._handling)


def _sum(counts: Counter[int]) -> int:
    return sum(days * count for days, count in counts.items())


def _spread(counts: Counter[int]) -> Spread:
    found = spread_of_counts(counts)
    assert found is not None  # there is no group of nothing
    return found


@dataclass(frozen=True)
class Board:
    """All groups, those first where the most days went."""

    groups: list[Figures]

    @property
    def total(self) -> int:
        return sum(one.total for one in self.groups)

    def share(self, one: Figures) -> Fraction | None:
        return Fraction(one.total, self.total) if self.total else None

    def find(self, key: Key) -> Figures | None:
        return next((one for one in self.groups if one.key == key), None)


def board_of(rows: Iterable[Alike]) -> Board:
    found: dict[Key, Figures] = {}
    for row in rows:
        found.setdefault(row.key, Figures(row.key)).add(row)
    return Board(sorted(found.values(), key=lambda one: (-one.total, -one.count, str(one.key))))
