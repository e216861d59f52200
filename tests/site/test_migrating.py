"""A new database is made faster than Django would make it, and is the same."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

MIGRATE = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Plain
from mingtang.site.management.commands.migrate import Command as Ours
kind, *apps = sys.argv[1:]
call_command(Plain() if kind == "plain" else Ours(), *apps, verbosity=0, interactive=False)
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
