"""The same command sent again and again from many sides at once: one effect, one answer."""

import random
import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection

from mingtang.base.clock import now
from mingtang.ledger import queries
from mingtang.ledger.models import Command, Event
from mingtang.ledger.rules import SYSTEM
from tests.faults.test_killed_writing import act

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SIDES = 8
REPEATS = 100  # of each command


@pytest.fixture(autouse=True)
def _unfollowed(settings):
    settings.LEDGER_FOLLOWERS = []


def _sent(ids: list[str], again: bool) -> list[set[int]]:
    """Answers to each command, sent `REPEATS` times from all sides in any order. Not `again`: each
    with an id of its own, as if nobody knew that it is the same."""
    answers: list[set[int]] = [set() for _ in ids]
    work = list(range(len(ids))) * REPEATS
    random.Random(6).shuffle(work)
    lock, barrier = threading.Lock(), threading.Barrier(SIDES)

    def send(side: int) -> None:
        barrier.wait()
        try:
            for number in work[side::SIDES]:
                one = ids[number] if again else uuid4().hex
                told = act(writer=number, actor=SYSTEM, at=now(), command_id=one)
                with lock:
                    answers[number].add(told["number"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(side,)) for side in range(SIDES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize(
    ("rounds", "commands"),
    [
        pytest.param(1, 50, marks=pytest.mark.once),
        (1, 5),
        pytest.param(50, 100, marks=pytest.mark.soak),
    ],
)
def test_what_is_sent_many_times_at_once_counts_once(lasting, rounds, commands):
    found: Counter[str] = Counter(repeats=0, extra_effects=0, other_answers=0)
    for _ in lasting.rounds(rounds):
        ids = [uuid4().hex for _ in range(commands)]
        answers = _sent(ids, again=True)
        kept = Command.objects.filter(command_id__in=ids).count()
        events = Event.objects.filter(command_id__in=ids).count()
        found["repeats"] += commands * REPEATS
        found["extra_effects"] += abs(kept - commands) + abs(events - 2 * commands)
        found["other_answers"] += sum(len(one) != 1 for one in answers)
    lasting.tell("same command repeated", **found)
    assert (found["extra_effects"], found["other_answers"]) == (0, 0)
    assert found["repeats"] == rounds * commands * REPEATS or lasting.minutes is not None
    assert queries.verify().is_ok


@pytest.mark.once
def test_without_its_id_each_repeat_counts():
    """The positive control."""
    answers = _sent([uuid4().hex], again=False)
    assert len(answers[0]) == Command.objects.count() == REPEATS
