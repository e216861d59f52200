"""Kept: answers about tables that seldom change, remembered by the process, never older than they.

A model that says `is_kept = True` has triggers: whoever changes its table leaves, in the same
transaction, a row in `SearchChange` with an id that never was before. What is kept is good as long
as a reader sees the rows that it saw when it began to keep (the reasons: base.search.keeping). To
ask costs one small statement; what it saves is the reading and the building of rows. A request that
only reads asks once for all that it will use (`asked_once`), so that it sees one state of them.

What is kept is shared by all who ask: keep numbers, texts, tuples, frozen things.
"""

import functools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from mingtang.base.db import kept_tables, steady
from mingtang.base.noting import note
from mingtang.base.replica import fresh

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Changes = frozenset[tuple[str, int]]
MOST = 20_000  # answers; a process that was asked for more begins anew
MARKS_SQL = "SELECT kind, id FROM base_searchchange"


class Marks:
    """The marks of all that leaves some, read at most once; or beside another row: `take`."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Changes] | None = None

    def read(self) -> None:
        """From the database, unless they are read."""
        if self._by_kind is None:
            with steady() as cursor:
                cursor.execute(MARKS_SQL)
                self.put(cursor.fetchall())

    def of(self, kinds: Iterable[str]) -> Changes:
        """Those of some tables ("table:accounts_post") and kinds of what is searched ("item").
        Of none there is nothing to read."""
        wanted = list(kinds)
        if not wanted:
            return frozenset()
        self.read()
        assert self._by_kind is not None
        return frozenset().union(*(self._by_kind.get(kind, ()) for kind in wanted))

    def forget(self) -> None:
        """They are read again when they are next asked for."""
        self._by_kind = None

    @property
    def are_read(self) -> bool:
        return self._by_kind is not None

    def take(self, text: str | None) -> None:
        """What `beside` brought: good for all that is read after it."""
        pairs = (one.split(" ") for one in (text or "").split(",") if one)
        self.put((kind, int(number)) for kind, number in pairs)

    def put(self, rows: Iterable[tuple[str, int]]) -> None:
        found: dict[str, set[tuple[str, int]]] = {}
        for kind, number in rows:
            found.setdefault(kind, set()).add((kind, number))
        self._by_kind = {kind: frozenset(rows) for kind, rows in found.items()}


def beside() -> RawSQL:
    """All marks as one column of a row that is read anyway; they go to `Marks.take`."""
    joined = "group_concat" if connection.vendor == "sqlite" else "string_agg"
    sql = f"(SELECT {joined}(kind || ' ' || id, ',') FROM base_searchchange)"  # noqa: S608
    return RawSQL(sql, [], output_field=TextField())  # noqa: S611  nothing of it comes from outside


_once: ContextVar[Marks | None] = ContextVar("marks of a request that reads", default=None)


def marks() -> Marks | None:
    """Those of the request that only reads, if this is one."""
    return _once.get()


@contextmanager
def asked_once() -> Iterator[None]:
    """Until its end the marks that were read first are good: for a request that changes nothing."""
    token = _once.set(Marks())
    try:
        yield
    finally:
        _once.reset(token)


def look_again() -> None:
    """Marks that were read before are good no more: after a wait for others, after a change."""
    if (held := _once.get()) is not None:
        held.forget()


@contextmanager
def asked_once_writing() -> Iterator[None]:
    """The same inside the transaction of a command, for one that changes no kept table, or hardly
    ever: a statement that may have changed one, or took a change back, ends what was read before.

    The command then sees the kept tables as they were when it first asked, as one that ran a moment
    earlier would. What waits for others, and must know what they did, looks again (`look_again`).
    """
    with asked_once(), connection.execute_wrapper(_watching):
        yield


WRITING = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE")


def _watching(execute: Any, sql: Any, values: Any, many: bool, context: Any) -> Any:
    answer = execute(sql, values, many, context)
    if not (isinstance(sql, str) and sql.startswith(HARMLESS)):
        written = WRITING.match(sql) if isinstance(sql, str) else None
        if written is None or written[1] in _tables():
            look_again()
    return answer


@functools.cache
def _tables() -> frozenset[str]:
    return frozenset(kept_tables())


class Kept(Generic[K, V]):
    """Answers by key, as long as none of these tables ("accounts_post") changes."""

    every: ClassVar[list["Kept[Any, Any]"]] = []

    def __init__(self, *tables: str) -> None:
        self.tables = tables
        Kept.every.append(self)
        places = ", ".join("%s" for _ in tables)
        self._asking = f"SELECT kind, id FROM base_searchchange WHERE kind IN ({places})"  # noqa: S608
        self._kinds = [f"table:{table}" for table in tables]
        self._held: tuple[Changes, dict[K, V | None]] = (frozenset(), {})

    def many(self, keys: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The answers to these keys, without those that have none; `read` is asked for the rest."""
        answers = self._answers()
        wanted = list(dict.fromkeys(keys))
        if missing := [key for key in wanted if key not in answers]:
            with fresh():  # as the marks: never older than they
                found = read(missing)
            answers.update((key, found.get(key)) for key in missing)
        return {key: answer for key in wanted if (answer := answers[key]) is not None}

    def one(self, key: K, read: Callable[[K], V | None]) -> V | None:
        """The answer to one key, or None."""
        answers = self._answers()
        if key not in answers:
            with fresh():
                answers[key] = read(key)
        return answers[key]

    def _answers(self) -> dict[K, V | None]:
        """What is kept and still true. The changes are read first: never newer than the answers."""
        note(*self._kinds)
        seen = self._seen()
        if len({kind for kind, _ in seen}) < len(self._kinds):
            return {}  # a table without triggers, or emptied: nothing tells of its changes
        changes, answers = self._held
        if changes != seen or len(answers) > MOST:
            answers = {}
            self._held = seen, answers
        return answers

    def _seen(self) -> Changes:
        if (held := _once.get()) is not None:
            return held.of(self._kinds)
        with steady() as cursor:
            cursor.execute(self._asking, self._kinds)
            return frozenset(cursor.fetchall())
