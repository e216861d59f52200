"""Pages for everybody, kept whole by the process until something that they were made of changes.

While such a page is made, it is noted what of: the tables that its statements read, what the
process keeps of others (base.kept), the index of search, the day. It is kept only if all of that
leaves marks of its changes, in the transaction of whoever changes it (base.db). Before a kept page
is given, the marks are read; a page with another mark than it was made under is made anew. So the
very next request sees a change, whichever process made it.

Never kept: what belongs to one browser (a session, a form's token, any cookie but the reader's
preferences), what tells the moment, what writes, what reads a table without marks.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from sys import getsizeof
from threading import Lock
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.conf import settings

from mingtang.base.db import kept_tables
from mingtang.base.kept import MARKS_SQL, Changes, Marks
from mingtang.base.noting import DAY, NEVER, note

PREFERENCES = ("mt_language", "mt_type", "mt_contrast")
WITHOUT_MEANING = "csrftoken"  # ends the cookie's name; what uses the token is not kept
SEARCH = frozenset({"base_searchdocument", "base_searchtext", "base_searchtokens"})
MOST_PAGES, LARGEST = 2_000, 300_000
Key = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What something was made of: marks by kind, and the day where it tells of one."""

    kinds: frozenset[str]
    changes: Changes
    day: date | None

    def holds(self, marks: Marks, today: Callable[[], date]) -> bool:
        return marks.of(self.kinds) == self.changes and (self.day is None or self.day == today())


@dataclass(frozen=True)
class Page:
    """An answer, and what it was made of."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    source: Source

    @property
    def size(self) -> int:
        return len(self.body)


@dataclass(frozen=True)
class Pieces:
    """A page without what differs from one reader to the next: the text between its holes."""

    texts: tuple[str, ...]
    source: Source

    @property
    def size(self) -> int:
        return sum(map(getsizeof, self.texts))


K = TypeVar("K", Page, Pieces)


class Shelf(Generic[K]):
    """The newest pages of a process, by what was asked; its threads put pages in turns."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._pages: OrderedDict[Key, K] = OrderedDict()
        self._bytes = 0
        self._turn = Lock()

    def get(self, key: Key) -> K | None:
        return self._pages.get(key)

    def put(self, key: Key, page: K) -> None:
        if page.size > LARGEST:
            return
        with self._turn:
            self._drop(key)
            self._pages[key] = page
            self._bytes += page.size
            while len(self._pages) > MOST_PAGES or self._bytes > self._most_bytes:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        if (page := self._pages.pop(key, None)) is not None:
            self._bytes -= page.size

    def clear(self) -> None:
        with self._turn:
            self._pages.clear()
            self._bytes = 0


SHELF: Shelf[Page] = Shelf(16 * 2**20)


def key_of(environ: Mapping[str, Any]) -> Key | None:
    """What a page may be kept under; None for a request that tells who asks, or that writes."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] != "GET" or path.startswith(settings.STATIC_URL):
        return None
    if "HTTP_AUTHORIZATION" in environ:
        return None
    wanted: tuple[str, ...] = ()
    if cookies := environ.get("HTTP_COOKIE"):
        found = _preferences(cookies)
        if found is None:
            return None
        wanted = found
    scheme = environ["wsgi.url_scheme"] + environ.get("HTTP_X_FORWARDED_PROTO", "")
    address = (scheme, environ.get("HTTP_HOST", ""), path)
    return (*address, environ.get("QUERY_STRING", ""), *wanted)


@lru_cache(maxsize=1_000)
def _preferences(cookies: str) -> tuple[str, ...] | None:
    pairs = (one.strip().partition("=") for one in cookies.split(";"))
    found = {name: value for name, _, value in pairs if not name.endswith(WITHOUT_MEANING)}
    if found.keys() - set(PREFERENCES) or any(len(value) > 10 for value in found.values()):
        return None
    return tuple(found.get(name, "") for name in PREFERENCES)


def first_reading(marks: Marks) -> Callable[..., Any]:
    """A wrapper of the connection's statements that notes which tables they read. The marks are
    read before the first: what is read after them is never older."""

    def wrapper(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if sql != MARKS_SQL:
            note(*_read_by(sql))
            marks.read()
        return execute(sql, *more)

    return wrapper


@lru_cache(maxsize=2_000)
def _read_by(sql: str) -> frozenset[str]:
    """The kinds of marks on which a statement's answer hangs."""
    words = set(re.findall(r"[a-z_0-9]+", sql))
    named = set(re.findall(r'(?i:from|join)\s+"?([a-z_0-9]+)', sql))
    tables = words & _tables()
    if not sql.lstrip("( \n").startswith(("SELECT", "WITH")) or not named <= tables | SEARCH:
        return frozenset({NEVER})
    marked = set(kept_tables())
    found = {f"table:{table}" if table in marked else NEVER for table in tables - SEARCH - MARKS}
    return frozenset(found)


MARKS = frozenset({"base_searchchange"})  # who reads them notes of which kind


@lru_cache(maxsize=1)
def _tables() -> frozenset[str]:
    return frozenset(one._meta.db_table for one in apps.get_models())


def source_of(noted: set[str], marks: Marks, on: date) -> Source | None:
    """What it was made of; None for what may not be kept. `on`: the day when it was begun."""
    if NEVER in noted:
        return None
    kinds = frozenset(noted - {DAY})
    changes = marks.of(kinds)
    if {kind for kind, _ in changes} != kinds:
        return None
    return Source(kinds, changes, on if DAY in noted else None)
