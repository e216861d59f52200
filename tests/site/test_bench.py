"""What the benches copy is what the commands wrote: row for row, and commands go on from it."""

import pytest
from bench.city import copy_lives, life_of
from django.db import connection

from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.files.models import Document
from mingtang.ledger import queries as ledger
from mingtang.supervision.models import Watch
from mingtang.supervision.services.sweeping import judge
from mingtang.timing import queries as timing
from mingtang.timing.rules import fold

pytestmark = pytest.mark.django_db
STATES = ("submitted", "accepted", "granted")
OWN = {"leaf", "previous_leaf", "last_leaf", "commitment", "code_index"}  # reckoned anew


@pytest.fixture
def cases(world, at):
    """Three lives, and a dozen copies of them."""
    item = world.item(statutory=20, promised=5, materials="申请表\n身份证明")
    originals = [world.file(item, at, world.citizen) for _ in STATES]
    for state, case in zip(STATES[1:], originals[1:], strict=True):
        world.bring(case, state, at)
    judge([case.stream for case in originals], at.date(), at)  # what is watched is copied, too
    copy_lives([life_of(case) for case in originals], 12)
    return {state: list(Case.objects.filter(state=state).order_by("id")) for state in STATES}


def _told(case):
    """All rows of a case, without what is each case's own."""
    life = life_of(case)
    rows = [
        (row.model, {name: life.tokens.sub("?", str(value)) for name, value in row.raw.items()})
        for row in life.rows
    ]
    kept = [
        (model, {name: value for name, value in row.items() if name not in OWN})
        for model, row in rows
    ]
    return sorted(kept, key=repr)  # rows of one instant come in no order


@pytest.mark.slow
def test_a_copy_is_what_the_commands_wrote(cases):
    connection.check_constraints()
    assert ledger.verify().is_ok
    for original, *copies in cases.values():
        assert copies
        for copy in copies:
            assert _told(copy) == _told(original)
            assert Watch.objects.filter(stream=copy.stream).exists()
            events = ledger.history(copy.stream)
            ops = [op for event in events for op in event.facts.get("clocks") or []]
            held = {one.kind: one.state for one in timing.clocks_of(copy.stream)}
            assert fold(ops, timing.current_calendar()) == held
            for paper in Document.objects.filter(subject=copy.stream):
                paper.paper()  # raises where it is not what was drawn up


def test_commands_go_on_from_a_copy(world, at, cases):
    world.act(world.clerk, services.receive, cases["submitted"][-1], at)
    world.act(world.handler, services.claim, cases["accepted"][-1], at, step_key="review")
    assert ledger.verify().is_ok
