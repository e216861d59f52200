"""The content of a route goes out and comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie, content_of, route_of

WORDS = st.text(min_size=1, max_size=8)
DAYS = st.none() | st.integers(0, 999)
NODES = st.builds(
    Node,
    key=WORDS,
    name=WORDS,
    kind=st.sampled_from(NodeKind),
    item=WORDS,
    organisation=WORDS,
    days=DAYS,
    needs=st.lists(st.builds(Need, WORDS, st.sampled_from(Tie)), max_size=3).map(tuple),
    is_required=st.booleans(),
)
STAGES = st.builds(
    Stage,
    key=WORDS,
    name=WORDS,
    nodes=st.lists(NODES, max_size=4).map(tuple),
    lead=WORDS,
    days=DAYS,
    is_serial=st.booleans(),
)


@given(st.lists(STAGES, max_size=4).map(tuple).map(Route))
def test_a_route_comes_back_from_its_content_as_it_was(route: Route) -> None:
    assert route_of(content_of(route)) == route
