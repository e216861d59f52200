"""Sealing anew, under the newest key, what may be changed: in small steps, while others work.

A row is changed only while it holds what was read, so nobody's newer word is written over. What the
database lets nobody change keeps its key. Begun again, it takes what is left.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from mingtang.base.db import append_only_models
from mingtang.base.sealed import (
    NUMBER_BYTES,
    SealedField,
    header,
    newest_key,
    seal,
    sealed_by,
    unseal,
)

ROWS = 200


def sealed_fields() -> list[SealedField]:
    """Every field of the house that is stored sealed, table by table."""
    return [
        field
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedField)
    ]


def count_by_key() -> dict[int, int]:
    """Number of the key → how many sealed values it holds shut."""
    found: Counter[int] = Counter()
    for field in sealed_fields():
        found.update(_count_of(field))
    return dict(sorted(found.items()))


def reseal() -> tuple[int, int]:
    """(how many values were sealed anew, how many stay because nobody may change them)."""
    done = kept = 0
    newest = newest_key()
    for field in sealed_fields():
        if _is_fixed(field):
            kept += sum(count for key, count in _count_of(field).items() if key != newest)
        else:
            done += sum(_sealed_anew(field, id, box) for id, box in _older(field))
    return done, kept


def _is_fixed(field: SealedField) -> bool:
    """Whether the database lets nobody change it."""
    if field.model not in append_only_models():
        return False
    named = getattr(field.model, "fixed_columns", ())
    return not named or field.name in named


def _names(field: SealedField) -> tuple[str, str, str]:
    """Table, column and key, quoted."""
    meta = field.model._meta
    table, column, key = map(
        connection.ops.quote_name, (meta.db_table, str(field.column), str(meta.pk.column))
    )
    return table, column, key


def _count_of(field: SealedField) -> dict[int, int]:
    table, column, _ = _names(field)
    begins = f"substr({column}, 1, {1 + NUMBER_BYTES})"
    found: Counter[int] = Counter()
    for begin, count in _rows(
        f"SELECT {begins}, count(*) FROM {table} "  # noqa: S608
        f"WHERE length({column}) > 0 GROUP BY {begins}"
    ):
        found[sealed_by(bytes(begin))] += count
    return found


def _older(field: SealedField) -> Iterator[tuple[int, bytes]]:
    """(id, box) of what another key than the newest sealed, by id."""
    table, column, key = _names(field)
    newest = header(newest_key())
    older = f"length({column}) > 0 AND substr({column}, 1, {len(newest)}) <> %s"
    beyond: list[Any] = []
    while True:
        after = f"AND {key} > %s" if beyond else ""
        rows = _rows(
            f"SELECT {key}, {column} FROM {table} "  # noqa: S608
            f"WHERE {older} {after} ORDER BY {key} LIMIT {ROWS}",
            newest,
            *beyond,
        )
        yield from ((id, bytes(box)) for id, box in rows)
        if len(rows) < ROWS:
            return
        beyond = [rows[-1][0]]


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _sealed_anew(field: SealedField, id: int, box: bytes) -> bool:
    """Whether it was; one that somebody changed meanwhile is sealed under the newest already."""
    table, column, key = _names(field)
    fresh = seal(unseal(box, field.label()), field.label())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608
            [fresh, id, box],
        )
        return bool(cursor.rowcount == 1)
