"""Rules: a subset of BPMN 2.0 read as a route. What is not of the subset is listed, never dropped
in silence.

Read are: start and end, tasks, parallel gateways, sub-processes (as stages), lanes (as
organisations), and our own attributes. What else stands on a way is passed over: what it joined
stays in its order.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mingtang.joint.rules.bpmn.names import NODE, STAGE, model, ours
from mingtang.joint.rules.bpmn.parsing import BpmnUnreadable, Element, parsed
from mingtang.joint.rules.checks import KEY, MOST_NODES, MOST_STAGES, settled
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie
from mingtang.joint.rules.ties import in_order

__all__ = ["BpmnUnreadable", "Imported", "Refused", "read"]

TASKS = {"userTask", "manualTask", "serviceTask", "task"}
PASSED = {"startEvent", "endEvent", "parallelGateway"}
PARTS = {"incoming", "outgoing", "documentation", "laneSet", "sequenceFlow", "association"}
BY_WAY = "它前后的先后关系保留。"
WHY = {
    "exclusiveGateway": f"按条件只走一路的网关，路线里没有；按各路都走读入。{BY_WAY}",
    "inclusiveGateway": f"按条件走几路的网关，路线里没有；按各路都走读入。{BY_WAY}",
    "eventBasedGateway": f"按事件走一路的网关，路线里没有；按各路都走读入。{BY_WAY}",
    "complexGateway": f"复杂网关，路线里没有；按各路都走读入。{BY_WAY}",
    "scriptTask": f"脚本任务，本系统不运行脚本，没有读入。{BY_WAY}",
    "businessRuleTask": f"规则任务，本系统不自动决定，没有读入。{BY_WAY}",
    "subProcess": f"阶段里再套的子流程，没有读入，里面的环节请手工补。{BY_WAY}",
    "extensionElements": "别的软件的扩展内容，没有读入。",
    "documentation": "说明文字，没有读入，需要的请手工补。",
    "participant": "参与方（泳池），没有读入；单位按泳道读入。",
    "collaboration": "协作关系，没有读入；只读第一条流程。",
    "process": "文件里的另一条流程，没有读入；请分开导入。",
    "conditionExpression": "连线上的条件，没有读入，按无条件。",
    "childLaneSet": "泳道里再套的泳道，没有读入；单位按外层泳道。",
    "textAnnotation": "注释，没有读入。",
    "group": "分组框，没有读入。",
}
OTHERWISE = "不在可以读入的范围内，没有读入。"


@dataclass(frozen=True)
class Refused:
    """Something of the file that the route does not hold: which element, and why."""

    element: str
    id: str
    why: str


@dataclass(frozen=True)
class Imported:
    """`organisation` of a node and `lead` of a stage are as the file says: a code or a name."""

    code: str
    name: str
    route: Route
    refused: tuple[Refused, ...]


@dataclass
class _Box:
    """A container: what stands in it, in the order of the file, and what comes before what."""

    element: Element
    refused: list[Refused]
    kept: dict[str, Element] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, element: Element, why: str = "") -> None:
        text = why or WHY.get(element.name, OTHERWISE)
        owner = element.id or self.element.id
        self.refused.append(Refused(element.name, owner, text))


def read(data: bytes) -> Imported:
    """The route of a file, its needs in the order of the route. Raises BpmnUnreadable."""
    root = parsed(data)
    if root.tag != model("definitions"):
        raise BpmnUnreadable("文件不是 BPMN 2.0 的流程定义，请由建模软件导出 BPMN 2.0。")
    _check_ids(root)
    processes = root.all(model("process"))
    if not processes:
        raise BpmnUnreadable("文件里没有流程（process），请导出一条流程。")
    process, refused = processes[0], list[Refused]()
    for child in root.children:
        if child is not process and not child.tag.endswith("}BPMNDiagram"):
            refused.append(Refused(child.name, child.id, WHY.get(child.name, OTHERWISE)))
    stages = list(_stages(process, refused))
    if not stages:
        raise BpmnUnreadable("流程里没有可以读入的任务，请先画出任务。")
    if len(stages) > MOST_STAGES or sum(len(one.nodes) for one in stages) > MOST_NODES:
        raise BpmnUnreadable(f"最多读入{MOST_STAGES}个阶段、{MOST_NODES}个环节，请分开导入。")
    name = process.attributes.get("name", "")
    code = process.attributes.get(ours("code"), "")
    return Imported(code, name, settled(Route(tuple(stages))), tuple(refused))


def _check_ids(root: Element) -> None:
    counts = Counter(one.id for one in _all(root) if one.id)
    twice = [key for key, count in counts.items() if count > 1]
    if twice:
        raise BpmnUnreadable(f"文件里 id“{twice[0]}”用了不止一次，请由建模软件重新导出。")


def _all(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _all(child)


# ── a container and its order ─────────────────────────────────────────────────────────────────


def _box(element: Element, refused: list[Refused], kept: frozenset[str]) -> _Box:
    """What of a container is kept, and what each of those comes after."""
    box = _Box(element, refused)
    passed: set[str] = set()
    for child in element.children:
        if child.name in kept and not _is_triggered(child):
            box.kept[child.id] = child
        elif child.name not in PARTS:
            passed.add(child.id)
            if child.name not in PASSED:
                box.refuse(child)
        _refuse_parts(child, box)
    box.needs = _needs(box, passed)
    return box


def _is_triggered(child: Element) -> bool:
    return child.attributes.get("triggeredByEvent") == "true"


def _refuse_parts(child: Element, box: _Box) -> None:
    """What is said of a task, an event, a flow that a route does not say."""
    is_ours = child.name in PARTS or ours("kind") in child.attributes
    known = PARTS if is_ours or ours("serial") in child.attributes else PARTS - {"documentation"}
    if child.name == "subProcess" and child.id in box.kept:
        if "documentation" not in known:
            for said in child.all(model("documentation")):
                box.refused.append(Refused(said.name, child.id, WHY[said.name]))
        return
    if child.name in {"laneSet", "documentation", "extensionElements"}:
        return
    for part in child.children:
        if part.name not in known:
            why = WHY.get(part.name, OTHERWISE)
            box.refused.append(Refused(part.name, part.id or child.id, why))


def _needs(box: _Box, passed: set[str]) -> dict[str, list[str]]:
    """By box, the boxes before it, over whatever stands between."""
    before: dict[str, list[str]] = {}
    for flow in box.element.all(model("sequenceFlow")):
        ends = [flow.attributes.get(end, "") for end in ("sourceRef", "targetRef")]
        if not {*ends} <= {*box.kept, *passed}:
            box.refuse(flow, "连线有一端不在这个流程或阶段里，没有读入。")
            continue
        before.setdefault(ends[1], []).append(ends[0])
    return {key: _kept_before(key, before, box.kept) for key in box.kept}


def _kept_before(
    key: str, before: Mapping[str, list[str]], kept: Mapping[str, Element]
) -> list[str]:
    found: list[str] = []
    ways = list(before.get(key, ()))
    for one in ways:  # grows while it is read
        if one in kept:
            found += [one] if one not in found else []
        else:
            ways += [more for more in before.get(one, ()) if more not in ways]
    return found


# ── stages ────────────────────────────────────────────────────────────────────────────────────


def _stages(process: Element, refused: list[Refused]) -> Iterator[Stage]:
    outer = _box(process, refused, frozenset({*TASKS, "subProcess"}))
    if not any(child.name == "subProcess" for child in outer.kept.values()):
        reader = _Reader([outer], process)
        if outer.kept:
            name = process.attributes.get("name") or "办理"
            yield Stage("main", name, tuple(reader.nodes(outer)))
        return
    order = _order(outer)
    boxes = {
        key: _box(child, refused, frozenset(TASKS))
        for key, child in outer.kept.items()
        if child.name == "subProcess"
    }
    reader = _Reader([outer, *boxes.values()], process)
    keys = _Keys()
    for place, key in enumerate(order):
        child = outer.kept[key]
        if key in boxes:
            nodes = tuple(reader.nodes(boxes[key]))
        else:
            outer.refuse(child, "任务不在任何子流程里，读成了只有它一个环节的阶段。")
            nodes = (reader.node(outer, child, {}),)
        yield _stage(child, nodes, keys, _is_serial(outer, order, place))


def _order(outer: _Box) -> list[str]:
    """Stages, each after those before it, otherwise as in the file."""
    waits = {key: tuple(map(Need, needs)) for key, needs in outer.needs.items()}
    if len(in_order(waits)) < len(outer.kept):
        outer.refuse(outer.element, "阶段之间绕成了圈，阶段按文件里的先后排列。")
        return list(outer.kept)
    found: list[str] = []
    left = list(outer.kept)
    while left:
        ready = next(key for key in left if {*outer.needs[key]} <= {*found})
        found.append(ready)
        left.remove(ready)
    return found


def _is_serial(outer: _Box, order: Sequence[str], place: int) -> bool:
    key = order[place]
    before, ways = {*outer.needs[key]}, list(outer.needs[key])
    for one in ways:  # grows while it is read
        ways += [more for more in outer.needs[one] if more not in before]
        before |= {*outer.needs[one]}
    if place == 0:
        return outer.kept[key].attributes.get(ours("serial")) != "false"
    if before and not {*order[:place]} <= before:
        outer.refuse(outer.kept[key], "只等前面的几个阶段，读成了等前面的全部阶段。")
    return bool(before)


def _stage(child: Element, nodes: tuple[Node, ...], keys: "_Keys", is_serial: bool) -> Stage:
    says = child.attributes
    return Stage(
        key=keys.of(child.id, STAGE, "stage"),
        name=says.get("name", ""),
        nodes=nodes,
        lead=says.get(ours("lead"), ""),
        days=_whole(says.get(ours("days"), "")) if child.name == "subProcess" else None,
        is_serial=is_serial,
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None


# ── nodes ─────────────────────────────────────────────────────────────────────────────────────


class _Keys:
    """Keys of our own files come back; others are made of the ids, each once."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}

    def of(self, id_: str, prefix: str, word: str) -> str:
        if id_ not in self.given:
            wanted = id_.removeprefix(prefix).lower()
            taken = set(self.given.values())
            number = len(taken) + 1
            while not KEY.fullmatch(wanted) or wanted in taken:
                wanted, number = f"{word}-{number}", number + 1
            self.given[id_] = wanted
        return self.given[id_]


class _Reader:
    """Makes nodes of tasks: with the lanes and the ties of all containers of the file."""

    def __init__(self, boxes: Sequence[_Box], process: Element) -> None:
        self.keys = _Keys()
        self.lanes: dict[str, str] = {}
        self.ties: dict[str, dict[str, Tie]] = {}
        tasks = {key for box in boxes for key, one in box.kept.items() if one.name in TASKS}
        for box in boxes:
            for key in (key for key, one in box.kept.items() if one.name in TASKS):
                self.keys.of(key, NODE, "node")
            self._read_lanes(box)
            self._read_ties(box, tasks)

    def _read_lanes(self, box: _Box) -> None:
        for lanes in box.element.all(model("laneSet")):
            for lane in lanes.all(model("lane")):
                unit = lane.attributes.get(ours("organisation")) or lane.attributes.get("name", "")
                for part in lane.children:
                    if part.name == "flowNodeRef":
                        self.lanes[part.text.strip()] = unit
                    else:
                        why = WHY.get(part.name, OTHERWISE)
                        box.refused.append(Refused(part.name, part.id or lane.id, why))

    def _read_ties(self, box: _Box, tasks: set[str]) -> None:
        for one in box.element.all(model("association")):
            says = one.attributes
            before, after = says.get("sourceRef", ""), says.get("targetRef", "")
            tie = {each.value: each for each in Tie}.get(says.get(ours("tie"), ""))
            if tie is None or not {before, after} <= tasks:
                box.refuse(one, "关联线，不是本系统的前置关系，没有读入。")
            else:
                self.ties.setdefault(after, {})[before] = tie

    def nodes(self, box: _Box) -> Iterator[Node]:
        for key, task in box.kept.items():
            yield self.node(box, task, dict.fromkeys(box.needs[key], Tie.HARD))

    def node(self, box: _Box, task: Element, flows: Mapping[str, Tie]) -> Node:
        says, ties = task.attributes, {**self.ties.get(task.id, {}), **flows}
        return Node(
            key=self.keys.of(task.id, NODE, "node"),
            name=says.get("name", ""),
            kind=self._kind(box, task),
            item=says.get(ours("item"), ""),
            organisation=self.lanes.get(task.id, ""),
            days=_whole(says.get(ours("days"), "")),
            needs=tuple(Need(self.keys.of(key, NODE, "node"), tie) for key, tie in ties.items()),
            is_required=says.get(ours("required")) != "false",
        )

    def _kind(self, box: _Box, task: Element) -> NodeKind:
        said = task.attributes.get(ours("kind"), "")
        if said in {kind.value for kind in NodeKind}:
            return NodeKind(said)
        if task.name in {"manualTask", "serviceTask"} or said:
            box.refuse(task, "没有写环节类型，读成了“办件”，请核对。")
        return NodeKind.CASE
