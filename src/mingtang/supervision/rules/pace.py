"""Rules of supervision: how fast a case was decided, and what that adds up to. Pure.

Speed-up (提速率) = (statutory − actual) / statutory, in working days, pauses taken out. The law's
own limit counts, never one that was extended (《行政许可法》第四十二条).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from mingtang.supervision.rules.story import Told
from mingtang.timing.rules import (
    ClockKind,
    ClockState,
    OutsideCalendar,
    Unit,
    WorkingCalendar,
    fold,
    working_days_used,
)

DECISIONS = ("case.granted", "case.refused", "case.deemed_granted")


@dataclass(frozen=True)
class CasePace:
    """One decided case: working days, and how it stood to its promise."""

    organisation_id: int
    person_id: int | None
    decided_date: date
    statutory_days: int | None
    used_days: int
    is_on_time: bool
    is_early: bool


def pace_of(events: Sequence[Told], calendar: WorkingCalendar) -> CasePace | None:
    """`events`: those of a case up to its decision. None where no limit of it ran in days."""
    decision = events[-1]
    ops = [op for event in events for op in event.facts.get("clocks") or ()]
    clocks = fold(ops, calendar)
    statutory, promised = clocks.get(ClockKind.STATUTORY), clocks.get(ClockKind.PROMISED)
    measured = promised or statutory
    unit = decision.facts.get("organisation_id")
    if measured is None or measured.stopped_on is None or not unit:
        return None
    stopped = measured.stopped_on
    try:
        used = working_days_used(calendar, measured.start_date, stopped, measured.pauses)
        lawful = _lawful_days(statutory, ops, calendar)
        left = calendar.count(stopped, measured.due) if stopped < measured.due else 0
    except OutsideCalendar:
        return None
    return CasePace(
        organisation_id=int(unit),
        person_id=int(decision.person_id) if decision.person_id else None,
        decided_date=decision.on,
        statutory_days=lawful,
        used_days=used,
        is_on_time=stopped <= measured.due,
        is_early=left >= 1,
    )


def _lawful_days(
    clock: ClockState | None, ops: Iterable[Mapping[str, Any]], calendar: WorkingCalendar
) -> int | None:
    """The statutory limit in working days, as it first was."""
    if clock is None:
        return None
    if clock.unit is Unit.WORKING_DAY:
        starts = (op for op in ops if op["kind"] == clock.kind and op["op"] == "start")
        return int(next(starts)["amount"]) or None
    return working_days_used(calendar, clock.start_date, clock.due, clock.pauses) or None


@dataclass
class UnitPace:
    """What the cases of an office add up to. `bulk`: set apart, in none of the other numbers."""

    organisation_id: int
    count: int = 0
    on_time: int = 0
    early: int = 0
    bulk: int = 0
    speeds: dict[Fraction, int] = field(default_factory=dict)

    def add(self, row: "Group", count: int) -> None:
        self.count += count
        self.on_time += count * row.is_on_time
        self.early += count * row.is_early
        if row.statutory_days:
            speed = speedup(row.statutory_days, row.used_days)
            self.speeds[speed] = self.speeds.get(speed, 0) + count

    @property
    def measured(self) -> int:
        """How many have a statutory limit: what the speed-up speaks of."""
        return sum(self.speeds.values())

    @property
    def median_speedup(self) -> Fraction | None:
        return median(self.speeds)


@dataclass(frozen=True)
class Group:
    """Cases of an office that are alike."""

    organisation_id: int
    statutory_days: int | None
    used_days: int
    is_on_time: bool
    is_early: bool


def speedup(statutory: int, used: int) -> Fraction:
    """Below nought where it took longer than the law allows."""
    return Fraction(statutory - used, statutory)


def median(values: Mapping[Fraction, int]) -> Fraction | None:
    """Of values with how often each occurs; of an even number, half way between the two."""
    total = sum(values.values())
    if not total:
        return None
    low, high = (total - 1) // 2, total // 2
    return (_nth(values, low) + _nth(values, high)) / 2


def _nth(values: Mapping[Fraction, int], place: int) -> Fraction:
    for value in sorted(values):
        place -= values[value]
        if place < 0:
            return value
    raise IndexError(place)
