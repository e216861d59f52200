"""Noting: what an answer was made of, for whoever may keep the answer.

Whoever reads a thing that can change notes it here; nothing is noted unless somebody listens.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DAY = "the day"
NEVER = "never the same twice"  # the moment, chance, a row that was written

_noted: ContextVar[set[str] | None] = ContextVar("what an answer was made of", default=None)


def note(*things: str) -> None:
    if (noted := _noted.get()) is not None:
        noted.update(things)


def is_listening() -> bool:
    return _noted.get() is not None


@contextmanager
def noting() -> Iterator[set[str]]:
    """All that is noted until its end."""
    noted: set[str] = set()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)
