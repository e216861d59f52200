"""Other people's things: every route with a thing of the demo in its address, for those whose it
is not. No browser: what is answered decides, not how it looks."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.access.proven import PROVEN
from tests.soak import Lasting

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


def _probed(home: Path, city: Path, *arguments: str) -> dict:
    """What the probe found in a copy of the city, which it may spoil."""
    shutil.copytree(city, home, ignore=shutil.ignore_patterns("static"))
    environment = os.environ | {"MINGTANG_HOME": str(home), "MINGTANG_NODE": "3"}
    environment |= {"DJANGO_SETTINGS_MODULE": "mingtang.site.settings.test"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.access", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=3000,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def _check(told: dict, lasting: Lasting) -> None:
    found, widened = told["found"], told["widened"]
    figures = {"leaks": len(found["faults"]), "routes": len(set(found["opened"]))}
    lasting.tell("cross-tenant probes", probes=found["probes"], **figures)
    assert found["faults"] == []
    assert found["probes"] >= 20_000
    assert PROVEN - set(found["opened"]) == set(), "where nobody comes, nothing is shown"
    assert len(found["listed"]) >= 5, "an empty list hides well"
    for route in ("cases:detail", "cases:document_pdf", "api:GET cases/{number}"):
        assert any(fault.startswith(f"{route} ") for fault in widened["faults"]), route
    assert any(fault.startswith("catalogue:kept_list ") for fault in told["told_apart"]["faults"])


def test_nobody_sees_what_is_not_theirs_and_a_widened_query_is_seen(city, tmp_path, lasting):
    _check(_probed(tmp_path / "city", city.as_loaded), lasting)


@pytest.mark.soak
def test_each_role_by_itself_sees_its_own_and_no_more(city, tmp_path, lasting):
    _check(_probed(tmp_path / "city", city.as_loaded, "--each-role"), lasting)
