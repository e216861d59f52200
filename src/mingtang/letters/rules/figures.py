"""Rules of letters: what the public is told of a unit's month. No rate of too few. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

LEAST_SHOWN = 5  # fewer answers make neither a median nor a share


@dataclass(frozen=True)
class Pace:
    """One answer: working days that it took, and whether the limit was kept."""

    days: int
    is_on_time: bool


@dataclass(frozen=True)
class Figures:
    """A unit's month, or a whole city's."""

    received: int
    answered: int
    median_days: float | None
    on_time_share: int | None  # percent


def figures(received: int, paces: Iterable[Pace]) -> Figures:
    listed = list(paces)
    is_enough = len(listed) >= LEAST_SHOWN
    on_time = sum(one.is_on_time for one in listed)
    return Figures(
        received=received,
        answered=len(listed),
        median_days=median(one.days for one in listed) if is_enough else None,
        on_time_share=round(100 * on_time / len(listed)) if is_enough else None,
    )
