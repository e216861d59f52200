"""Search: where SQLite's FTS5 and PostgreSQL's tsvector differ. Both hold the tokens we cut."""

import json
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection

from mingtang.base.models import SearchDocument
from mingtang.base.search.asking import Every, Expression, Term

FIELDS = ("name", "sound", "main", "unit", "body")
NAMED = FIELDS[:3]
IN_NAMES = "ν"  # begins a lexeme's twin that says: it stands in the names
Tokens = dict[str, Sequence[str]]
Row = tuple[SearchDocument, Tokens]


class Store(Protocol):
    def write(self, rows: Sequence[Row]) -> None: ...
    def forget(self, ids: Sequence[int]) -> None: ...
    def forget_all(self) -> None: ...
    def matching(self, kind: str, expression: Expression) -> tuple[str, list[Any]]:
        """A statement that gives the ids of documents that meet an expression, and its values.

        It may give those of other kinds too: a kind's shelf knows its own.
        """
        ...

    def joined(self, column: str) -> str:
        """Many numbers as one text, with commas: far cheaper to fetch than their rows."""
        ...

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        """What stands after a column that holds one of many numbers, and its one value."""
        ...


class Fts5:
    """A virtual table beside the documents; its rowid is the document's id."""

    def write(self, rows: Sequence[Row]) -> None:
        values: list[list[int | str]] = [
            [one.id, *(" ".join(tokens.get(field, ())) for field in FIELDS)] for one, tokens in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO base_searchtext (rowid, name, sound, main, unit, body) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
                values,
            )

    def forget(self, ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM base_searchtext WHERE rowid = %s", [(one,) for one in ids]
            )

    def forget_all(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM base_searchtext")

    def matching(self, kind: str, expression: Expression) -> tuple[str, list[Any]]:
        sql = "SELECT rowid AS id FROM base_searchtext WHERE base_searchtext MATCH %s"
        return sql, [self.render(expression)]

    def joined(self, column: str) -> str:
        return f"group_concat({column})"

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "IN (SELECT value FROM json_each(%s))", json.dumps(list(numbers))

    def render(self, one: Expression) -> str:
        if isinstance(one, Term):
            text = f'"{one.token}"' + ("*" if one.is_prefix else "")
            return f"{{{' '.join(NAMED)}}} : {text}" if one.is_named else text
        joined = " AND " if isinstance(one, Every) else " OR "
        return f"({joined.join(self.render(part) for part in one.parts)})"


class Tsvector:
    """A table beside the documents, with their ids and kinds. The vector is written as such: no
    parser, no locale.

    Weights would mean to look at every row that the index finds, so names have twins instead.
    """

    def write(self, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO base_searchtext (id, kind, tokens) "
                "SELECT v.id, v.kind, v.tokens::tsvector "
                "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v (id, kind, tokens)",
                [
                    [one.id for one, _ in rows],
                    [one.kind for one, _ in rows],
                    [self._vector(tokens) for _, tokens in rows],
                ],
            )

    def _vector(self, tokens: Tokens) -> str:
        named = {token for field in NAMED for token in tokens.get(field, ())}
        everywhere = named.union(*(tokens.get(field, ()) for field in FIELDS))
        twins = {IN_NAMES + token for token in named}
        return " ".join(f"'{lexeme}'" for lexeme in sorted(everywhere | twins))

    def forget(self, ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM base_searchtext WHERE id = ANY(%s)", [list(ids)])

    def forget_all(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM base_searchtext")

    def matching(self, kind: str, expression: Expression) -> tuple[str, list[Any]]:
        sql = "SELECT id FROM mingtang_search(%s::tsquery) WHERE kind = %s"
        return sql, [self.render(expression), kind]

    def joined(self, column: str) -> str:
        return f"string_agg({column}::text, ',')"

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "= ANY(%s)", list(numbers)

    def render(self, one: Expression) -> str:
        if isinstance(one, Term):
            lexeme = f"{IN_NAMES if one.is_named else ''}{one.token}"
            return f"'{lexeme}'" + (":*" if one.is_prefix else "")
        joined = " & " if isinstance(one, Every) else " | "
        return f"({joined.join(self.render(part) for part in one.parts)})"


def store() -> Store:
    return Fts5() if connection.vendor == "sqlite" else Tsvector()
