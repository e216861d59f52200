"""Rules: the map of a route as boxes, bands and lines on a plane, and as rows of a table.

Time runs down: a stage is a band, what may go on side by side stands side by side, what waits
stands below. Numbers are units of the drawing.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingtang.joint.rules.layout import Place, depths
from mingtang.joint.rules.route import Node, Route, Stage, Tie, days_said

WIDTH = 960.0
MARGIN = 16.0
HEADING = 40.0
BOX = (172.0, 92.0)
GAP = (13.0, 34.0)
ABREAST = 5
NAME_WIDE, LINE_WIDE = 10.5, 12.5  # full characters in a line of the name, of what stands below
BAND_GAP = 22.0


@dataclass(frozen=True)
class Look:
    """How a node is to be shown. `tone`: wait, info, ok, warn, bad."""

    state: str
    tone: str
    when: str  # which days: "9月25日前", "第3至8个工作日"
    waits_for: tuple[str, ...] = ()  # names of what it waits for now
    decides: bool = False


@dataclass(frozen=True)
class Box:
    key: str
    place: Place
    name: tuple[str, ...]  # one or two lines
    unit: str
    when: str
    look: Look
    told: str  # the whole in a sentence, for who hears it


@dataclass(frozen=True)
class Band:
    place: Place
    title: str


@dataclass(frozen=True)
class Line:
    """`path`: what SVG calls d. Before the next band a line is an arrow between the stages."""

    path: str
    is_soft: bool
    decides: bool


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw(route: Route, looks: Mapping[str, Look], units: Mapping[str, str]) -> Drawing:
    """The map of a route; `units`: names of organisations by code."""
    bands: list[Band] = []
    places: dict[str, Place] = {}
    y = 0.0
    for number, stage in enumerate(route.stages, 1):
        inside = _inside(stage, y + HEADING)
        places |= inside
        bottom = max((place.bottom for place in inside.values()), default=y + HEADING)
        bands.append(Band(Place(0, y, WIDTH, bottom + MARGIN - y), heading(number, stage, units)))
        y = bottom + MARGIN + BAND_GAP
    return Drawing(
        WIDTH,
        max(y - BAND_GAP, 0),
        tuple(bands),
        tuple(
            _box(node, places[node.key], looks[node.key], units) for _stage, node in route.nodes()
        ),
        tuple(_lines(route, places, looks)),
    )


def heading(number: int, stage: Stage, units: Mapping[str, str]) -> str:
    """A stage in a line."""
    order = "" if number == 1 else "，等前面的阶段" if stage.is_serial else "，各环节只等自己的前置"
    lead = f"，{units.get(stage.lead, stage.lead)}牵头" if stage.lead else ""
    days = "" if stage.days is None else f"，共{stage.days}个工作日" if stage.days else "，即办"
    return f"{number}. {stage.name}{lead}{days}{order}"


def _inside(stage: Stage, y: float) -> dict[str, Place]:
    """Places of the nodes of a stage, from a height on: rows by what they wait for."""
    ties = [(need.node, node.key) for node in stage.nodes for need in node.needs]
    rows: dict[int, list[str]] = {}
    for key, depth in depths((node.key for node in stage.nodes), ties).items():
        rows.setdefault(depth, []).append(key)
    found: dict[str, Place] = {}
    for depth in sorted(rows):
        for start in range(0, len(rows[depth]), ABREAST):
            part = rows[depth][start : start + ABREAST]
            x = (WIDTH - len(part) * BOX[0] - (len(part) - 1) * GAP[0]) / 2
            for key in part:
                found[key] = Place(x, y, *BOX)
                x += BOX[0] + GAP[0]
            y += BOX[1] + GAP[1]
    return found


def _box(node: Node, place: Place, look: Look, units: Mapping[str, str]) -> Box:
    unit = units.get(node.organisation, node.organisation) or node.kind.label
    when = f"等{'、'.join(look.waits_for)}" if look.waits_for and not look.when else look.when
    said = [node.name, unit, look.state, look.when]
    said += [f"等{'、'.join(look.waits_for)}"] if look.waits_for else []
    said += ["在决定总时间的一路上"] if look.decides else []
    return Box(
        node.key,
        place,
        tuple(lines_of(node.name, NAME_WIDE, 2)),
        lines_of(unit, LINE_WIDE, 1)[0],
        lines_of(when, LINE_WIDE, 1)[0],
        look,
        "，".join(one for one in said if one),
    )


def _lines(route: Route, places: Mapping[str, Place], looks: Mapping[str, Look]) -> list[Line]:
    found = []
    for _stage, node in route.nodes():
        for need in node.needs:
            if need.node in places:
                decides = looks[need.node].decides and looks[node.key].decides
                path = _curve(places[need.node], places[node.key])
                found.append(Line(path, need.tie is Tie.SIMULATE, decides))
    return found


def _curve(before: Place, after: Place) -> str:
    """Down from the middle of one box to the middle of the other."""
    x, y = before.x + before.width / 2, before.bottom
    to_x, to_y = after.x + after.width / 2, after.y - 6
    bend = max(14.0, (to_y - y) / 2)
    return f"M{x:g} {y:g}C{x:g} {y + bend:g} {to_x:g} {to_y - bend:g} {to_x:g} {to_y:g}"


def lines_of(text: str, wide: float, most: int) -> list[str]:
    """A text in lines of so many full characters, the last one cut with an ellipsis."""
    found: list[str] = []
    line, room = "", wide
    for place, char in enumerate(text):
        takes = 1.0 if unicodedata.east_asian_width(char) in "FWA" else 0.55
        if takes > room:
            if len(found) + 1 == most:
                return [*found, f"{line[:-1]}…"]
            found.append(line)
            line, room = "", wide
        line, room = text[place - len(line) : place + 1], room - takes
    return [*found, line]


# ── the table under it ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    name: str
    unit: str
    days: str
    look: Look
    needs: tuple[str, ...]


def rows_of(
    route: Route, looks: Mapping[str, Look], units: Mapping[str, str]
) -> list[tuple[str, list[Row]]]:
    """By stage, its heading and its nodes in order."""
    names = {node.key: node.name for _stage, node in route.nodes()}
    return [
        (heading(number, stage, units), [_row(node, looks, units, names) for node in stage.nodes])
        for number, stage in enumerate(route.stages, 1)
    ]


def _row(
    node: Node, looks: Mapping[str, Look], units: Mapping[str, str], names: Mapping[str, str]
) -> Row:
    needs: Sequence[str] = [
        names.get(need.node, need.node) + ("（可先模拟审批）" if need.tie is Tie.SIMULATE else "")
        for need in node.needs
    ]
    return Row(
        node.name,
        units.get(node.organisation, node.organisation) or node.kind.label,
        days_said(node.days),
        looks[node.key],
        tuple(needs),
    )
