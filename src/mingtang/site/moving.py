"""A city moved from one database to another, SQLite to PostgreSQL or back, and verified there.

The old database is read only, and nobody writes it meanwhile. In the new one triggers and foreign
keys are lifted, the rows come in batches, each with a note of how far it went, and what was lifted
is put back: so a move that was killed goes on where it was. The notes stand in a table of their
own until all is verified; as long as it is there the program does not serve (base.durability).
Then the old one gets a mark: it does not serve any more, and refuses the acts of whoever still
writes it. Files, keys and anchors stay where they are.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler

from mingtang.base.clock import now
from mingtang.base.db import Guard, refuse_pooled
from mingtang.base.durability import MOVING
from mingtang.base.errors import DomainError
from mingtang.base.marks import check_key, installation, note_place
from mingtang.base.progress import steps
from mingtang.base.space import MOVED
from mingtang.ledger import heads, queries
from mingtang.site.settings.database import database
from mingtang.site.tables import Table, moved_tables

TARGET = "target"
AGAIN = "原数据库没有改动，仍可使用；请清空目标数据库后重新搬运。"
TOGETHER = 5000  # rows in one transaction
LOCK_SECONDS = 30  # to wait for who writes the old database
SOURCE, COPIED = "source", "copied"  # notes; those of tables and constraints have prefixes


class MoveTrouble(DomainError):
    """A move that cannot begin, or did not come out equal: what, and how to mend it."""


@dataclass(frozen=True)
class Told:
    """What was moved."""

    tables: int
    rows: int
    events: int
    root: str


def move(url: str) -> Told:
    """Move this installation's database to the one at an address. Raises MoveTrouble."""
    refuse_pooled()
    check_key()
    if _is_behind():
        raise MoveTrouble("现在的数据库不是最新的：请先运行 mingtang migrate。")
    note_place(now())  # as the migration over there does
    city, tables = installation(), moved_tables()
    with _target(url) as target:
        _begin(target, url, city, tables)
        with _held(tables):
            if COPIED not in _notes(target):
                for table in steps("搬运数据表", tables, len(tables)):
                    _copy(table, target)
                _closed(target, tables)
            _run(url, "migrate", "reindex", "verify")  # guards, search, the ledger
            rows = sum(_compared(table, target) for table in tables)
            head, events = queries.latest_head(), queries.event_count()
            _leave()
        with target.cursor() as cursor:
            cursor.execute(f"DROP TABLE {MOVING}")
    return Told(len(tables), rows, events, head.root if head else "")


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


ADDRESS = ("ENGINE", "NAME", "HOST", "PORT")


@contextmanager
def _target(url: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection to the new database, beside ours. SQLite looks at foreign keys at the end."""
    told = database(url, Path(settings.MINGTANG_HOME))
    ours = connection.settings_dict
    if [told.get(key, "") for key in ADDRESS] == [str(ours.get(key, "")) for key in ADDRESS]:
        raise MoveTrouble("目标就是现在的数据库：请用 --to 给出另一个地址。")
    target = ConnectionHandler({"default": {}, TARGET: told})[TARGET]
    connections[TARGET] = target
    try:
        target.ensure_connection()
        target.disable_constraint_checking()
        yield target
    except OperationalError as error:
        if target.connection is not None:
            raise
        raise MoveTrouble(f"连不上目标数据库，请核对 --to 的地址：{error}") from None
    finally:
        target.close()
        del connections[TARGET]


@contextmanager
def _held(tables: list[Table]) -> Iterator[None]:
    """The old database as it is at this moment: who would write it waits, and is told."""
    with transaction.atomic():  # on SQLite this is the one place to write from
        if connection.vendor == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in tables)
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                try:
                    cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")
                except OperationalError as error:
                    raise MoveTrouble(
                        "有人正在写原数据库：请先停下 serve 和 work，再运行一次。"
                    ) from error
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        yield


# ── the old database afterwards ───────────────────────────────────────────────────────────────

# Each act is a record in the ledger: without one there is none.
LEFT = Guard(MOVED, "ledger_event", "1 = 1", f"{MOVED}: this city is in another database now")


def has_left() -> bool:
    """Whether this database is one that its city left."""
    return MOVED in connection.introspection.table_names()


def _leave() -> None:
    """Mark the old database, in the transaction in which nobody writes it."""
    if has_left():  # by a move that was killed right afterwards
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {MOVED} (id int)")
        for sql in LEFT.statements():
            cursor.execute(sql)


def take_back() -> None:
    """The old database serves again, where the new one was not used. Raises MoveTrouble."""
    if not has_left():
        raise MoveTrouble("这个数据库没有搬走过，不用退回。")
    held = queries.tree().size
    anchored = max((one["size"] for one in heads.anchors()), default=0)
    if anchored > held:
        raise MoveTrouble(
            f"搬走以后新数据库里已经办过事（存证有 {anchored} 条，这里 {held} 条），不能退回。"
            "要回到这种数据库，请从新数据库搬到一个空的数据库。"
        )
    on = "" if connection.vendor == "sqlite" else f' ON "{LEFT.table}"'
    with transaction.atomic(), connection.cursor() as cursor:
        for name in LEFT.triggers:
            cursor.execute(f'DROP TRIGGER "{name}"{on}')
        cursor.execute(f"DROP TABLE {MOVED}")


# ── what was noted in the new database ────────────────────────────────────────────────────────


def _notes(target: BaseDatabaseWrapper) -> dict[str, str]:
    with target.cursor() as cursor:
        cursor.execute(f"SELECT name, value FROM {MOVING}")  # noqa: S608
        return dict(cursor.fetchall())


def _note(target: BaseDatabaseWrapper, name: str, value: str) -> None:
    with target.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {MOVING} (name, value) VALUES (%s, %s) "  # noqa: S608
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )


# ── begin ─────────────────────────────────────────────────────────────────────────────────────


def _begin(target: BaseDatabaseWrapper, url: str, city: str, tables: list[Table]) -> None:
    """Make the new database ready, or see that it was made ready for this very city."""
    if MOVING in target.introspection.table_names():
        if _notes(target)[SOURCE] != city:
            raise MoveTrouble("目标数据库里有另一个系统没有搬完的数据：请换一个空的数据库。")
        return
    if has_left():
        raise MoveTrouble(
            "数据已经从这个数据库搬走，不能再搬一次：请从新数据库搬，或先 --take-back 退回。"
        )
    _refuse_another(target)
    _run(url, "migrate")
    with transaction.atomic(using=TARGET), target.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {MOVING} (name varchar(200) PRIMARY KEY, value text)")
        _note(target, SOURCE, city)
        for sql in _lifting(target):
            cursor.execute(sql)
        for table in tables:  # what each city begins with
            table.clear(target)


def _refuse_another(target: BaseDatabaseWrapper) -> None:
    """Only what is empty, or was made by `migrate` and never used."""
    there = set(target.introspection.table_names())
    if not there:
        return
    with target.cursor() as cursor:
        for name in ("ledger_command", "ledger_event", "accounts_person"):
            if name not in there:
                break
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}")')  # noqa: S608
            if cursor.fetchone()[0]:
                break
        else:
            return
    raise MoveTrouble("目标数据库里已有数据，不会覆盖：请换一个空的数据库。")


FOREIGN_KEYS = (
    "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)
TRIGGERS = {
    "sqlite": "SELECT name, '' FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, ' ON ' || tgrelid::regclass FROM pg_trigger JOIN pg_class ON "
        "pg_class.oid = tgrelid WHERE NOT tgisinternal "
        "AND relnamespace = current_schema()::regnamespace"
    ),
}


def _lifting(target: BaseDatabaseWrapper) -> list[str]:
    """Statements that take triggers away, which `migrate` puts back, and foreign keys, of which we
    note how they were: two tables may point at one another, and checked at once is checked soon."""
    with target.cursor() as cursor:
        cursor.execute(TRIGGERS[target.vendor])
        found = [f'DROP TRIGGER "{name}"{on}' for name, on in cursor.fetchall()]
        if target.vendor == "postgresql":
            cursor.execute(FOREIGN_KEYS)
            for name, table, told in cursor.fetchall():
                _note(target, f"key:{name}", f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {told}')
                found.append(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return found


# ── copy ──────────────────────────────────────────────────────────────────────────────────────


def _copy(table: Table, target: BaseDatabaseWrapper) -> None:
    """The rows that are not there yet, batch by batch."""
    noted = _notes(target).get(f"table:{table.name}")
    last = None if noted is None else json.loads(noted)
    while rows := table.after(connection, last, TOGETHER):
        last = table.key_of(rows[-1])
        try:
            with transaction.atomic(using=TARGET):
                table.write(target, rows)
                _note(target, f"table:{table.name}", json.dumps(last))
        except (DatabaseError, ValueError) as error:
            raise MoveTrouble(f"表 {table.name} 有目标数据库不接受的内容：{error}") from error


def _closed(target: BaseDatabaseWrapper, tables: list[Table]) -> None:
    try:
        _close(target, tables)
    except DatabaseError as error:
        raise MoveTrouble(
            f"搬过去的数据前后不符，原数据库可能在中断期间有变动：{error}{AGAIN}"
        ) from error


def _close(target: BaseDatabaseWrapper, tables: list[Table]) -> None:
    """Put the foreign keys back, which looks at all rows, and go on with the numbers."""
    with transaction.atomic(using=TARGET), target.cursor() as cursor:
        for name, sql in _notes(target).items():
            if name.startswith("key:"):
                cursor.execute(sql)
        for table in tables:
            if table.numbered:
                table.set_last_number(target, table.last_number(connection))
        _note(target, COPIED, "")
    if target.vendor == "sqlite":
        target.check_constraints()
    with target.cursor() as cursor:
        cursor.execute("ANALYZE")


# ── verify ────────────────────────────────────────────────────────────────────────────────────


def _compared(table: Table, target: BaseDatabaseWrapper) -> int:
    """How many rows a table has on both sides, each value the same."""
    ours, theirs = (table.digest(one, TOGETHER) for one in (connection, target))
    if ours != theirs:
        raise MoveTrouble(
            f"表 {table.name} 搬过去的与原来的不同（{theirs[0]} 行，应为 {ours[0]} 行）。{AGAIN}"
        )
    return ours[0]


RUN = """
import sys
import django
django.setup()
from django.core.management import call_command
for name in sys.argv[1:]:
    call_command(name)
"""


def _run(url: str, *names: str) -> None:
    """Commands of ours on the new database, in a process of its own."""
    done = subprocess.run(  # noqa: S603  nothing here comes from outside
        [sys.executable, "-c", RUN, *names],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-500:]
        raise MoveTrouble(f"在目标数据库上没有完成 {'、'.join(names)}：{said}")
