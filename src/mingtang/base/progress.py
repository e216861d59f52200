"""How far long work is. Whoever works says it; whether anybody sees it is for the command line."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO, TypeVar

One = TypeVar("One")
Tell = Callable[[str, int, int], None]
_told: ContextVar[Tell | None] = ContextVar("progress", default=None)
EVERY_SECONDS = 0.2
CELLS = 30


def steps(what: str, rows: Iterable[One], total: int = 0) -> Iterator[One]:
    """The rows as they are; after each it is told how many of `total` (0: nobody knows) there
    were."""
    tell = _told.get()
    if tell is None:
        yield from rows
        return
    count = 0
    for count, row in enumerate(rows, start=1):
        yield row
        tell(what, count, total)
    tell(what, count, count)


def note(what: str, done: int, of: int) -> None:
    """The same for work that counts by itself."""
    if tell := _told.get():
        tell(what, done, of)


@contextmanager
def shown(tell: Tell) -> Iterator[None]:
    """Within the block, work is told to `tell`."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


class Bar:
    """A bar on a terminal, a few times a second, in one line that is written over."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._next = stream, 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        is_whole = done == of
        if not is_whole and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_SECONDS
        filled = CELLS * done // max(of, 1) if of else 0
        bar = f"{'█' * filled}{'░' * (CELLS - filled)} {done}/{of}" if of else str(done)
        self._stream.write(f"\r{what} {bar}" + ("\n" if is_whole else ""))
        self._stream.flush()
