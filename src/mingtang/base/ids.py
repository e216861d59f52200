"""Identifiers: 63 bits of record time, leased node and counter.

They grow with the time of recording, never with the date of the business, and are strings in
JSON (a browser's numbers lose bits beyond 2**53).
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import time_ns

from django.conf import settings
from django.db import connection, transaction

from mingtang.base import clock
from mingtang.base.db import skip_locked

EPOCH_MS = 1_072_886_400_000  # 2004-01-01T00:00:00+08:00, the first day of the calendar
NODE_BITS, COUNTER_BITS = 10, 12
LEASE = timedelta(minutes=30)


def parse_id(text: str) -> int | None:
    """The id that a text spells, or None: for addresses, which anyone may type."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 19):
        return None
    number = int(text)
    return number if number < 1 << 63 else None


class IdGenerator:
    """Ids of one node: strictly growing, at most 4,096 a millisecond, then it borrows ahead."""

    def __init__(self, node: int, milliseconds: Callable[[], int]) -> None:
        if not 0 <= node < 1 << NODE_BITS:
            raise ValueError(f"node {node} does not fit in {NODE_BITS} bits")
        self._node = node << COUNTER_BITS
        self._milliseconds = milliseconds
        self._last = 0  # moment and counter of the last id, as one number
        self._lock = threading.Lock()

    def __call__(self) -> int:
        return self.many(1)[0]

    def many(self, count: int) -> list[int]:
        """So many, as if asked for one by one within a millisecond."""
        with self._lock:
            moment = self._milliseconds() - EPOCH_MS
            first = max(moment << COUNTER_BITS, self._last + 1)
            self._last = first + count - 1
        low = (1 << COUNTER_BITS) - 1
        return [
            place >> COUNTER_BITS << NODE_BITS + COUNTER_BITS | self._node | place & low
            for place in range(first, first + count)
        ]


class _Holder:
    """This process's lease of a node number."""

    def __init__(self) -> None:
        self.generator: IdGenerator | None = None
        self.renew_at_ns = 0
        self.lock = threading.Lock()


_holder = _Holder()


def _milliseconds() -> int:
    return time_ns() // 1_000_000


def _take_node() -> int:
    """The lowest node whose lease has run out. Runs in a transaction of its own."""
    from mingtang.base.models import NodeLease

    at = clock.now()
    with transaction.atomic():
        free = (
            NodeLease.objects.select_for_update(skip_locked=skip_locked())
            .filter(leased_until__lt=at)
            .order_by("node")
            .first()
        )
        if free is None:
            raise RuntimeError("所有节点号都在使用中（1024 个）。请设置 MINGTANG_NODE 后重试。")
        free.leased_until = at + LEASE
        free.save(update_fields=["leased_until"])
        return free.node


def lease() -> None:
    """Hold a node number that no other process holds. Call before opening a transaction.

    Taken again after half its time, so that a stopped process gives its number back unasked.
    """
    if settings.MINGTANG_NODE is None and time_ns() < _holder.renew_at_ns:
        return
    with _holder.lock:
        if settings.MINGTANG_NODE is not None:
            if _holder.generator is None:
                _holder.generator = IdGenerator(settings.MINGTANG_NODE, _milliseconds)
            return
        if time_ns() < _holder.renew_at_ns:
            return
        _holder.generator = IdGenerator(_take_node(), _milliseconds)
        _holder.renew_at_ns = time_ns() + int(LEASE.total_seconds() / 2) * 10**9


@contextmanager
def counted_from(milliseconds: Callable[[], int]) -> Iterator[None]:
    """Ids of another clock than the machine's, of node 0: a simulation gives the same ones again.

    For a database in which nobody else writes.
    """
    before = _holder.generator, _holder.renew_at_ns
    _holder.generator, _holder.renew_at_ns = IdGenerator(0, milliseconds), 1 << 63
    try:
        yield
    finally:
        _holder.generator, _holder.renew_at_ns = before


def next_id() -> int:
    """A new id. Inside a transaction the lease must be held already (commands see to it)."""
    return next_ids(1)[0]


def next_ids(count: int) -> list[int]:
    """So many new ids, in order."""
    if _holder.generator is None:
        if settings.MINGTANG_NODE is None and connection.in_atomic_block:
            raise RuntimeError("base.ids.lease() must run before the transaction opens")
        lease()
    generator = _holder.generator
    assert generator is not None
    return generator.many(count)


_DERIVED = uuid.UUID("6d696e67-7461-4e67-8d65-6d6f00000002")


def derived_command_id(*parts: object) -> str:
    """The id of a command that follows from what it is about: done twice, it is one command."""
    return uuid.uuid5(_DERIVED, "/".join(str(part) for part in parts)).hex
