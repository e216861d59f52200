"""Rules: what each node of a route waits for, its stage counted in, and in which order they come.

Both ties make an order: what is examined against a simulated result is granted after the real one.
"""

from collections.abc import Mapping, Sequence

from mingtang.catalogue.rules.route import way_back
from mingtang.joint.rules.route import Need, Node, Route, Tie

Waits = Mapping[str, tuple[Need, ...]]


def waits_of(route: Route) -> dict[str, tuple[Need, ...]]:
    """By node, what it names and what its serial stage makes it wait for; the stricter tie where
    both do. What names no node of the route is left out: the checks tell it."""
    keys = {node.key for _stage, node in route.nodes()}
    found: dict[str, tuple[Need, ...]] = {}
    before: list[Node] = []
    for stage in route.stages:
        earlier = [node.key for node in before if node.is_required] if stage.is_serial else []
        for node in stage.nodes:
            ties = {need.node: need.tie for need in node.needs if need.node in keys}
            ties |= dict.fromkeys(earlier, Tie.HARD)
            found[node.key] = tuple(Need(key, tie) for key, tie in ties.items())
        before += stage.nodes
    return found


def in_order(waits: Waits) -> list[str]:
    """Nodes, each after all that it waits for; those that can never begin are missing."""
    found: list[str] = []
    done: set[str] = set()
    left = list(waits)
    while left:
        ready = [key for key in left if all(need.node in done for need in waits[key])]
        if not ready:
            break
        found += ready
        done.update(ready)
        left = [key for key in left if key not in done]
    return found


def circles(needs: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Ways from a node over what it waits for back to itself, the shortest of each; no node is
    told in two of them."""
    found: list[list[str]] = []
    told: set[str] = set()
    for key in needs:
        way = [] if key in told else way_back(key, needs)
        if way:
            told.update(way)
            found.append(way)
    return found
