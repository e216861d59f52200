"""Run by test_power_cut.py with disk.c before its disk: real commands, each noted in the log of
writes once it was acknowledged. `python -m tests.faults.cut_writer HOME SOURCE ACTS`: of a file of
statements the tables are made, and acts of the ledger written in each mode; a database is laid
whole, and people file and clerks accept in it as it is set up for use."""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

MODES = ("FULL", "NORMAL", "OFF")
PAGES = 60  # after so many the log goes into the database: both are written again and again
Note = Callable[[], None]


def _open(path: Path, more: str) -> None:
    """As an installation opens it; `more` may ask for less than that."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = str(path)
    connection.settings_dict["OPTIONS"]["init_command"] = f"{_asked()} {more}"


def _asked() -> str:
    from django.conf import settings

    from mingtang.site.settings.database import database

    asked: str = database("", settings.MINGTANG_HOME)["OPTIONS"]["init_command"]
    return f"{asked} PRAGMA wal_autocheckpoint={PAGES};"


def _noting(mode: str) -> Note:
    """Tells the log that an act was acknowledged, with every chain of the ledger verified."""
    from mingtang.ledger import queries

    def note() -> None:
        assert queries.verify().is_ok
        ctypes.CDLL(None).mt_note(mode.encode())

    return note


def _write_ledger(note: Note, acts: int) -> None:
    from mingtang.base.clock import now
    from mingtang.ledger.rules import SYSTEM
    from mingtang.ledger.services import grow_tree
    from tests.faults.test_killed_writing import act

    note()
    for number in range(acts):
        act(writer=number % 3, actor=SYSTEM, at=now(), command_id=uuid4().hex)
        note()
        if number % 3 == 2:
            grow_tree(now())
            note()


def _write_cases(note: Note, acts: int) -> None:
    from mingtang.base.clock import now
    from mingtang.cases import services as cases
    from mingtang.ledger.services import deliver_all
    from tests.world import World

    world = World()
    item = world.item(statutory=20, promised=5)
    note()
    for _ in range(acts):
        case = world.file(item, now(), world.citizen, command_id=uuid4().hex)
        note()
        for command in (cases.receive, cases.accept):
            world.act(world.clerk, command, case, now(), command_id=uuid4().hex)
            note()
        deliver_all(now(), limit=20)
        note()


def main(home: Path, source: Path, acts: int) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mingtang.site.settings.installation",
        "MINGTANG_HOME": str(home),
        "MINGTANG_NODE": "1",
    }
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    if source.suffix == ".sqlite3":
        shutil.copyfile(source, home / "FULL.sqlite3")
        _open(home / "FULL.sqlite3", "")
        _write_cases(_noting("FULL"), acts)
        return
    settings.LEDGER_FOLLOWERS = ["mingtang.cases.followers.MESSAGES"]
    for mode in MODES:
        _open(home / f"{mode}.sqlite3", "" if mode == "FULL" else f"PRAGMA synchronous={mode};")
        with connection.cursor() as cursor:
            for statement in source.read_text().split("\0"):
                cursor.execute(statement)
        _write_ledger(_noting(mode), acts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
