"""Rows that the tests of a module share: built once, rolled back when the module ends.

Each test acts in a savepoint above them and has its own copy of what the builder returned, so that
neither rows nor attributes go from one to the next. Not for modules whose tests have transactions
of their own: these would empty the tables; the door of tests/conftest.py refuses them.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

T = TypeVar("T")


def laid(build: Callable[[], T]) -> Any:
    """A fixture of the module: a function that hands out copies of what was built."""

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[], T]]:
        whole = transaction.atomic()
        with django_db_blocker.unblock():
            whole.__enter__()
            try:
                built = build()
            except BaseException as error:
                whole.__exit__(type(error), error, error.__traceback__)
                raise
        yield lambda: copy.deepcopy(built)
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)

    return made


def has_transactions(item: pytest.Item) -> bool:
    """Whether a test has transactions of its own, and is followed by empty tables."""
    mark = item.get_closest_marker("django_db")
    asked = {"transactional_db", "django_db_reset_sequences", "live_server"}
    names = set(getattr(item, "fixturenames", ()))
    return bool(mark and mark.kwargs.get("transaction")) or bool(asked & names)


def check_no_transactions_above(item: pytest.Item) -> None:
    if has_transactions(item) and connection.in_atomic_block:
        pytest.fail("a test with transactions of its own stands in no module with rows laid")
