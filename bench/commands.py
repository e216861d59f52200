"""The four hot acts as service calls, against the bare driver that writes the same rows.

The yardstick is exact: every INSERT and UPDATE that a command made is taken down and played again,
one transaction for each command, by the bare driver on a copy of the database made before.
"""

import shutil
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bench.figures import Figure, spread
from bench.measure import Sample, timed
from bench.town import LIFE, Hall

HOT = ("file", "accept", "opinion", "decide")
ROUNDS = 7
EACH = {"small": 25, "million": 400, "ten-million": 400}
Written = list[tuple[str, Sequence[Any]]]


class Bare:
    """The same database without us: a copy, and the driver."""

    def __init__(self) -> None:
        name = settings.DATABASES["default"]["NAME"]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copy = Path(f"{name}.copy")
            shutil.copy(name, copy)
            self.driver: Any = sqlite3.connect(copy, isolation_level=None)
            self.driver.execute("PRAGMA journal_mode = WAL")
            self.driver.execute("PRAGMA synchronous = FULL")
            self.begin, self.place = "BEGIN IMMEDIATE", "?"
        else:
            self.driver, self.begin, self.place = _copied(name), "BEGIN", "%s"

    def play(self, commands: Sequence[Written]) -> None:
        """Each command's rows in a transaction of their own."""
        cursor = self.driver.cursor()
        for written in commands:
            cursor.execute(self.begin)
            for sql, values in written:
                cursor.execute(sql.replace("%s", self.place), values)
            cursor.execute("COMMIT")


def _copied(name: str) -> Any:
    """A copy of a PostgreSQL database, which nobody may use meanwhile."""
    import psycopg

    told = connection.get_connection_params() | {"autocommit": True}
    wanted = {key: told[key] for key in ("host", "port", "user", "password") if told.get(key)}
    connection.close()
    with psycopg.connect(dbname="template1", autocommit=True, **wanted) as other:
        other.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
    return psycopg.connect(dbname=f"{name}_copy", autocommit=True, **wanted)


@contextmanager
def taken_down(into: Written) -> Iterator[None]:
    """Note what is written meanwhile."""

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            into.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield


def run(size: str) -> list[Figure]:
    """File, accept, opinion, decide: what each costs here, and what its rows cost by themselves."""
    hall = Hall()
    _life(hall, 5)  # what the process keeps is kept
    bare = Bare()
    ours: dict[str, list[Sample]] = {name: [] for name in HOT}
    theirs: dict[str, list[Sample]] = {name: [] for name in HOT}
    for _ in range(ROUNDS):
        for name, (taken, commands) in _life(hall, EACH[size]).items():
            played = timed(lambda commands=commands: bare.play(commands))
            if name in ours:
                ours[name].append(taken)
                theirs[name].append(played)
    return [_figure(name, ours[name], theirs[name], EACH[size]) for name in HOT]


def _life(hall: Hall, count: int) -> dict[str, tuple[Sample, list[Written]]]:
    """So many cases from filing to decision, act by act: what each act took, and what it wrote."""
    found = {}
    ids: list[int] = []
    for name in LIFE:
        commands: list[Written] = [[] for _ in range(count)]

        def work(name: str = name, commands: list[Written] = commands) -> None:
            for at, written in enumerate(commands):
                with taken_down(written):
                    ids.append(hall.file()) if name == "file" else getattr(hall, name)(ids[at])

        found[name] = (timed(work), commands)
    return found


def _figure(name: str, ours: list[Sample], theirs: list[Sample], count: int) -> Figure:
    """The goal is about what can be done in a second: the share of the bare driver's."""
    wall, bare = ([one.wall / count * 1e3 for one in rounds] for rounds in (ours, theirs))
    cpu = statistics.median(one.cpu for one in ours) / count * 1e3
    bare_cpu = statistics.median(one.cpu for one in theirs) / count * 1e3
    ratio = statistics.median(bare) / statistics.median(wall)
    return Figure(
        row="1",
        what=f"{name}, throughput",
        goal="≥ 0.4 of the bare driver",
        figure=spread(wall, "ms"),
        yardstick=f"bare driver, same rows {spread(bare, 'ms')}, CPU {bare_cpu:.2f} ms",
        ratio=ratio,
        least=0.4,
        cpu_ms=cpu,
        note="" if ratio >= 0.4 else WHY,
    )


WHY = (
    "the rows are a small part of an act: it reads what it decides by (case, steps, clocks, route,"
    " calendar), checks it, and seals, hashes and words what it writes, in Python."
)
