"""The marks of all changes as they stand now, at the least cost: before a kept page is given.

On SQLite each thread has a connection of its own that writes nothing. Whether anybody has committed
anything since it last looked, the file tells it at once (PRAGMA data_version); only then the marks
are read. On PostgreSQL they are read each time, by one small statement.
"""

import sqlite3
import threading
import time
from urllib.parse import quote

from django.db import connection

from mingtang.base.kept import MARKS_SQL, Marks

OPEN_SECONDS = 60.0  # as the other connections


class Watch(threading.local):
    """One for each thread."""

    def __init__(self) -> None:
        self._file: sqlite3.Connection | None = None
        self._seen = 0  # the version of the file
        self._until = 0.0
        self._marks = Marks()

    def marks(self) -> Marks:
        """Those that are committed. Raises DatabaseError or sqlite3.Error."""
        if connection.vendor != "sqlite":
            found = Marks()
            found.read()
            return found
        version = self._version()
        if version != self._seen:
            assert self._file is not None
            self._marks = Marks()
            self._marks.put(self._file.execute(MARKS_SQL).fetchall())
            self._seen = version
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
        self._file, self._seen = None, 0


WATCH = Watch()
