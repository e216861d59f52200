"""Writers of SQLite in line: first come, first served; nobody waits for ever."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from mingtang.base.queued_sqlite.base import DatabaseWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LOCKS = Path("/proc/locks")  # the kernel's list, those who wait marked with an arrow


@pytest.fixture
def opened(tmp_path):
    """Connections of their own to one database."""
    made = []

    def open_one(patience=20.0):
        told = connections["default"].settings_dict | {
            "NAME": str(tmp_path / "one.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": patience},
        }
        made.append(DatabaseWrapper(told, alias="queued"))
        made[-1].inc_thread_sharing()
        return made[-1]

    yield open_one
    for one in made:
        one.close()


def _begin(one):
    one.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def _end(one):
    one.commit()
    one.set_autocommit(True)


def _wait_for_line(holder, length):
    inode = f":{os.fstat(holder._turn).st_ino} "
    until = time.monotonic() + 10
    while sum("->" in row and inode in row for row in LOCKS.read_text().splitlines()) < length:
        assert time.monotonic() < until, "nobody came into the line"
        time.sleep(0.001)


@pytest.mark.skipif(not LOCKS.exists(), reason="who waits is read from Linux")
def test_whoever_came_first_goes_first(opened):
    holder, order = opened(), []
    _begin(holder)

    def write(number):
        mine = opened()
        _begin(mine)
        order.append(number)
        _end(mine)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for length, one in enumerate(writers, start=1):
        one.start()
        _wait_for_line(holder, length)
    _end(holder)
    for one in writers:
        one.join(10)
    assert order == list(range(6))


def test_patience_ends_and_the_turn_passes_by(opened):
    holder, hasty = opened(), opened(0.05)
    _begin(holder)
    with pytest.raises(OperationalError, match="database is locked"):
        _begin(hasty)
    _end(holder)
    _begin(hasty)  # the place that was given up holds nothing
    _end(hasty)


def test_a_transaction_that_fails_ends_its_turn(opened):
    first, second = opened(), opened(0.05)
    _begin(first)
    first.rollback()
    first.set_autocommit(True)
    _begin(second)
    second.close()
    _begin(first)
    _end(first)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # a fork beside threads
def test_who_is_killed_holds_no_turn(opened):
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            _begin(opened())
            os.write(write, b"1")
            time.sleep(60)
        finally:
            os._exit(1)
    os.close(write)
    assert os.read(read, 1)
    waiting = opened(0.05)
    with pytest.raises(OperationalError):
        _begin(waiting)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    _begin(waiting)
    _end(waiting)


def test_who_takes_no_turn_is_let_in_before_those_in_line(opened, monkeypatch):
    """The control: it is the turn that keeps the order, not SQLite."""
    holder, plain = opened(), opened(0.05)
    monkeypatch.setattr(plain, "_take_turn", lambda: None)
    holder._take_turn()
    _begin(plain)
    _end(plain)
    holder._end_turn()
