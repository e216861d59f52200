"""Rules: the route of a joint matter: its stages, the nodes in them, and what each node needs.

A node is what one department (or the owner, or a third party) contributes: most are cases of an
item. Nodes run side by side unless something ties them: a need names a node that must be granted
first (`HARD`), or that may be examined against a simulated result meanwhile (`SIMULATE`, 模拟审批);
a stage `is_serial` when it waits for all required nodes of the stages before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Content = dict[str, Any]


class NodeKind(StrEnum):
    """Who works on a node, and how. Stored; retired members stay."""

    CASE = "case"
    JOINT_REVIEW = "joint_review"
    SITE_VISIT = "site_visit"
    OWNER = "owner"
    OWNER_INTERMEDIARY = "owner_intermediary"
    GOVERNMENT_INTERMEDIARY = "government_intermediary"
    UTILITY = "utility"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    NodeKind.CASE: "办件",
    NodeKind.JOINT_REVIEW: "联审会议",
    NodeKind.SITE_VISIT: "联合踏勘",
    NodeKind.OWNER: "业主自办",
    NodeKind.OWNER_INTERMEDIARY: "业主委托中介",
    NodeKind.GOVERNMENT_INTERMEDIARY: "政府委托中介",
    NodeKind.UTILITY: "公用接入",
}


class Tie(StrEnum):
    """How strictly a node waits for another."""

    HARD = "hard"
    SIMULATE = "simulate"

    @property
    def label(self) -> str:
        return {"hard": "须先批准", "simulate": "可先模拟审批"}[self.value]


@dataclass(frozen=True)
class Need:
    """What a node waits for: the key of another node, and how strictly."""

    node: str
    tie: Tie = Tie.HARD


@dataclass(frozen=True)
class Node:
    """One contribution. `item`: code of the item of a case; `organisation`: code of who does it
    (a case's is its item's department); `days`: promised working days, None: not said."""

    key: str
    name: str
    kind: NodeKind = NodeKind.CASE
    item: str = ""
    organisation: str = ""
    days: int | None = None
    needs: tuple[Need, ...] = ()
    is_required: bool = True


def days_said(days: int | None) -> str:
    """A limit in words: none at all is 即办, done while one waits."""
    if days is None:
        return "待确认"
    return f"{days}个工作日" if days else "即办"


@dataclass(frozen=True)
class Stage:
    """A phase of the matter. `lead`: code of the department that leads it; `days`: its limit in
    working days, None: not said."""

    key: str
    name: str
    nodes: tuple[Node, ...]
    lead: str = ""
    days: int | None = None
    is_serial: bool = True


@dataclass(frozen=True)
class Route:
    """Stages in their order."""

    stages: tuple[Stage, ...]

    def nodes(self) -> Iterator[tuple[Stage, Node]]:
        """All nodes in order, each with its stage."""
        for stage in self.stages:
            for node in stage.nodes:
                yield stage, node


def content_of(route: Route) -> Content:
    """The route as plain JSON, as an edition keeps it. `route_of` makes the same route of it."""
    return {"stages": [_stage_content(stage) for stage in route.stages]}


def _stage_content(stage: Stage) -> Content:
    return {
        "key": stage.key,
        "name": stage.name,
        "lead": stage.lead,
        "days": stage.days,
        "is_serial": stage.is_serial,
        "nodes": [_node_content(node) for node in stage.nodes],
    }


def _node_content(node: Node) -> Content:
    return {
        "key": node.key,
        "name": node.name,
        "kind": node.kind.value,
        "item": node.item,
        "organisation": node.organisation,
        "days": node.days,
        "needs": [{"node": need.node, "tie": need.tie.value} for need in node.needs],
        "is_required": node.is_required,
    }


def route_of(content: Content) -> Route:
    """The route of what an edition keeps. Raises KeyError, ValueError for what is no such content:
    what comes from outside goes through the checks of the editor first."""
    return Route(tuple(_stage_of(stage) for stage in content["stages"]))


def _stage_of(content: Content) -> Stage:
    return Stage(
        key=content["key"],
        name=content["name"],
        nodes=tuple(_node_of(node) for node in content["nodes"]),
        lead=content["lead"],
        days=content["days"],
        is_serial=content["is_serial"],
    )


def _node_of(content: Content) -> Node:
    return Node(
        key=content["key"],
        name=content["name"],
        kind=NodeKind(content["kind"]),
        item=content["item"],
        organisation=content["organisation"],
        days=content["days"],
        needs=tuple(Need(one["node"], Tie(one["tie"])) for one in content["needs"]),
        is_required=content["is_required"],
    )
