"""What the hands share: numbers that know how they could be wrong, and a report of such numbers.

A number that other words of the report fix is a *spot*: its kind of fault, what is right and what
would be wrong, kept in the text between private characters until the report is written out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

KINDS = ("sum", "carry", "year", "percent")
_SPOT = re.compile("\ue000([a-z]+)\ue001([^\ue001]*)\ue001([^\ue002]*)\ue002")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NARROW = str.maketrans("，；：（）", ",;:()")


def spot(kind: str, right: str, wrong: str) -> str:
    assert right != wrong, right
    return f"\ue000{kind}\ue001{right}\ue001{wrong}\ue002"


def written(text: str) -> str:
    return _SPOT.sub(r"\2", text)


@dataclass(frozen=True)
class Planted:
    """A report with one fault, and where it is."""

    text: str
    kind: str
    line: int
    right: str
    wrong: str


@dataclass(frozen=True)
class Draft:
    """A whole report with its spots; `name` of the file it would be in, `before` of last year."""

    text: str
    suffix: str = ".txt"
    before: str | None = None

    @property
    def clean(self) -> str:
        return written(self.text)

    def kinds(self) -> set[str]:
        return {one[1] for one in _SPOT.finditer(self.text)}

    def plant(self, kind: str, rng: Random) -> Planted | None:
        able = [one for one in _SPOT.finditer(self.text) if one[1] == kind]
        if not able:
            return None
        return self._with(rng.choice(able))

    def _with(self, one: re.Match[str]) -> Planted:
        head, tail = written(self.text[: one.start()]), written(self.text[one.end() :])
        return Planted(head + one[3] + tail, one[1], head.count("\n") + 1, one[2], one[3])


class Pen:
    """How one author writes numbers, and draws from many ways to say a thing."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.wide = rng.random() < 0.25
        self.comma = rng.random() < 0.15
        self.narrow = rng.random() < 0.2
        self.mixed = rng.random() < 0.2

    def one(self, *ways: str) -> str:
        return self.rng.choice(ways)

    def maybe(self, text: str, chance: float = 0.5) -> str:
        return text if self.rng.random() < chance else ""

    def digits(self, text: str) -> str:
        wide = self.wide != (self.mixed and self.rng.random() < 0.3)
        return text.translate(_WIDE) if wide else text

    def number(self, value: int) -> str:
        text = f"{value:,}" if self.comma and value > 999 else str(value)
        return self.digits(text)

    def free(self, value: int) -> str:
        """A number that nothing else in the report fixes."""
        return self.number(value)

    def count(self, value: int, kind: str = "sum") -> str:
        return spot(kind, self.number(value), self.number(amiss(value, self.rng)))

    def money(self, cents: int, kind: str = "sum", places: int = 2, least: int = 0) -> str:
        """A decimal kept as a whole number of its last place; wrong by more than `least` of it."""

        def form(value: int) -> str:
            return self.digits(f"{value / 10**places:.{places}f}")

        wrong = amiss(cents, self.rng)
        while abs(wrong - cents) <= least:
            wrong = amiss(cents, self.rng)
        return spot(kind, form(cents), form(wrong))

    def percent(self, part: int, whole: int, places: int | None = None) -> str:
        """A share in percent, rounded half up; wrong by more than any rounding."""
        places = self.rng.choice((1, 2, 2, 0)) if places is None else places
        scale = 10**places
        exact = (200 * scale * part + whole) // (2 * whole)
        top = max(exact, 100 * scale)
        wrong = exact
        while abs(wrong - exact) < 2 or wrong < 0:
            wrong = self.rng.choice(
                (
                    amiss(exact, self.rng),
                    self.rng.randint(0, top),
                    exact + self.rng.choice((-1, 1)) * scale * self.rng.randint(2, 9),
                )
            )

        def form(value: int) -> str:
            sign = "％" if self.wide else "%"
            return self.digits(f"{value / scale:.{places}f}") + sign

        return spot("percent", form(exact), form(wrong))

    def year(self, right: int, *wrong: int) -> str:
        return spot("year", self.digits(str(right)), self.digits(str(self.rng.choice(wrong))))

    def pieces(self, total: int, count: int, least: int = 0) -> list[int]:
        """A total in so many parts, none under `least`, the first often the largest."""
        spare = total - least * count
        assert spare >= 0, (total, count)
        cuts = sorted(self.rng.randint(0, spare) for _ in range(count - 1))
        ends = zip([0, *cuts], [*cuts, spare], strict=True)
        return [least + end - start for start, end in ends]

    def finish(self, paragraphs: Iterable[str]) -> str:
        text = "\n".join(one for one in paragraphs if one)
        return text.translate(_NARROW) if self.narrow else text


def amiss(value: int, rng: Random) -> int:
    """Another whole number, in the way that hands slip."""
    digits = str(value)
    at = rng.randrange(len(digits))
    swapped = digits[:at] + digits[at : at + 2][::-1] + digits[at + 2 :]
    other = digits[:at] + str((int(digits[at]) + rng.randint(1, 9)) % 10) + digits[at + 1 :]
    ways = (
        value + 1,
        value - 1,
        value + 10,
        value - 10,
        int(swapped),
        int(other),
        int(digits[:at] + digits[at + 1 :] or "0"),
        int(digits[:at] + digits[at] * 2 + digits[at + 1 :]),
    )
    return rng.choice([one for one in ways if one >= 0 and one != value] or [value + 1])


def listed(parts: Sequence[str], *, between: str = "、", last: str = "和") -> str:
    return between.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else parts[0]
