"""Random lives of joint matters: whatever the order of deciding, refusing, withdrawing and
delivering, parts stand where the rules say, and the clocks are what the history adds up to."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.base.errors import DomainError
from mingtang.cases.queries import outcome_of
from mingtang.cases.rules import Verb
from mingtang.joint import services as joint
from mingtang.joint.rules.parts import failed, is_done, now_ready
from mingtang.joint.rules.settling import status_of
from mingtang.joint.rules.states import JointState, PartStatus
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from mingtang.timing.queries import clocks_of, current_calendar
from mingtang.timing.rules import fold
from tests.joint.office import KEYS
from tests.world import morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
START = morning(2013, 9, 2)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "refuse", "withdraw", "waive", "simulate", "convert", "again"]),
        st.sampled_from(KEYS),
        st.integers(0, 3),
    ),
    max_size=12,
)


def _do(office, matter, step, key, at):
    """One step of a life, or nothing where it may not be."""
    part = office.part(matter, key)
    lead, own = office.approvers["plan"], office.handlers[key]
    if step in {"grant", "refuse"} and part.status == "running":
        office.decide(matter, key, at, Verb.GRANT if step == "grant" else Verb.REFUSE)
    elif step == "withdraw":
        office.act(office.clerk, joint.withdraw_part, matter, at, part=key, reason="不办了")
    elif step == "waive":
        office.act(lead, joint.go_on_without, matter, at, part=key, reason="另行办理")
    elif step == "simulate":
        office.act(own, joint.simulate, matter, at, part=key)
        told = {"part": key, "is_favourable": True, "opinion": "可行"}
        office.act(own, joint.give_opinion, matter, at, **told)
    elif step == "convert":
        lines = [joint.Rechecked(what, is_same=True) for what in joint.to_recheck(part)]
        office.act(own, joint.convert, matter, at, part=key, rechecked=lines)
    elif step == "again" and part.case_id:
        joint.settle(case_id=part.case_id, actor=SYSTEM, at=at, command_id=new_command_id())


def _check(matter):
    parts = list(matter.parts.order_by("position"))
    state = JointState(matter.state)
    for part in parts:
        if part.case_id:
            now = outcome_of(part.case_id)
            assert part.status == status_of(PartStatus(part.status), now.state, now.outcome)
    if state is JointState.ACCEPTED:
        assert now_ready(parts) == []  # what may begin has begun
        assert not is_done(parts)
    if state is JointState.DONE:
        assert is_done(parts)
        assert not failed(parts)
    ops = [op for event in ledger.history(matter.stream) for op in event.facts.get("clocks", ())]
    folded = fold(ops, current_calendar())
    kept = {clock.kind: clock.state for clock in clocks_of(matter.stream)}
    assert kept == folded
    assert (state is JointState.ACCEPTED) == any(
        one.is_open for kind, one in folded.items() if kind == "statutory"
    )


@given(STEPS)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_life_keeps_the_rules_and_its_clocks(office, steps):
    office, at = office, START
    matter = office.open(at)
    office.accept(matter, at)
    _check(matter)
    for step, key, days in steps:
        at += timedelta(days=days)
        with suppress(DomainError):  # the rules said no, and nothing has changed
            _do(office, matter, step, key, at)
        matter.refresh_from_db()
        _check(matter)
