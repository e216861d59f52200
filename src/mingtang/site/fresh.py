"""Emptying a demo installation. Never one with real cases."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from mingtang.base.marks import marked
from mingtang.site.demo import check_may_load


def clear() -> None:
    """Remove the demo's database content and files. Raises BesideRealCases."""
    if "base_marker" not in connection.introspection.table_names():
        return
    if not marked("demo"):
        check_may_load()
    if connection.vendor == "sqlite":
        _clear_sqlite()
    else:
        _clear_postgres()
    shutil.rmtree(settings.MINGTANG_HOME / "files", ignore_errors=True)


def _clear_sqlite() -> None:
    path = str(connection.settings_dict["NAME"])
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(path + ending).unlink(missing_ok=True)


def _clear_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
