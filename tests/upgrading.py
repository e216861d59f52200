"""An installation of the past, in a process and a database of its own.

It is built forward to the release asked for, with the tables of that release alone; there rows are
laid, it is upgraded, or set back once more, and told what stands in a table. To set the tests' own
database back so far would unmake and make two hundred tables of all other rooms.

    before = Stop(at=[("files", "0002_documents")], lay=with_parents(Document, rows))
    after = Stop(at=[("files", "0005_codes_for_all")], tell="files_document")
    _, made = walk(tmp_path, before, after)
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.db.models import Model

Row = dict[str, Any]
HERE = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A state of the database by its migrations. There rows are laid; then a table is told."""

    at: Sequence[tuple[str, str]]
    lay: list[tuple[str, Row]] = field(default_factory=list)
    tell: str = ""


def rows_of(table: str) -> list[Row]:
    """As the database holds them, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def with_parents(model: type[Model], rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """The rows and all that they refer to; table and row."""
    laid: dict[tuple[str, Any], tuple[str, Row]] = {}
    for row in rows:
        _add(model, row, laid)
    return list(laid.values())


def _add(model: type[Model], row: Row, laid: dict[tuple[str, Any], tuple[str, Row]]) -> None:
    table = model._meta.db_table
    laid[table, row["id"]] = table, row
    for one in model._meta.concrete_fields:
        parent, key = one.related_model, row.get(one.column)
        if parent and key is not None and (parent._meta.db_table, key) not in laid:
            (above,) = (row for row in rows_of(parent._meta.db_table) if row["id"] == key)
            _add(parent, above, laid)


def walk(home: Path, *stops: Stop) -> list[list[Row]]:
    """Go from stop to stop, forward or back; the rows that each one tells."""
    address = new_database(home)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.upgrading", address],
            input=pickle.dumps(stops),
            capture_output=True,
            cwd=HERE,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr.decode()[-4000:]
        told: list[list[Row]] = pickle.loads(done.stdout)
        return told
    finally:
        remove(address)


def new_database(home: Path) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite://{home / 'past.sqlite3'}"
    name = f"past_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@{known['HOST']}:{known['PORT']}/{name}"


def remove(address: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{urlsplit(address).path[1:]}"')


def _go(stop: Stop) -> list[Row]:
    from django.db.migrations.executor import MigrationExecutor

    from mingtang.site.migrating import without_remaking

    executor = MigrationExecutor(connection)
    # The way of an installation that stands: what was joined for new ones is taken singly.
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    plan = executor.migration_plan(list(stop.at))
    if any(backwards for _, backwards in plan):
        executor.migrate(list(stop.at), plan)
    else:
        with without_remaking():
            executor.migrate(list(stop.at), plan)
    with transaction.atomic():  # what a row refers to may come after it
        for table, row in stop.lay:
            _lay(table, row)
    return rows_of(stop.tell) if stop.tell else []


def _lay(table: str, row: Row) -> None:
    """Of a row of today the columns that there were then."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
        names = [column.name for column in found if column.name in row]
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("%s" for _ in names)
        values = [row[name] for name in names]
        cursor.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', values)


def main() -> None:
    import os

    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.test"
    import django

    django.setup()
    stops = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps([_go(stop) for stop in stops]))


if __name__ == "__main__":
    sys.modules["tests.upgrading"] = sys.modules["__main__"]  # what was pickled is found here
    main()
