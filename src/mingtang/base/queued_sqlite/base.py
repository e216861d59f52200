"""SQLite whose writers queue, across threads and processes.

SQLite has one writer; who finds it busy sleeps, longer each time, and looks again, so that whoever
has just come gets in before one that has waited for seconds. Here they stand in line at a lock on a
file beside the database, which the kernel hands on. It ends with the process that holds it.
"""

import contextlib
import fcntl
import os
import threading
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Every transaction takes its turn before it begins: all are IMMEDIATE, all may write."""

    _turn: int | None = None  # the open file, locked while a transaction goes on

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _take_turn(self) -> None:
        """Raises OperationalError, as SQLite does, after the patience that it would have."""
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        if self._turn is None:
            path = f"{self.settings_dict['NAME']}-queue"
            self._turn = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _Place(self._turn).has_come_within(patience):
                self._turn = None  # the place in the line closes it
                raise OperationalError("database is locked") from None

    def _end_turn(self) -> None:
        if self._turn is not None:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._end_turn()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> Any:
        """Closing the file gives the turn up, but not that of a parent who forked."""
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            if self._turn is not None:
                os.close(self._turn)
                self._turn = None


class _Place(threading.Thread):
    """A place in the line: the kernel's lock knows no patience, so a thread of its own waits."""

    def __init__(self, turn: int) -> None:
        super().__init__(name="sqlite-queue", daemon=True)
        self._file, self._guard = turn, threading.Lock()
        self._has_come, self._is_given_up = threading.Event(), False

    def run(self) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._guard:
            self._has_come.set()
            if self._is_given_up:
                os.close(self._file)

    def has_come_within(self, seconds: float) -> bool:
        """Wait for the turn; given up after so long, it passes by as soon as it comes."""
        self.start()
        try:
            self._has_come.wait(seconds)
        finally:  # whatever ended the waiting
            with self._guard:
                self._is_given_up = not self._has_come.is_set()
        return not self._is_given_up
