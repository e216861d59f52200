"""Rules of bottlenecks: another route, tried out on cases that have long been decided. Pure.

A case is what its nodes took, in working days, all attempts of a node together. It is finished
after the longest way through them: a step begins when all of earlier stages and those that it
needs are done; then the decision. The same is reckoned with the old route and with the new one, so
that only the change makes the difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mingtang.bottlenecks.rules.spread import Spread, spread_of


@dataclass(frozen=True, slots=True)
class Node:
    """A step of one case, with what it took. `ahead`: with how many stages before its own it may
    begin; those of its own stage and later ones wait for it no more and no less."""

    key: str
    stage: int
    needs: tuple[str, ...]
    days: int
    limit_days: int | None = None
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """A decided case: its steps, and what the decision took after them."""

    stream: str
    nodes: tuple[Node, ...]
    deciding_days: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What is tried with one step: side by side with what it waits for now, or another limit."""

    key: str
    is_parallel: bool = False
    limit_days: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a change would have meant. `late`: cases over the step's limit, the old and the new;
    `late_streams`: those over the new one, the latest first."""

    cases: int
    untouched: int  # cases that did not have the step
    before: Spread
    after: Spread
    faster: int
    late_before: int | None
    late_after: int | None
    late_streams: tuple[str, ...]

    @property
    def saved_days(self) -> int:
        return self.before.total - self.after.total


def finish(case: Past) -> int:
    """Working days from acceptance to the decision."""
    done: dict[str, int] = {}
    for node in _in_order(case.nodes):
        begin = max((done[one.key] for one in case.nodes if _before(one, node)), default=0)
        done[node.key] = begin + node.days
    return max(done.values(), default=0) + case.deciding_days


def _before(other: Node, node: Node) -> bool:
    return other.stage < node.stage - node.ahead or other.key in node.needs


def _in_order(nodes: Sequence[Node]) -> list[Node]:
    """Each after what it waits for. Routes have no circles: catalogues refuse them."""
    ordered: list[Node] = []
    left = sorted(nodes, key=lambda one: (one.stage, one.key))
    while left:
        placed = {one.key for one in ordered}
        free = [
            node
            for node in left
            if all(one.key in placed for one in nodes if one is not node and _before(one, node))
        ]
        ordered += free or left
        left = [node for node in left if node not in ordered]
    return ordered


def changed(case: Past, change: Change) -> Past:
    """The case as it would have been. A shorter limit is taken to be kept."""
    return replace(case, nodes=tuple(_changed(node, change) for node in case.nodes))


def _changed(node: Node, change: Change) -> Node:
    if node.key != change.key:
        return node
    days = node.days if change.limit_days is None else min(node.days, change.limit_days)
    if not change.is_parallel:
        return replace(node, days=days)
    return replace(node, days=days, ahead=0 if node.needs else 1, needs=())


def replay(cases: Iterable[Past], change: Change) -> Outcome | None:
    """None where there are no cases."""
    listed = list(cases)
    before = [finish(case) for case in listed]
    after = [finish(changed(case, change)) for case in listed]
    spread, new_spread = spread_of(before), spread_of(after)
    if spread is None or new_spread is None:
        return None
    taken = [
        (node, case.stream) for case in listed for node in case.nodes if node.key == change.key
    ]
    limits = [node for node, _ in taken if node.limit_days is not None]
    late = [(node.days, stream) for node, stream in taken if _is_late(node, change.limit_days)]
    return Outcome(
        cases=len(listed),
        untouched=len(listed) - len(taken),
        before=spread,
        after=new_spread,
        faster=sum(new < old for old, new in zip(before, after, strict=True)),
        late_before=sum(_is_late(node, node.limit_days) for node in limits) if limits else None,
        late_after=len(late) if change.limit_days is not None else None,
        late_streams=tuple(stream for _days, stream in sorted(late, key=lambda x: (-x[0], x[1]))),
    )


def _is_late(node: Node, limit: int | None) -> bool:
    return limit is not None and node.days > limit
