"""A new database is made faster than Django would make it, and is the same; at once, too."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.upgrading import new_database, remove

MIGRATE = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Plain
from mingtang.site.management.commands import migrate
migrate.is_new = lambda: False  # step by step
kind, *apps = sys.argv[1:]
command = Plain() if kind == "plain" else migrate.Command()
call_command(command, *apps, verbosity=0, interactive=False)
from django.db import connection
print(connection.settings_dict["NAME"])
"""


def _made(home, kind, *apps):
    """Every table, index and constraint, as the database has it written down."""
    environment = {**os.environ, "MINGTANG_HOME": str(home)}
    environment |= {"DJANGO_SETTINGS_MODULE": "mingtang.site.settings.test"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE, kind, *apps],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    with closing(sqlite3.connect(done.stdout.strip())) as database:
        rows = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type != 'trigger' ORDER BY type, name"
        )
        return rows.fetchall()


@pytest.mark.slow
@pytest.mark.parametrize("apps", [("regions",), pytest.param((), id="all", marks=pytest.mark.soak)])
def test_it_is_the_database_that_django_would_make(tmp_path, apps):
    ours, plain = (_made(tmp_path / kind, kind, *apps) for kind in ("ours", "plain"))
    assert len(ours) > 20
    assert ours == plain


# ── at once ───────────────────────────────────────────────────────────────────────────────────

TELL = """
import json
import sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from mingtang.site.management.commands import migrate
if sys.argv[1] == "steps":
    migrate.is_new = lambda: False
call_command(migrate.Command(), verbosity=0, interactive=False)

ASIDE = {"django_migrations", "base_nodelease", "base_marker", "base_searchchange"}  # of the moment
ASIDE |= {"django_content_type", "auth_permission"}  # numbered as they come
if connection.vendor == "sqlite":
    STRUCTURE = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
else:
    STRUCTURE = (
        "SELECT table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default, "
        "character_maximum_length, numeric_precision, numeric_scale) "
        "FROM information_schema.columns WHERE table_schema = 'public' UNION ALL "
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace UNION ALL "
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "UNION ALL SELECT event_object_table, trigger_name, action_statement "
        "FROM information_schema.triggers UNION ALL "
        "SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace"
    )
with connection.cursor() as cursor:
    cursor.execute(STRUCTURE)
    structure = cursor.fetchall()
    cursor.execute("SELECT app, name FROM django_migrations")
    done = cursor.fetchall()
    rows = {}
    for table in sorted(set(connection.introspection.table_names()) - ASIDE):
        cursor.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found = [sorted(zip(names, map(str, row))) for row in cursor.fetchall()]
        rows[table] = sorted(map(str, found))
    cursor.execute("SELECT count(*) FROM base_nodelease")
    rows["nodes"] = cursor.fetchone()
print(json.dumps([structure, sorted(done), rows]))
"""


# Of the same meaning on PostgreSQL: a wider number of a table of Django's that nobody fills; a
# check written while its other column could not be empty; the name of a unique constraint.
ALIKE = (
    "('auth_group_permissions', 'id'",
    "('catalogue_draft', 'draft_second_person'",
    "('files_document', 'files_document_code_index_",
)


def _told(home, how):
    address = new_database(home)
    try:
        environment = {**os.environ, "DATABASE_URL": address}
        environment |= {"DJANGO_SETTINGS_MODULE": "mingtang.site.settings.test"}
        done = subprocess.run(
            [sys.executable, "-c", TELL, how],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        structure, done, rows = json.loads(done.stdout)
        return sorted((*names, _parts(sql or "")) for *names, sql in structure), done, rows
    finally:
        remove(address)


def _parts(sql):
    """What stands between the outer commas, in any order: that of columns may differ."""
    head, _, body = sql.rstrip(")").partition(" (")
    parts, depth = [head, ""], 0
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return sorted(part.strip(" )") for part in parts)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_is_made_at_once_is_what_all_steps_make(tmp_path):
    (tmp_path / "steps").mkdir()
    (tmp_path / "once").mkdir()
    steps, once = (_told(tmp_path / how, how) for how in ("steps", "once"))
    assert once[1:] == steps[1:]
    differs = set(map(str, once[0])) ^ set(map(str, steps[0]))
    assert [one for one in sorted(differs) if not one.startswith(ALIKE)] == []
    assert len(once[0]) > 500
    assert len(once[2]["catalogue_procedureprofile"]) > 5
