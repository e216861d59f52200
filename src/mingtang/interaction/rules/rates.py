"""Rules of rates: 好评率, 参评率, 整改率, 回访率, each with its n; None where there is none. Pure.

GB/T 39734-2020 keeps the unrated apart. To count them as content (as Guangdong did in 2019 after
seven days of silence) is one way to report, and never what is stored.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Rate:
    """So many of so many."""

    part: int
    of: int

    @property
    def percent(self) -> Decimal:
        exact = Decimal(100 * self.part) / Decimal(self.of)
        return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def rate(part: int, of: int) -> Rate | None:
    """A share of something; of nothing there is no share."""
    return Rate(part, of) if of > 0 else None


@dataclass(frozen=True)
class Tally:
    """Completed services: rated good (levels 1 to 3), rated bad (4 and 5), unrated.

    `unfounded`: rated bad, found to be unfounded by two persons; they took part, and count neither
    as good nor as bad.
    """

    good: int = 0
    bad: int = 0
    unrated: int = 0
    unfounded: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.good + other.good,
            self.bad + other.bad,
            self.unrated + other.unrated,
            self.unfounded + other.unfounded,
        )

    @property
    def rated(self) -> int:
        return self.good + self.bad + self.unfounded

    @property
    def all(self) -> int:
        return self.rated + self.unrated

    @property
    def good_rate(self) -> Rate | None:
        """好评率 among those who rated."""
        return rate(self.good, self.good + self.bad)

    @property
    def good_rate_with_silence(self) -> Rate | None:
        """The same where a report counts silence as content: an option, never the rule."""
        return rate(self.good + self.unrated, self.good + self.bad + self.unrated)

    @property
    def participation(self) -> Rate | None:
        """参评率: rated of what could be rated."""
        return rate(self.rated, self.all)


@dataclass(frozen=True)
class Care:
    """What became of bad ratings: `valid` ones (without those found unfounded), how many of them
    were called back and how many closed."""

    valid: int = 0
    called_back: int = 0
    closed: int = 0

    @property
    def call_back_rate(self) -> Rate | None:
        return rate(self.called_back, self.valid)

    @property
    def rectified_rate(self) -> Rate | None:
        return rate(self.closed, self.valid)


def is_enough(tally: Tally, least: int) -> bool:
    """Whether so many rated that a share says something, and says nothing of one person."""
    return tally.good + tally.bad >= least
