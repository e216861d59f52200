"""Rules of assessment: places within comparable groups, and stars. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingtang.assessment.rules.schemes import Direction, Scheme
from mingtang.assessment.rules.scoring import Measured, Place


@dataclass(frozen=True)
class Standing:
    """What a ranking needs of a sheet."""

    target_id: int
    total: Decimal | None
    volume: int
    is_vetoed: bool = False


@dataclass(frozen=True)
class Ranked:
    """A place in a group (`band`, from 0), stars, the red flag. `place` None: nothing to judge."""

    target_id: int
    band: int
    place: int | None
    of: int
    stars: int
    has_flag: bool = False


def band_of(bands: Sequence[int], volume: int) -> int:
    """The group of a volume of cases: 0 up to the first limit, that limit not in it."""
    return sum(volume >= limit for limit in bands)


def band_label(bands: Sequence[int], band: int) -> str:
    """没有办件 · 办件量 50 件以下 · 50 至 199 件 · 200 件以上"""
    if not bands:
        return "全部"
    if band == 0:
        return f"办件量 {bands[0]} 件以下" if bands[0] > 1 else "没有办件"
    if band >= len(bands):
        return f"办件量 {bands[-1]} 件以上"
    return f"办件量 {bands[band - 1]} 至 {bands[band] - 1} 件"


def ranking(scheme: Scheme, standings: Iterable[Standing]) -> list[Ranked]:
    """By group, the highest score first; equal scores share a place. The order is total."""
    groups: dict[int, list[Standing]] = {}
    for one in standings:
        groups.setdefault(band_of(scheme.bands, one.volume), []).append(one)
    return [ranked for band in sorted(groups) for ranked in _group(scheme, band, groups[band])]


def _group(scheme: Scheme, band: int, standings: list[Standing]) -> list[Ranked]:
    judged = [one for one in standings if one.total is not None]
    blank = [one for one in standings if one.total is None]
    judged.sort(key=lambda one: (-(one.total or 0), one.target_id))
    blank.sort(key=lambda one: one.target_id)
    totals = [one.total for one in judged]
    found = []
    for one in judged:
        place = totals.index(one.total) + 1
        stars, has_flag = _stars(scheme, one, place), _has_flag(scheme, one, place)
        found.append(Ranked(one.target_id, band, place, len(judged), stars, has_flag))
    return found + [Ranked(one.target_id, band, None, len(judged), 0) for one in blank]


def _is_barred(scheme: Scheme, one: Standing) -> bool:
    """A veto bars every award of the period (一票否决). Where volumes are compared, who brought no
    case to its end earned none."""
    is_idle = bool(scheme.bands) and one.volume == 0
    return one.is_vetoed or is_idle or one.total is None


def _has_flag(scheme: Scheme, one: Standing, place: int) -> bool:
    """红旗窗口: among the first of its group and above the threshold; equals share it."""
    flag = scheme.red_flag
    if flag is None or one.total is None or _is_barred(scheme, one):
        return False
    return place <= flag.top and one.total >= flag.at_least


def _stars(scheme: Scheme, one: Standing, place: int) -> int:
    if one.total is None or _is_barred(scheme, one):
        return 0
    reached = [
        star.stars
        for star in scheme.stars
        if one.total >= star.at_least and (star.top is None or place <= star.top)
    ]
    return max(reached, default=0)


def places(measures: Mapping[int, Measured], direction: str) -> dict[int, Place]:
    """Where each target stands by a measure among those that have one; equals share a place."""
    judged = {key: one.amount for key, one in measures.items() if not one.is_empty}
    ordered = sorted(judged.values(), reverse=direction != Direction.DOWN)
    return {key: Place(ordered.index(amount) + 1, len(ordered)) for key, amount in judged.items()}
