"""Commands: what the schedule asks for is owed, with a clock, whether or not anybody begins."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.base.rows import insert_rows
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command
from mingtang.timing.rules import ClockKind
from mingtang.timing.services import start_clock_until
from mingtang.villages.models import Disclosure, ReleaseLimit, Section, Village
from mingtang.villages.rules import periods
from mingtang.villages.rules.kinds import Area, Occasion
from mingtang.villages.rules.periods import MONTH, QUARTER, Period
from mingtang.villages.services.common import Facts, limits, tell

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Debt:
    """One thing that a village owes for a period."""

    village_id: int
    section_id: int
    period_first: date
    period_months: int
    due: date


def sweep(at: datetime) -> int:
    """Write down what has become owed. Late or twice: the same. Returns how many."""
    debts = list(_unwritten(legal_date(at)))
    for start in range(0, len(debts), MOST_AT_ONCE):
        part = debts[start : start + MOST_AT_ONCE]
        owe(
            debts=part,
            actor=SYSTEM,
            at=at,
            command_id=derived_command_id("village.owe", *map(repr, part)),
        )
    return len(debts)


def _unwritten(on: date) -> Iterator[Debt]:
    rules = limits()
    if not rules:
        return
    sections = list(Section.objects.filter(is_periodic=True).order_by("id"))
    villages = list(Village.objects.order_by("code"))
    known = _known(one.id for one in villages)
    for village in villages:
        for section in sections:
            for debt in _debts(village, section, rules, on):
                if (debt.village_id, debt.section_id, debt.period_first) not in known:
                    yield debt


def _known(village_ids: Iterable[int]) -> set[tuple[int, int, date | None]]:
    """What was opened: village, section, first day of the period."""
    rows = Disclosure.objects.filter(occasion=Occasion.PERIODIC.value, village__in=set(village_ids))
    return set(rows.values_list("village_id", "section_id", "period_first_date"))


def _debts(
    village: Village, section: Section, rules: Sequence[ReleaseLimit], on: date
) -> Iterator[Debt]:
    """The periods that are over, each by what was in force at its end."""
    since = max(village.joined_date, section.valid_from)
    for month in periods.ended_since(since, on, MONTH):
        limit = periods.in_force(rules, village.id, month.last)
        months = QUARTER if limit is None or section.area != Area.FINANCE else limit.finance_months
        period = periods.last_ended(month.next().first, months)
        is_its_end = period.last == month.last and period.first >= since
        is_held = section.valid_to is None or period.last <= section.valid_to
        if limit is not None and is_its_end and is_held:
            due = period.due(limit.due_day)
            yield Debt(village.id, section.id, period.first, period.months, due)


@command("village.owe")
def owe(*, debts: Sequence[Debt], actor: Actor, at: datetime, command_id: str) -> Facts:
    """Open a disclosure for each debt, and its clock. What somebody opened meanwhile stays."""
    villages = Village.objects.in_bulk({one.village_id for one in debts})
    sections = Section.objects.in_bulk({one.section_id for one in debts})
    known = _known(one.village_id for one in debts)
    made = [
        _owed(one, villages[one.village_id], sections[one.section_id], at)
        for one in debts
        if (one.village_id, one.section_id, one.period_first) not in known
    ]
    insert_rows(made)
    facts = [{"clocks": [_clock(one)]} for one in made]
    if made:
        tell(made, "owed", facts, actor, at, command_id)
    return {"count": len(made)}


def _owed(debt: Debt, village: Village, section: Section, at: datetime) -> Disclosure:
    period = Period(debt.period_first, debt.period_months)
    return Disclosure(
        village=village,
        section=section,
        occasion=Occasion.PERIODIC.value,
        period_first_date=debt.period_first,
        period_months=debt.period_months,
        title=f"{village.name}{period.label}{section.name}",
        due_date=debt.due,
        opened_at=at,
    )


def _clock(one: Disclosure) -> Facts:
    assert one.due_date is not None
    assert one.period_first_date is not None
    start = Period(one.period_first_date, one.period_months or QUARTER).last
    return start_clock_until(
        stream=one.stream, kind=ClockKind.DISCLOSURE, start=start, due_date=one.due_date
    )
