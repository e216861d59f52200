"""Rules: a route as the rows of two tables, stages and nodes, that an officer edits."""

from collections.abc import Iterator, Mapping, Sequence

from mingtang.catalogue.rules.fields import (
    Choice,
    Flag,
    Number,
    Option,
    Row,
    Several,
    Table,
    Text,
)
from mingtang.joint.rules.checks import KEY, MOST_DAYS, MOST_NODES, MOST_STAGES, settled
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie

STAGES = Table(
    "stages",
    "阶段",
    (
        Text("name", "阶段", 80),
        Text("lead", "牵头单位", 100),
        Number("days", "时限", 0, MOST_DAYS, "个工作日"),
        Flag("serial", "等前面的阶段办完"),
        Text("key", "标识", 40),
    ),
    most=MOST_STAGES,
)
NODES = Table(
    "nodes",
    "环节",
    (
        Text("name", "环节", 80),
        Text("stage", "阶段", 80),
        Choice("kind", "类型", {kind.value: Option(kind.label) for kind in NodeKind}),
        Text("organisation", "单位", 100),
        Number("days", "时限", 0, MOST_DAYS, "个工作日"),
        Text("item", "事项", 300, help="写事项的编码，或目录里的全称。"),
        Flag("required", "每件都办"),
        Several("needs", "须先批准的环节", help="它们批准了，本环节才能开始。"),
        Several("simulates", "可先模拟审批的环节", help="可以先照它们的模拟意见审查。"),
        Text("key", "标识", 40),
    ),
    most=MOST_NODES,
)
FIRST_STAGE = "办理"


def stage_rows(route: Route) -> list[Row]:
    return [_said(_stage_row(stage)) for stage in route.stages]


def _stage_row(stage: Stage) -> Row:
    said = {"name": stage.name, "lead": stage.lead, "days": stage.days}
    return said | {"serial": stage.is_serial, "key": stage.key}


def node_rows(route: Route) -> list[Row]:
    return [_said(_node_row(stage, node)) for stage, node in route.nodes()]


def _node_row(stage: Stage, node: Node) -> Row:
    return {
        "name": node.name,
        "stage": stage.name,
        "kind": node.kind.value,
        "organisation": node.organisation,
        "days": node.days,
        "item": node.item,
        "required": node.is_required,
        "needs": [need.node for need in node.needs if need.tie is Tie.HARD],
        "simulates": [need.node for need in node.needs if need.tie is Tie.SIMULATE],
        "key": node.key,
    }


def _said(row: Row) -> Row:
    return {key: value for key, value in row.items() if value not in ("", None, [])}


def route_of_rows(stages: Sequence[Row], nodes: Sequence[Row], before: Route) -> Route:
    """The route that the rows make, each row in its place.

    A node stands in the stage that it names, one without in that of the row above; a stage that no
    row has comes last. Who renames a stage need not rename it in every node: its old name, known
    from `before`, still leads there.
    """
    stage_keys = list(_keys(stages, "stage"))
    heads: dict[str, Row] = dict(zip(stage_keys, stages, strict=True))
    places = {stage.name: stage.key for stage in before.stages if stage.key in heads}
    places |= {str(row["name"]): key for key, row in heads.items()}
    inside: dict[str, list[Node]] = {key: [] for key in heads}
    at = next(iter(heads), "")
    for key, row in zip(_keys(nodes, "node"), nodes, strict=True):
        name = str(row.get("stage") or ("" if at else FIRST_STAGE))
        if name and name not in places:
            places[name] = _fresh(f"stage-{len(heads) + 1}", heads)
            heads[places[name]], inside[places[name]] = {"name": name}, []
        at = places[name] if name else at
        inside[at].append(_node(key, row))
    return settled(Route(tuple(_stage(k, row, inside[k]) for k, row in heads.items())))


def _stage(key: str, row: Row, nodes: Sequence[Node]) -> Stage:
    return Stage(
        key=key,
        name=row["name"],
        nodes=tuple(nodes),
        lead=row.get("lead") or "",
        days=row.get("days"),
        is_serial=row.get("serial") is not False,
    )


def _node(key: str, row: Row) -> Node:
    hard, soft = row.get("needs") or [], row.get("simulates") or []
    needs = [Need(one) for one in hard]
    needs += [Need(one, Tie.SIMULATE) for one in soft if one not in hard]
    return Node(
        key=key,
        name=row["name"],
        kind=NodeKind(row.get("kind") or NodeKind.CASE),
        item=row.get("item") or "",
        organisation=row.get("organisation") or "",
        days=row.get("days"),
        needs=tuple(needs),
        is_required=row.get("required") is not False,
    )


def _keys(rows: Sequence[Row], word: str) -> Iterator[str]:
    """The key that each row brings, or one that no other has."""
    brought = [str(row.get("key") or "") for row in rows]
    given: set[str] = set()
    for number, key in enumerate(brought, 1):
        usable = KEY.fullmatch(key) and key not in given
        found = key if usable else _fresh(f"{word}-{number}", {*given, *brought})
        given.add(found)
        yield found


def _fresh(wanted: str, taken: Mapping[str, object] | set[str]) -> str:
    """The key wanted, or the next one like it that is free."""
    word, _dash, number = wanted.rpartition("-")
    found, count = wanted, int(number)
    while found in taken:
        count += 1
        found = f"{word}-{count}"
    return found
