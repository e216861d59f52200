"""Reads of node plans and of the routes that they come from."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from mingtang.base.errors import NotFound
from mingtang.joint.rules.route import Route, route_of
from mingtang.projects.models import NodePlan, Project


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
