"""Rules: a route written as BPMN 2.0, valid by its schema, with a layout.

Stages are sub-processes, nodes tasks, hard needs within a stage sequence flows with parallel
gateways. No flow crosses the border of a sub-process, and none waits for a simulated result: such
ties are associations that carry `mt:tie`. What BPMN has no word for stands in attributes of our
own namespace; what a person wants to read, in the documentation too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from mingtang.joint.rules.bpmn.names import (
    DC,
    DI,
    DIAGRAM,
    NODE,
    OURS,
    PREFIXES,
    STAGE,
    TASKS,
    model,
    ours,
)
from mingtang.joint.rules.layout import Place, Size, extent, layered
from mingtang.joint.rules.route import Node, Route, Stage, Tie, days_said

for _prefix, _address in PREFIXES.items():
    ET.register_namespace(_prefix, _address)

TASK: Size = (140, 72)
GATEWAY: Size = (50, 50)
EVENT: Size = (36, 36)
MARGIN, HEADING = 32, 44
PROCESS = "process"


@dataclass
class _Wiring:
    """What stands in one container between its start and its end: sizes by id, flows, gateways."""

    scope: str
    sizes: dict[str, Size]
    flows: list[tuple[str, str]] = field(default_factory=list)
    gateways: list[str] = field(default_factory=list)

    @property
    def start(self) -> str:
        return f"start.{self.scope}"

    @property
    def end(self) -> str:
        return f"end.{self.scope}"

    def flow_id(self, number: int) -> str:
        return f"flow.{self.scope}.{number}"


def _wired(scope: str, sizes: Mapping[str, Size], needs: Mapping[str, Sequence[str]]) -> _Wiring:
    """Flows from the start over all boxes to the end: a parallel gateway where several meet."""
    made = _Wiring(scope, dict(sizes))
    needed = {need for each in needs.values() for need in each}
    ties = [(need, key) for key in sizes for need in needs[key]]
    ties = [(made.start, key) for key in sizes if not needs[key]] + ties
    ties += [(key, made.end) for key in sizes if key not in needed]
    leaving, coming = Counter(a for a, _b in ties), Counter(b for _a, b in ties)
    made.sizes |= {made.start: EVENT, made.end: EVENT}
    for key in (made.start, *sizes, made.end):
        if leaving[key] > 1:
            made.gateways.append(f"fork.{key}")
            made.flows.append((key, f"fork.{key}"))
        if coming[key] > 1:
            made.gateways.append(f"join.{key}")
            made.flows.append((f"join.{key}", key))
    made.sizes |= dict.fromkeys(made.gateways, GATEWAY)
    made.flows += [
        (f"fork.{a}" if leaving[a] > 1 else a, f"join.{b}" if coming[b] > 1 else b) for a, b in ties
    ]
    return made


@dataclass(frozen=True)
class _Tie:
    """A need that no sequence flow can say."""

    before: str
    after: str
    tie: Tie
    stage: str  # key of the stage that both are in; "": of none


def write(
    route: Route,
    *,
    code: str,
    name: str,
    edition: int = 0,
    organisations: Mapping[str, str] | None = None,
) -> bytes:
    """A file of the route. `organisations`: names by code, for people to read."""
    named = organisations or {}
    within = {stage.key: _within(stage) for stage in route.stages}
    ties = list(_ties(route))
    inner = {
        key: layered(wiring.sizes, [*wiring.flows, *_drawn(ties, key)])
        for key, wiring in within.items()
    }
    sizes = {STAGE + key: _room(places) for key, places in inner.items()}
    outer = _wired(PROCESS, sizes, _stage_needs(route))
    root = ET.Element(model("definitions"), {"id": "definitions", "targetNamespace": OURS})
    process = ET.SubElement(
        root,
        model("process"),
        {"id": PROCESS, "name": name, "isExecutable": "false", ours("code"): code},
    )
    if edition:
        process.set(ours("edition"), str(edition))
    _container(process, outer, route.stages, within, named, ties)
    _artifacts(process, ties, "")
    _plane(root, outer, within, inner, ties)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data + b"\n"


def _drawn(ties: Sequence[_Tie], stage: str) -> list[tuple[str, str]]:
    """Ties within a stage, which are drawn from left to right like flows."""
    return [(NODE + one.before, NODE + one.after) for one in ties if one.stage == stage]


def _within(stage: Stage) -> _Wiring:
    keys = {node.key for node in stage.nodes}
    needs = {
        NODE + node.key: [
            NODE + need.node for need in node.needs if need.tie is Tie.HARD and need.node in keys
        ]
        for node in stage.nodes
    }
    return _wired(STAGE + stage.key, dict.fromkeys(needs, TASK), needs)


def _stage_needs(route: Route) -> dict[str, list[str]]:
    """A serial stage comes after the serial one before it and all that stand beside that one."""
    found: dict[str, list[str]] = {}
    ends: list[str] = []
    for stage in route.stages:
        key = STAGE + stage.key
        found[key] = ends if stage.is_serial else []
        ends = [key] if stage.is_serial else [*ends, key]
    return found


def _ties(route: Route) -> Iterator[_Tie]:
    homes = {node.key: stage.key for stage, node in route.nodes()}
    for stage, node in route.nodes():
        for need in node.needs:
            is_near = homes.get(need.node) == stage.key
            if need.node in homes and not (is_near and need.tie is Tie.HARD):
                yield _Tie(need.node, node.key, need.tie, stage.key if is_near else "")


# ── the model ─────────────────────────────────────────────────────────────────────────────────


def _container(
    parent: ET.Element,
    wiring: _Wiring,
    stages: Sequence[Stage],
    within: Mapping[str, _Wiring],
    named: Mapping[str, str],
    ties: Sequence[_Tie],
) -> None:
    _flow_node(parent, "startEvent", wiring.start, wiring)
    for stage in stages:
        box = _flow_node(parent, "subProcess", STAGE + stage.key, wiring, stage.name)
        _describe_stage(box, stage, named)
        _lanes(box, stage, named)
        inner = within[stage.key]
        _flow_node(box, "startEvent", inner.start, inner)
        for node in stage.nodes:
            _task(box, node, inner, named)
        _rest(box, inner)
        _artifacts(box, ties, stage.key)
    _rest(parent, wiring)


def _flow_node(
    parent: ET.Element, tag: str, key: str, wiring: _Wiring, name: str = ""
) -> ET.Element:
    made = ET.SubElement(parent, model(tag), {"id": key} | ({"name": name} if name else {}))
    for way, end in (("incoming", 1), ("outgoing", 0)):
        for number, flow in enumerate(wiring.flows, 1):
            if flow[end] == key:
                ET.SubElement(made, model(way)).text = wiring.flow_id(number)
    return made


def _describe_stage(box: ET.Element, stage: Stage, named: Mapping[str, str]) -> None:
    box.set(ours("serial"), _flag(stage.is_serial))
    if stage.lead:
        box.set(ours("lead"), stage.lead)
    if stage.days is not None:
        box.set(ours("days"), str(stage.days))
    lead = named.get(stage.lead, stage.lead)
    _document(box, [f"牵头单位：{lead}" if lead else "", _days(stage.days)])


def _task(box: ET.Element, node: Node, wiring: _Wiring, named: Mapping[str, str]) -> None:
    made = _flow_node(box, TASKS[node.kind], NODE + node.key, wiring, node.name)
    made.set(ours("kind"), node.kind.value)
    made.set(ours("required"), _flag(node.is_required))
    if node.item:
        made.set(ours("item"), node.item)
    if node.days is not None:
        made.set(ours("days"), str(node.days))
    unit = named.get(node.organisation, node.organisation)
    lines = [
        node.kind.label,
        f"单位：{unit}" if unit else "",
        f"事项：{node.item}" if node.item else "",
        _days(node.days),
        "" if node.is_required else "不是每件都办",
    ]
    _document(made, lines)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _days(days: int | None) -> str:
    return f"承诺时限：{days_said(days)}"


def _document(box: ET.Element, lines: Sequence[str]) -> None:
    made = ET.Element(model("documentation"))
    made.text = "；".join(line for line in lines if line)
    box.insert(0, made)


def _lanes(box: ET.Element, stage: Stage, named: Mapping[str, str]) -> None:
    """One lane for each organisation of the stage."""
    units = list(dict.fromkeys(node.organisation for node in stage.nodes if node.organisation))
    if not units:
        return
    lanes = ET.SubElement(box, model("laneSet"), {"id": f"lanes.{stage.key}"})
    for number, unit in enumerate(units, 1):
        says = {"id": f"lane.{stage.key}.{number}", "name": named.get(unit, unit)}
        lane = ET.SubElement(lanes, model("lane"), says | {ours("organisation"): unit})
        for node in stage.nodes:
            if node.organisation == unit:
                ET.SubElement(lane, model("flowNodeRef")).text = NODE + node.key


def _rest(parent: ET.Element, wiring: _Wiring) -> None:
    """The gateways, the end and the flows of a container."""
    for gateway in wiring.gateways:
        direction = "Diverging" if gateway.startswith("fork.") else "Converging"
        made = _flow_node(parent, "parallelGateway", gateway, wiring)
        made.set("gatewayDirection", direction)
    _flow_node(parent, "endEvent", wiring.end, wiring)
    for number, (before, after) in enumerate(wiring.flows, 1):
        ends = {"id": wiring.flow_id(number), "sourceRef": before, "targetRef": after}
        ET.SubElement(parent, model("sequenceFlow"), ends)


def _artifacts(parent: ET.Element, ties: Sequence[_Tie], stage: str) -> None:
    for number, one in enumerate(ties, 1):
        if one.stage == stage:
            says = {
                "id": f"tie.{number}",
                "associationDirection": "One",
                "sourceRef": NODE + one.before,
                "targetRef": NODE + one.after,
                ours("tie"): one.tie.value,
            }
            ET.SubElement(parent, model("association"), says)


# ── the layout ────────────────────────────────────────────────────────────────────────────────


def _room(places: Mapping[str, Place]) -> Size:
    width, height = extent(places.values())
    return width + 2 * MARGIN, height + MARGIN + HEADING


def _plane(
    root: ET.Element,
    outer: _Wiring,
    within: Mapping[str, _Wiring],
    inner: Mapping[str, Mapping[str, Place]],
    ties: Sequence[_Tie],
) -> None:
    diagram = ET.SubElement(root, f"{{{DIAGRAM}}}BPMNDiagram", {"id": "diagram"})
    says = {"id": "plane", "bpmnElement": PROCESS}
    plane = ET.SubElement(diagram, f"{{{DIAGRAM}}}BPMNPlane", says)
    placed = {k: one.moved(MARGIN, MARGIN) for k, one in layered(outer.sizes, outer.flows).items()}
    for key, places in inner.items():
        corner = placed[STAGE + key]
        placed |= {k: p.moved(corner.x + MARGIN, corner.y + HEADING) for k, p in places.items()}
    for key, place in placed.items():
        _shape(plane, key, place)
    for wiring in (outer, *within.values()):
        for number, (before, after) in enumerate(wiring.flows, 1):
            _edge(plane, wiring.flow_id(number), placed[before], placed[after])
    for number, one in enumerate(ties, 1):
        _edge(plane, f"tie.{number}", placed[NODE + one.before], placed[NODE + one.after])


def _shape(plane: ET.Element, key: str, place: Place) -> None:
    says = {"id": f"shape.{key}", "bpmnElement": key}
    if key.startswith(STAGE):
        says["isExpanded"] = "true"
    shape = ET.SubElement(plane, f"{{{DIAGRAM}}}BPMNShape", says)
    bounds = {"x": place.x, "y": place.y, "width": place.width, "height": place.height}
    ET.SubElement(shape, f"{{{DC}}}Bounds", {side: f"{value:g}" for side, value in bounds.items()})


def _edge(plane: ET.Element, key: str, before: Place, after: Place) -> None:
    says = {"id": f"edge.{key}", "bpmnElement": key}
    edge = ET.SubElement(plane, f"{{{DIAGRAM}}}BPMNEdge", says)
    half = (before.right + after.x) / 2
    points = [(before.right, before.middle), (half, before.middle)]
    points += [(half, after.middle), (after.x, after.middle)]
    for x, y in points if before.middle != after.middle else (points[0], points[-1]):
        ET.SubElement(edge, f"{{{DI}}}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
