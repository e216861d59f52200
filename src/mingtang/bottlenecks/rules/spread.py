"""Rules of bottlenecks: median, mean, ninetieth percentile. Pure, and exact until it is shown.

A percentile between two values is interpolated along the straight line between them: rank
share × (n − 1), counted from 0. So do `numpy.percentile` and the method "inclusive" of
`statistics.quantiles`; the median of an even number of values lies half way between the middle two.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate


def at_tenths(nth: Callable[[int], int], count: int, tenths: int) -> Fraction:
    """The value below which so many tenths lie: 5 is the median, 9 the ninetieth percentile.

    `nth` gives the values from small to large, counted from 0; there are `count`, at least one.
    """
    low, rest = divmod(tenths * (count - 1), 10)
    if not rest:
        return Fraction(nth(low))
    return Fraction(nth(low) * (10 - rest) + nth(low + 1) * rest, 10)


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
    return _spread(ordered.__getitem__, len(ordered), sum(ordered))


def spread_of_counts(counts: Mapping[int, int]) -> Spread | None:
    """Of values with how often each occurs."""
    values = sorted(value for value, times in counts.items() if times)
    ends = list(accumulate(counts[value] for value in values))
    total = sum(value * times for value, times in counts.items())
    return _spread(lambda place: values[bisect_right(ends, place)], ends[-1] if ends else 0, total)


def _spread(nth: Callable[[int], int], count: int, total: int) -> Spread | None:
    if not count:
        return None
    return Spread(count, total, at_tenths(nth, count, 5), at_tenths(nth, count, 9))
