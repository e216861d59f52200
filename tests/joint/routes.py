"""Random routes for property tests: valid ones, and graphs that may have circles."""

from hypothesis import strategies as st

from mingtang.joint.rules.checks import Known, settled
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie

NAMES = st.text("审批用地规划环评施工许可验收<>&\"' -", min_size=1, max_size=6)
DAYS = st.none() | st.integers(0, 9)
UNITS = ("fgj", "gtj", "zjj", "hbj")
KNOWN = Known(organisations=UNITS)


@st.composite
def routes(draw: st.DrawFn, *, is_valid: bool = True, most: int = 8) -> Route:
    """Nodes in stages; a valid one's needs look back only, what it names is known."""
    keys = [f"n{number}" for number in range(draw(st.integers(1, most)))]
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(keys) - 1)), max_size=3)))
    parts = [keys[a:b] for a, b in zip([0, *cuts], [*cuts, len(keys)], strict=True) if a < b]
    stages, earlier = [], []
    for number, part in enumerate(parts, 1):
        nodes = []
        for key in part:
            nodes.append(_node(draw, key, earlier if is_valid else keys))
            earlier.append(key)
        stages.append(
            Stage(
                key=f"s{number}",
                name=f"{draw(NAMES)}{number}",
                nodes=tuple(nodes),
                lead=draw(st.sampled_from(UNITS)),
                days=draw(st.none() | st.integers(90, 99)),
                is_serial=draw(st.booleans()),
            )
        )
    return settled(Route(tuple(stages)))


def _node(draw: st.DrawFn, key: str, others: list[str]) -> Node:
    needs = draw(st.lists(st.sampled_from(others), max_size=3, unique=True)) if others else []
    return Node(
        key=key,
        name=f"{draw(NAMES)}{key}",
        kind=draw(st.sampled_from(NodeKind)),
        organisation=draw(st.sampled_from(UNITS)),
        days=draw(DAYS),
        needs=tuple(Need(need, draw(st.sampled_from(Tie))) for need in needs),
        is_required=draw(st.booleans()),
    )


def chain(*nodes: Node, **more: object) -> Route:
    """One stage with these nodes."""
    return Route((Stage("s1", "办理", nodes, lead="fgj", **more),))  # type: ignore[arg-type]
