"""The web server and its worker are killed while people file and clerks accept over HTTP: every
answer that was given holds, and what was sent again after the kill counted once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import migrated

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
POSTGRES = Path(__file__).parents[2] / "scripts" / "with-postgres"


@pytest.mark.parametrize(
    ("database", "kills"),
    [
        ("sqlite", 2),
        pytest.param("sqlite", 100, marks=pytest.mark.soak),
        pytest.param("postgresql", 100, marks=pytest.mark.soak),
    ],
)
def test_every_answer_outlives_the_server(tmp_path, lasting, database, kills):
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "MINGTANG_CAREFUL": "1"}
    environment.pop("DATABASE_URL", None)
    line = [sys.executable, "-m", "tests.faults.killed_server", str(home), str(kills)]
    if database == "sqlite":
        assert migrated.lay(home / "mingtang.sqlite3")
    else:
        line.insert(0, str(POSTGRES))
    if lasting.minutes is not None:
        line.append(str(lasting.minutes))
    done = subprocess.run(line, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    lasting.tell("web server and worker killed over HTTP", database=database, **found)
    assert found["kills"] >= 1
    assert found.get("refused", 0) == 0, done.stderr[-3000:]
    assert found["acknowledged"] > found["kills"]
    assert found["lost"] == found["extra"] == found["halves"] == found["breaks"] == 0
    assert found["control_lost"] == found["control_extra"] == 1
