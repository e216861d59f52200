"""Numbers that people read: unique always; without gaps where they are drawn one by one and commit.

A busy series is drawn in blocks, so that its row is not locked by everyone who files: see
docs/adr/0008-serials-in-blocks.md.
"""

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice

from django.db import connection, transaction

from mingtang.base.db import steady
from mingtang.base.models import Serial

MOST_SERIES, MOST_NUMBERS = 256, 1000  # what a process keeps: yesterday's series go by themselves

Key = tuple[str, str, str]  # alias and name of the database, series


class _Pool:
    """What is left of the blocks that this process drew and committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: OrderedDict[Key, deque[int]] = OrderedDict()

    def take(self, key: Key) -> int | None:
        with self._lock:
            numbers = self._left.get(key)
            if not numbers:
                return None
            self._left.move_to_end(key)
            return numbers.popleft()

    def keep(self, key: Key, numbers: Iterable[int]) -> None:
        """Keep numbers, as far as there is room; the series that rested longest makes room."""
        with self._lock:
            held = self._left.setdefault(key, deque())
            held.extend(islice(numbers, max(MOST_NUMBERS - len(held), 0)))
            self._left.move_to_end(key)
            while len(self._left) > MOST_SERIES:
                self._left.popitem(last=False)


_pool = _Pool()


def forget_blocks() -> None:
    """Give up what is left of all blocks: in a forked child, and where a database was emptied."""
    global _pool  # noqa: PLW0603 – a new one, lock and all: the old one may be held by a lost thread
    _pool = _Pool()


if hasattr(os, "register_at_fork"):  # a system without it does not fork
    os.register_at_fork(after_in_child=forget_blocks)


_alone: ContextVar[bool] = ContextVar("one process writes, and nobody waits for it", default=False)


@contextmanager
def one_by_one() -> Iterator[None]:
    """Meanwhile no blocks are drawn: for a simulation, whose numbers are the same on each database
    only so, since two of a series in one transaction come from two blocks."""
    token = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(token)


def next_serial(series: str, block: int = 1) -> int:
    """The next number of a series, from 1. No two transactions that commit get the same one.

    With `block` 1 the series is held until the transaction ends and has no gaps. With more, a
    block is drawn in the open transaction; the process keeps its rest once that has committed, so
    nothing of a block that was rolled back is ever given out, and the next ones hold no row.
    Numbers then come in no strict order, and are lost when a transaction rolls back, when a
    process ends, and beyond the room of the pool. SQLite, with its one writer, draws one by one.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a serial is drawn inside a transaction")
    if block < 1:
        raise ValueError(f"a block holds one number at least, not {block}")
    if block == 1 or connection.vendor == "sqlite" or _alone.get():
        return _drawn(series, 1)
    pool, key = _pool, (connection.alias, str(connection.settings_dict["NAME"]), series)
    pooled = pool.take(key)
    if pooled is not None:
        return pooled
    last = _drawn(series, block)
    first = last - block + 1
    transaction.on_commit(lambda: pool.keep(key, range(first + 1, last + 1)))
    return first


def next_serials(series: str, count: int) -> range:
    """The next numbers of a series, drawn at once; held until the transaction ends, no gaps."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a serial is drawn inside a transaction")
    if count < 1:
        return range(0)
    last = _drawn(series, count)
    return range(last - count + 1, last + 1)


def _drawn(series: str, count: int) -> int:
    """The last of the next `count` numbers."""
    with steady() as cursor:
        cursor.execute(
            f"INSERT INTO {Serial._meta.db_table} (series, last) VALUES (%s, %s) "  # noqa: S608
            "ON CONFLICT (series) DO UPDATE SET last = base_serial.last + excluded.last "
            "RETURNING last",
            [series, count],
        )
        return int(cursor.fetchone()[0])
