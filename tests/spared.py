"""The lane on PostgreSQL sends each statement, not each a hundred times.

Loaded by name (`-p tests.spared`, just test-pg). Of what the lane would run it keeps what is
marked `both`, the folders where the database itself is what is tested, and whatever has no note of
this very code (tests/statements.py); of the rest the fewest seconds in which every shape of a
statement is sent that was noted. Without notes it spares nothing. The same notes
give the same choice.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import statements
from tests.statements import Note

WHOLE = {"faults", "ledger", "timing", "walks"}
SENDERS = 1  # that a shape has at least, where so many tests send it
BESIDES = 0.02  # seconds that a test costs however little it does


def cover(notes: Mapping[str, Note], kept: Collection[str], senders: int = SENDERS) -> set[str]:
    """Which tests besides those kept send what these leave out: as few seconds as a greedy choice
    finds, each time the test with most shapes for its time, less those that later ones made
    needless."""
    sent = Counter(shape for note in notes.values() for shape in note.shapes)
    wanted = {shape: min(count, senders) for shape, count in sent.items()}

    def take(name: str) -> None:
        for shape in notes[name].shapes:
            wanted[shape] -= 1

    def worth(name: str) -> float:
        new = sum(wanted[shape] > 0 for shape in notes[name].shapes)
        return new / (notes[name].seconds + BESIDES)

    for name in notes.keys() & set(kept):
        take(name)
    best = [(-worth(name), name) for name in notes.keys() - set(kept)]
    heapq.heapify(best)
    found: set[str] = set()
    while best:
        name = heapq.heappop(best)[1]
        now = worth(name)  # less than when it was put there, if others sent the same meanwhile
        if now and best and now < -best[0][0]:
            heapq.heappush(best, (-now, name))
        elif now:
            take(name)
            found.add(name)
    for name in sorted(found, key=lambda name: (-notes[name].seconds, name)):
        if all(wanted[shape] < 0 for shape in notes[name].shapes):  # who came later sends it too
            found.remove(name)
            wanted.update({shape: wanted[shape] + 1 for shape in notes[name].shapes})
    return found


def _is_kept(item: pytest.Item) -> bool:
    folder = item.path.relative_to(statements.TESTS).parts[0]
    return folder in WHOLE or item.get_closest_marker("both") is not None


def spared(items: Collection[pytest.Item], place: Path) -> set[str]:
    """Names of the tests that send nothing which no other one sends."""
    notes = statements.read(place)
    told = {item.nodeid: notes[item.nodeid] for item in items if item.nodeid in notes}
    kept = {item.nodeid for item in items if _is_kept(item)}
    return told.keys() - kept - cover(told, kept)


@pytest.hookimpl(trylast=True)  # after what the lane leaves out by its marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    names = spared(items, statements.folder())
    config.hook.pytest_deselected(items=[one for one in items if one.nodeid in names])
    items[:] = [one for one in items if one.nodeid not in names]
    config.stash[SPARED] = len(names)


SPARED = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["spared"] = session.config.stash.get(SPARED, 0)


@pytest.hookimpl(optionalhook=True)  # where xdist is: each worker chose, and all chose the same
def pytest_testnodedown(node: Any) -> None:
    told = getattr(node, "workeroutput", {})  # one that died has told nothing
    if "spared" in told:
        node.config.stash[SPARED] = told["spared"]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    count = config.stash.get(SPARED, 0)
    terminalreporter.write_line(
        f"{count} tests spared: others send all that they send"
        if count
        else "none spared: no notes of this code (just test, just test-long)"
    )
