"""The disk fills up at any byte of an act, an upload, an export, a backup: it is done or refused,
what was acknowledged is there, and nothing is left by half."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from tests import migrated
from tests.faults.disk import built, environment

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]


@pytest.mark.parametrize(
    ("rounds", "levels"), [(1, 200), pytest.param(25, 200, marks=pytest.mark.soak)]
)
def test_at_every_fill_level_it_is_done_or_refused(tmp_path, memory, lasting, rounds, levels):
    library = built(tmp_path)
    found: Counter[str] = Counter()
    for number in lasting.rounds(rounds):
        home = memory / str(number)
        assert migrated.lay(home / "mingtang.sqlite3")
        line = [sys.executable, "-m", "tests.faults.full_writer", str(home), str(levels)]
        done = subprocess.run(
            [*line, str(number)],
            env=environment(library, home),
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found += Counter(json.loads(done.stdout))
    lasting.tell("disk full", **{"damage": 0, **found})
    assert found["damage"] == 0
    assert found["done"] + found["refused"] == 6 * found["levels"], found
    assert found["refused"] > 3 * levels
    assert found["control"] > 0  # without the guard half a table is left, and seen
