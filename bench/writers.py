"""How long a writer waits at most, with sixteen at once: in line, and as SQLite alone lets them in.

Each writer is a process; each write is a command of the ledger. PostgreSQL locks rows and has no
such line: there the same is told without a goal.
"""

import multiprocessing
import time
from typing import Any
from uuid import uuid4

from django.db import connection, connections

from bench.figures import Figure, spread
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record

WRITERS, WRITES, ROUNDS = 16, 40, 5
PLAIN = "django.db.backends.sqlite3"
A_DAY = 86_400_000  # milliseconds: so far apart are the ids of two writers
FORK = multiprocessing.get_context("fork")


def run(size: str) -> list[Figure]:
    """Alternating rounds; of each round the longest wait of all its writes."""
    engines = [str(connection.settings_dict["ENGINE"])]
    engines += [PLAIN] if connection.vendor == "sqlite" else []
    longest: dict[str, list[float]] = {engine: [] for engine in engines}
    for _ in range(ROUNDS):
        for engine in engines:
            longest[engine].append(_round(engine))
    ours, *others = longest.values()
    return [
        Figure(
            row="14",
            what=f"longest wait of a write, {WRITERS} writers",
            goal="≤ 0.5 s" if others else "",
            figure=spread(ours, "s"),
            yardstick=f"SQLite's own waiting {spread(others[0], 's')}" if others else "",
            ratio=max(ours) / 0.5,
            most=1 if others else None,
            note=TURN_WHY if others and max(ours) > 0.5 else "",
        )
    ]


TURN_WHY = (
    "writers stand in one line, first come, first served: who is last of sixteen waits for fifteen"
    " commits, each of which is put on the disk (synchronous=FULL) before the next begins."
)


def _round(engine: str) -> float:
    """Seconds of the longest write of all."""
    connections.close_all()  # nothing open is shared with a child
    told, gate = FORK.Queue(), FORK.Barrier(WRITERS)
    writers = [
        FORK.Process(target=_write_all, args=(engine, number, gate, told))
        for number in range(WRITERS)
    ]
    for one in writers:
        one.start()
    found = max(told.get(timeout=120) for _ in writers)
    for one in writers:
        one.join()
    return float(found)


@command("bench.write")
def _write(*, writer: int, actor: Actor, at: Any, command_id: str) -> dict[str, Any]:
    told: dict[str, Any] = {"actor": actor, "at": at, "command_id": command_id}
    record(stream=f"bench:{writer}", kind="bench.written", facts={}, **told)
    return {}


def _write_all(engine: str, number: int, gate: Any, told: Any) -> None:
    connections.settings["default"]["ENGINE"] = engine
    del connections["default"]
    longest = 0.0
    gate.wait()
    with ids.counted_from(lambda: time.time_ns() // 1_000_000 + number * A_DAY):
        for _ in range(WRITES):
            begin = time.perf_counter()
            _write(writer=number, actor=SYSTEM, at=now(), command_id=uuid4().hex)
            longest = max(longest, time.perf_counter() - begin)
    told.put(longest)
