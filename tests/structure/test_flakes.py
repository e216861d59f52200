"""`just flakes` finds a test that fails now and then, and lets the others be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripts import flakes

SCRIPT = Path(flakes.__file__)
ONE_IN_THREE = """
from pathlib import Path

def test_steady():
    pass

def test_now_and_then():
    kept = Path(__file__).with_name("times")
    times = int(kept.read_text()) if kept.exists() else 0
    kept.write_text(str(times + 1))
    assert times % 3 != 1
"""


def flakes_of(folder: Path, *asked: str) -> "subprocess.CompletedProcess[str]":
    """Without the plug-ins of the house: a folder of its own has no settings."""
    apart = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p pytest_randomly"}
    command = [sys.executable, str(SCRIPT), *asked]
    env = {**os.environ, **apart}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.slow
def test_one_that_fails_one_time_in_three_is_found(tmp_path):
    (tmp_path / "test_some.py").write_text(ONE_IN_THREE, encoding="utf-8")
    done = flakes_of(tmp_path, "test_some.py", "--repeats", "3")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "test_some::test_now_and_then\n    failed 1: seeds " in done.stdout
    assert "passed 2: seeds " in done.stdout
    assert "test_steady" not in done.stdout
    assert done.stdout.endswith("3 of 3 rounds, 2 tests, 1 not alike\n")
    steady = flakes_of(tmp_path, "test_some.py::test_steady", "--repeats", "2")
    assert (steady.returncode, steady.stdout) == (0, "2 of 2 rounds, 1 tests, 0 not alike\n")
    assert flakes_of(tmp_path, "no_such.py").returncode == 2, "what did not run is not steady"


def test_absent_and_always_failing_are_told_as_well():
    first = (1, {"a": flakes.PASSED, "b": flakes.PASSED, "c": flakes.BAD, "d": flakes.SKIPPED})
    second = (2, {"a": flakes.PASSED, "c": flakes.BAD, "d": flakes.SKIPPED})
    assert flakes.differing([first, second]) == {
        "b": {flakes.PASSED: [1], flakes.ABSENT: [2]},
        "c": {flakes.BAD: [1, 2]},
    }


def test_only_what_changed_since_a_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.invalid"]
    (tmp_path / "test_old.py").touch()
    for act in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *act], check=True)
    for name in ("test_new.py", "helper.py"):
        (tmp_path / name).touch()
    subprocess.run(["git", "add", "."], check=True)
    assert flakes.changed_since("HEAD", ["."]) == ["test_new.py"]
