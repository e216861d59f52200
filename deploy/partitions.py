"""A table of PostgreSQL becomes partitions by RANGE of its id, without copying a row.

    python -m deploy.partitions ledger_event --year 2015    from 2015 on, each year has its own
    python -m deploy.partitions ledger_event --add 2017     each December, for the year after next

with the settings of the city, as the owner of its tables. What is there becomes the first partition
as it is. Three parts, of which only the second stops writers, for moments: `prepare`, `swap`,
`finish`, which can be run again alone (`--finish`) if it was broken off. Rehearse it on a restored
backup: docs/operations.md says how, and what the database can no longer promise afterwards.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

BEFORE = "_before"
# (stream, seq) is unique within a partition. That a year has no number of the year before is seen
# to by this: who goes on with a stream waits for who does so already, in 64 places.
ONCE = """
CREATE OR REPLACE FUNCTION ledger_event_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.stream, 0) & 63 | 7046029254386353024);
    IF EXISTS (SELECT 1 FROM ledger_event
               WHERE stream = NEW.stream AND seq = NEW.seq AND tableoid <> TG_RELID) THEN
        RAISE EXCEPTION 'another partition has this number of the stream'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_event_once BEFORE INSERT ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_once()
"""


@dataclass(frozen=True)
class Made:
    """What hangs on a table, as PostgreSQL spells it."""

    indexes: list[tuple[str, str, bool]]  # name, statement, whether it is unique
    key: str
    triggers: list[tuple[str, str, bool]]  # name, statement, whether it is for each row
    refers: list[tuple[str, str]]  # foreign keys of the table: name, definition
    referred: list[tuple[str, str, str]]  # those that point at it: name, table, definition


@dataclass(frozen=True)
class Part:
    """A partition to come: the end of its name, and the ids from and below which it holds."""

    name: str
    least: int
    below: int


def look(cursor: Any, table: str) -> Made:
    def asked(question: str) -> list[Any]:
        cursor.execute(question, [f'"{table}"'])
        return list(cursor.fetchall())

    (key,) = asked(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'"
    )
    return Made(
        asked(
            "SELECT c.relname, pg_get_indexdef(c.oid), i.indisunique FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = %s::regclass AND NOT i.indisprimary ORDER BY 1"
        ),
        key[0],
        asked(
            "SELECT tgname, pg_get_triggerdef(oid), (tgtype & 1) = 1 FROM pg_trigger "
            "WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY 1"
        ),
        asked(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY 1"
        ),
        asked(
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE confrelid = %s::regclass AND contype = 'f' ORDER BY 1"
        ),
    )


def prepare(cursor: Any, table: str, below: int) -> None:
    """Beside the writers: a check that all ids so far are below a bound, which spares the scan."""
    check = f"{table}{BEFORE}_ids"
    cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{check}"')
    cursor.execute(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{check}" CHECK (id < {int(below)}) NOT VALID'
    )
    cursor.execute(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{check}"')


def swap(cursor: Any, table: str, below: int, parts: Sequence[Part]) -> None:
    """In one transaction of the caller's: no row is read. Foreign keys that point at the table
    hold for what is written from then on. Raises OperationalError where a writer has held the
    table for two seconds: try again."""
    cursor.execute("SET LOCAL lock_timeout = '2s'")
    cursor.execute(f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE')
    made, old = look(cursor, table), f"{table}{BEFORE}"
    for name, other, _definition in made.referred:
        cursor.execute(f'ALTER TABLE {other} DROP CONSTRAINT "{name}"')
    for name, _sql, _is_row in made.triggers:
        cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
    for name in (made.key, *(name for name, *_ in made.indexes)):
        cursor.execute(f'ALTER INDEX "{name}" RENAME TO "{name}{BEFORE}"')
    cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{old}"')
    _make_parent(cursor, table, made)
    bounds = f"FROM (MINVALUE) TO ({int(below)})"
    cursor.execute(f'ALTER TABLE "{table}" ATTACH PARTITION "{old}" FOR VALUES {bounds}')
    for part in parts:
        add(cursor, table, part, made)
    _guard(cursor, table, old, made, BEFORE)
    for _name, sql, _is_row in made.triggers:
        cursor.execute(sql)
    _once(cursor, table)
    for name, other, definition in made.referred:
        cursor.execute(f'ALTER TABLE {other} ADD CONSTRAINT "{name}" {definition} NOT VALID')


def _once(cursor: Any, table: str) -> None:
    if table == "ledger_event":
        cursor.execute(ONCE)


def _make_parent(cursor: Any, table: str, made: Made) -> None:
    old = f"{table}{BEFORE}"
    cursor.execute(
        f'CREATE TABLE "{table}" (LIKE "{old}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS '
        "INCLUDING STORAGE) PARTITION BY RANGE (id)"
    )
    cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{old}_ids"')
    cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{made.key}" PRIMARY KEY (id)')
    for _name, sql, is_unique in made.indexes:
        if not is_unique:
            cursor.execute(sql)
    for name, definition in made.refers:
        cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def add(cursor: Any, table: str, part: Part, made: Made) -> None:
    """A partition of its own, each December for the year after next. What is unique without the id
    is so within it."""
    name = f"{table}_{part.name}"
    bounds = f"FROM ({int(part.least)}) TO ({int(part.below)})"
    cursor.execute(f'CREATE TABLE "{name}" PARTITION OF "{table}" FOR VALUES {bounds}')
    for index, sql, is_unique in made.indexes:
        if is_unique:
            begin, _, end = sql.partition(f"INDEX {index} ON ")
            _table, _, columns = end.partition(" USING ")
            cursor.execute(f'{begin}INDEX "{index}_{part.name}" ON "{name}" USING {columns}')
    _guard(cursor, table, name, made, f"_{part.name}")


def _guard(cursor: Any, table: str, name: str, made: Made, ending: str) -> None:
    """Triggers for a statement (TRUNCATE) are not handed down to partitions: each has its own."""
    for trigger, sql, is_row in made.triggers:
        if not is_row:
            begin, _, end = sql.partition(f"TRIGGER {trigger} ")
            moment, _, rest = end.partition(" ON ")
            action = rest.partition(" FOR ")[2]
            cursor.execute(f'{begin}TRIGGER "{trigger}{ending}" {moment} ON "{name}" FOR {action}')


def finish(cursor: Any, table: str) -> None:
    """Beside the writers: the foreign keys that point at the table are looked through, those that
    were not yet."""
    cursor.execute(
        "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' "
        "AND confrelid = %s::regclass AND conparentid = 0 AND NOT convalidated ORDER BY 1",
        [f'"{table}"'],
    )
    for name, other in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {other} VALIDATE CONSTRAINT "{name}"')


def made_of(cursor: Any, table: str) -> Made:
    """The same of a table that is partitioned already: what is unique stands on its first one."""
    named = []
    for name, sql, is_unique in look(cursor, f"{table}{BEFORE}").indexes:
        own = name.removesuffix(BEFORE)
        named.append((own, sql.replace(f"INDEX {name} ", f"INDEX {own} "), is_unique))
    return replace(look(cursor, table), indexes=named)


def year_part(year: int) -> Part:
    """The partition of a year, which begins with its first millisecond by the legal clock."""
    return Part(str(year), _first_id(year), _first_id(year + 1))


def _first_id(year: int) -> int:
    from mingtang.base import ids
    from mingtang.base.clock import LEGAL_ZONE

    moment = datetime(year, 1, 1, tzinfo=LEGAL_ZONE).timestamp() * 1000
    return (int(moment) - ids.EPOCH_MS) << (ids.NODE_BITS + ids.COUNTER_BITS)


def convert(table: str, year: int) -> None:
    """All three parts, telling how long each took; the second is tried until it gets through."""
    from django.db import OperationalError, connection, transaction

    first = year_part(year)
    with connection.cursor() as cursor:
        _told("prepared", lambda: prepare(cursor, table, first.least))
        while True:
            try:
                begin = time.perf_counter()
                with transaction.atomic():
                    swap(cursor, table, first.least, [first, year_part(year + 1)])
                break
            except OperationalError as error:
                print(f"somebody holds the table, again in 5 s: {error}", flush=True)
                time.sleep(5)
        print(f"swapped: {time.perf_counter() - begin:.3f} s", flush=True)
        _told("finished", lambda: finish(cursor, table))


def _told(what: str, work: Callable[[], None]) -> None:
    begin = time.perf_counter()
    work()
    print(f"{what}: {time.perf_counter() - begin:.1f} s", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("table", choices=("ledger_event", "cases_step"))
    what = asked.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--year", type=int, help="the first year with a partition of its own: to come"
    )
    what.add_argument("--add", type=int, help="a partition for one more year")
    what.add_argument("--finish", action="store_true", help="the last part alone, once more")
    told = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
    import django

    django.setup()
    from django.db import connection, transaction

    if told.year:
        convert(told.table, told.year)
        return
    if told.finish:
        with connection.cursor() as cursor:
            finish(cursor, told.table)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        add(cursor, told.table, year_part(told.add), made_of(cursor, told.table))


if __name__ == "__main__":
    main()
