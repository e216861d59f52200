"""Reads made together: the rows of several tables in one statement.

A page of one thing shows a little of many tables, most of them empty for it: asked for one by one,
each costs a way to the database and the building of a statement. An app says which rows it would
read (`Wanted`), whoever makes the page reads them all at once. Plain rows only: no joins.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, Model

from mingtang.base.db import steady
from mingtang.base.rows import reader

M = TypeVar("M", bound=Model)
Row = Sequence[Any]


@dataclass(frozen=True)
class Wanted(Generic[M]):
    """Rows of one table. `where`: a condition with a `%s` for each of the values, written by us;
    `without`: fields that are not read until somebody asks for them."""

    model: type[M]
    where: str
    values: tuple[int | str, ...]
    order: tuple[str, ...] = ("id",)
    without: tuple[str, ...] = ()

    @property
    def fields(self) -> "tuple[Field[Any, Any], ...]":
        every = self.model._meta.concrete_fields
        return tuple(one for one in every if one.name not in self.without)


def read_together(*wanted: Wanted[Any]) -> list[list[Any]]:
    """The rows of each, in its order; one statement for all."""
    width = max(len(one.fields) for one in wanted)
    parts = (
        _selecting(connection.vendor, place, one.fields, width) + one.where
        for place, one in enumerate(wanted)
    )
    readers = [_reading(connection.vendor, one.fields) for one in wanted]
    found: list[list[Any]] = [[] for _ in wanted]
    with steady() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [value for one in wanted for value in one.values])
        for place, *row in cursor.fetchall():
            found[place].append(readers[place](row))
    for rows, one in zip(found, wanted, strict=True):
        rows.sort(key=attrgetter(*one.order))
    return found


@functools.cache
def _selecting(vendor: str, place: int, fields: "tuple[Field[Any, Any], ...]", width: int) -> str:
    """The tables have columns of their own: PostgreSQL takes them side by side as texts. SQLite
    takes them as they are, but its driver would turn all by the types of the first table's columns:
    after a `+` they have none."""
    table = fields[0].model._meta.db_table
    begin, end = ("+", "") if vendor == "sqlite" else ("", "::text")
    columns = [f'{begin}"{table}"."{one.column}"{end}' for one in fields]
    columns += ["NULL"] * (width - len(fields))
    return f'SELECT {place}, {", ".join(columns)} FROM "{table}" WHERE '  # noqa: S608


@functools.cache
def _reading(vendor: str, fields: "tuple[Field[Any, Any], ...]") -> Callable[[Row], Model]:
    read, count = reader(fields[0].model, fields), len(fields)
    if vendor == "sqlite":
        return lambda row: read(row[:count])
    turned = [_from_text(one) for one in fields]

    def from_texts(row: Row) -> Model:
        pairs = zip(turned, row, strict=False)
        return read([None if text is None else turn(text) for turn, text in pairs])

    return from_texts


def _from_text(field: "Field[Any, Any]") -> Callable[[str], Any]:
    """How PostgreSQL's text of a value becomes what its driver would have given."""
    kind = (field.db_type(connection) or "").partition("(")[0]
    return _TEXTS.get(kind, str)


_TEXTS: dict[str, Callable[[str], Any]] = {
    "bigint": int,
    "integer": int,
    "smallint": int,
    "numeric": Decimal,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "timestamp with time zone": datetime.fromisoformat,
    "bytea": lambda text: bytes.fromhex(text[2:]),
}
