"""The marks of all changes as they stand now, at the least cost: before a kept page is given.

On SQLite each thread has a connection of its own that writes nothing. Whether anybody has committed
anything since it last looked, the file tells it at once (PRAGMA data_version); only then the marks
are read. On PostgreSQL their numbers are asked for each time, and all of them only if one is new.
That goes by the connection of the thread, past the cursors of Django and of the driver, which cost
more than the way there and back; in one message and without a name, as a pgbouncer passes it on.
"""

import sqlite3
import threading
import time
from typing import Any
from urllib.parse import quote

from django.db import connection

from mingtang.base.kept import MARKS_SQL, Marks

OPEN_SECONDS = 60.0  # as the other connections
NUMBERS_SQL = b"SELECT id FROM base_searchchange"  # none of them ever comes again
ROWS = 2  # of libpq's answers the one with rows: PGRES_TUPLES_OK


class Watch(threading.local):
    """One for each thread."""

    def __init__(self) -> None:
        self._file: sqlite3.Connection | None = None
        self._seen = 0  # the version of the file
        self._until = 0.0
        self._numbers: tuple[bytes, ...] | None = None
        self._marks = Marks()

    def marks(self) -> Marks:
        """Those that are committed. Raises DatabaseError or sqlite3.Error."""
        if connection.vendor != "sqlite":
            return self._told()
        version = self._version()
        if version != self._seen:
            assert self._file is not None
            self._marks = Marks()
            self._marks.put(self._file.execute(MARKS_SQL).fetchall())
            self._seen = version
        return self._marks

    def _told(self) -> Marks:
        """By PostgreSQL. The numbers are read before the marks: never newer than they."""
        numbers = _numbers()
        if numbers is None or numbers != self._numbers:
            found = Marks()
            found.read()  # also where the connection is new or lost: what is wrong, Django says
            self._marks, self._numbers = found, numbers
        return self._marks

    def _version(self) -> int:
        if self._file is None or time.monotonic() > self._until:
            self.close()
            path = connection.settings_dict["NAME"]
            self._file = sqlite3.connect(
                f"file:{quote(str(path))}?mode=rw", uri=True, isolation_level=None
            )
            self._file.execute("PRAGMA query_only=ON")
            self._until = time.monotonic() + OPEN_SECONDS
        version: int = self._file.execute("PRAGMA data_version").fetchone()[0]
        return version

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._seen, self._numbers = None, 0, None


def _numbers() -> tuple[bytes, ...] | None:
    """Of all marks; None where they could not be asked for."""
    asked: Any = connection.connection
    if asked is None or connection.in_atomic_block:
        return None
    with connection.wrap_database_errors:
        answer = asked.pgconn.exec_(NUMBERS_SQL)
    if answer.status != ROWS:
        return None
    return tuple(answer.get_value(place, 0) for place in range(answer.ntuples))


WATCH = Watch()
