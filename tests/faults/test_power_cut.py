"""The power goes while acts are written to SQLite: every state in which the disk may be left opens,
is the database after one act or the next, and has all that was acknowledged."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from tests import migrated
from tests.faults.cut_writer import MODES
from tests.faults.cuts import Story
from tests.faults.disk import Record, built, environment, records

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
ACTS = 18
LEDGER = ("base_marker", "base_nodelease", "base_serial")  # what it stands on


def _schema() -> str:
    """The real tables of the ledger, with their indexes and triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql <> '' AND (tbl_name LIKE 'ledger_%%' "
            "OR tbl_name IN (%s, %s, %s)) ORDER BY type = 'trigger', type = 'index'",
            LEDGER,
        )
        return "\0".join(row[0] for row in cursor.fetchall())


def _written(folder: Path, source: Path, acts: int) -> list[Record]:
    """All that a process of its own wrote and synced while it acted."""
    home, log = folder / "home", folder / "log"
    line = [sys.executable, "-m", "tests.faults.cut_writer", str(home), str(source), str(acts)]
    subprocess.run(line, env=environment(built(folder), home, log), check=True, timeout=600)
    return list(records(log))


def _stories(folder: Path) -> dict[str, Story]:
    """Acts of the ledger, in each mode."""
    schema = folder / "schema.sql"
    schema.write_text(_schema())
    written = _written(folder, schema, ACTS)
    return {mode: Story(written, f"{mode}.sqlite3") for mode in MODES}


@pytest.mark.parametrize(
    ("rounds", "states"), [(1, 10_000), pytest.param(100, 10_000, marks=pytest.mark.soak)]
)
def test_whatever_the_disk_kept_is_one_act_or_the_next(memory, lasting, rounds, states):
    found: Counter[str] = Counter()
    for number in lasting.rounds(rounds):
        folder = memory / str(number)
        folder.mkdir()
        stories = _stories(folder)
        story = stories["FULL"]
        truth = story.truth(memory)
        found += Counter(acts=len(truth))
        found.update(story.tried(truth, memory, states, seed=number))
        if not number:
            controls = _controls(stories, memory)
        shutil.rmtree(folder)
    lasting.tell("power cuts", **found)
    assert found["states"] >= states
    assert (found["lost"], found["corrupt"], found["halves"]) == (0, 0, 0)
    lasting.tell("power cuts: controls", **controls)
    assert min(controls.values()) > 0


def _controls(stories: dict[str, Story], memory: Path) -> dict[str, int]:
    """Weaker settings, and a disk that says it has what it has not: all of them are seen."""
    lazy, careless, lying = (
        story.tried(story.truth(memory), memory, 300, seed=1, lying=lying)
        for story, lying in (
            (stories["NORMAL"], False),
            (stories["OFF"], False),
            (stories["FULL"], True),
        )
    )
    return {
        "normal_lost": lazy["lost"],
        "off_lost": careless["lost"],
        "off_corrupt": careless["corrupt"],
        "lying_disk_lost": lying["lost"],
        "lying_disk_corrupt": lying["corrupt"],
    }


@pytest.mark.soak
def test_so_is_a_whole_city_in_which_people_file_and_clerks_accept(memory, lasting):
    """All tables, all followers; a state takes fifty times as long."""
    found: Counter[str] = Counter()
    for number in lasting.rounds(5):
        folder = memory / str(number)
        folder.mkdir()
        assert migrated.lay(folder / "city.sqlite3")
        story = Story(_written(folder, folder / "city.sqlite3", acts=5), "FULL.sqlite3")
        truth = story.truth(memory)
        found += Counter(acts=len(truth))
        found.update(story.tried(truth, memory, 200, seed=number))
        shutil.rmtree(folder)
    lasting.tell("power cuts, a whole city", **found)
    assert found["states"] >= 200
    assert (found["lost"], found["corrupt"], found["halves"]) == (0, 0, 0)
