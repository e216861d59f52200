"""Rules of assessment: the months, quarters and years that are judged. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from mingtang.assessment.rules.schemes import Cycle
from mingtang.base.errors import DomainError


@dataclass(frozen=True)
class Period:
    """2013-09, 2013-Q3 or 2013: `since` and `until` are both in it."""

    code: str
    cycle: Cycle
    since: date
    until: date

    @property
    def label(self) -> str:
        year = self.since.year
        if self.cycle is Cycle.MONTH:
            return f"{year}年{self.since.month}月"
        if self.cycle is Cycle.QUARTER:
            return f"{year}年第{(self.since.month + 2) // 3}季度"
        return f"{year}年"


class BadPeriod(DomainError):
    pass


_SHAPES = {
    Cycle.MONTH: (re.compile(r"(\d{4})-(0[1-9]|1[0-2])"), "2013-09"),
    Cycle.QUARTER: (re.compile(r"(\d{4})-Q([1-4])"), "2013-Q3"),
    Cycle.YEAR: (re.compile(r"(\d{4})()"), "2013"),
}


def period_of(cycle: Cycle, code: str) -> Period:
    """Raises BadPeriod for what is no period of this cycle."""
    shape, example = _SHAPES[cycle]
    match = shape.fullmatch(code.strip().upper()) if code.isascii() else None
    if match is None or not 1900 <= int(match[1]) <= 2200:
        raise BadPeriod(f"“{code}”不是{cycle.label}考核的期次，请写成 {example} 这样。")
    year = int(match[1])
    first = {Cycle.MONTH: int(match[2] or 1), Cycle.QUARTER: 3 * int(match[2] or 1) - 2}.get(
        cycle, 1
    )
    last = {Cycle.MONTH: first, Cycle.QUARTER: first + 2}.get(cycle, 12)
    until = date(year, last, monthrange(year, last)[1])
    return Period(match[0], cycle, date(year, first, 1), until)


def period_with(cycle: Cycle, day: date) -> Period:
    """The period in which a day lies."""
    if cycle is Cycle.MONTH:
        return period_of(cycle, f"{day.year:04d}-{day.month:02d}")
    if cycle is Cycle.QUARTER:
        return period_of(cycle, f"{day.year:04d}-Q{(day.month + 2) // 3}")
    return period_of(cycle, f"{day.year:04d}")


def period_before(cycle: Cycle, day: date) -> Period:
    """The last period that was over before a day's own began."""
    return period_with(cycle, period_with(cycle, day).since - timedelta(days=1))


def check_is_over(period: Period, today: date) -> None:
    """What is still going on is not judged. Raises BadPeriod."""
    if today <= period.until:
        raise BadPeriod(f"{period.label}要到 {period.until} 才结束，结束后再打开考核。")
