"""Rules: what is wrong with a route, and where. An error keeps it from being published; a doubt is
told and left to whoever publishes.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.limits import Limit
from mingtang.joint.rules.critical import GOVERNMENT, plan_of, stage_days
from mingtang.joint.rules.route import Node, NodeKind, Route, Stage
from mingtang.joint.rules.ties import circles, in_order, waits_of
from mingtang.timing.rules import Unit

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MOST_DAYS = 999
MOST_STAGES = 20
MOST_NODES = 60
JOINT_DAYS = 45  # 《行政许可法》第四十二条第二款: joint handling takes at most 45 days
JOINT_BASIS = "《行政许可法》第四十二条第二款"
TO_CONFIRM = "待确认"


@dataclass(frozen=True)
class ItemFacts:
    """What the checks know of an item: its name, its limits, who decides."""

    name: str
    department: str  # code of the organisation
    promised: Limit | None = None
    statutory: Limit | None = None


@dataclass(frozen=True)
class Known:
    """What there is outside the route: codes of organisations, items by their codes."""

    organisations: Collection[str] = ()
    items: Mapping[str, ItemFacts] = field(default_factory=dict)
    joint_days: int = JOINT_DAYS


@dataclass(frozen=True)
class Fault:
    """`stage` and `node` are keys, for the way to the place; "" where the whole route is meant."""

    place: str
    text: str
    stage: str = ""
    node: str = ""
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.place}：{self.text}"


class RouteInvalid(DomainError):
    """A route that cannot be published: each sentence names its place."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(faults)
        self.sentences = [str(fault) for fault in self.faults]
        super().__init__("路线还不能发布：" + "".join(self.sentences))


def faults_of(route: Route, known: Known) -> list[Fault]:
    """All that is wrong with a route, in its order; what rests on an error is not asked after."""
    found = [*_shape(route), *_names(route), *_outside(route, known)]
    if _has_keys(route):
        ties = [*_needs(route), *_dead(route)]
        found += ties or _sums(route, known)
    return found


def _has_keys(route: Route) -> bool:
    """Whether each node can be told from the others."""
    keys = [node.key for _stage, node in route.nodes()]
    return len({*keys, ""}) == len(keys) + 1


def errors_of(route: Route, known: Known) -> list[Fault]:
    return [fault for fault in faults_of(route, known) if fault.is_error]


def check(route: Route, known: Known) -> None:
    """Raises RouteInvalid with every error."""
    if found := errors_of(route, known):
        raise RouteInvalid(found)


def _at(stage: Stage, text: str, *, is_error: bool = True) -> Fault:
    return Fault(f"阶段“{stage.name or stage.key}”", text, stage.key, "", is_error)


def _in(stage: Stage, node: Node, text: str, *, is_error: bool = True) -> Fault:
    place = f"阶段“{stage.name or stage.key}”的环节“{node.name or node.key}”"
    return Fault(place, text, stage.key, node.key, is_error)


def _whole(text: str, *, is_error: bool = True) -> Fault:
    return Fault("整条路线", text, is_error=is_error)


# ── the route by itself ───────────────────────────────────────────────────────────────────────


def _shape(route: Route) -> Iterator[Fault]:
    if not route.stages:
        yield _whole("一个阶段也没有，请先写阶段和环节。")
    nodes = sum(len(stage.nodes) for stage in route.stages)
    if len(route.stages) > MOST_STAGES or nodes > MOST_NODES:
        yield _whole(f"最多{MOST_STAGES}个阶段、{MOST_NODES}个环节，请合并相近的。")
    for stage in route.stages:
        if not stage.nodes:
            yield _at(stage, "里面没有环节，请写上，或删去这个阶段。")
        if not _is_days(stage.days):
            yield _at(stage, f"时限应是0到{MOST_DAYS}的整数，或留空。")
        for node in stage.nodes:
            if not _is_days(node.days):
                yield _in(stage, node, f"时限应是0到{MOST_DAYS}的整数，或留空。")


def _is_days(days: int | None) -> bool:
    return days is None or (type(days) is int and 0 <= days <= MOST_DAYS)


def _names(route: Route) -> Iterator[Fault]:
    """Keys tell nodes apart for the system, names for people."""
    for word, attribute in (("标识", "key"), ("名称", "name")):
        stages = Counter(getattr(stage, attribute) for stage in route.stages)
        nodes = Counter(getattr(node, attribute) for _stage, node in route.nodes())
        for stage in route.stages:
            yield from (_at(stage, text) for text in _name(word, getattr(stage, attribute), stages))
        for stage, node in route.nodes():
            texts = _name(word, getattr(node, attribute), nodes)
            yield from (_in(stage, node, text) for text in texts)


def _name(word: str, said: str, counts: Mapping[str, int]) -> Iterator[str]:
    if not said.strip():
        yield f"没有写{word}。"
    elif not said.isprintable():
        yield f"{word}里有不能保存的字符，请删去后重填。"
    elif counts[said] > 1:
        yield f"{word}“{said}”用了{counts[said]}次，请改成不同的。"
    elif word == "标识" and not KEY.fullmatch(said):
        yield f"标识“{said}”只能用小写字母、数字、“-”和“_”，40个以内，以字母或数字开头。"


def _needs(route: Route) -> Iterator[Fault]:
    places = {node.key: node for _stage, node in route.nodes()}
    for stage, node in route.nodes():
        counts = Counter(need.node for need in node.needs)
        for key, count in counts.items():
            if key not in places:
                yield _in(stage, node, f"前置环节“{key}”不在路线里，请改选。")
            elif key == node.key:
                yield _in(stage, node, "前置环节写了自己，请删去。")
            elif count > 1:
                yield _in(stage, node, f"前置环节“{places[key].name}”写了{count}次，请留一次。")


def _dead(route: Route) -> Iterator[Fault]:
    """Nodes that wait for themselves in the end, and those that wait for such."""
    waits = waits_of(route)
    needs = {k: [w.node for w in each if w.node != k] for k, each in waits.items()}
    places = {node.key: (stage, node) for stage, node in route.nodes()}
    named = {node.key: {need.node for need in node.needs} for _stage, node in route.nodes()}
    in_circle: set[str] = set()
    for way in circles(needs):
        in_circle.update(way)
        yield _in(*places[way[0]], _circle(way, places, named))
    alive = in_order({k: tuple(w for w in each if w.node != k) for k, each in waits.items()})
    for key in waits:
        if key not in alive and key not in in_circle:
            blocked = next(need for need in needs[key] if need not in alive)
            text = f"永远开始不了：它等的“{places[blocked][1].name}”办不成。请先改好前面的圈。"
            yield _in(*places[key], text)


def _circle(
    way: list[str], places: Mapping[str, tuple[Stage, Node]], named: Mapping[str, set[str]]
) -> str:
    """The circle in words; where an order of stages closes it, that is said."""
    steps = [*way, way[0]]
    shown = "→".join(places[key][1].name for key in steps)
    pairs = pairwise(steps)
    by_stage = next((key for key, need in pairs if need not in named[key]), None)
    why = f"其中“{places[by_stage][1].name}”在后面的阶段，要等前面阶段办完。" if by_stage else ""
    return f"前置绕成了圈（{shown}，箭头指向要等的环节），谁也开始不了。{why}请去掉其中一个前置。"


# ── what the route names, and the limits ──────────────────────────────────────────────────────


def _outside(route: Route, known: Known) -> Iterator[Fault]:
    for stage in route.stages:
        if not stage.lead:
            yield _at(stage, f"没有写牵头单位，{TO_CONFIRM}。", is_error=False)
        elif stage.lead not in known.organisations:
            yield _at(stage, f"牵头单位“{stage.lead}”没有登记，请改选。")
        for node in stage.nodes:
            yield from (_in(stage, node, text, is_error=e) for text, e in _node(node, known))


def _node(node: Node, known: Known) -> Iterator[tuple[str, bool]]:
    item = known.items.get(node.item)
    if node.item and node.kind is not NodeKind.CASE:
        yield (
            f"类型是“{node.kind.label}”，不能写事项，请删去“{node.item}”，或改成“办件”。",
            True,
        )
    elif node.item and item is None:
        yield f"事项“{node.item}”不在目录里，或还没有发布，请改选。", True
    elif not node.item and node.kind is NodeKind.CASE:
        yield f"没有写对应的事项，{TO_CONFIRM}。", False
    yield from _organisation(node, item, known)
    if node.days is None:
        yield f"没有写承诺时限，{TO_CONFIRM}。", False
    elif item:
        yield from _limits(node.days, item)


def _organisation(node: Node, item: ItemFacts | None, known: Known) -> Iterator[tuple[str, bool]]:
    if node.organisation:
        if node.organisation not in known.organisations:
            yield f"单位“{node.organisation}”没有登记，请改选。", True
        elif item and item.department != node.organisation:
            yield f"单位不是事项“{item.name}”的实施部门，请改选单位或事项。", True
    elif node.kind in GOVERNMENT and item is None:
        yield "没有写由哪个单位办，请选单位。", True


def _limits(days: int, item: ItemFacts) -> Iterator[tuple[str, bool]]:
    """The days of a node against its item's: the law binds, a shorter promise is a doubt."""
    for limit, word, is_error in (
        (item.statutory, "法定时限", True),
        (item.promised, "承诺时限", False),
    ):
        if limit is None:
            continue
        if limit.unit is not Unit.WORKING_DAY:
            yield f"写了{days}个工作日，事项的{word}是{limit.label}，请自行核对。", False
        elif days > limit.amount:
            yield f"写了{days}个工作日，超过事项的{word}{limit.label}，请改短。", is_error
            return


def _sums(route: Route, known: Known) -> Iterator[Fault]:
    """Longest ways against what is promised. Only the government's own days are its promise."""
    for stage, days in zip(route.stages, stage_days(route, counted=GOVERNMENT), strict=True):
        said = f"各环节最长一路共{days}个工作日"
        if days > known.joint_days:
            text = f"{said}，超过联合办理的{known.joint_days}个工作日（{JOINT_BASIS}），请改短。"
            yield _at(stage, text)
        if stage.days is not None and days > stage.days:
            yield _at(stage, f"{said}，超过本阶段的时限{stage.days}个工作日，请改短或改阶段时限。")
    if (days := plan_of(route, counted=GOVERNMENT).days) > known.joint_days:
        text = (
            f"最长一路的审批时间共{days}个工作日，作为一件联办件会超过{known.joint_days}个工作日"
            f"（{JOINT_BASIS}，延长须本级政府负责人批准）；按阶段分别受理的不受影响。"
        )
        yield _whole(text, is_error=False)


def settled(route: Route) -> Route:
    """The same route with the needs of each node in the order of the route: they have no order of
    their own."""
    places = {node.key: number for number, (_stage, node) in enumerate(route.nodes())}
    return Route(
        tuple(
            replace(stage, nodes=tuple(_settled(node, places) for node in stage.nodes))
            for stage in route.stages
        )
    )


def _settled(node: Node, places: Mapping[str, int]) -> Node:
    needs = sorted(node.needs, key=lambda need: (places.get(need.node, len(places)), need.node))
    return replace(node, needs=tuple(needs))
