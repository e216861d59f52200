"""A year of a city by `mingtang simulate`, lived once on each database.

The longer lane lives it on SQLite and keeps it in the environment, named for the program and its
tests (tests/statements.py); the lane on PostgreSQL, whose ledger has to be the same, takes it from
there. Whoever finds none lives it.

In the middle of the year another profile of supervision comes to hold.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

SPAN = date(2013, 1, 1), date(2013, 12, 31)
SWITCH = date(2013, 7, 1)
SEED, CASES, PROJECTS = 5, 60, 3
HERE = Path(__file__).parents[2]
KEPT = "mingtang-year-"


def run(home: Path, *words: str, **environment: str) -> str:
    """A Python of its own with this home; what it said."""
    names = {**os.environ, "MINGTANG_HOME": str(home), **environment}
    for name in ("DJANGO_SETTINGS_MODULE", "MINGTANG_NODE"):
        names.pop(name, None)
    if "DATABASE_URL" not in environment:
        names.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        env=names,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=HERE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def lived(home: Path, **environment: str) -> dict[str, Any]:
    """Live the year in an empty home; what the command told."""
    said = run(home, "tests.site.year", **environment)
    told: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return told


def on_sqlite() -> tuple[Path, dict[str, Any]]:
    """The database of the year and what the command told; the database is to be copied."""
    from tests import migrated, statements  # they listen where they are imported: in no life

    digest = statements.folder().name.removeprefix(statements.KEPT)
    place = Path(sys.prefix) / f"{KEPT}{digest}"
    with (place.parent / f"{KEPT}turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # one lives it, others wait
        if not (place / "told.json").exists():
            for other in place.parent.glob(f"{KEPT}*"):
                if other.is_dir():
                    shutil.rmtree(other)
            place.mkdir(exist_ok=True)
            migrated.lay(place / "mingtang.sqlite3")
            told = lived(place, PYTHONHASHSEED="1")
            (place / "told.json").write_text(json.dumps(told), encoding="utf-8")
    told = json.loads((place / "told.json").read_text(encoding="utf-8"))
    return place / "mingtang.sqlite3", told


def main() -> None:
    from unittest import mock

    os.environ["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.installation"
    import django

    django.setup()
    from django.core.management import call_command

    from mingtang.ledger.rules import SYSTEM
    from mingtang.site import demo
    from mingtang.supervision.services import switch_profile
    from tests.supervision.making import moment

    load = demo.load

    def loaded(at: Any) -> None:
        load(at)
        by = {"actor": SYSTEM, "at": moment(SPAN[0], 1), "command_id": "5" * 32}
        switch_profile(profile="expiring", since=SWITCH, **by)

    with mock.patch.object(demo, "load", loaded):
        call_command("simulate", year=SPAN[0].year, cases=CASES, seed=SEED, projects=PROJECTS)


if __name__ == "__main__":
    main()
