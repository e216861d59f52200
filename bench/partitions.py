"""The plan for yearly partitions, tried on a city: how long writers stand still. PostgreSQL only.

The ledger's events and the steps of cases become partitions; then everything that looks after them
has to find them whole, guarded, and open for the next act.
"""

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from deploy.partitions import Part
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from bench.city import copy_lives, life_of
from bench.figures import Figure
from bench.town import AT, LIFE, Hall, live
from deploy import partitions
from mingtang.base import ids
from mingtang.base.db import missing_guards
from mingtang.cases.models import Step
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Command, Event
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all, grow_tree, record
from mingtang.timing.services import seed_calendars

COPIES = {"small": 2_000, "large": 20_000, "million": 200_000}
TABLES = (Event, Step)
TRUNCATE_GUARDS = (
    "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND (tgtype & 32) = 32"
)
A_YEAR = 366 * 86_400_000 << 22  # of ids: milliseconds before node and counter


def run(size: str) -> list[Figure]:
    seed_calendars(at=AT)
    hall = Hall()
    copy_lives([life_of(live(hall, hall.file(), LIFE[-1])) for _ in range(3)], COPIES[size])
    _settle()
    before = _pointing()
    found = [one for model in TABLES for one in _converted(model._meta.db_table)]
    assert _pointing() == before, "foreign keys"
    call_command("migrate", verbosity=0)
    live(hall, hall.file(), LIFE[-1])
    _settle()
    _check()
    return found


def _converted(table: str) -> list[Figure]:
    below = ids.next_id() + (1 << 32)  # a second from now, or so
    parts = [Part("next", below, below + A_YEAR), Part("after", below + A_YEAR, below + 2 * A_YEAR)]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        rows = cursor.fetchone()[0]
        before = _seconds(lambda: partitions.prepare(cursor, table, below))
        begin = time.perf_counter()
        with transaction.atomic():
            partitions.swap(cursor, table, below, parts)
        held = time.perf_counter() - begin
        after = _seconds(lambda: partitions.finish(cursor, table))
    time.sleep(1.1)  # what comes now belongs into the next partition
    return [
        Figure(
            row="–",
            what=f"{table}, {rows:,} rows, into partitions: writers stand still",
            goal="",
            figure=f"{held * 1e3:.0f} ms",
            yardstick=f"beside the writers {before:.2f} s before and {after:.2f} s after",
            ratio=held / max(before + after, 1e-9),
        )
    ]


def _pointing() -> list[tuple[str, bool]]:
    """The foreign keys that point at these tables, and whether each has been validated."""
    names = [model._meta.db_table for model in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, convalidated FROM pg_constraint "
            "WHERE contype = 'f' AND conparentid = 0 "
            "AND confrelid::regclass::text = ANY(%s) ORDER BY 1",
            [names],
        )
        return list(cursor.fetchall())


def _seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _settle() -> None:
    while deliver_all(AT, 500):
        pass
    grow_tree(AT, everything=True)


def _check() -> None:
    """The tables are whole, guarded and open; a row that no partition takes is refused."""
    assert missing_guards() == []
    _check_turn_of_the_year()
    assert ledger.verify().is_ok
    connection.check_constraints()
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{table}_next"')
            assert cursor.fetchone()[0] > 0, table
        _add_third(cursor)
        for ending in ("_before", "_next", "_third"):  # CASCADE would meet the guards of others
            name = f"ledger_event{ending}"
            cursor.execute(TRUNCATE_GUARDS, [name])
            assert cursor.fetchone()[0] == 1, f"TRUNCATE {name}"
        for name in ("ledger_event", "ledger_event_before", "ledger_event_next"):
            assert _is_refused(f'DELETE FROM "{name}"'), f"DELETE {name}"
        assert _is_refused("UPDATE ledger_event_next SET kind = 'x'")
    far = Event.objects.order_by("id").last()
    assert far is not None
    far.id = ids.next_id() + 9 * A_YEAR
    try:
        with transaction.atomic():
            far.save(force_insert=True)
    except DatabaseError:
        return
    raise AssertionError("a row of no partition was taken")


def _check_turn_of_the_year() -> None:
    """Two go on with a stream, one in this year and one in the next: the other is refused."""
    told: list[object] = []

    def next_year() -> None:
        with ids.counted_from(lambda: time.time_ns() // 1_000_000 + (A_YEAR >> 22)):
            try:
                _note()
            except IntegrityError as error:
                told.append(error)
        connection.close()

    other = threading.Thread(target=next_year)
    with transaction.atomic():
        _note()
        other.start()
        other.join(2)  # it waits, and knows nothing of ours yet
    other.join()
    assert len(told) == 1, "two events of one number"


def _note() -> None:
    told: dict[str, Any] = {"actor": SYSTEM, "at": AT, "command_id": uuid4().hex}
    with transaction.atomic():
        Command.objects.create(command_id=told["command_id"], kind="test", digest="", at=AT)
        record(stream="test:turn", kind="test.noted", facts={}, **told)


def _add_third(cursor: Any) -> None:
    """One more year later on, with what is unique in it and what guards it."""
    cursor.execute("SELECT max(id) FROM ledger_event")
    least = cursor.fetchone()[0] + 3 * A_YEAR
    made = partitions.made_of(cursor, "ledger_event")
    partitions.add(cursor, "ledger_event", Part("third", least, least + A_YEAR), made)
    cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'event_stream_seq_third'")
    assert cursor.fetchone()


def _is_refused(deed: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
    except DatabaseError:
        return True
    return False
