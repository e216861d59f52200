"""Reads of decided cases as the what-if tries them: what each step took."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from mingtang.accounts.rules import Scope
from mingtang.bottlenecks.queries.times import Selection, StepTime, decided
from mingtang.bottlenecks.rules.steps import CHECK, DECIDE, DELIVER
from mingtang.bottlenecks.rules.whatif import Node, Past


def past(scope: Scope, chosen: Selection, item_code: str) -> tuple[list[Past], dict[str, str]]:
    """The cases of an item, and its steps by key with their names, in the order of the route."""
    rows = decided(scope, chosen, item_code)
    cases = [past_of(stream, group) for stream, group in groupby(rows, key=lambda one: one.stream)]
    planned = [row for row in rows if row.key not in {CHECK, DECIDE, DELIVER}]
    ordered = sorted(planned, key=lambda one: (one.stage, one.id))
    return cases, {row.key: row.name for row in ordered}


def past_of(stream: str, rows: Iterable[StepTime]) -> Past:
    """One decided case; all attempts of a node together."""
    nodes: dict[str, Node] = {}
    deciding = 0
    for row in rows:
        took = row.days or 0
        if row.key == DECIDE:
            deciding += took
        elif row.key not in {CHECK, DELIVER}:
            fresh = Node(row.key, row.stage, tuple(row.needs), 0, row.limit_days)
            before = nodes.get(row.key, fresh)
            nodes[row.key] = replace(before, days=before.days + took)
    return Past(stream, tuple(nodes.values()), deciding)
