"""Rules of assessment: what was measured becomes points, line by line. Pure, and total: a share of
no cases is said to be empty and never divided by."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from mingtang.assessment.rules.schemes import (
    ONE,
    ZERO,
    Direction,
    Empty,
    Indicator,
    Kind,
    Scheme,
)

CENT = Decimal("0.01")


def rounded(points: Decimal) -> Decimal:
    return points.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Evidence:
    """One event behind a number: where it stands in the ledger, its day, what it was."""

    stream: str
    seq: int
    on: date
    what: str


@dataclass(frozen=True)
class Measured:
    """What a source found. A share has a denominator; a count or a number has none."""

    value: Decimal = ZERO
    of: int | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_empty(self) -> bool:
        """A share of nothing: there was no case."""
        return self.of == 0

    @property
    def amount(self) -> Decimal:
        """The number, or the share. Asked only of what is not empty; of that it is nought."""
        if self.of is None:
            return self.value
        return self.value / self.of if self.of else ZERO


@dataclass(frozen=True)
class Place:
    """Where somebody stands among all: the place from 1, of how many."""

    place: int
    of: int


@dataclass(frozen=True)
class Line:
    """An indicator's result. `weight`: what it counts for here, with its part of the weight of
    lines that do not apply. `points` None: it does not apply."""

    key: str
    measured: Measured
    weight: Decimal
    points: Decimal | None
    is_vetoed: bool = False


@dataclass(frozen=True)
class Score:
    """All lines and their sum. `total` None: nothing applied, so there is nothing to judge."""

    lines: tuple[Line, ...]
    total: Decimal | None
    is_vetoed: bool


@dataclass(frozen=True)
class Found:
    """What is known of a target: measures by source, places by source, points entered by line."""

    measures: Mapping[str, Measured] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    entered: Mapping[str, Decimal] = field(default_factory=dict)


def score_of(scheme: Scheme, found: Found) -> Score:
    """clamp(base + Σ points). A line without a case gives its weight to the others or full marks,
    as it says; the weights together stay what they were."""
    earned = {one.key: _earned(one, found) for one in scheme.indicators}
    weights = effective_weights(scheme, {key for key, got in earned.items() if got is None})
    lines = tuple(_line(one, earned[one.key], weights[one.key], found) for one in scheme.indicators)
    return Score(lines, _total(scheme, lines), any(line.is_vetoed for line in lines))


def _total(scheme: Scheme, lines: Iterable[Line]) -> Decimal | None:
    got = [line.points for line in lines if line.points is not None]
    weighted = any(line.points is not None and line.weight > 0 for line in lines)
    if scheme.base <= 0 and not weighted:
        return None
    return rounded(clamp(scheme.base + sum(got, ZERO), scheme.floor, scheme.cap))


def effective_weights(scheme: Scheme, absent: set[str]) -> dict[str, Decimal]:
    """The weights with those of absent lines given to the rest, each by its own weight. The last
    one takes what rounding leaves, so that the sum stays."""
    weights = {one.key: one.weight for one in scheme.indicators}
    present = [key for key, weight in weights.items() if weight > 0 and key not in absent]
    whole = sum((weights[key] for key in present), ZERO)
    if not absent or not whole:
        return weights
    total = sum(weights.values(), ZERO)
    shared = {key: rounded(total * weights[key] / whole) for key in present}
    last = max(present, key=lambda key: weights[key])
    shared[last] += total - sum(shared.values(), ZERO)
    return {key: shared.get(key, ZERO) for key in weights}


def _line(one: Indicator, earned: Decimal | None, weight: Decimal, found: Found) -> Line:
    measured = found.measures.get(one.source, Measured()) if one.source else Measured()
    is_vetoed = one.kind == Kind.VETO and measured.value > 0
    if earned is None:
        return Line(one.key, measured, ZERO, None, is_vetoed)
    scale = weight / one.weight if one.weight > 0 else ONE
    return Line(one.key, measured, weight, rounded(earned * scale), is_vetoed)


def _earned(one: Indicator, found: Found) -> Decimal | None:
    """The points of a line at its own weight, within its floor and cap. None: does not apply."""
    measured = found.measures.get(one.source, Measured()) if one.source else Measured()
    if measured.is_empty:
        return _of_nothing(one)
    points = _MAKES[Kind(one.kind)](one, measured, found)
    return clamp(points, one.lowest, one.highest)


def _of_nothing(one: Indicator) -> Decimal | None:
    if one.weight > 0:
        return one.weight if one.empty == Empty.FULL_MARKS else None
    return ZERO


def _deducted(one: Indicator, measured: Measured, found: Found) -> Decimal:
    return one.weight - one.per * measured.value


def _stepped(one: Indicator, measured: Measured, found: Found) -> Decimal:
    share = measured.amount
    if one.direction == Direction.DOWN:
        share = ONE - share
    for step in one.steps:
        if step.since <= share and (step.below is None or share < step.below):
            return step.points
    return ZERO


def _linear(one: Indicator, measured: Measured, found: Found) -> Decimal:
    reach = one.best - one.worst
    if not reach:
        return one.weight
    return one.weight * clamp((measured.amount - one.worst) / reach, ZERO, ONE)


def _ranked(one: Indicator, measured: Measured, found: Found) -> Decimal:
    """The first gets full marks, the last none; alone, one is the first."""
    place = found.places.get(one.source)
    if place is None or place.of <= 1:
        return one.weight
    return one.weight * (place.of - place.place) / (place.of - 1)


def _entered(one: Indicator, measured: Measured, found: Found) -> Decimal:
    return one.weight + found.entered.get(one.key, ZERO)


def _vetoed(one: Indicator, measured: Measured, found: Found) -> Decimal:
    return -one.per * measured.value


def _bonus(one: Indicator, measured: Measured, found: Found) -> Decimal:
    if measured.of is not None:
        return _stepped(one, measured, found)
    return one.per * measured.value


_MAKES: dict[Kind, Callable[[Indicator, Measured, Found], Decimal]] = {
    Kind.DEDUCT: _deducted,
    Kind.RATIO_STEPS: _stepped,
    Kind.LINEAR: _linear,
    Kind.RANK: _ranked,
    Kind.MANUAL: _entered,
    Kind.VETO: _vetoed,
    Kind.BONUS: _bonus,
}


def clamp(points: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is not None and points < low:
        return low
    if high is not None and points > high:
        return high
    return points


def head_score(scheme: Scheme, total: Decimal | None) -> Decimal | None:
    """The score of a window's head: what the window lost or gained counts by the set share."""
    if total is None:
        return None
    own = scheme.full - scheme.head_share * (scheme.full - total)
    return rounded(clamp(own, scheme.floor, scheme.cap))
