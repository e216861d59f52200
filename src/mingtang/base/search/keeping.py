"""Search: the shelf of each kind, kept by the process and read anew after a change of the index.

Whoever writes the index adds a row to `SearchChange`, with an id of its own and in the same
transaction; who reads it sees whether what is kept is still true. The newest change of those that
are committed is always there and was never there before: no rollback and no other process can
bring back a set of changes that once was. Nothing is locked, so nobody waits for the end of
somebody else's long import.
"""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from django.db import connection

from mingtang.base.db import skip_locked
from mingtang.base.ids import next_id
from mingtang.base.models import SearchChange, SearchDocument
from mingtang.base.noting import note
from mingtang.base.search.asking import Expression
from mingtang.base.search.shelf import Found, Shelf
from mingtang.base.search.stores import store

Changes = frozenset[str]

_kept: dict[str, tuple[Changes, Shelf]] = {}
_reading = Lock()


def changed(kinds: Iterable[str]) -> None:
    """Tell all processes, from the open transaction's end on, that these kinds have changed."""
    for kind in sorted(set(kinds)):
        older = SearchChange.objects.filter(kind=kind).order_by("id").values_list("id", flat=True)
        seen = list(older.select_for_update(skip_locked=skip_locked()))
        SearchChange.objects.filter(id__in=seen).delete()
        SearchChange.objects.create(id=next_id(), kind=kind)


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
    changes = frozenset((seen or "").split(","))
    if (kept := _kept.get(kind)) and kept[0] == changes:
        return kept[1]
    with _reading:  # the first who comes reads, the others wait for it
        if (kept := _kept.get(kind)) and kept[0] == changes:
            return kept[1]
        rows = SearchDocument.objects.filter(kind=kind).order_by()
        shelf = Shelf(rows.values_list("id", "key", "name", "facets"))
        if seen:  # an index that nobody has written yet is not worth keeping
            _kept[kind] = changes, shelf
        return shelf


def _row(sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
