"""Commands: which route a project takes, the planned days of its nodes and the actual ones."""

from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.joint.rules.route import NodeKind, Route
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import NodePlan, Project
from mingtang.projects.queries.plan import nodes_of, required_keys, route_of_edition
from mingtang.projects.queries.reading import plan_of
from mingtang.projects.rules.moves import Deed
from mingtang.projects.rules.plan import OWN, Days, StageNode, check_days, own_key, stage_of
from mingtang.projects.services.common import Facts, held, said, tell
from mingtang.projects.services.watching import stop_watching, watch_node
from mingtang.regions.queries import ids_of_codes
from mingtang.timing.rules import Op


@command("project.choose_route")
def choose_route(
    *, project_id: int, route_edition_id: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Pin the edition of a route: its nodes become the plan. Only before a node has begun."""
    project = held(project_id, Deed.CHOOSE_ROUTE)
    if any(days.started for _node, days in plan_of(project)):
        raise Conflict("已经有节点开始办理，不能换流程。")
    edition, route = route_of_edition(route_edition_id)
    clocks = _drop_plan(project, at)
    units = ids_of_codes({node.organisation for _, node in route.nodes() if node.organisation})
    NodePlan.objects.bulk_create(_plan_of(project, route, units))
    project.route_edition_id = edition.id
    _set_stage(project)
    project.save(update_fields=["route_edition", "stage"])
    facts = {
        "route": edition.route.name,
        "edition": edition.number,
        "edition_id": str(edition.id),
        "clocks": clocks,
    }
    tell(project, "route_chosen", facts, actor, at, command_id)
    return {"project_id": str(project.id)}


def _drop_plan(project: Project, at: datetime) -> list[Op]:
    """Nodes of the route before go, with their clocks; milestones of one's own stay."""
    earlier = [one for one in nodes_of(project.id) if not one.key.startswith(OWN)]
    clocks = [op for node in earlier for op in stop_watching(project, node, legal_date(at))]
    NodePlan.objects.filter(id__in=[one.id for one in earlier]).delete()
    return clocks


def _plan_of(project: Project, route: Route, units: dict[str, int]) -> list[NodePlan]:
    return [
        NodePlan(
            project=project,
            key=node.key,
            stage=stage.name,
            name=node.name,
            position=position,
            kind=node.kind.value,
            unit_id=units.get(node.organisation),
        )
        for position, (stage, node) in enumerate(route.nodes())
    ]


@command("project.add_milestone")
def add_milestone(
    *,
    project_id: int,
    stage: str,
    name: str,
    kind: str,
    unit_id: int | None = None,
    planned_start_date: date | None = None,
    planned_end_date: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Add a milestone that the route does not have. Returns {"node_id"}."""
    project = held(project_id, Deed.ADD_MILESTONE)
    nodes = nodes_of(project.id)
    node = NodePlan(
        project=project,
        key=own_key(one.key for one in nodes),
        stage=stage.strip() or "自定节点",
        name=said(name, "节点的名称"),
        position=max((one.position for one in nodes), default=-1) + 1,
        kind=NodeKind(kind).value,
        unit_id=unit_id,
        planned_start_date=planned_start_date,
        planned_end_date=planned_end_date,
    )
    check_days(_days(node), node.name, legal_date(at))
    node.save()
    facts = {**_whose(node, project), "plan": _plan(node)}
    tell(
        project,
        "milestone_added",
        facts | {"clocks": watch_node(project, node, legal_date(at))},
        actor,
        at,
        command_id,
    )
    return {"node_id": str(node.id)}


@command("project.plan_node")
def plan_node(
    *,
    node_id: int,
    planned_start_date: date | None,
    planned_end_date: date | None,
    started_date: date | None,
    ended_date: date | None,
    delay_reason: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Plan the days of a node, or note what happened. The event keeps before and after.

    A node that ends after its plan says why (拖期原因). Raises DomainError.
    """
    found = NodePlan.objects.filter(id=node_id).first()
    if found is None:
        raise NotFound
    project = held(found.project_id, Deed.PLAN_NODE)
    node = NodePlan.objects.select_for_update(of=("self",)).get(id=node_id)
    before = _plan(node)
    node.planned_start_date, node.planned_end_date = planned_start_date, planned_end_date
    node.started_date, node.ended_date = started_date, ended_date
    node.delay_reason = delay_reason.strip()
    check_days(_days(node), node.name, legal_date(at))
    _check_reason(node)
    after = _plan(node)
    if before == after:
        raise DomainError("没有改动任何内容，不用提交。")
    node.save()
    _set_stage(project)
    project.save(update_fields=["stage"])
    facts = {
        **_whose(node, project),
        "stage": project.stage,
        "changes": {
            name: [before[name], after[name]] for name in after if before[name] != after[name]
        },
        "clocks": watch_node(project, node, legal_date(at)),
    }
    tell(project, "node_noted", facts, actor, at, command_id)
    return {"node_id": str(node.id)}


def _check_reason(node: NodePlan) -> None:
    is_late = (
        node.ended_date is not None
        and node.planned_end_date is not None
        and node.ended_date > node.planned_end_date
    )
    if is_late and not node.delay_reason:
        raise DomainError(f"“{node.name}”比计划晚完成，请写明拖期原因。")


def _days(node: NodePlan) -> Days:
    return Days(node.planned_start_date, node.planned_end_date, node.started_date, node.ended_date)


def _whose(node: NodePlan, project: Project) -> dict[str, str]:
    """Whose limit the node's is: see supervision."""
    return {
        "node": node.key,
        "title": node.name,
        "step_key": node.key,
        "step_organisation_id": str(node.unit_id or project.responsible_id),
    }


def _plan(node: NodePlan) -> dict[str, Any]:
    days = ("planned_start_date", "planned_end_date", "started_date", "ended_date")
    told = {name: day and day.isoformat() for name in days for day in [getattr(node, name)]}
    return {**told, "delay_reason": node.delay_reason}


def keep_stage(project_id: int) -> None:
    """A joint matter has moved: the stage that lists show moves with it."""
    project = Project.objects.filter(id=project_id).first()
    if project is not None:
        _set_stage(project)
        Project.objects.filter(id=project_id).update(stage=project.stage)


def _set_stage(project: Project) -> None:
    """Keep the stage that lists are filtered by. Does not save."""
    required = required_keys(project.route_edition_id)
    project.stage = stage_of(
        [
            StageNode(node.stage, node.key in required, days.ended is not None)
            for node, days in plan_of(project)
            if not node.key.startswith(OWN)
        ]
    )
