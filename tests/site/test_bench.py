"""What the benches copy is what the commands wrote: row for row, and commands go on from it."""

import hashlib

import pytest
from bench import verified
from bench.city import copy_lives, life_of
from bench.ledger import Round, checked, records, unrecorded
from django.db import connection

from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.files.models import Document
from mingtang.ledger import queries as ledger
from mingtang.ledger import services as services_of_ledger
from mingtang.ledger.rules import canonical
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


@pytest.mark.parametrize("arm", [services_of_ledger._recorded, unrecorded])
def test_the_bench_of_the_ledger_ends_where_an_arm_is_not_what_it_says(arm):
    records = {unrecorded: (0, 7)}.get(arm, (7, 0))
    good, bad = (Round(wall=0.1, cpu=0.1, records=count) for count in records)
    assert checked(arm, good) is good
    with pytest.raises(RuntimeError, match="record"):
        checked(arm, bad)


def test_without_the_ledger_an_act_is_done_and_nothing_is_recorded(world, at, monkeypatch):
    item = world.item(statutory=20, promised=5)
    before = records()
    monkeypatch.setattr(services_of_ledger, "_recorded", unrecorded)
    case = world.file(item, at)
    world.bring(case, "granted", at)
    assert case.state == "granted"
    assert records() == before
    monkeypatch.undo()
    world.file(item, at)
    assert records() > before


def test_the_export_that_is_made_is_spelt_as_records_are(monkeypatch):
    monkeypatch.setattr(verified, "OPEN", 2)
    leaves = {}
    for place, line in enumerate(verified.lines(30)):
        seq, stream = place // 2 % 6 + 1, place // 12 * 2 + place % 2
        row = verified.row_of(stream, seq, leaves.get(stream, verified.GENESIS))
        assert line == canonical(row) + b"\n"
        leaves[stream] = hashlib.sha256(b"\x00" + line[:-1]).hexdigest()


def test_the_bench_of_the_verifier_ends_where_it_sees_nothing(tmp_path, monkeypatch):
    export = verified.made(tmp_path, 40)
    monkeypatch.setattr(verified, "verified", lambda export: (0, 0.0, 0.0, 0))
    with pytest.raises(RuntimeError, match="changed"):
        verified.check_the_check(export)
