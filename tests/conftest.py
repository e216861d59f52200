"""What every test shares: the closed network, a moment, a chain of command ids; and which tests
use a database."""

import gc
import itertools
import os
import socket
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import client as test_client
from hypothesis import settings

from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.kept import Kept
from mingtang.ledger.rules import Actor
from tests import laid, marked, migrated
from tests.acts import pytest_runtest_call  # noqa: F401
from tests.soak import lasting, pytest_addoption, pytest_terminal_summary  # noqa: F401
from tests.statements import pytest_runtest_logreport, pytest_runtest_protocol  # noqa: F401
from tests.world import People, World

_connect = socket.socket.connect
_answers = Kept._answers


def _answers_unless_counted(kept: Kept[Any, Any]) -> dict[Any, Any]:
    """Statements are counted as if nothing were kept: how many must not hang on who came before."""
    return {} if connection.force_debug_cursor else _answers(kept)


Kept._answers = _answers_unless_counted  # type: ignore[method-assign]

_store_rendered = test_client.store_rendered_templates


# Seven thousand tests are collected, and none is let go meanwhile: to look for garbage each time
# would take a third of that time.
gc.disable()


def _store_the_page(store: dict[str, Any], *rendered: Any, **more: Any) -> None:
    """Of a page the context is kept, not of each of the hundreds of parts that it is put together
    of: `answer.context` is what the view has handed to its template."""
    if "context" not in store:
        _store_rendered(store, *rendered, **more)


test_client.store_rendered_templates = _store_the_page  # type: ignore[attr-defined]

# A property is tried with a few examples in the fast lane, with fewer the second time, on
# PostgreSQL, and with a hundred in `just soak`, by --hypothesis-profile=thorough. A machine with
# other work must not fail one by being slow.
FEW = 8 if "DATABASE_URL" in os.environ else 25
settings.register_profile("quick", max_examples=FEW, deadline=None)
settings.register_profile("thorough", max_examples=100, deadline=None)
settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """The tests themselves stay till the end: the collector need not look at them each time, nor
    for the little garbage among them."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


def _uses_a_database(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
    fixtures = asked & set(getattr(item, "fixturenames", ()))
    return bool(fixtures or item.get_closest_marker("django_db"))


def _is_early(item: pytest.Item) -> bool:
    return item.get_closest_marker("early") is not None


def _is_long(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None and not laid.has_transactions(item)


def dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """In an order in which each worker begins with some of the early ones: of so many tests in a
    row each gets as many, before who has none left takes from the end of another's."""
    early = [one for one in items if _is_early(one)]
    others = [one for one in items if not _is_early(one)]
    found: list[pytest.Item] = []
    for number in range(workers):
        mine = early[number::workers]
        size = (len(items) - len(found)) // (workers - number)
        count = max(0, size - len(mine))
        found += mine + others[:count]
        del others[:count]
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Mark what uses a database: it runs on both. What is pure runs once, with SQLite. The long
    form of a test is in no fast lane.

    What takes long begins first, so that no worker is left with it while others have ended.
    """
    for item in items:
        marked.check_is_read(item)
        if _uses_a_database(item):
            item.add_marker("database")
        if item.get_closest_marker("soak"):
            item.add_marker("slow")
    yield
    items.sort(key=_is_long, reverse=True)
    workers = getattr(items[0].config, "workerinput", {}).get("workercount", 1) if items else 1
    items[:] = dealt(items, workers)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_keepdb: bool) -> bool:
    """On SQLite a copy of what was migrated before, if the code is still the same."""
    if connection.vendor != "sqlite" or django_db_keepdb:
        return django_db_keepdb
    path = Path(connection.settings_dict["TEST"]["NAME"])
    return migrated.lay(path) or (not migrated.is_ours_to_make() and migrated.lay(path))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool) -> None:
    if connection.vendor == "sqlite" and not django_db_keepdb:
        migrated.keep(connection.settings_dict)


@pytest.fixture
def _django_db_helper(_django_db_helper: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """The one door of pytest-django, through which every fixture and mark of its goes.

    A test that finds its way here without the mark would be missing on PostgreSQL: it fails. So
    does one that closed the connection inside of its transaction: while anybody still holds a
    cursor of it, SQLite keeps the lock, and whoever comes next finds the database locked.
    """
    if request.node.get_closest_marker("database") is None:
        pytest.fail("ask for the database by a fixture or by the mark django_db, not on the way")
    laid.check_no_transactions_above(request.node)
    yield
    if connection.closed_in_transaction:
        pytest.fail("closed the database inside of the test's transaction")


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback and local sockets only: PostgreSQL may live there, the world may not."""

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def at() -> datetime:
    """Tuesday 17 September 2013, ten in the morning: two days before Mid-Autumn."""
    return datetime(2013, 9, 17, 10, 0, tzinfo=LEGAL_ZONE).astimezone(UTC)


@pytest.fixture
def command_id() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):032x}"


@pytest.fixture
def clerk_actor() -> Actor:
    return Actor(id="7", label="祝晓芳", organisation_id="3", organisation_label="市水利局")


@pytest.fixture
def people(db: None) -> People:
    return People()


@pytest.fixture
def pdf_machine() -> None:
    """Skips where PDF cannot be made: `./start test` needs nothing but Python. In CI it fails."""
    from mingtang.base.pdf import why_not

    if problem := why_not():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(problem)


@pytest.fixture
def world(db: None) -> World:
    return World()
