"""What a case costs beside its acts: the worker's CPU, the disk, the log. The load model
(bench/model.py) reckons with these. PostgreSQL only.
"""

from django.db import connection

from bench.city import copy_lives, life_of
from bench.figures import Figure
from bench.measure import timed
from bench.town import AT, LIFE, Hall, live
from mingtang.ledger.services import deliver_all, grow_tree
from mingtang.timing.services import seed_calendars

LIVES, COPIES = 40, {"small": 10_000, "large": 100_000}
TOLD = "told by the load model"


def run(size: str) -> list[Figure]:
    seed_calendars(at=AT)
    hall = Hall()
    _settle()
    log = _asked("SELECT pg_current_wal_insert_lsn() - '0/0'")
    cases = [live(hall, hall.file(), LIFE[-1]) for _ in range(LIVES)]
    worker = timed(_settle)
    log = (_asked("SELECT pg_current_wal_insert_lsn() - '0/0'") - log) / LIVES
    before, count = _asked(SIZE), COPIES[size]
    copy_lives([life_of(one) for one in cases[:5]], count)
    disk = (_asked(SIZE) - before) / count
    return [
        Figure(
            row="–",
            what="worker: all that a case tells, delivered and in the tree",
            goal="",
            figure=f"{worker.cpu / LIVES * 1e3:.3g} ms CPU a case",
            yardstick=TOLD,
            ratio=1,
            cpu_ms=worker.cpu / LIVES * 1e3,
        ),
        _bytes("disk: case, steps, clocks, papers, events of a case, with indexes", disk),
        _bytes("log: what a standby is sent of a case, without full pages", log),
    ]


SIZE = "SELECT pg_database_size(current_database())"


def _settle() -> None:
    while deliver_all(AT, 500):
        pass
    grow_tree(AT, everything=True)


def _asked(question: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return float(cursor.fetchone()[0])


def _bytes(what: str, count: float) -> Figure:
    return Figure(
        row="–", what=what, goal="", figure=f"{count / 1024:.1f} KiB", yardstick=TOLD, ratio=count
    )
