"""Run by test_power_cut.py with disk.c before its disk: real commands of the ledger, each noted in
the log of writes once it was acknowledged. `python -m tests.faults.cut_writer HOME SCHEMA ACTS`."""

import ctypes
import os
import sys
from pathlib import Path
from uuid import uuid4

MODES = ("FULL", "NORMAL", "OFF")
PAGES = 60  # after so many the log goes into the database: both are written again and again


def main(home: Path, schema: Path, acts: int) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mingtang.site.settings.installation",
        "MINGTANG_HOME": str(home),
        "MINGTANG_NODE": "1",
    }
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.db import connection

    options = connection.settings_dict["OPTIONS"]
    asked = options["init_command"]
    for mode in MODES:
        connection.close()
        connection.settings_dict["NAME"] = str(home / f"{mode}.sqlite3")
        careless = "" if mode == "FULL" else f"PRAGMA synchronous={mode};"
        options["init_command"] = f"{asked} {careless} PRAGMA wal_autocheckpoint={PAGES};"
        with connection.cursor() as cursor:
            for statement in schema.read_text().split("\0"):
                cursor.execute(statement)
        _write(mode, acts)


def _write(mode: str, acts: int) -> None:
    from django.conf import settings

    from mingtang.base.clock import now
    from mingtang.ledger import queries
    from mingtang.ledger.rules import SYSTEM
    from mingtang.ledger.services import grow_tree
    from tests.faults.test_killed_writing import act

    settings.LEDGER_FOLLOWERS = ["mingtang.cases.followers.MESSAGES"]

    def note() -> None:
        assert queries.verify().is_ok
        ctypes.CDLL(None).mt_note(mode.encode())

    note()
    for number in range(acts):
        act(writer=number % 3, actor=SYSTEM, at=now(), command_id=uuid4().hex)
        note()
        if number % 3 == 2:
            grow_tree(now())
            note()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
