"""Killed between any two statements, a command is whole or absent.

What a kill leaves is what was written before it. A kill before a reading statement leaves what the
kill before the next writing one leaves, so that CI kills before these alone and around the commits;
`just soak` before every statement. A long form goes through all points of all commands again and
again, each time after another history. A point has a name: the command, what it was about to write
and for which time, or that it was about to commit or had just done so.
"""

import os
import random
import re
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection

from mingtang.accounts.models import Person
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
from mingtang.ledger.models import Command, Delivery, Untold
from mingtang.timing.models import Clock
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLED, DONE, FAILED = "killed", "done", "failed"
COMMITTING, COMMITTED = "before the commit", "after the commit"
WRITTEN = re.compile(r'(\w+)[^"]*(?:"(\w+)")?')  # of a statement: its verb, its table


class _Killer:
    """Kills this process before its n-th statement that writes, or that it is at all; commits
    count too, before and after."""

    def __init__(self, at: int, pipe: int, *, reads: bool) -> None:
        self.left, self.pipe = at, pipe
        self.reads = reads
        self.met: Counter[str] = Counter()

    def tick(self, point: str) -> None:
        self.left -= 1
        self.met[point] += 1
        if self.left == 0:
            os.write(self.pipe, f"{point}, {self.met[point]}".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, execute, sql, params, many, context):
        if self.reads or not sql.startswith("SELECT"):
            self.tick(" ".join(filter(None, WRITTEN.match(sql).groups())))
        return execute(sql, params, many, context)


def _run_killed(act: Callable[[], object], at: int, *, reads: bool = True) -> tuple[str, str]:
    """Run a command in a child that dies at its n-th point: how it ended, the name of the point.
    The child opens its own connection."""
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            killer = _Killer(at, writing, reads=reads)
            commit = connection._commit

            def watched_commit():
                killer.tick(COMMITTING)
                commit()
                killer.tick(COMMITTED)

            connection._commit = watched_commit
            with connection.execute_wrapper(killer):
                act()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        point = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return KILLED, point
    return DONE if os.WEXITSTATUS(status) == 0 else FAILED, ""


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
        "untold": Untold.objects.count(),
        "debts": Delivery.objects.count(),
        "commands": Command.objects.count(),
    }


def _newest() -> Case:
    return Case.objects.latest("id")


def _story(world, item, at) -> Iterator[tuple[str, Callable[[str], object]]]:
    """The whole life, one command after another, each with a command id of its own."""

    case = _newest

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


def _signer(world) -> Person:
    known = Person.objects.filter(username="planner").first()
    return known or world.people.post("planner", Role.HANDLER, world.planning)


def _seal_decision(world, case, at, one):
    decision = Document.objects.get(subject=case.stream, kind="granted")
    by = {"actor": world.actor(world.approver), "at": at, "command_id": one}
    return seal_document(document_id=decision.id, seal_name="审批专用章", **by)


def _detours(world, item, at) -> Iterator[tuple[str, Callable[[str], object]]]:
    """What the main job leaves out: corrections, money, originals, a pause, an end, a return."""

    def act(who, command, **more):
        def run(one):
            told = {key: value() if callable(value) else value for key, value in more.items()}
            return world.act(who, command, _newest(), at, command_id=one, **told)

        return run

    pause = {"why": PauseReason.EXPERT_REVIEW, "note": "需评审", "days": 10}
    charge = {"charge_id": lambda: Charge.objects.latest("id").id}
    slip = {"receiver_id": world.planning.id, "due_date": at.date()}
    originals = {"original_ids": lambda: [Original.objects.latest("id").id]}
    signer = _signer(world)
    world.act(world.clerk, cases.receive, world.file(item, at, world.citizen), at)
    yield "ask correction", act(world.clerk, cases.ask_correction, note="缺少报告")
    yield "supply", act(world.clerk, cases.supply, note="报告", files=[], originals=[("证", 1)])
    yield "send", act(world.clerk, cases.send_originals, **originals, **slip)
    yield "sign", act(signer, cases.sign_slip, slip_id=lambda: HandOverSlip.objects.latest("id").id)
    yield "charge", act(world.clerk, cases.charge, fees=[("工本费", 1000)])
    yield "pay", act(world.clerk, cases.pay, **charge)
    world.act(world.clerk, cases.accept, _newest(), at)
    world.act(world.handler, cases.claim, _newest(), at, step_key="review")
    yield "ask pause", act(world.handler, cases.ask_pause, **pause)
    yield "pause", act(world.approver, cases.pause)
    yield "resume", act(world.approver, cases.resume, result="通过")
    yield "withdraw", act(world.citizen, cases.withdraw, reason="")
    yield "reopen", act(world.approver, cases.reopen, reason="申请人反悔")


def _item(world) -> str:
    return world.item(
        statutory=20,
        promised=5,
        special="专家评审|20个工作日",
        fee="收费",
        fees="工本费|10元/证|文件",
    )


@pytest.mark.parametrize("reads", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("story", [_story, _detours], ids=["main job", "detours"])
def test_killed_anywhere_a_command_is_whole_or_absent(world, at, story, reads):
    found = Found()
    for name, act in story(world, _item(world), at):
        _kill_everywhere(name, act, found, reads=reads)
    assert found.wrong == []
    assert found.points.total() > 60, "the killer killed too seldom to show anything"


@dataclass
class Found:
    """How often each point was killed, and what was wrong afterwards, in a sentence each."""

    points: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str, where: str) -> None:
        if not holds:
            self.wrong.append(f"{what}: {where}")

    def told(self, times: int) -> dict[str, int]:
        """Figures for the table; `times`: how often each point should be killed."""
        sorts = Counter(one.partition(":")[0] for one in self.wrong)
        return {
            "points": len(self.points),
            f"killed_{times}_times": sum(count >= times for count in self.points.values()),
            "kills": self.points.total(),
            **{sort: sorts[sort] for sort in ("lost", "halves", "breaks", "extra")},
        }


def _kill_everywhere(name: str, act: Callable[[str], object], found: Found, *, reads: bool) -> None:
    """Kill a command at each of its points, then let it live."""
    one, before = new_command_id(), _picture()
    for number in range(1, 200):
        outcome, point = _run_killed(lambda: act(one), number, reads=reads)
        where = f"{name}, {point or outcome}"
        assert outcome != FAILED, where
        found.points.update([where] if outcome == KILLED else [])
        after = _picture()
        is_whole = Command.objects.filter(command_id=one).exists()
        found.expect(is_whole or not (outcome == DONE or COMMITTED in point), "lost", where)
        events = before["events"] + 1
        found.expect(after["events"] == events if is_whole else after == before, "halves", where)
        found.expect(ledger.verify().is_ok, "breaks", where)
        if is_whole or outcome == DONE:
            break
    assert is_whole or found.wrong, f"{name} never came to its end"
    if is_whole:  # asked again after the crash: the same answer, no second effect
        act(one)
        found.expect(_picture() == after, "extra", name)


TIMES = 20
STATES = ("received", "accepted", "granted", "delivered")


@pytest.mark.soak
def test_every_named_point_is_killed_twenty_times_each_after_another_history(world, at, lasting):
    item, found = _item(world), Found()
    for number in lasting.rounds(TIMES):
        dice = random.Random(number)
        for story in (_story, _detours):
            when = at + timedelta(seconds=dice.randrange(6 * 3600))
            for _ in range(dice.randrange(3)):
                world.bring(world.file(item, when), dice.choice(STATES), when)
            for name, act in story(world, item, when):
                _kill_everywhere(name, act, found, reads=False)
    lasting.tell("named commit points killed", **found.told(TIMES))
    assert found.wrong == []
    assert min(found.points.values()) >= TIMES or lasting.minutes is not None


def test_the_killer_sees_an_act_that_was_never_committed(world, at, monkeypatch):
    """Positive control: where the commit takes everything back, what was done is lost."""
    case = world.file(_item(world), at)
    monkeypatch.setattr(connection, "_commit", connection._rollback)
    found = Found()

    def receive(one: str) -> None:
        world.act(world.clerk, cases.receive, case, at, command_id=one)

    _kill_everywhere("receive", receive, found, reads=False)
    assert found.told(TIMES)["lost"] == 2  # killed after it, and not killed at all
    assert found.told(TIMES)["halves"] == 0


def test_the_killer_can_see_half_an_act(world, at, monkeypatch):
    """Positive control: without the transaction around it, a killed command does leave half."""
    from contextlib import nullcontext

    from mingtang.ledger import services

    case = world.file(_item(world), at)
    monkeypatch.setattr(services.transaction, "atomic", nullcontext)
    monkeypatch.setattr(receiving, "locked", lambda case_id: Case.objects.get(id=case_id))
    halves = 0
    for point in range(1, 30):
        before = _picture()
        outcome, _ = _run_killed(
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
