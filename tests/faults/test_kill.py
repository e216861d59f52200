"""Killed between any two statements, a command is whole or absent."""

import os
import signal
import traceback
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from mingtang.cases import services as cases
from mingtang.cases.models import Case, Step, Submission
from mingtang.cases.rules import HandOverWay, Verb
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Command, Delivery
from mingtang.timing.models import Clock
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLED, DONE, FAILED = "killed", "done", "failed"


class _Killer:
    """Kills this process before its n-th statement; commits count too, before and after."""

    def __init__(self, at: int) -> None:
        self.left = at

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, execute, sql, params, many, context):
        self.tick()
        return execute(sql, params, many, context)


def _run_killed(act: Callable[[], object], at: int) -> str:
    """Run a command in a child that dies at its n-th point. The child opens its own connection."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            killer = _Killer(at)
            commit = connection._commit

            def watched_commit():
                killer.tick()
                commit()
                killer.tick()

            connection._commit = watched_commit
            with connection.execute_wrapper(killer):
                act()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return KILLED
    return DONE if os.WEXITSTATUS(status) == 0 else FAILED


def _picture() -> dict[str, object]:
    """Everything a case's commands write, to compare before and after."""
    return {
        "cases": list(Case.objects.order_by("id").values_list("id", "state", "next_due_date")),
        "steps": list(Step.objects.order_by("id").values_list("id", "status")),
        "clocks": list(Clock.objects.order_by("id").values_list("id", "status", "due_date")),
        "submissions": Submission.objects.count(),
        "events": ledger.event_count(),
        "debts": Delivery.objects.count(),
        "commands": Command.objects.count(),
    }


def _story(world, item, at) -> Iterator[tuple[str, Callable[[str], object]]]:
    """The whole life, one command after another, each with a command id of its own."""

    def case() -> Case:
        return Case.objects.get()

    def act(who, command, **more):
        return lambda one: world.act(who, command, case(), at, command_id=one, **more)

    yield "submit", lambda one: world.file(item, at, world.citizen, command_id=one)
    yield "receive", act(world.clerk, cases.receive)
    yield "accept", act(world.clerk, cases.accept)
    yield "claim", act(world.handler, cases.claim, step_key="review")
    yield "examine", act(world.handler, cases.examine, step_key="review", opinion="符合条件")
    yield "decide", act(world.approver, cases.decide, verb=Verb.GRANT, reason="符合条件")
    yield "hand over", act(world.clerk, cases.hand_over, way=HandOverWay.WINDOW, note="")


def test_killed_anywhere_a_command_is_whole_or_absent(world, at):
    item = world.item(statutory=20, promised=5)
    deaths = 0
    for name, act in _story(world, item, at):
        one, before = new_command_id(), _picture()
        for point in range(1, 200):
            outcome = _run_killed(lambda act=act, one=one: act(one), point)
            assert outcome != FAILED, f"{name} at point {point}"
            after = _picture()
            is_whole = Command.objects.filter(command_id=one).exists()
            if not is_whole:
                assert after == before, f"{name}, killed at point {point}, left half an act"
            assert ledger.verify().is_ok
            if is_whole:
                assert after["events"] == before["events"] + 1
                break
            deaths += 1
        assert is_whole, f"{name} never came to its end"
        act(one)  # asked again after the crash: the same answer, no second effect
        assert _picture() == after
    assert deaths > 60, "the killer killed too seldom to show anything"


def test_the_killer_can_see_half_an_act(world, at, monkeypatch):
    """Positive control: without the transaction around it, a killed command does leave half."""
    from contextlib import nullcontext

    from mingtang.ledger import services

    item = world.item(statutory=20, promised=5)
    case = world.file(item, at)
    monkeypatch.setattr(services.transaction, "atomic", nullcontext)
    monkeypatch.setattr(cases, "_locked", lambda case_id: Case.objects.get(id=case_id))
    halves = 0
    for point in range(1, 30):
        before = _picture()
        outcome = _run_killed(
            lambda one=f"{point:032x}": world.act(
                world.clerk, cases.receive, case, at, command_id=one
            ),
            point,
        )
        halves += outcome == KILLED and _picture() != before
        if outcome != KILLED:
            break
    assert halves > 0
