"""Kept: answers about tables that seldom change, remembered by the process, never older than they.

A model that says `is_kept = True` has triggers: whoever changes its table leaves, in the same
transaction, a row in `SearchChange` with an id that never was before. What is kept is good as long
as a reader sees the rows that it saw when it began to keep (the reasons: base.search.keeping). To
ask costs one small statement; what it saves is the reading and the building of rows.

What is kept is shared by all who ask: keep numbers, texts, tuples, frozen things.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connection

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Changes = frozenset[tuple[str, int]]
MOST = 20_000  # answers; a process that was asked for more begins anew


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
            found = read(missing)
            answers.update((key, found.get(key)) for key in missing)
        return {key: answer for key in wanted if (answer := answers[key]) is not None}

    def one(self, key: K, read: Callable[[K], V | None]) -> V | None:
        """The answer to one key, or None."""
        answers = self._answers()
        if key not in answers:
            answers[key] = read(key)
        return answers[key]

    def _answers(self) -> dict[K, V | None]:
        """What is kept and still true. The changes are read first: never newer than the answers."""
        with connection.cursor() as cursor:
            cursor.execute(self._asking, self._kinds)
            seen = frozenset(cursor.fetchall())
        if len({kind for kind, _ in seen}) < len(self._kinds):
            return {}  # a table without triggers, or emptied: nothing tells of its changes
        changes, answers = self._held
        if changes != seen or len(answers) > MOST:
            answers = {}
            self._held = seen, answers
        return answers
