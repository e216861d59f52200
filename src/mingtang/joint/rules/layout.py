"""Rules: where boxes stand when what comes later is drawn further on. Layered, without crossings
taken out: routes are small.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Size = tuple[float, float]


@dataclass(frozen=True)
class Place:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def moved(self, x: float, y: float) -> "Place":
        return Place(self.x + x, self.y + y, self.width, self.height)


def depths(keys: Iterable[str], flows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How many boxes stand before each on the longest way to it. Flows make no circle."""
    found = dict.fromkeys(keys, 0)
    listed = [(a, b) for a, b in flows if a in found and b in found]
    for _ in found:  # each round settles at least one box more
        for before, after in listed:
            found[after] = max(found[after], found[before] + 1)
    return found


def layered(
    sizes: Mapping[str, Size], flows: Sequence[tuple[str, str]], *, gap: Size = (40, 24)
) -> dict[str, Place]:
    """Boxes in columns from left to right, each column around one middle line."""
    layers: dict[int, list[str]] = {}
    for key, depth in depths(sizes, flows).items():
        layers.setdefault(depth, []).append(key)
    tall = max((_height(layer, sizes, gap) for layer in layers.values()), default=0)
    found: dict[str, Place] = {}
    x = 0.0
    for depth in sorted(layers):
        layer = layers[depth]
        wide = max(sizes[key][0] for key in layer)
        y = (tall - _height(layer, sizes, gap)) / 2
        for key in layer:
            width, height = sizes[key]
            found[key] = Place(x + (wide - width) / 2, y, width, height)
            y += height + gap[1]
        x += wide + gap[0]
    return found


def _height(layer: Sequence[str], sizes: Mapping[str, Size], gap: Size) -> float:
    return sum(sizes[key][1] for key in layer) + gap[1] * (len(layer) - 1)


def extent(places: Iterable[Place]) -> Size:
    """How much room the boxes take from the corner on."""
    listed = list(places)
    return (
        max((place.right for place in listed), default=0),
        max((place.bottom for place in listed), default=0),
    )
