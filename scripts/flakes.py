"""Run tests many times, each in another order, and say which do not always end alike.

just flakes [PATH…] [--repeats 20] [--new COMMIT] [--minutes M]
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

ABSENT, BAD, PASSED, SKIPPED = "absent", "failed", "passed", "skipped"
RAN = {0, 1}  # pytest's own exit codes: all passed, some failed; any other is no round
Round = tuple[int, dict[str, str]]  # the seed of its order, and how each test ended


def one_round(paths: list[str], seed: int) -> Round:
    """Run the tests once in the order of a seed. Raises RuntimeError where pytest did not run."""
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "round.xml"
        command = [sys.executable, "-m", "pytest", f"--randomly-seed={seed}", f"--junitxml={told}"]
        done = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)
        if done.returncode not in RAN or not told.exists():
            last = (done.stdout + done.stderr)[-2000:]
            raise RuntimeError(f"seed {seed}: pytest ended with {done.returncode}\n{last}")
        return seed, endings(told)


def endings(told: Path) -> dict[str, str]:
    """How each test of a JUnit file ended; one that passed and failed in its teardown failed."""
    found: dict[str, str] = {}
    for case in ElementTree.parse(told).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        parts = {part.tag for part in case}
        ending = BAD if parts & {"failure", "error"} else SKIPPED if "skipped" in parts else PASSED
        found[name] = BAD if BAD in (ending, found.get(name)) else ending
    return found


def differing(rounds: list[Round]) -> dict[str, dict[str, list[int]]]:
    """Tests that did not end alike in every round, or always failed: ending → its seeds."""
    every = {name for _, ended in rounds for name in ended}
    found: dict[str, dict[str, list[int]]] = {}
    for name in sorted(every):
        by_ending: dict[str, list[int]] = defaultdict(list)
        for seed, ended in rounds:
            by_ending[ended.get(name, ABSENT)].append(seed)
        if len(by_ending) > 1 or BAD in by_ending:
            found[name] = dict(by_ending)
    return found


def changed_since(commit: str, paths: list[str]) -> list[str]:
    """The files of tests under the paths that are new or changed since a commit."""
    command = ["git", "diff", "--name-only", "--relative", "--diff-filter=d", commit, "--"]
    done = subprocess.run([*command, *paths], capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split() if Path(name).match("test_*.py")]


def run(paths: list[str], repeats: int, minutes: float) -> list[Round]:
    """The rounds; after so many minutes no other is begun."""
    until = time.monotonic() + minutes * 60
    rounds: list[Round] = []
    while len(rounds) < repeats and (not rounds or time.monotonic() < until):
        rounds.append(one_round(paths, random.SystemRandom().randrange(2**32)))
    return rounds


def main() -> int:
    """0: all alike and passed; 1: some differ or fail; 2: a round could not be run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("paths", nargs="*", default=["tests"])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=600.0, help="begin no round after these")
    parser.add_argument("--new", metavar="COMMIT", help="only files of tests changed since")
    asked = parser.parse_args()
    paths = changed_since(asked.new, asked.paths) if asked.new else asked.paths
    if not paths:
        print("no file of tests changed: nothing to run")
        return 0
    try:
        rounds = run(paths, asked.repeats, asked.minutes)
    except RuntimeError as trouble:
        print(trouble, file=sys.stderr)
        return 2
    found = differing(rounds)
    for name, by_ending in found.items():
        print(name)
        for ending, seeds in sorted(by_ending.items()):
            print(f"    {ending} {len(seeds)}: seeds {' '.join(map(str, seeds[:5]))}")
    tests = {name for _, ended in rounds for name in ended}
    print(f"{len(rounds)} of {asked.repeats} rounds, {len(tests)} tests, {len(found)} not alike")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
