"""Reads of node plans and of the routes that they come from."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from mingtang.base.errors import NotFound
from mingtang.joint import queries as joint
from mingtang.joint.rules.route import Route, route_of
from mingtang.projects.models import NodePlan, Project
from mingtang.projects.rules.months import Month
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind


def nodes_of(project_id: int) -> list[NodePlan]:
    """The nodes of a project in the order of its route; its own milestones behind them."""
    rows = NodePlan.objects.filter(project_id=project_id).select_related("unit")
    return list(rows.order_by("position", "id"))


def route_of_edition(edition_id: int) -> tuple[Any, Route]:
    """A published edition with its route. Raises NotFound."""
    try:
        edition: Any = Project(route_edition_id=edition_id).route_edition
    except ObjectDoesNotExist:
        raise NotFound("没有找到这个流程版本，请重新选择。") from None
    return edition, route_of(edition.content)


def required_keys(edition_id: int | None) -> frozenset[str]:
    """The keys of the nodes without which a stage is not done."""
    if edition_id is None:
        return frozenset()
    _, route = route_of_edition(edition_id)
    return frozenset(node.key for _, node in route.nodes() if node.is_required)


def route_choices() -> list[tuple[str, str]]:
    """The routes that a project may take now: id of the edition, name of the route."""
    return [
        (str(one.id), f"{one.route.name}（第 {one.number} 版）")
        for one in joint.routes_for_filing()
    ]


def owed_month(project: Project) -> Month | None:
    """The month whose report is owed next: that of the open clock."""
    clock = timing.open_clock(project.stream, ClockKind.MONTHLY_REPORT)
    return Month.of(clock.due_date) if clock else None
