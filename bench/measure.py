"""How time is taken: alternating rounds; wall time, and CPU of this process and the database."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")
PARENT, OWN, CHILDREN = 1, slice(11, 13), slice(13, 15)  # fields of /proc/PID/stat after the name


@dataclass(frozen=True)
class Sample:
    """What one round cost, in seconds."""

    wall: float
    cpu: float


def alternating(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[Sample]]:
    """Each of the works once a round, in turns, so that a noisy neighbour disturbs them alike."""
    taken: dict[str, list[Sample]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(timed(work))
    return taken


def timed(work: Callable[[], object]) -> Sample:
    """What a piece of work costs, the database's part with it."""
    begin, cpu, theirs = time.perf_counter(), time.process_time(), database_cpu()
    work()
    wall, own = time.perf_counter() - begin, time.process_time() - cpu
    return Sample(wall, own + database_cpu() - theirs)


def database_cpu() -> float:
    """Seconds of CPU of the PostgreSQL that we are connected to, all its processes; SQLite is us.

    Those that have ended are counted by their parent.
    """
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    mother = int(_stat(connection.connection.info.backend_pid)[PARENT])
    total = sum(int(one) for one in _stat(mother)[CHILDREN])
    for folder in Path("/proc").iterdir():
        fields = _stat(int(folder.name)) if folder.name.isdecimal() else []
        if fields and mother in (int(fields[PARENT]), int(folder.name)):
            total += sum(int(one) for one in fields[OWN])
    return total / TICK


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return []
