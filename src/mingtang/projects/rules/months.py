"""Rules: months of reports and the day each is due. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from mingtang.base.errors import DomainError


class WrongMonth(DomainError):
    """A report of a month that is not the one that is owed."""


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def before(self) -> "Month":
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def due(self, day: int) -> date:
        """The day of the month on which its report is due; its last day where it is shorter."""
        return date(self.year, self.number, min(day, self.last_day.day))

    @property
    def label(self) -> str:
        return f"{self.year}年{self.number}月"


def first_owed(admitted: date, day: int) -> Month:
    """The first month that is to be reported: that of admission, if its day is not past yet."""
    month = Month.of(admitted)
    return month if admitted <= month.due(day) else month.next()


def check_owed(asked: Month, owed: Month | None) -> None:
    """Reports come one after the other, so that sums of the year add up. Raises WrongMonth."""
    if owed is None:
        raise WrongMonth("这个项目现在不报月报：还没有入库，或者已经暂停、完成。")
    if asked < owed:
        raise WrongMonth(f"{asked.label}的月报已经报过。要改它，请用“更正月报”。")
    if asked > owed:
        raise WrongMonth(f"请先报{owed.label}的月报，再报{asked.label}的，累计数才接得上。")


def check_year_sum(month: Month, done: int, year_sum: int, before: int | None) -> None:
    """本年累计 continues that of the month before. `before`: its sum; None: none was reported.

    Raises DomainError naming both sums.
    """
    if month.number == 1:
        before = 0
    if before is not None and year_sum != before + done:
        raise DomainError(
            f"本年累计对不上：上月累计加本月完成应为 {(before + done) / 1_000_000:g} 万元，"
            f"填的是 {year_sum / 1_000_000:g} 万元。请核对；上月填错的，先更正上月月报。"
        )
    if year_sum < done:
        raise DomainError("本年累计比本月完成还少，请核对两个数。")
