"""Search: the shelf of each kind, kept by the process, brought up to date after a change.

Whoever writes the index adds a row to `SearchChange`, with an id of its own and in the same
transaction, that tells which documents came and which went; it takes the place of the rows that it
finds, whose ids and whose news it carries on. Who reads it sees whether what is kept is still true:
each row that it saw must be there, or be carried on by one that is there, and then the news of the
others are all that is missing; else all is read anew. No rollback and no other process can bring
back rows that once were. Nothing is locked, so nobody waits for the end of somebody else's long
import. News of too many documents are dropped, and who has not seen the row that dropped them
reads all anew.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from threading import Lock
from typing import Any

from django.db import connection

from mingtang.base.db import skip_locked
from mingtang.base.ids import next_id
from mingtang.base.models import SearchChange
from mingtang.base.noting import note
from mingtang.base.search.asking import Expression
from mingtang.base.search.shelf import Found, Shelf
from mingtang.base.search.stores import store

DOCUMENTS = "SELECT id, key, name, facets, weight, length(code) FROM base_searchdocument WHERE"
TOLD = "SELECT id, told FROM base_searchchange WHERE kind = %s"
PART = 20_000
MOST_TOLD = 2_000  # documents of which a change tells, and changes that it carries on


@dataclass(frozen=True)
class News:
    """What changes did. `after`: those that are carried on; `since`: those without which the rest
    is of no use; `put` and `gone`: the documents that came and went."""

    after: frozenset[int] = frozenset()
    since: frozenset[int] = frozenset()
    put: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()

    def __or__(self, other: "News") -> "News":
        return News(
            self.after | other.after,
            self.since | other.since,
            self.put | other.put,
            self.gone | other.gone,
        )

    def __len__(self) -> int:
        return len(self.after) + len(self.put) + len(self.gone)

    def written(self) -> str:
        parts = (self.after, self.since, self.put - self.gone, self.gone)
        return json.dumps([sorted(one) for one in parts], separators=(",", ":"))


def _read(one: int, told: str) -> News:
    return News(*map(frozenset, json.loads(told))) if told else News(since=frozenset([one]))


@dataclass(frozen=True)
class _Kept:
    """A shelf, the changes that it has in it, and those without which it would be of no use."""

    shelf: Shelf
    changes: frozenset[int]
    since: frozenset[int]


_kept: dict[str, _Kept] = {}
_reading = Lock()


def changed(kind: str, *, put: Iterable[int] = (), gone: Iterable[int] = ()) -> None:
    """Tell all processes, from the open transaction's end on, what has changed of a kind."""
    rows = SearchChange.objects.filter(kind=kind).order_by("id").values_list("id", "told")
    older = list(rows.select_for_update(skip_locked=skip_locked()))
    news = News(frozenset(one for one, _ in older), put=frozenset(put), gone=frozenset(gone))
    for one, told in older:
        news |= _read(one, told)
    number = next_id()
    if len(news) > MOST_TOLD:
        news = News(since=frozenset([number]))
    SearchChange.objects.filter(id__in=[one for one, _ in older]).delete()
    SearchChange.objects.create(id=number, kind=kind, told=news.written())


def every(kind: str) -> Found:
    """All documents of a kind."""
    note(kind)
    seen = _row(f"SELECT {_changes()}", [kind])[0]
    shelf = _shelf(kind, seen)
    return Found(shelf, shelf.all)


def asked(kind: str, expression: Expression) -> Found:
    """The documents of a kind that meet an expression."""
    note(kind)
    matching, values = store().matching(kind, expression)
    found = f"(SELECT {store().joined('id')} FROM ({matching}) AS found)"  # noqa: S608
    seen, ids = _row(f"SELECT {_changes()}, {found}", [kind, *values])
    return _shelf(kind, seen).found(ids or "")


def _changes() -> str:
    """The changes that this statement sees, so that they are those of what it finds."""
    return f"(SELECT {store().joined('id')} FROM base_searchchange WHERE kind = %s)"  # noqa: S608


def _shelf(kind: str, seen: str | None) -> Shelf:
    changes = frozenset(map(int, seen.split(","))) if seen else frozenset()
    if (kept := _kept.get(kind)) and kept.changes == changes:
        return kept.shelf
    with _reading:  # the first who comes reads, the others wait for it
        if (kept := _kept.get(kind)) and kept.changes == changes:
            return kept.shelf
        told = {one: _read(one, text) for one, text in _rows(TOLD, [kind])}
        news = reduce(or_, told.values(), News())
        shelf = _later(kept, told, news) if kept else None
        if shelf is None:
            shelf = Shelf(_documents(kind))
        if told:  # an index that nobody has written yet is not worth keeping
            _kept[kind] = _Kept(shelf, frozenset(told), news.since)
        return shelf


def _later(kept: _Kept, told: Mapping[int, News], news: News) -> Shelf | None:
    """What is kept, with the changes that it has not in it; None: they do not tell all."""
    if not (news.since <= kept.since and kept.changes <= told.keys() | news.after):
        return None
    since = reduce(or_, (each for one, each in told.items() if one not in kept.changes), News())
    among, value = store().among(sorted(since.put))
    return kept.shelf.later(_rows(f"{DOCUMENTS} id {among}", [value]), since.gone)


def _documents(kind: str) -> Iterator[Any]:
    """All of a kind, part by part: a million rows at once would need a gigabyte."""
    sql, last = f"{DOCUMENTS} kind = %s AND key > %s ORDER BY key LIMIT {PART}", -1
    while part := _rows(sql, [kind, last]):
        yield from part
        if len(part) < PART:
            return
        last = part[-1][1]


def _row(sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
    return _rows(sql, values)[0]


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
