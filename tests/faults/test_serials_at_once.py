"""Serials under fire: threads, a second process and rollbacks, and never two alike."""

import json
import os
import random
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from mingtang.base.serials import next_serial

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS, DRAWS, BLOCK = 20, 25, 7


class Undone(Exception):
    """Ends a transaction that is not to be kept."""


def _draw(seed: int, kept: list[int], lock: threading.Lock) -> None:
    """Draw again and again; every third transaction or so is rolled back, inner ones too."""
    dice = random.Random(seed)
    for _ in range(DRAWS):
        try:
            with transaction.atomic():
                drawn = [next_serial("s", BLOCK) for _ in range(dice.randrange(1, 4))]
                _draw_in_vain(dice)
                if dice.random() < 0.3:
                    raise Undone
        except Undone:
            continue
        with lock:
            kept += drawn


def _draw_in_vain(dice: random.Random) -> None:
    if dice.random() < 0.3:
        try:
            with transaction.atomic():
                next_serial("s", BLOCK)
                raise Undone
        except Undone:
            pass


def _many(seed: int) -> list[int]:
    """What the transactions of twenty threads that committed were given."""
    kept: list[int] = []
    problems: list[Exception] = []
    lock = threading.Lock()

    def run(number: int) -> None:
        try:
            _draw(seed + number, kept, lock)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    return kept


def _in_child(work: Callable[[], object]) -> tuple[int, int]:
    """Fork a process that writes what its work gives; the process and where to read."""
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as pipe:
                json.dump(work(), pipe)
            os._exit(0)
        except BaseException:
            os._exit(1)
    os.close(writing)
    return child, reading


def _answer(child: int, reading: int) -> list[int]:
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    found: list[int] = json.loads(text)
    return found


def test_twenty_threads_in_two_processes_are_never_given_the_same_number() -> None:
    with transaction.atomic():
        first = next_serial("s", BLOCK)  # the parent holds a block when the child is born
    child = _in_child(lambda: _many(1000))
    mine = _many(2000)
    theirs = _answer(*child)
    numbers = [first, *mine, *theirs]
    assert len(mine) > THREADS * DRAWS / 2
    assert len(theirs) > THREADS * DRAWS / 2
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) == 1


def test_a_forked_child_gives_out_nothing_of_its_parents_blocks() -> None:
    def three() -> list[int]:
        with transaction.atomic():
            return [next_serial("s", BLOCK) for _ in range(3)]

    three()  # on PostgreSQL: three blocks, the rest of which is kept
    theirs = _answer(*_in_child(three))
    assert min(theirs) == (4 if connection.vendor == "sqlite" else 3 * BLOCK + 1)
    assert not set(theirs) & set(three())
