"""Which acts a walk does: the kinds of the commands that ran while a test lived it.

A walk in a browser is read from the ledger of its city, a walk by services from the process, and a
twin of it only by what ran within requests to the API. What the system does by itself, and what
the keeper does, is no act of a walk (tests/structure/test_reach.py says which that is).

`scripts/make_walks.py` keeps what real runs did in tests/walks.json, by walk and by twin.
"""

import json
import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mingtang.ledger import services
from mingtang.ledger.rules import SYSTEM

TESTS = Path(__file__).parent
TABLE = TESTS / "walks.json"
API = "/api/v1/"
FRESH = """SELECT DISTINCT kind FROM ledger_command WHERE rowid > ? AND NOT EXISTS (
    SELECT 1 FROM ledger_event WHERE ledger_event.command_id = ledger_command.command_id
    AND actor_label = ?)"""  # what its worker does meanwhile is of no walk
KEEP = "MINGTANG_WALKS"  # a folder: where a run leaves what was done, by test


@cache
def table() -> dict[str, list[str]]:
    """The kinds of commands by test, such as `e2e/test_life.py::test_a_life`."""
    kept: dict[str, list[str]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return kept


def name_of(item: pytest.Item) -> str:
    """File within tests, and test without its parameters."""
    place = item.path.relative_to(TESTS).as_posix()
    return f"{place}::{getattr(item, 'originalname', item.name)}"


@contextmanager
def noted(done: set[str], *, by_api: bool = False) -> Iterator[None]:
    """What runs in this process; of the API only what runs within a request to it."""
    within = [not by_api]
    outcome_of, request = services.outcome_of, Client.request

    @contextmanager
    def noting(kind: str, command_id: str) -> Iterator[list[str]]:
        with outcome_of(kind, command_id) as came:
            yield came
        if within[0]:
            done.add(kind)

    def asking(client: Client, **asked: Any) -> Any:
        before = within[0]
        within[0] = not by_api or str(asked.get("PATH_INFO", "")).startswith(API)
        try:
            return request(client, **asked)
        finally:
            within[0] = before

    services.outcome_of, Client.request = noting, asking  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        services.outcome_of, Client.request = outcome_of, request  # type: ignore[method-assign]


@contextmanager
def _read(done: set[str], home: Path) -> Iterator[None]:
    """What came into the ledger of a city that is served by a process of its own."""
    address = f"file:{home / 'mingtang.sqlite3'}?mode=ro"

    def ask(statement: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as database:
            return database.execute(statement, values).fetchall()

    ((last,),) = ask("SELECT COALESCE(MAX(rowid), 0) FROM ledger_command")
    yield
    done.update(kind for (kind,) in ask(FRESH, last, SYSTEM.label))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    folder = item.path.parent.name
    if folder not in ("walks", "e2e", "api"):
        yield
        return
    done: set[str] = set()
    city = getattr(item, "funcargs", {}).get("city")
    noting = _read(done, city.home) if city else noted(done, by_api=folder == "api")
    with noting:
        yield
    if KEEP in os.environ:
        name = f"{name_of(item)}\n" + "\n".join(sorted(done))
        place = Path(os.environ[KEEP]) / f"{sha256(item.nodeid.encode()).hexdigest()}.txt"
        place.write_text(name, encoding="utf-8")
        return
    check(item, done)


def check(item: pytest.Item, done: set[str]) -> None:
    """A twin still does what it did, and a walk nothing that no twin does. Of a test with
    parameters the table has what all of its forms do."""
    name, folder = name_of(item), item.path.parent.name
    kept = set(table().get(name, ()))
    if folder == "api":
        gone = set() if hasattr(item, "callspec") else kept - done
        assert not gone, f"{name} is a twin of a walk and no longer does {sorted(gone)}: {HOW}"
    elif is_walk(name):
        new = done - kept - by_twins() - excused()
        assert not new, f"{name} does {sorted(new)}, which no twin of it does: {HOW}"


HOW = "extend the twin, or see scripts/make_walks.py"


def is_walk(name: str) -> bool:
    """It is kept in the table, so that a twin answers for it."""
    return name in table() and not name.startswith("api/")


@cache
def by_twins() -> frozenset[str]:
    """What any twin does."""
    return frozenset(
        kind for name, kinds in table().items() if name.startswith("api/") for kind in kinds
    )


@cache
def excused() -> frozenset[str]:
    """What the API does not do, for a written reason."""
    from tests.structure.test_reach import reasons

    return frozenset(reasons())
