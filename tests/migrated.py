"""A migrated SQLite database, kept in the environment: to migrate takes ten seconds, with which
every worker of every lane would begin; a copy is there at once.

The file is named for all code of the house: what is changed makes a new one. `migrate` runs over
every copy all the same, so that triggers are put back and nothing can be left out.
"""

import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import django

import mingtang

KEPT = "mingtang-migrated-"


@functools.cache
def _kept() -> Path:
    source = Path(mingtang.__file__).parent
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted(source.rglob("*.py")):
        digest.update(str(path.relative_to(source)).encode() + path.read_bytes())
    return Path(sys.prefix) / f"{KEPT}{digest.hexdigest()[:16]}.sqlite3"


def lay(path: Path) -> bool:
    """Lay a copy at a path where there is no database yet. False: it has to be made."""
    if not _kept().exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_kept(), path)
    return True


_turns: list[IO[str]] = []  # held by the worker that makes the database, until it is kept


def is_ours_to_make() -> bool:
    """One worker migrates, the others wait for what it keeps: side by side both would take long.

    The turn ends with `keep`, or with the process.
    """
    turn = _kept().with_suffix(".turn").open("w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    if _kept().exists():
        turn.close()
        return False
    _turns.append(turn)
    return True


def keep(settings: dict[str, Any]) -> None:
    """Keep what was migrated, for the next one; without what belongs to one installation.

    `settings` are those of the database. Where no test of the run asks for one, Django makes none,
    and there is nothing to keep: they still name the installation's own.
    """
    if settings["NAME"] == settings["TEST"]["NAME"]:
        _keep(Path(settings["NAME"]))
    while _turns:
        _turns.pop().close()


def _keep(path: Path) -> None:
    made = _kept().with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(made)) as target:
        source.backup(target)
        target.execute("DELETE FROM base_marker")
        target.commit()
        target.execute("VACUUM")
    made.replace(_kept())
    for other in set(_kept().parent.glob(f"{KEPT}*.sqlite3")) - {_kept()}:
        other.unlink(missing_ok=True)
