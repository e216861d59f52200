"""Tables become partitions: whole, guarded, open for the next act; on a cluster of their own."""

import subprocess
import sys
from pathlib import Path

import pytest
from deploy.partitions import year_part

from mingtang.base import ids

ROOT = Path(__file__).parents[2]
CODE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "mingtang.site.settings.installation"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from bench.partitions import run
from deploy import partitions
exec(sys.argv[1])
run("small")
"""


def test_a_year_begins_with_its_first_millisecond_and_ends_with_the_next():
    part, after = year_part(2004), year_part(2005)
    assert (part.name, part.least, part.below) == ("2004", 0, after.least)
    assert after.least >> (ids.NODE_BITS + ids.COUNTER_BITS) == 366 * 86_400_000


def _tried(home, weakened=""):
    line = [str(ROOT / "scripts/with-postgres"), sys.executable, "-c", CODE, weakened]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "MINGTANG_HOME": str(home)}
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.soak
def test_events_and_steps_become_partitions_and_all_goes_on(tmp_path):
    done = _tried(tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("weakened", "said"),
    [
        ("partitions._guard = lambda *_told: None", "TRUNCATE ledger_event_before"),
        ("partitions._once = lambda *_told: None", "two events of one number"),
        ("partitions.finish = lambda *_told: None", "foreign keys"),
    ],
)
def test_what_is_left_out_is_seen(tmp_path, weakened, said):
    """The positive controls."""
    done = _tried(tmp_path, weakened)
    assert done.returncode != 0
    assert said in done.stderr
