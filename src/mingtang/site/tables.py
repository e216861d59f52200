"""A table as both databases hold it: read as plain values, written, and told by a digest.

The values are those of the database, not of the models: what is sealed stays sealed.
"""

from __future__ import annotations  # fields are generic to the type checker alone

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Field, JSONField, Model
from django.db.models.expressions import Col

# Each database has its own: the index of the search, made anew, marks of changes, leased nodes.
NOT_MOVED = {"base_searchdocument", "base_searchchange", "base_nodelease"}
Row = Sequence[Any]
Prepare = Callable[[Any], Any]


def moved_tables() -> list[Table]:
    """All tables of the models, by name, those between two models as well."""
    models = apps.get_models(include_auto_created=True)
    stored = [one for one in models if one._meta.managed and not one._meta.proxy]
    names = {one._meta.db_table: one for one in stored}
    return [Table(one) for name, one in sorted(names.items()) if name not in NOT_MOVED]


class Table:
    """One table; the connection says which database's."""

    def __init__(self, model: type[Model]) -> None:
        self.name = model._meta.db_table
        self.fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
        self._key = next(place for place, one in enumerate(self.fields) if one.primary_key)
        self._columns = ", ".join(f'"{one.column}"' for one in self.fields)

    @cached_property
    def numbered(self) -> str | None:
        """The column whose numbers the database gives out itself, if there is one."""
        return next((one.column for one in self.fields if isinstance(one, AutoField)), None)

    def key_of(self, row: Row) -> Any:
        return row[self._key]

    def after(self, source: BaseDatabaseWrapper, last: Any, count: int) -> list[Row]:
        """The next rows in the order of their keys, behind a key; None: from the first on."""
        key = self.fields[self._key].column
        where, values = ("", []) if last is None else (f'WHERE "{key}" > %s', [last])
        sql = f'SELECT {self._columns} FROM "{self.name}" {where} ORDER BY "{key}" LIMIT %s'  # noqa: S608
        with source.cursor() as cursor:
            cursor.execute(sql, [*values, count])
            rows = cursor.fetchall()
        readers = [_reader(one, source) for one in self.fields]
        return [[read(value) for read, value in zip(readers, row, strict=True)] for row in rows]

    def rows(self, source: BaseDatabaseWrapper, together: int) -> Iterator[Row]:
        """All rows, so many at a time in memory."""
        last = None
        while part := self.after(source, last, together):
            yield from part
            last = self.key_of(part[-1])

    def write(self, target: BaseDatabaseWrapper, rows: Iterable[Row]) -> None:
        """Add rows, in the transaction that is open."""
        into = f'"{self.name}" ({self._columns})'
        with target.wrap_database_errors, target.cursor() as cursor:
            if target.vendor == "postgresql":
                with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            writers = [_writer(one, target) for one in self.fields]
            places = ", ".join("%s" for _ in self.fields)
            values = [[put(one) for put, one in zip(writers, row, strict=True)] for row in rows]
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", values)  # noqa: S608

    def digest(self, source: BaseDatabaseWrapper, together: int) -> tuple[int, str]:
        """How many rows, and 64 hexadecimal digits that hang on each value but on no order: the sum
        of the SHA-256 of the rows, for two databases may sort keys of text differently."""
        count, total = 0, 0
        is_json = [isinstance(one, JSONField) for one in self.fields]
        for row in self.rows(source, together):
            plain = [_plain(value, told) for value, told in zip(row, is_json, strict=True)]
            spelt = json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()
            total += int.from_bytes(hashlib.sha256(spelt).digest())
            count += 1
        return count, f"{total % (1 << 256):064x}"

    def clear(self, target: BaseDatabaseWrapper) -> None:
        with target.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{self.name}"')  # noqa: S608

    def last_number(self, source: BaseDatabaseWrapper) -> int:
        """The last number that the database gave out for this table, nought if none."""
        with source.cursor() as cursor:
            if source.vendor == "postgresql":
                asked = "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)"
                cursor.execute(asked, [f'"{self.name}"', self.numbered])
            else:
                cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [self.name])
            return cursor.fetchone()[0] or 0

    def set_last_number(self, target: BaseDatabaseWrapper, last: int) -> None:
        """Go on behind this one: a number whose row is gone stands in the ledger all the same."""
        with target.cursor() as cursor:
            if target.vendor == "postgresql":
                sql = "SELECT setval(pg_get_serial_sequence(%s, %s)::regclass, %s, %s)"
                values = [f'"{self.name}"', self.numbered, max(last, 1), last > 0]
                cursor.execute(sql, values)
                return
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [self.name])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [self.name, last])


def _reader(field: Field[Any, Any], source: BaseDatabaseWrapper) -> Prepare:
    """What the database gives as Python has it: of a date in SQLite it gives a text."""
    told = Col(field.model._meta.db_table, field)
    steps = source.ops.get_db_converters(told)

    def read(value: Any) -> Any:
        for step in steps:
            value = step(value, told, source)
        return value

    return read if steps else _same


def _writer(field: Field[Any, Any], target: BaseDatabaseWrapper) -> Prepare:
    kind, ops = field.get_internal_type(), target.ops
    if kind == "DecimalField":
        digits, places = field.max_digits, field.decimal_places  # type: ignore[attr-defined]
        return lambda value: ops.adapt_decimalfield_value(value, digits, places)
    known: dict[str, Prepare] = {
        "DateTimeField": ops.adapt_datetimefield_value,
        "DateField": ops.adapt_datefield_value,
        "TimeField": ops.adapt_timefield_value,
    }
    return known.get(kind, _same)


def _same(value: Any) -> Any:
    return value


def _plain(value: Any, is_json: bool) -> Any:
    """A value with one spelling, whichever database it comes from."""
    if is_json and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
