"""Rules of bottlenecks: median, mean, ninetieth percentile. Pure, and exact until it is shown.

A percentile between two values is interpolated along the straight line between them: rank
share × (n − 1), counted from 0. So do `numpy.percentile` and the method "inclusive" of
`statistics.quantiles`; the median of an even number of values lies half way between the middle two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


def at_tenths(ordered: Sequence[int], tenths: int) -> Fraction:
    """The value below which so many tenths lie: 5 is the median, 9 the ninetieth percentile.

    `ordered`: from small to large, not empty.
    """
    low, rest = divmod(tenths * (len(ordered) - 1), 10)
    if not rest:
        return Fraction(ordered[low])
    return Fraction(ordered[low] * (10 - rest) + ordered[low + 1] * rest, 10)


@dataclass(frozen=True, slots=True)
class Spread:
    """How whole numbers are spread, in their own unit."""

    count: int
    total: int
    median: Fraction
    p90: Fraction

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.count)


def spread_of(values: Iterable[int]) -> Spread | None:
    """None of no values."""
    ordered = sorted(values)
    if not ordered:
        return None
    return Spread(len(ordered), sum(ordered), at_tenths(ordered, 5), at_tenths(ordered, 9))
