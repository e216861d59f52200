"""Rules: periods of disclosure, and the day by which each must be out. Pure.

In general once a quarter, finance with many transactions once a month, major matters at once
(《村民委员会组织法》第三十条). The day and the sum that is major are settings of the place, in
dated rows.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

MONTH, QUARTER = 1, 3


@dataclass(frozen=True, order=True)
class Period:
    """A month or a quarter: its first day, and how many months it lasts."""

    first: date
    months: int

    @property
    def last(self) -> date:
        return self.next().first - timedelta(days=1)

    def next(self) -> "Period":
        return Period(_shifted(self.first, self.months), self.months)

    def due(self, day: int) -> date:
        """So manieth day of the month after it; the last day where that month is shorter."""
        month = self.next().first
        return month.replace(day=min(day, monthrange(month.year, month.month)[1]))

    @property
    def label(self) -> str:
        if self.months == MONTH:
            return f"{self.first.year}年{self.first.month}月"
        return f"{self.first.year}年第{'一二三四'[(self.first.month - 1) // QUARTER]}季度"


def _shifted(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def last_ended(on: date, months: int) -> Period:
    """The latest period that was over before a day."""
    start = (on.month - 1) // months * months + 1
    return Period(_shifted(date(on.year, start, 1), -months), months)


def ended_since(since: date, on: date, months: int) -> list[Period]:
    """The periods that began on a day or later and were over before another; oldest first."""
    found, one = [], last_ended(on, months)
    while one.first >= since:
        found.append(one)
        one = Period(_shifted(one.first, -months), months)
    return found[::-1]


class Dated(Protocol):
    """A row that holds from a day on; for one village, or for all."""

    village_id: int | None
    valid_from: date


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Iterable[Row], village_id: int, on: date) -> Row | None:
    """The row that holds for a village on a day: its own before everybody's, the latest."""
    held = [one for one in rows if one.valid_from <= on and one.village_id in (None, village_id)]
    return max(held, key=lambda one: (one.village_id is not None, one.valid_from), default=None)


class Limits(Protocol):
    """What one row of limits says."""

    finance_months: int
    due_day: int
    major_cents: int
    major_days: int
    objection_days: int
    reply_days: int


# Of each number, what it is called and whether more of it lets the village off.
LIMITS = {
    "finance_months": ("财务公开的周期", True),
    "due_day": ("公开日", True),
    "major_cents": ("大额的标准", True),
    "major_days": ("重大事项的公开天数", True),
    "objection_days": ("异议期", False),
    "reply_days": ("异议的答复天数", True),
}


def looser(before: Limits, after: Mapping[str, int]) -> list[str]:
    """What the new limits ask less of a village than the old ones do."""
    return [
        label
        for name, (label, more_is_looser) in LIMITS.items()
        if (after[name] > getattr(before, name)) == more_is_looser
        and after[name] != getattr(before, name)
    ]
