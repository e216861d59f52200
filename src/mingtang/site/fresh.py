"""Emptying a demo installation. Never one with real cases."""

import shutil
from pathlib import Path

from django.db import connection

from mingtang.files.services import files_folder
from mingtang.site.demo import check_may_load


def clear() -> None:
    """Remove the demo: database content and files. Refuses as `check_may_load` does."""
    if "base_marker" not in connection.introspection.table_names():
        return
    check_may_load()
    files = files_folder()
    if connection.vendor == "sqlite":
        _clear_sqlite()
    else:
        _clear_postgres()
    shutil.rmtree(files, ignore_errors=True)


def _clear_sqlite() -> None:
    path = str(connection.settings_dict["NAME"])
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(path + ending).unlink(missing_ok=True)


def _clear_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
