"""What the ledger costs: whole lives of cases with it, and in turns in the same run without it.

Left out, in the processes of this bench alone, is all that `ledger.services` does to record an
event: the ends of the streams are not read, facts are not spelled, nothing is
hashed or linked, no event is written and nobody is to be told. The row of the command stays
in both: it keeps an act from being done twice, ledger or not. What the worker does afterwards (the
tree, its heads, what followers do) is in neither; the tree is told by itself.

Each writer is a process and leads cases of its own from filing to decision.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, connections

from bench.figures import Figure, spread
from bench.measure import database_cpu
from bench.town import LIFE, Hall
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.ledger import services
from mingtang.ledger.models import Event, Untold
from mingtang.ledger.rules import GENESIS, Actor

ROUNDS = 15  # on PostgreSQL they lie far apart
WRITERS = {1: 24, 24: 3}  # cases that each of so many writers leads in a round
MOST = 0.15
A_DAY = 86_400_000  # milliseconds: so far apart are the ids of two writers
FORK = multiprocessing.get_context("fork")
Recorded = Callable[..., list[services.Row]]


@dataclass(frozen=True)
class Round:
    """Seconds that a round took, and of CPU, for one act; and how many records it wrote."""

    wall: float
    cpu: float
    records: int


def run(size: str) -> list[Figure]:
    hall = Hall()
    _lives(hall, 2)  # what the process keeps is kept
    return [one for writers, cases in WRITERS.items() for one in _compared(hall, writers, cases)]


def _compared(hall: Hall, writers: int, cases: int) -> list[Figure]:
    """Rounds with and without, in turns; which goes first changes too."""
    arms: dict[Recorded, list[Round]] = {services._recorded: [], unrecorded: []}
    tree: list[float] = []
    for number in range(ROUNDS):
        order = list(arms)[:: -1 if number % 2 else 1]
        for arm in order:
            arms[arm].append(checked(arm, _round(hall, arm, writers, cases)))
        tree.append(_tree())
    with_it, without = arms.values()
    return _figures(writers, with_it, without, tree)


def unrecorded(
    entries: Sequence[services.Entry], actor: Actor, at: datetime, command_id: str
) -> list[services.Row]:
    """What is left of recording: ids, and rows that nobody writes."""
    who = (*(None,) * 6, command_id)
    told = zip(ids.next_ids(len(entries)), entries, strict=True)
    return [
        (number, one.stream, 1, one.kind, at, at.date(), *who, services.Spelt("{}"), *2 * [GENESIS])
        for number, one in told
    ]


def checked(arm: Recorded, one: Round) -> Round:
    """The control: an arm that did not do what it is said to do ends the bench."""
    if arm is unrecorded and one.records:
        raise RuntimeError(f"without the ledger {one.records} records were written all the same")
    if arm is not unrecorded and not one.records:
        raise RuntimeError("with the ledger no record was written")
    return one


def _round(hall: Hall, arm: Recorded, writers: int, cases: int) -> Round:
    """The children are forked with the arm in place; each leads one case before it counts."""
    connections.close_all()  # nothing open is shared with a child
    told, gates = FORK.Queue(), (FORK.Barrier(writers + 1), FORK.Barrier(writers + 1))
    ours, services._recorded = services._recorded, arm
    try:
        work = [
            FORK.Process(target=_write, args=(hall, number, cases, gates, told))
            for number in range(writers)
        ]
        for one in work:
            one.start()
    finally:
        services._recorded = ours
    gates[0].wait(timeout=120)  # all are warm
    before, theirs = records(), database_cpu()
    begin = time.perf_counter()
    gates[1].wait(timeout=120)
    cpu = sum(told.get(timeout=300) for _ in work)
    wall = time.perf_counter() - begin
    cpu += database_cpu() - theirs
    for one in work:
        one.join()
    acts = writers * cases * len(LIFE)
    return Round(wall / acts, cpu / acts, records() - before)


def records() -> int:
    return sum(model.objects.count() for model in (Event, Untold))


def _write(hall: Hall, number: int, cases: int, gates: Any, told: Any) -> None:
    with ids.counted_from(lambda: time.time_ns() // 1_000_000 + number * A_DAY):
        _lives(hall, 1)
        gates[0].wait(timeout=120)
        gates[1].wait(timeout=120)
        begin = time.process_time()
        _lives(hall, cases)
        told.put(time.process_time() - begin)
    connection.close()


def _lives(hall: Hall, count: int) -> None:
    for _ in range(count):
        case_id = hall.file()
        for name in LIFE[1:]:
            getattr(hall, name)(case_id)


def _tree() -> float:
    """Milliseconds of CPU, for each record, of giving the new ones their place and signing."""
    begin, theirs = time.process_time(), database_cpu()
    grown = services.grow_tree(now(), everything=True)
    return (time.process_time() - begin + database_cpu() - theirs) / max(grown, 1) * 1e3


def _figures(
    writers: int, with_it: list[Round], without: list[Round], tree: list[float]
) -> list[Figure]:
    """The goal is about what can be done in a second: by how much less of it with the ledger.
    Rounds are compared pair by pair, so that a busy hour of the machine is in both."""
    of = "1 writer" if writers == 1 else f"{writers} writers"
    cost = _cost([one.wall for one in with_it], [one.wall for one in without])
    cpu, bare = ([one.cpu * 1e3 for one in arm] for arm in (with_it, without))
    rates = [spread([1 / one.wall for one in arm], "acts/s") for arm in (with_it, without)]
    throughput = Figure(
        row="trust",
        what=f"what the ledger costs in throughput, {of}",
        goal=f"≤ {MOST}",
        figure=rates[0],
        yardstick=f"without it {rates[1]}",
        ratio=cost,
        most=MOST,
        cpu_ms=statistics.median(cpu),
        note=WHY if cost > MOST else "",
    )
    of_cpu = Figure(
        row="trust",
        what=f"what it costs in CPU, {of}",
        goal="",
        figure=spread(cpu, "ms CPU"),
        yardstick=f"without it {spread(bare, 'ms CPU')}",
        ratio=_cost(cpu, bare),
    )
    of_tree = Figure(
        row="trust",
        what=f"place in the tree and signed head, a record, {of}",
        goal="",
        figure=spread(tree, "ms CPU"),
        yardstick="an act with the ledger",
        ratio=statistics.median(tree) / statistics.median(cpu),
    )
    return [throughput, of_cpu, of_tree]


def _cost(ours: Sequence[float], bare: Sequence[float]) -> float:
    """The share of what is spent with the ledger that would not be without."""
    return statistics.median(1 - b / a for a, b in zip(ours, bare, strict=True))


WHY = (
    "as profiled on SQLite, a third of what recording takes goes into writing the event, a quarter"
    " into spelling and hashing, a sixth into noting that it is to be told, so that nobody is ever"
    " forgotten, an eighth into reading the last event of the stream; the rest is Python between"
    " them. An act is two to seven milliseconds of CPU, so that three statements more are felt."
)
