"""Killed between any two statements, a command is whole or absent.

What a kill leaves is what was written before it. A kill before a reading statement leaves what the
kill before the next writing one leaves, so that CI kills before these alone and around the commits;
`just soak` before every statement.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from mingtang.accounts.rules import Role
from mingtang.base.models import Serial
from mingtang.cases import services as cases
from mingtang.cases.models import (
    Case,
    Charge,
    Correction,
    HandOverSlip,
    Original,
    Pause,
    Request,
    Step,
    Submission,
)
from mingtang.cases.rules import HandOverWay, PauseReason, Verb
from mingtang.cases.services import receiving
from mingtang.files.models import Document
from mingtang.files.services import seal_document
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Command, Delivery
from mingtang.timing.models import Clock
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLED, DONE, FAILED = "killed", "done", "failed"


class _Killer:
    """Kills this process before its n-th statement that writes, or that it is at all; commits
    count too, before and after."""

    def __init__(self, at: int, *, reads: bool) -> None:
        self.left = at
        self.reads = reads

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, execute, sql, params, many, context):
        if self.reads or not sql.startswith("SELECT"):
            self.tick()
        return execute(sql, params, many, context)


def _run_killed(act: Callable[[], object], at: int, *, reads: bool = True) -> str:
    """Run a command in a child that dies at its n-th point. The child opens its own connection."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            killer = _Killer(at, reads=reads)
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
    money = ("id", "state", "waiver_cents", "paid_cents", "receipt_number")
    return {
        "cases": list(Case.objects.order_by("id").values_list("id", "state", "next_due_date")),
        "steps": list(Step.objects.order_by("id").values_list("id", "status")),
        "clocks": list(Clock.objects.order_by("id").values_list("id", "status", "due_date")),
        "charges": list(Charge.objects.order_by("id").values_list(*money)),
        "originals": list(
            Original.objects.order_by("id").values_list("id", "place", "returned_at")
        ),
        "requests": list(Request.objects.order_by("id").values_list("id", "is_approved")),
        "pauses": list(Pause.objects.order_by("id").values_list("id", "resumed_at")),
        "corrections": list(Correction.objects.order_by("id").values_list("id", "supplied_at")),
        "slips": list(HandOverSlip.objects.order_by("id").values_list("id", "received_at")),
        "papers": list(Document.objects.order_by("id").values_list("id", "number")),
        "serials": list(Serial.objects.order_by("series").values_list("series", "last")),
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
    yield "seal", lambda one: _seal_decision(world, case(), at, one)
    yield "hand over", act(world.clerk, cases.hand_over, way=HandOverWay.WINDOW, note="")


def _seal_decision(world, case, at, one):
    decision = Document.objects.get(subject=case.stream, kind="granted")
    by = {"actor": world.actor(world.approver), "at": at, "command_id": one}
    return seal_document(document_id=decision.id, seal_name="审批专用章", **by)


def _detours(world, item, at) -> Iterator[tuple[str, Callable[[str], object]]]:
    """What the main job leaves out: corrections, money, originals, a pause, an end, a return."""

    def act(who, command, **more):
        def run(one):
            told = {key: value() if callable(value) else value for key, value in more.items()}
            return world.act(who, command, Case.objects.get(), at, command_id=one, **told)

        return run

    pause = {"why": PauseReason.EXPERT_REVIEW, "note": "需评审", "days": 10}
    charge = {"charge_id": lambda: Charge.objects.get().id}
    slip = {"receiver_id": world.planning.id, "due_date": at.date()}
    originals = {"original_ids": lambda: [Original.objects.get().id]}
    signer = world.people.post("planner", Role.HANDLER, world.planning)
    world.file(item, at, world.citizen)
    world.act(world.clerk, cases.receive, Case.objects.get(), at)
    yield "ask correction", act(world.clerk, cases.ask_correction, note="缺少报告")
    yield "supply", act(world.clerk, cases.supply, note="报告", files=[], originals=[("证", 1)])
    yield "send", act(world.clerk, cases.send_originals, **originals, **slip)
    yield "sign", act(signer, cases.sign_slip, slip_id=lambda: HandOverSlip.objects.get().id)
    yield "charge", act(world.clerk, cases.charge, fees=[("工本费", 1000)])
    yield "pay", act(world.clerk, cases.pay, **charge)
    world.act(world.clerk, cases.accept, Case.objects.get(), at)
    world.act(world.handler, cases.claim, Case.objects.get(), at, step_key="review")
    yield "ask pause", act(world.handler, cases.ask_pause, **pause)
    yield "pause", act(world.approver, cases.pause)
    yield "resume", act(world.approver, cases.resume, result="通过")
    yield "withdraw", act(world.citizen, cases.withdraw, reason="")
    yield "reopen", act(world.approver, cases.reopen, reason="申请人反悔")


@pytest.mark.parametrize("reads", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("story", [_story, _detours], ids=["main job", "detours"])
def test_killed_anywhere_a_command_is_whole_or_absent(world, at, story, reads):
    item = world.item(
        statutory=20,
        promised=5,
        special="专家评审|20个工作日",
        fee="收费",
        fees="工本费|10元/证|文件",
    )
    deaths = sum(_killed_everywhere(name, act, reads) for name, act in story(world, item, at))
    assert deaths > 60, "the killer killed too seldom to show anything"


def _killed_everywhere(name: str, act: Callable[[str], object], reads: bool) -> int:
    """Kill a command at each of its points, then let it live. Returns how often it died."""
    one, before = new_command_id(), _picture()
    for point in range(1, 200):
        outcome = _run_killed(lambda: act(one), point, reads=reads)
        assert outcome != FAILED, f"{name} at point {point}"
        after = _picture()
        is_whole = Command.objects.filter(command_id=one).exists()
        if not is_whole:
            assert after == before, f"{name}, killed at point {point}, left half an act"
        assert ledger.verify().is_ok
        if is_whole:
            break
    assert is_whole, f"{name} never came to its end"
    assert after["events"] == before["events"] + 1
    act(one)  # asked again after the crash: the same answer, no second effect
    assert _picture() == after
    return point - 1


def test_the_killer_can_see_half_an_act(world, at, monkeypatch):
    """Positive control: without the transaction around it, a killed command does leave half."""
    from contextlib import nullcontext

    from mingtang.ledger import services

    item = world.item(statutory=20, promised=5)
    case = world.file(item, at)
    monkeypatch.setattr(services.transaction, "atomic", nullcontext)
    monkeypatch.setattr(receiving, "locked", lambda case_id: Case.objects.get(id=case_id))
    halves = 0
    for point in range(1, 30):
        before = _picture()
        outcome = _run_killed(
            lambda one=f"{point:032x}": world.act(
                world.clerk, cases.receive, case, at, command_id=one
            ),
            point,
            reads=False,
        )
        halves += outcome == KILLED and _picture() != before
        if outcome != KILLED:
            break
    assert halves > 0
