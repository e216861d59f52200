"""Rules: what the pages of those who lead count and who may open them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from mingtang.accounts.rules import COUNTER_ROLES, Role
from mingtang.base.errors import DomainError
from mingtang.cases.rules.moves import DECIDERS, HANDLERS

SHEET_READERS = COUNTER_ROLES | {Role.CENTRE_MANAGER}
OVERSEERS = frozenset(
    {Role.CENTRE_MANAGER, Role.INSPECTOR, Role.STEERING_GROUP, Role.REFORM_OFFICE}
)
AUTHORITY_READERS = frozenset(
    {Role.CHIEF_REPRESENTATIVE, Role.APPROVER, Role.CENTRE_MANAGER, Role.INSPECTOR}
)
CASHIERS = COUNTER_ROLES
CASHIER_READERS = CASHIERS | {Role.CENTRE_MANAGER}
WORKERS = COUNTER_ROLES | HANDLERS | DECIDERS  # whose work somebody else takes over
ARRANGERS = WORKERS | {Role.CENTRE_MANAGER}
MANDATE_KEEPERS = COUNTER_ROLES | {Role.CENTRE_MANAGER}

SOON_DAYS = 2  # working days within which a limit ends “soon”
LONGEST_SPAN = 366


@dataclass(frozen=True)
class Column:
    """One number of a sheet, and the day counts that it adds up."""

    key: str
    label: str
    measures: tuple[str, ...]


SHEET = (
    Column("received", "收件", ("case.received", "case.taken_in")),
    Column("accepted", "受理", ("case.accepted", "case.deemed_accepted")),
    Column("decided", "办结", ("case.granted", "case.refused", "case.deemed_granted")),
    Column("on_the_spot", "其中即办", ("case.granted.on_the_spot", "case.refused.on_the_spot")),
    Column("returned", "退件", ("case.returned", "case.declined", "case.not_required")),
    Column("enquired", "咨询", ("enquiry.recorded",)),
)
MEASURES = tuple(measure for column in SHEET for measure in column.measures)


def line_of(counted: Mapping[str, int]) -> list[int]:
    """The numbers of a line of the sheet, in the order of its columns."""
    return [sum(counted.get(one, 0) for one in column.measures) for column in SHEET]


def sums_of(lines: Iterable[list[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*lines, strict=True)] or [0] * len(SHEET)


def check_span(since: date, until: date, today: date) -> None:
    """Raises DomainError for a span that is no span, that is still to come, or over a year."""
    if until < since:
        raise DomainError("截止日期早于开始日期，请更正。")
    if since > today:
        raise DomainError("开始日期还没有到，请更正。")
    if (until - since).days >= LONGEST_SPAN:
        raise DomainError("一次最多看一年，请把起止日期改近一些。")


@dataclass
class Figures:
    """How a unit did in a span of days, and how it stands now."""

    organisation_id: int
    received: int = 0
    accepted: int = 0
    decided: int = 0
    in_time: int = 0  # decided within the promise …
    late: int = 0  # … or not
    days: int = 0  # working days of those two together
    open: int = 0
    soon: int = 0
    overdue: int = 0

    @property
    def timed(self) -> int:
        return self.in_time + self.late

    @property
    def rate(self) -> int | None:
        """按时办结率 in per cent, rounded down: only what was never late is a hundred."""
        return 100 * self.in_time // self.timed if self.timed else None

    @property
    def average_days(self) -> float | None:
        return self.days / self.timed if self.timed else None

    @property
    def is_blank(self) -> bool:
        return not (self.received or self.accepted or self.decided or self.timed or self.open)

    def add(self, other: "Figures") -> None:
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


NUMBERS = [one.name for one in fields(Figures) if one.name != "organisation_id"]


def total_of(rows: Iterable[Figures]) -> Figures:
    total = Figures(0)
    for row in rows:
        total.add(row)
    return total
