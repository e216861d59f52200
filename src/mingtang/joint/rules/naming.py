"""Rules: a route with other words for its organisations and items: codes for names, and back."""

from collections.abc import Callable
from dataclasses import replace

from mingtang.joint.rules.route import Route


def named(route: Route, *, unit: Callable[[str], str], item: Callable[[str], str]) -> Route:
    """The same route, each organisation and item that it names called otherwise."""
    return Route(
        tuple(
            replace(
                stage,
                lead=stage.lead and unit(stage.lead),
                nodes=tuple(
                    replace(
                        node,
                        organisation=node.organisation and unit(node.organisation),
                        item=node.item and item(node.item),
                    )
                    for node in stage.nodes
                ),
            )
            for stage in route.stages
        )
    )
