"""Rows: what the hot commands do with one table, with SQL that is written once in a process.

Django builds the text of a statement anew each time, which for these costs several times what the
database does. Only for plain rows: no joins, no signals, no defaults of the database. Everything
else asks the ORM.
"""

from __future__ import annotations  # fields are generic to the type checker alone

import functools
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from types import NoneType
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Field, JSONField, Model

from mingtang.base.db import steady
from mingtang.base.sealed import SealedField, seal_all

M = TypeVar("M", bound=Model)
TOGETHER = 50  # rows in one statement; SQLite may have been built to take 999 values
# What Django, too, hands to PostgreSQL unchanged, at five times the cost.
AS_THEY_ARE: dict[type[Field[Any, Any]], type] = {
    models.BigIntegerField: int,
    models.IntegerField: int,
    models.SmallIntegerField: int,
    models.CharField: str,
    models.DateField: date,
    models.BooleanField: bool,
    models.ForeignKey: int,
    models.OneToOneField: int,
}


class Spelt(str):
    """What a JSON field holds, spelled already: it goes to the database as it is."""

    __slots__ = ()


AS_THEY_ARE[JSONField] = Spelt
UNCHANGED = {field: kind for field, kind in AS_THEY_ARE.items() if kind is not date}  # SQLite too


def insert_rows(rows: Sequence[Model], *, ignoring: bool = False) -> int:
    """Add rows of one model. With `ignoring`, those that meet an equal one are left out.

    Returns how many were added. Many at once go to PostgreSQL by COPY."""
    if not rows:
        return 0
    model = type(rows[0])
    names = [one.attname for one in model._meta.concrete_fields]
    told = [[getattr(row, name) for name in names] for row in rows]
    added = insert_values(model, told, ignoring=ignoring)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias
    return added


def insert_values(
    model: type[Model], rows: Sequence[Sequence[Any]], *, ignoring: bool = False
) -> int:
    """The same for rows that nobody needs as objects: each the values of all fields, in order."""
    if len(rows) > TOGETHER and not ignoring:
        return _insert_many(model, rows)
    added = 0
    for start in range(0, len(rows), TOGETHER):
        part = rows[start : start + TOGETHER]
        fields, sql = _inserting(connection.vendor, model, len(part), ignoring)
        added += _execute(sql, [value for row in part for value in _prepared_all(fields, row)])
    return added


def _insert_many(model: type[Model], rows: Sequence[Sequence[Any]]) -> int:
    """By COPY; SQLite takes them one after the other with the one statement."""
    fields, sql = _inserting(connection.vendor, model, 1, ignoring=False)
    ready = zip(*map(_column, fields, zip(*rows, strict=True)), strict=True)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(sql, list(ready))
            return len(rows)
        begin = f'COPY "{model._meta.db_table}" ({_columns(fields)}) FROM STDIN'
        with connection.wrap_database_errors, cursor.copy(begin) as copy:
            for row in ready:
                copy.write_row(row)
    return len(rows)


def _column(field: Field[Any, Any], values: Sequence[Any]) -> list[Any]:
    """The values of one field, ready for the database; equal instants and fractions are prepared
    once, and so are equal days where the driver takes none."""
    plain = AS_THEY_ARE if connection.vendor == "postgresql" else UNCHANGED
    kind, prepare = plain.get(type(field), NoneType), field.get_db_prep_save
    if type(field) is SealedField and all(type(one) is str for one in values):
        boxes = iter(seal_all(filter(None, values), field.label()))
        return [next(boxes) if value else b"" for value in values]
    if isinstance(field, models.DateTimeField | models.DecimalField) or (
        kind is NoneType and type(field) in AS_THEY_ARE
    ):
        known = {one: prepare(one, connection) for one in set(values)}
        return [known[one] for one in values]
    return [one if one is None or type(one) is kind else prepare(one, connection) for one in values]


def _columns(fields: Iterable[Field[Any, Any]]) -> str:
    return ", ".join(f'"{one.column}"' for one in fields)


def update_row(row: Model, *names: str) -> None:
    """Write these fields of a row that is there. Raises the model's DoesNotExist."""
    model = type(row)
    fields, sql = _updating(connection.vendor, model, names)
    if not _execute(sql, _values(row, fields)):
        raise model.DoesNotExist  # type: ignore[attr-defined]


def update_rows(rows: Sequence[Model], *names: str) -> None:
    """The same of many of one model. PostgreSQL takes the values column by column in one statement;
    else it is a plain statement for each, which the driver sends together. The ORM would tell the
    rows apart within one statement, at a hundred times the cost."""
    if not rows:
        return
    model = type(rows[0])
    fields, sql = _updating(connection.vendor, model, names)
    columns = [_column(one, [getattr(row, one.attname) for row in rows]) for one in fields]
    is_whole = connection.vendor == "postgresql" and len(rows) > TOGETHER
    with connection.cursor() as cursor:
        if is_whole and not any(isinstance(one, JSONField) for one in fields):
            cursor.execute(_updating_all(model, names), columns)
        else:
            cursor.executemany(sql, list(zip(*columns, strict=True)))
        if cursor.rowcount != len(rows):
            raise model.DoesNotExist  # type: ignore[attr-defined]


@functools.cache
def _updating_all(model: type[Model], names: tuple[str, ...]) -> str:
    """A statement for PostgreSQL that takes a list for each of the fields, and one of the keys."""
    key = model._meta.pk
    fields = (*(_field(model, name) for name in names), key)
    setting = ", ".join(f'"{one.column}" = given."{one.column}"' for one in fields[:-1])
    lists = ", ".join(f"%s::{one.db_type(connection)}[]" for one in fields)
    return (
        f'UPDATE "{model._meta.db_table}" AS held SET {setting}'  # noqa: S608
        f" FROM unnest({lists}) AS given({_columns(fields)})"
        f' WHERE held."{key.column}" = given."{key.column}"'
    )


def find_rows(model: type[M], *, lock: bool = False, order: str = "", **equal: Any) -> list[M]:
    """The rows whose fields equal these, in an order; held until the transaction ends, if asked."""
    sql, read, prepare = _finding(connection.vendor, model, tuple(equal), order, lock)
    values = [one(value) for one, value in zip(prepare, equal.values(), strict=True)]
    with steady() as cursor:
        cursor.execute(sql, values)
        return [read(row) for row in cursor.fetchall()]


def values_among(
    model: type[Model],
    name: str,
    values: Collection[str | int],
    *,
    only: tuple[str, ...],
    lock: bool = False,
) -> list[tuple[Any, ...]]:
    """Some fields of the rows in which one is among many values, in its order: texts and numbers,
    as the database has them. Held until the transaction ends, if asked."""
    given = list(values) if connection.vendor == "postgresql" else json.dumps(list(values))
    with connection.cursor() as cursor:
        cursor.execute(_finding_among(connection.vendor, model, name, only, lock), [given])
        return list(cursor.fetchall())


@functools.cache
def _finding_among(
    vendor: str, model: type[Model], name: str, only: tuple[str, ...], lock: bool
) -> str:
    column, columns = _field(model, name).column, _columns(_field(model, one) for one in only)
    among = "= ANY(%s)" if vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    ending = " FOR UPDATE" if lock and vendor == "postgresql" else ""
    return (
        f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608
        f' WHERE "{column}" {among} ORDER BY "{column}"{ending}'
    )


def _execute(sql: str, values: list[Any]) -> int:
    with steady() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _values(row: Model, fields: Sequence[Field[Any, Any]]) -> list[Any]:
    return _prepared_all(fields, [getattr(row, one.attname) for one in fields])


def _prepared_all(fields: Sequence[Field[Any, Any]], values: Sequence[Any]) -> list[Any]:
    asked = connections[DEFAULT_DB_ALIAS]  # itself: fields ask it much
    return [
        value if type(value) is UNCHANGED.get(type(one)) else one.get_db_prep_save(value, asked)
        for one, value in zip(fields, values, strict=True)
    ]


@functools.cache
def _inserting(
    vendor: str, model: type[Model], count: int, ignoring: bool
) -> tuple[tuple[Field[Any, Any], ...], str]:
    fields = tuple(model._meta.concrete_fields)
    columns = ", ".join(f'"{one.column}"' for one in fields)
    places = f"({', '.join('%s' for _ in fields)})"
    ending = " ON CONFLICT DO NOTHING" if ignoring else ""
    into = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608
    return fields, into + ", ".join([places] * count) + ending


@functools.cache
def _updating(
    vendor: str, model: type[Model], names: tuple[str, ...]
) -> tuple[tuple[Field[Any, Any], ...], str]:
    key = model._meta.pk
    fields = tuple(_field(model, name) for name in names)
    setting = ", ".join(f'"{one.column}" = %s' for one in fields)
    sql = f'UPDATE "{model._meta.db_table}" SET {setting} WHERE "{key.column}" = %s'  # noqa: S608
    return (*fields, key), sql


@functools.cache
def _finding(
    vendor: str, model: type[M], names: tuple[str, ...], order: str, lock: bool
) -> tuple[str, Callable[[Sequence[Any]], M], list[Callable[[Any], Any]]]:
    fields = tuple(model._meta.concrete_fields)
    wanted = [_field(model, name) for name in names]
    columns = ", ".join(f'"{one.column}"' for one in fields)
    where = " AND ".join(f'"{one.column}" = %s' for one in wanted)
    sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where}'  # noqa: S608
    if order:
        sql += f' ORDER BY "{_field(model, order).column}"'
    if lock and vendor != "sqlite":
        sql += " FOR UPDATE"
    prepare: list[Callable[[Any], Any]] = [functools.partial(_prepared, one) for one in wanted]
    return sql, reader(model, fields), prepare


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    return next(one for one in model._meta.concrete_fields if name in (one.name, one.attname))


def _prepared(field: Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_value(value, connection)


def reader(model: type[M], fields: Sequence[Field[Any, Any]]) -> Callable[[Sequence[Any]], M]:
    """How a row of the database becomes one of the model: as the ORM does it."""
    names = [one.attname for one in fields]
    turned = [
        (place, converters, column)
        for place, one in enumerate(fields)
        if (column := one.get_col(model._meta.db_table))
        and (converters := [*connection.ops.get_db_converters(column), *_own(one)])
    ]

    def read(row: Sequence[Any]) -> M:
        values = list(row)
        for place, converters, column in turned:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return model.from_db(connection.alias, names, values)

    return read


def _own(field: Field[Any, Any]) -> list[Callable[..., Any]]:
    return list(field.get_db_converters(connection))
