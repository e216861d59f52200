"""Rules of time: the working calendar, as prefix sums over the days since 2004."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.base.errors import DomainError

FIRST_DAY = dt.date(2004, 1, 1)
YEARS_AHEAD = 12  # by the weekday rule, so that a limit of years still has a (provisional) end
WORKING_WEEKDAYS = 5

_BEFORE_FIRST = FIRST_DAY.toordinal() - 1


class OutsideCalendar(DomainError):
    """A day for which no calendar exists: guessing it would be a wrong deadline."""


class BadCalendar(DomainError):
    """Days off that contradict each other."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that breaks the weekday rule: a holiday, or (`works`) a make-up working day."""

    date: dt.date
    works: bool
    name: str

    @property
    def is_exception(self) -> bool:
        return self.works != (self.date.weekday() < WORKING_WEEKDAYS)


def first_difference(before: Iterable[DayOff], after: Iterable[DayOff]) -> dt.date | None:
    """The first day on which work and rest differ between two notices of a year; None: on none.
    What is due before it is counted alike by both."""
    held, given = ({(one.date, one.works) for one in days} for days in (before, after))
    return min((date for date, _works in held ^ given), default=None)


class WorkingCalendar:
    """Working days from 2004 to twelve years past the last official year.

    Years that no notice has fixed follow the weekday rule; what is counted in them is provisional.
    """

    def __init__(self, days_off: Iterable[DayOff], official_years: Iterable[int]) -> None:
        self.official_years = frozenset(official_years)
        self.last_official_year = max(self.official_years, default=FIRST_DAY.year - 1)
        self.first_day = FIRST_DAY
        self.last_day = dt.date(self.last_official_year + YEARS_AHEAD, 12, 31)
        self._exceptions = self._sorted_out(days_off)
        self._ranks = [0]  # by ordinal − _BEFORE_FIRST: how many working days up to that day
        self._working: list[dt.date] = []  # the working days themselves, in order
        self._build()

    def _sorted_out(self, days_off: Iterable[DayOff]) -> dict[dt.date, DayOff]:
        found: dict[dt.date, DayOff] = {}
        for day in days_off:
            self.check(day.date)
            if day.date in found:
                raise BadCalendar(f"{day.date} 在日历中出现了两次。请只保留一行。")
            found[day.date] = day
        return found

    def _build(self) -> None:
        for ordinal in range(_BEFORE_FIRST + 1, self.last_day.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            exception = self._exceptions.get(day)
            if exception.works if exception else day.weekday() < WORKING_WEEKDAYS:
                self._working.append(day)
            self._ranks.append(len(self._working))

    def with_year(self, year: int, days_off: Iterable[DayOff]) -> "WorkingCalendar":
        """This calendar with one year's exceptions replaced, and that year official."""
        if self.official_years and year > self.last_official_year + 1:
            raise BadCalendar(
                f"还没有 {self.last_official_year + 1} 年的日历，不能先载入 {year} 年。请逐年载入。"
            )
        kept = [day for day in self._exceptions.values() if day.date.year != year]
        return WorkingCalendar([*kept, *days_off], self.official_years | {year})

    def check(self, day: dt.date) -> None:
        """Refuse a day that the calendar does not reach."""
        if not self.first_day <= day <= self.last_day:
            raise self._outside(f"日期 {day.isoformat()[:10]} ")

    def _outside(self, what: str) -> OutsideCalendar:
        return OutsideCalendar(
            f"{what}不在工作日日历的范围内（{self.first_day} 至 {self.last_day}）。"
            "请核对日期和天数；确需更晚的日期，请先载入以后年份的节假日安排。"
        )

    def day(self, ordinal: int) -> dt.date:
        """The day with this ordinal, if the calendar reaches it."""
        if not _BEFORE_FIRST < ordinal <= self.last_day.toordinal():
            raise self._outside("算出的到期日")
        return dt.date.fromordinal(ordinal)

    def rank(self, ordinal: int) -> int:
        """How many working days there are up to and including a day; clipped at both ends."""
        return self._ranks[min(max(ordinal - _BEFORE_FIRST, 0), len(self._ranks) - 1)]

    def nth(self, rank: int) -> dt.date:
        """The working day with this rank, counted from 1."""
        if not 0 < rank <= len(self._working):
            raise self._outside("算出的到期日")
        return self._working[rank - 1]

    def day_off(self, day: dt.date) -> DayOff | None:
        return self._exceptions.get(day)

    def is_working_day(self, day: dt.date) -> bool:
        self.check(day)
        ordinal = day.toordinal()
        return self.rank(ordinal) > self.rank(ordinal - 1)

    def count(self, after: dt.date, until: dt.date) -> int:
        """Working days d with after < d ≤ until; negative the other way round."""
        self.check(after)
        self.check(until)
        return self.rank(until.toordinal()) - self.rank(after.toordinal())

    def add(self, start: dt.date, days: int) -> dt.date:
        """The n-th working day strictly after `start`; with 0, the first one from `start` on."""
        index = start.toordinal() - _BEFORE_FIRST
        if days > 0 and index > 0:
            try:
                return self._working[self._ranks[index] + days - 1]
            except IndexError:
                raise self._outside("算出的到期日") from None
        self.check(start)
        if days < 0:
            raise DomainError(f"天数 {days} 不能是负数。请写 0 或更大的整数。")
        return self.first_working_day_on_or_after(start)

    def first_working_day_on_or_after(self, day: dt.date) -> dt.date:
        self.check(day)
        return self.nth(self.rank(day.toordinal() - 1) + 1)

    def is_provisional(self, after: dt.date, until: dt.date) -> bool:
        """Whether a count over after < d ≤ until touches a year that no notice has fixed."""
        year = until.year
        if year == after.year:
            return year not in self.official_years
        is_last_day = after.month == 12 and after.day == 31
        years = range(after.year + is_last_day, year + 1)
        return not self.official_years.issuperset(years)
