"""Where SQLite and PostgreSQL differ: guards that the database keeps, marks, skip locked."""

import functools
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

from mingtang.base.errors import DomainError

REFUSAL = "append-only: history is not rewritten"


@dataclass(frozen=True)
class Guard:
    """What must be true of rows across tables: a row for which `refused` holds is not written.

    `refused` is SQL that both databases read; the row is NEW. A model lists its guards as
    `guards = (…)`; `name` changes with the condition: the new one takes the old one's place.
    """

    name: str
    table: str
    refused: str
    why: str  # what the database says: short and plain

    def statements(self) -> list[str]:
        if connection.vendor == "sqlite":
            return self._triggers(
                f"WHEN {self.refused} BEGIN SELECT RAISE(ABORT, '{self.why}'); END"
            )
        function = (
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN IF {self.refused} THEN RAISE EXCEPTION '{self.why}' "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        )
        return [function, *self._triggers(f'EXECUTE FUNCTION "{self.name}"()')]

    def _triggers(self, does: str) -> list[str]:
        return [
            f'CREATE TRIGGER "{self.name}_{verb.lower()}" BEFORE {verb} ON "{self.table}" '
            f"FOR EACH ROW {does}"
            for verb in ("INSERT", "UPDATE")
        ]

    @property
    def triggers(self) -> list[str]:
        return [f"{self.name}_insert", f"{self.name}_update"]


def written_guards() -> list[Guard]:
    """The guards that the models list."""
    return [guard for model in apps.get_models() for guard in getattr(model, "guards", ())]


def append_only_models() -> list[type[Model]]:
    """Models that say `append_only = True`: their rows are written once.

    One that also says `fills_once = (columns)` lets these be written later, once: while the first
    of them is still null. One that says `fixed_columns = (fields)` instead keeps these as they were
    written, and every row; its other columns may change.
    """
    return [model for model in apps.get_models() if _is_guarded(model)]


def _is_guarded(model: type[Model]) -> bool:
    return bool(getattr(model, "append_only", False) or getattr(model, "fixed_columns", ()))


def _update_guards(model: type[Model]) -> dict[str, str]:
    """Ending of the trigger's name → when an UPDATE is refused."""
    table, later = model._meta.db_table, getattr(model, "fills_once", ())
    if named := getattr(model, "fixed_columns", ()):
        held = ", ".join(f'"{model._meta.get_field(name).column}"' for name in named)  # type: ignore[union-attr]
        return {"update": f'BEFORE UPDATE OF {held} ON "{table}" FOR EACH ROW'}
    if not later:
        return {"update": f'BEFORE UPDATE ON "{table}" FOR EACH ROW'}
    columns = [field.column for field in model._meta.concrete_fields if field.column not in later]
    fixed = ", ".join(f'"{column}"' for column in columns)
    return {
        "update": f'BEFORE UPDATE OF {fixed} ON "{table}" FOR EACH ROW',
        "refill": f'BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN (OLD."{later[0]}" IS NOT NULL)',
    }


def _guards(model: type[Model]) -> dict[str, str]:
    """Ending of the trigger's name → before what it stands."""
    table = model._meta.db_table
    guards = _update_guards(model) | {"delete": f'BEFORE DELETE ON "{table}" FOR EACH ROW'}
    if connection.vendor == "postgresql":
        guards["truncate"] = f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT'
    return guards


def _wanted_guards() -> dict[str, tuple[str, str]]:
    """Name of trigger → (table, statement)."""
    refuse = (
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        if connection.vendor == "sqlite"
        else "EXECUTE FUNCTION mingtang_refuse()"
    )
    return {
        (name := f"{model._meta.db_table}_guard_{ending}"): (
            model._meta.db_table,
            f'CREATE TRIGGER "{name}" {before} {refuse}',
        )
        for model in append_only_models()
        for ending, before in _guards(model).items()
    }


def kept_tables() -> list[str]:
    """Tables of the models that say `is_kept = True`: see base.kept."""
    return [one._meta.db_table for one in apps.get_models() if getattr(one, "is_kept", False)]


def _wanted_marks() -> dict[str, tuple[str, str]]:
    """Name of trigger → (table, statement): what leaves a mark of every change of a kept table."""
    on_postgres = connection.vendor == "postgresql"
    return {
        f"{table}_mark_{ending}": (table, _mark(table, ending))
        for table in kept_tables()
        for ending in (*("insert", "update", "delete"), *(("truncate",) if on_postgres else ()))
    }


def _mark(table: str, ending: str) -> str:
    begin = f'CREATE TRIGGER "{table}_mark_{ending}" AFTER {ending.upper()} ON "{table}" FOR EACH'
    if connection.vendor == "postgresql":
        return f"{begin} STATEMENT EXECUTE FUNCTION mingtang_mark()"
    return f"{begin} ROW BEGIN {_forget(table)}; {_remember(table)}; END"


def _forget(table: str) -> str:
    return f"DELETE FROM base_searchchange WHERE kind = 'table:{table}'"  # noqa: S608


def _remember(table: str) -> str:
    return f"INSERT INTO base_searchchange (id, kind) VALUES (random(), 'table:{table}')"  # noqa: S608


# Nobody waits: marks that another transaction is taking away are left to it.
POSTGRES_MARK = """
CREATE OR REPLACE FUNCTION mingtang_mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM base_searchchange WHERE id IN (
        SELECT id FROM base_searchchange WHERE kind = 'table:' || TG_TABLE_NAME
        FOR UPDATE SKIP LOCKED);
    INSERT INTO base_searchchange (id, kind)
        VALUES (hashtextextended(gen_random_uuid()::text, 0), 'table:' || TG_TABLE_NAME);
    RETURN NULL;
END $$
"""


def _first_marks(tables: set[str]) -> None:
    """A mark for each kept table that has none, so that what is read of it may be kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM base_searchchange")
        marked = {row[0] for row in cursor.fetchall()}
        for table in kept_tables():
            if table in tables and f"table:{table}" not in marked:
                cursor.execute(
                    "INSERT INTO base_searchchange (id, kind) VALUES (%s, %s)",
                    [secrets.randbits(63), f"table:{table}"],
                )


def _present_guards() -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def missing_guards() -> list[str]:
    named = {name for guard in written_guards() for name in guard.triggers}
    return sorted({*_wanted_guards(), *_wanted_marks(), *named} - _present_guards())


def install_guards() -> None:
    """Create the triggers that refuse UPDATE, DELETE and TRUNCATE, and those that leave marks.

    SQLite drops triggers when a migration remakes a table: run after every migrate. Safe to run
    again.
    """
    wanted, present = _wanted_guards() | _wanted_marks(), _present_guards()
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION mingtang_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
            )
            cursor.execute(POSTGRES_MARK)
        for name, (table, sql) in wanted.items():
            if name not in present and table in tables:
                cursor.execute(sql)
        for guard in written_guards():
            if guard.table in tables and not set(guard.triggers) <= present:
                _drop(guard, present)
                for sql in guard.statements():
                    cursor.execute(sql)
    if "base_searchchange" in tables:
        _first_marks(tables)


def _drop(guard: Guard, present: set[str]) -> None:
    on = "" if connection.vendor == "sqlite" else f' ON "{guard.table}"'
    with connection.cursor() as cursor:
        for name in present.intersection(guard.triggers):
            cursor.execute(f'DROP TRIGGER "{name}"{on}')


def lift_written_guards() -> None:
    """Before a migration: SQLite remakes no table while a trigger names it."""
    present = _present_guards()
    for guard in written_guards():
        _drop(guard, present)


@contextmanager
def guards_lifted(tables: Collection[str] | None = None) -> Iterator[None]:
    """Without the guards, of these tables or of all, for the flush between tests. Nothing else may
    use it."""
    present = _present_guards()
    with connection.cursor() as cursor:
        for name, (table, _) in _wanted_guards().items():
            if name in present and (tables is None or table in tables):
                on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                cursor.execute(f'DROP TRIGGER "{name}"{on}')
    try:
        yield
    finally:
        install_guards()


def queue_up(name: str) -> None:
    """Wait until nobody else holds this name, and hold it until the transaction ends.

    On SQLite a write transaction has the whole database already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def hold_table(model: type[Model]) -> None:
    """Wait until nobody is in a transaction that wrote or held rows of this table, and keep all
    from doing so until the transaction ends.

    On SQLite a write transaction has the whole database already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN EXCLUSIVE MODE')


def is_pooled() -> bool:
    """Whether the next transaction may run on another connection of the server (pgbouncer): what is
    set for a session would be left on it for others."""
    return bool(connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))


PREPARED_AFTER = 3  # times that a connection ran a statement


def steady() -> Any:
    """A cursor for a statement whose text is always the same, its values beside it.

    PostgreSQL then reads and plans it once for a connection, not each time. Not behind a pgbouncer,
    where the next transaction may meet another connection; nor where statements are noted, values
    and all. SQLite's driver does it by itself.
    """
    asked = connections[DEFAULT_DB_ALIAS]  # itself: `connection` looks it up for each question
    if asked.vendor != "postgresql" or is_pooled() or asked.queries_logged:
        return asked.cursor()
    asked.close_if_health_check_failed()
    asked.ensure_connection()
    held = asked.connection
    if held.prepare_threshold is None:  # Django's choice; its own cursors never prepare
        held.prepare_threshold = PREPARED_AFTER
    return asked._prepare_cursor(_binding()(held))  # type: ignore[attr-defined]


@functools.cache
def _binding() -> Any:
    from django.db.backends.postgresql.base import ServerBindingCursor  # where psycopg is

    return ServerBindingCursor


class BehindPooler(DomainError):
    """What needs a connection of its own was begun through a pgbouncer."""


def refuse_pooled() -> None:
    """For what reads or writes the whole database at once. Raises BehindPooler."""
    if is_pooled():
        raise BehindPooler(
            "DATABASE_URL 指向 pgbouncer：请给出 PostgreSQL 自己的地址，不设 MINGTANG_POOLED。"
        )


def skip_locked() -> bool:
    """SQLite has one writer, so there is nothing to skip."""
    return connection.vendor != "sqlite"
