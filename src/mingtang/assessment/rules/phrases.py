"""Rules of assessment: steps, stars and bands as an office worker writes them. Pure."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from mingtang.assessment.rules.schemes import Star, Step
from mingtang.base.errors import DomainError

HUNDRED = Decimal(100)
_NUMBER = r"(\d{1,6}(?:\.\d{1,4})?)"
_STEP = re.compile(
    rf"{_NUMBER}%?(?:(?:至|到|-|~|～|—)%?{_NUMBER}%?|以上)[:：,，]?([+-]?\d{{1,4}}(?:\.\d{{1,4}})?)分?"
)
_STAR = re.compile(rf"([1-5])星[:：]?{_NUMBER}分?(?:以上)?(?:[,，]?前(\d{{1,4}})名)?")
_BAND = re.compile(r"\d{1,7}")
T = TypeVar("T")


class BadPhrase(DomainError):
    """A line that cannot be read; the sentence says which, and how it is written."""


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def steps_written(steps: Iterable[Step]) -> str:
    """20%至50%：5分, a line each."""
    return "\n".join(
        f"{_plain(one.since * HUNDRED)}%"
        f"{'以上' if one.below is None else f'至{_plain(one.below * HUNDRED)}%'}"
        f"：{_plain(one.points)}分"
        for one in steps
    )


def steps_read(text: str) -> tuple[Step, ...]:
    """Raises BadPhrase."""
    return _read(text, _step, "20%至50%：5分，或者 50%以上：10分")


def _step(line: str) -> Step | None:
    match = _STEP.fullmatch(line)
    if match is None:
        return None
    below = Decimal(match[2]) / HUNDRED if match[2] else None
    return Step(Decimal(match[1]) / HUNDRED, below, Decimal(match[3]))


def stars_written(stars: Iterable[Star]) -> str:
    """5星：98分，前3名"""
    return "\n".join(
        f"{one.stars}星：{_plain(one.at_least)}分{f'，前{one.top}名' if one.top else ''}"
        for one in stars
    )


def stars_read(text: str) -> tuple[Star, ...]:
    """Raises BadPhrase."""
    return _read(text, _star, "5星：98分，或者 5星：98分，前3名")


def _star(line: str) -> Star | None:
    match = _STAR.fullmatch(line)
    if match is None:
        return None
    return Star(int(match[1]), Decimal(match[2]), int(match[3]) if match[3] else None)


def bands_written(bands: Iterable[int]) -> str:
    return "、".join(str(one) for one in bands)


def bands_read(text: str) -> tuple[int, ...]:
    """Raises BadPhrase."""
    return _read(re.sub(r"[、,，\s]+", "\n", text), _band, "1、10、50")


def _band(line: str) -> int | None:
    return int(line) if _BAND.fullmatch(line) else None


def _read(text: str, read: Callable[[str], T | None], example: str) -> tuple[T, ...]:
    found = []
    for line in text.splitlines():
        bare = re.sub(r"\s+", "", line)
        if not bare:
            continue
        one = read(bare)
        if one is None:
            raise BadPhrase(f"“{line.strip()[:40]}”看不懂，请写成 {example}。")
        found.append(one)
    return tuple(found)
