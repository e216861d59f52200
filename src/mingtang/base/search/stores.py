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
    as_written: str  # what the answers are sorted by where their order says nothing

    def write(self, rows: Sequence[Row]) -> None: ...
    def forget(self, ids: Sequence[int]) -> None: ...
    def forget_all(self) -> None: ...
    def matching(self, expression: Expression) -> tuple[str, str]:
        """FROM … WHERE … of the documents `d` that meet an expression, and its one value."""
        ...

    def counting(self, expression: Expression) -> tuple[str, str]:
        """As `matching`, where no more is asked of `d` than its id, facets and kind."""
        ...

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        """What stands after a column that holds one of many numbers, and its one value."""
        ...


class Fts5:
    """A virtual table beside the documents; its rowid is the document's id."""

    as_written = "base_searchtext.rowid"

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

    def matching(self, expression: Expression) -> tuple[str, str]:
        """CROSS JOIN: SQLite must ask the tokens first, or it walks through all documents."""
        sql = (
            "FROM base_searchtext CROSS JOIN base_searchdocument d "
            "ON d.id = base_searchtext.rowid WHERE base_searchtext MATCH %s"
        )
        return sql, self.render(expression)

    def counting(self, expression: Expression) -> tuple[str, str]:
        return self.matching(expression)

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "IN (SELECT value FROM json_each(%s))", json.dumps(list(numbers))

    def render(self, one: Expression) -> str:
        if isinstance(one, Term):
            text = f'"{one.token}"' + ("*" if one.is_prefix else "")
            return f"{{{' '.join(NAMED)}}} : {text}" if one.is_named else text
        joined = " AND " if isinstance(one, Every) else " OR "
        return f"({joined.join(self.render(part) for part in one.parts)})"


class Tsvector:
    """A table beside the documents, with their ids, kinds and facets. The vector is
    written as such: no parser, no locale.

    Weights would mean to look at every row that the index finds, so names have twins instead.
    """

    as_written = "d.id"

    def write(self, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO base_searchtext (id, facets_id, kind, tokens) "
                "SELECT v.id, v.facets_id, v.kind, v.tokens::tsvector "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) "
                "AS v (id, facets_id, kind, tokens)",
                [
                    [one.id for one, _ in rows],
                    [one.facets_id for one, _ in rows],
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

    def matching(self, expression: Expression) -> tuple[str, str]:
        sql = (
            "FROM mingtang_search(%s::tsquery) AS met "
            "JOIN base_searchdocument d ON d.id = met.id WHERE true"
        )
        return sql, self.render(expression)

    def counting(self, expression: Expression) -> tuple[str, str]:
        return "FROM mingtang_search(%s::tsquery) AS d WHERE true", self.render(expression)

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
