"""Rules: two editions of a route side by side (流程再造前后): what changed, and what it saves.

Materials and visits are counted from the items' editions in force. What is not known is counted
apart and said, never taken for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mingtang.catalogue.rules.compare import Line, sides
from mingtang.joint.rules.critical import GOVERNMENT, plan_of
from mingtang.joint.rules.route import Node, NodeKind, Route, Stage, Tie, days_said

NOTHING: Mapping[str, str] = {}


def compare(
    before: Route,
    after: Route,
    *,
    units: Mapping[str, str] = NOTHING,
    items: Mapping[str, str] = NOTHING,
) -> list[Line]:
    """Every stage and every node on both sides, known again by their keys."""
    old, new = (dict(_told(route, units, items)) for route in (before, after))
    labels = {**_labels(before), **_labels(after)}
    return [
        sides(key, labels[key], old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*new, *old])
    ]


def changed_places(before: Route, after: Route) -> list[str]:
    """The stages and nodes that differ, by name: what the ledger notes of a saving."""
    return [line.label for line in compare(before, after) if line.change != "same"]


def _labels(route: Route) -> dict[str, str]:
    found = {f"stage:{stage.key}": f"阶段 {stage.name or stage.key}" for stage in route.stages}
    return found | {node.key: node.name or node.key for _stage, node in route.nodes()}


def _told(
    route: Route, units: Mapping[str, str], items: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    names = {node.key: node.name for _stage, node in route.nodes()}
    for number, stage in enumerate(route.stages, 1):
        yield f"stage:{stage.key}", _stage(number, stage, units)
        for node in stage.nodes:
            yield node.key, _node(stage, node, units, items, names)


def _stage(number: int, stage: Stage, units: Mapping[str, str]) -> str:
    said = [
        f"第{number}阶段，{stage.name}",
        "等前面的阶段办完" if stage.is_serial else "各环节只等自己的前置",
        f"牵头：{units.get(stage.lead, stage.lead)}" if stage.lead else "",
        _limit(stage.days),
    ]
    return "；".join(one for one in said if one)


def _node(
    stage: Stage,
    node: Node,
    units: Mapping[str, str],
    items: Mapping[str, str],
    names: Mapping[str, str],
) -> str:
    said = [
        f"{stage.name}：{node.name}",
        node.kind.label,
        units.get(node.organisation, node.organisation),
        f"事项：{items.get(node.item, node.item)}" if node.item else "",
        _limit(node.days),
        "" if node.is_required else "不是每件都办",
        *needs_said(node, names),
    ]
    return "；".join(one for one in said if one)


def _limit(days: int | None) -> str:
    return "时限待确认" if days is None else days_said(days)


def needs_said(node: Node, names: Mapping[str, str]) -> list[str]:
    """What a node waits for, in words: one sentence for each sort of tie."""
    found = []
    for tie in Tie:
        those = [names.get(need.node, need.node) for need in node.needs if need.tie is tie]
        if those:
            found.append(f"{tie.label}：{'、'.join(those)}")
    return found


# ── what it saves ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ItemCost:
    """What an item asks of an applicant. `visits` None: its edition does not say."""

    materials: tuple[str, ...]
    visits: int | None


@dataclass(frozen=True)
class Measure:
    """One figure of a route; `unknown`: of how many nodes it is not known."""

    key: str
    label: str
    unit: str
    value: int
    unknown: int = 0


@dataclass(frozen=True)
class Saving:
    before: Measure
    after: Measure

    @property
    def saved(self) -> int:
        return self.before.value - self.after.value

    @property
    def added(self) -> int:
        return -self.saved

    @property
    def is_whole(self) -> bool:
        """Nothing is unknown on either side: the saving can be told without a doubt."""
        return not (self.before.unknown or self.after.unknown)


def savings(before: Route, after: Route, costs: Mapping[str, ItemCost]) -> list[Saving]:
    pairs = zip(measures(before, costs), measures(after, costs), strict=True)
    return [Saving(old, new) for old, new in pairs]


def measures(route: Route, costs: Mapping[str, ItemCost]) -> list[Measure]:
    """Stages, nodes, days of the longest way, materials, visits."""
    nodes = [node for _stage, node in route.nodes()]
    cases = [node for node in nodes if node.kind is NodeKind.CASE]
    known = [costs[node.item] for node in cases if node.item in costs]
    unknown = len(cases) - len(known)
    visits = [cost.visits for cost in known if cost.visits is not None]
    materials = [name for cost in known for name in cost.materials]
    unsaid = [node for node in nodes if node.days is None]
    own = sum(node.kind in GOVERNMENT for node in unsaid)
    days = plan_of(route, counted=GOVERNMENT).days
    return [
        Measure("stages", "阶段", "个", len(route.stages)),
        Measure("nodes", "环节", "个", len(nodes)),
        Measure("days", "最长一路的审批时间", "个工作日", days, own),
        Measure("all_days", "含业主和第三方", "个工作日", plan_of(route).days, len(unsaid)),
        Measure("materials", "材料合计", "份", len(materials), unknown),
        Measure("distinct", "不重名的材料", "份", len(set(materials)), unknown),
        Measure("visits", "到现场次数合计", "次", sum(visits), unknown + len(known) - len(visits)),
    ]
