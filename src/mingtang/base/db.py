"""Where SQLite and PostgreSQL differ: append-only guards, skip locked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.db.models import Model

REFUSAL = "append-only: history is not rewritten"


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
    return sorted(set(_wanted_guards()) - _present_guards())


def install_guards() -> None:
    """Create the triggers that refuse UPDATE, DELETE and TRUNCATE. Safe to run again.

    SQLite drops triggers when a migration remakes a table: run after every migrate.
    """
    wanted, present = _wanted_guards(), _present_guards()
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION mingtang_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
            )
        for name, (table, sql) in wanted.items():
            if name not in present and table in tables:
                cursor.execute(sql)


@contextmanager
def guards_lifted() -> Iterator[None]:
    """Without the guards, for the flush between tests. Nothing else may use it."""
    present = _present_guards()
    with connection.cursor() as cursor:
        for name, (table, _) in _wanted_guards().items():
            if name in present:
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


def skip_locked() -> bool:
    """SQLite has one writer, so there is nothing to skip."""
    return connection.vendor != "sqlite"
