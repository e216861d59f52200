"""Rules of bottlenecks: where the boxes and lines of a directly-follows graph stand. Pure.

Boxes stand one below the other, in the order in which activities usually come. What leads to the
next box goes straight down; what skips some arches on the right; what goes back, on the left: no
line crosses a box. Only the most frequent edges are drawn, the rest is in the table below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mingtang.bottlenecks.rules.mining import Edge, Findings

MOST_EDGES = 20
BOX_WIDTH, BOX_HEIGHT = 250, 64
ROW = 116  # from one box to the next
MARGIN, TOP = 12, 12
LABEL_WIDTH, LABEL_HEIGHT = 120, 17
REACH_FIRST, REACH_MORE = 44, 26  # how far an arch goes aside, and how much more per row


@dataclass(frozen=True, slots=True)
class Box:
    name: str
    count: int
    x: int  # of the left upper corner
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as a curve: an SVG path, and where the middle of its label stands."""

    edge: Edge
    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]
    left_out: int  # edges that are in the table alone


def picture(found: Findings) -> Picture:
    """The most frequent edges, and the activities that they join."""
    edges = found.edges[:MOST_EDGES]
    names = {name for edge in edges for name in (edge.source, edge.target)}
    drawn = [one for one in found.activities if one.name in names] or found.activities[:1]
    rank = _order(found, [one.name for one in drawn])
    left, right = (_room(edges, rank, way) for way in (-1, 1))
    boxes = [
        Box(one.name, one.count, MARGIN + left, TOP + rank[one.name] * ROW)
        for one in sorted(drawn, key=lambda one: rank[one.name])
    ]
    return Picture(
        width=2 * MARGIN + left + BOX_WIDTH + right,
        height=boxes[-1].y + BOX_HEIGHT + MARGIN,
        boxes=boxes,
        lines=_apart(_line(edge, rank, MARGIN + left) for edge in edges),
        left_out=len(found.edges) - len(edges),
    )


def _order(found: Findings, names: Iterable[str]) -> dict[str, int]:
    """Which activity usually comes first: by its mean place in the variants, and of two neighbours
    the one that leads to the other more often."""
    places: dict[str, list[int]] = {name: [0, 0] for name in names}
    for variant in found.variants:
        for place, name in enumerate(variant.activities):
            if name in places:
                places[name][0] += place * variant.cases
                places[name][1] += variant.cases
    ordered = sorted(places, key=lambda name: (places[name][0] / places[name][1], name))
    counts = {(edge.source, edge.target): edge.count for edge in found.edges}
    for _ in ordered:
        for place in range(len(ordered) - 1):
            one, after = ordered[place : place + 2]
            if counts.get((after, one), 0) > counts.get((one, after), 0):
                ordered[place : place + 2] = [after, one]
    return {name: rank for rank, name in enumerate(ordered)}


def _room(edges: Iterable[Edge], rank: Mapping[str, int], way: int) -> int:
    """What the arches of one side need: -1 those that go back, 1 those that skip some."""
    rows = [(rank[edge.target] - rank[edge.source]) * way for edge in edges]
    furthest = max((row for row in rows if row > (way > 0)), default=0)
    loops = LABEL_WIDTH + 40 if way > 0 and 0 in rows else 0
    return max(_reach(furthest) + LABEL_WIDTH // 2 if furthest else 0, loops)


def _reach(rows: int) -> int:
    return REACH_FIRST + REACH_MORE * rows


def _line(edge: Edge, rank: Mapping[str, int], x: int) -> Line:
    source, target = rank[edge.source], rank[edge.target]
    top, end = TOP + source * ROW, TOP + target * ROW
    rows = target - source
    if rows == 1:
        middle, below = x + BOX_WIDTH // 2, top + BOX_HEIGHT
        path = f"M{middle} {below} L{middle} {end - 5}"
        return Line(edge, path, middle, (below + end) // 2 + 4)
    if rows == 0:
        right = x + BOX_WIDTH
        path = f"M{right} {top + 20} c40 -16 40 40 5 26"
        return Line(edge, path, right + 34 + LABEL_WIDTH // 2, top + 38)
    side, way = (x + BOX_WIDTH, 1) if rows > 1 else (x, -1)
    out = side + way * _reach(abs(rows))
    y1, y2 = top + BOX_HEIGHT // 2 + 12 * way, end + BOX_HEIGHT // 2 - 12 * way
    path = f"M{side} {y1} C{out} {y1} {out} {y2} {side + 5 * way} {y2}"
    return Line(edge, path, (side + 3 * out) // 4, (y1 + y2) // 2 + 4)


def _apart(lines: Iterable[Line]) -> list[Line]:
    """No label upon another: whoever comes later moves down."""
    placed: list[Line] = []
    for line in lines:
        y = line.label_y
        while any(
            abs(other.label_x - line.label_x) < LABEL_WIDTH
            and abs(other.label_y - y) < LABEL_HEIGHT
            for other in placed
        ):
            y += LABEL_HEIGHT
        placed.append(Line(line.edge, line.path, line.label_x, y))
    return placed
