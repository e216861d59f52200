"""Prepared queries: what is asked again and again through the ORM, its text written once.

The ORM builds a statement anew each time it is asked, which costs several times what the database
does. `Prepared` lets it build once, from slots in the place of values, and keeps the text and how
its rows become objects. For what joins; rows of one table are asked for by base.rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Model, QuerySet, Value
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class Slot(Value):
    """Where a value will stand."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)


@dataclass(frozen=True)
class _Text:
    sql: str
    values: Sequence[Any]  # those that are always the same, and slots
    read: Callable[[Sequence[Any], Any], Any]


class Prepared(Generic[M]):
    """A query of the ORM with a slot for each number or word that differs from one asking to the
    next: `Prepared(lambda number: Case.objects.select_related("item").filter(number=number))`.

    The queryset may join and order, leave out columns and add some; it may not prefetch. Whatever
    else `build` looks at must be the same at each asking.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._model: type[M] | None = None
        self._texts: dict[str, _Text] = {}

    def all(self, *values: int | str) -> list[M]:
        """The rows, with these values in the slots."""
        text = self._text(values)
        if not text.sql:
            return []
        told = [values[one.value] if isinstance(one, Slot) else one for one in text.values]
        asked = connections[self._alias()]
        with asked.cursor() as cursor:
            cursor.execute(text.sql, told)
            return [text.read(row, asked) for row in cursor.fetchall()]

    def first(self, *values: int | str) -> M | None:
        """The first of them, or None."""
        return next(iter(self.all(*values)), None)

    def _alias(self) -> str:
        return router.db_for_read(self._model)  # type: ignore[arg-type]

    def _text(self, values: Sequence[Any]) -> _Text:
        if self._model is None or (text := self._texts.get(self._alias())) is None:
            rows = self._build(*(Slot(place) for place in range(len(values))))
            self._model = rows.model
            text = self._texts[rows.db] = _written(rows)
        return text


def _written(rows: "QuerySet[Any]") -> _Text:
    """As django.db.models.query.ModelIterable does it for each asking."""
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:  # whatever stands in the slots
        return _Text("", (), lambda row, asked: row)
    select, info, added = compiler.select, compiler.klass_info, compiler.annotation_col_map or {}
    columns = [one[0] for one in select[: compiler.col_count]]
    converters = list(compiler.get_converters(columns).items())
    begin, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one[0].target.attname for one in select[begin:end]]
    related = get_related_populators(info, select, rows.db)  # type: ignore[call-arg]  # Django 6's stubs
    model, alias = info["model"], rows.db

    def read(given: Sequence[Any], asked: Any) -> Any:
        row = list(given)
        for place, (converting, column) in converters:
            for convert in converting:
                row[place] = convert(row[place], column, asked)
        one = model.from_db(alias, names, row[begin:end])
        for each in related:
            each.populate(row, one)
        for name, place in added.items():
            setattr(one, name, row[place])
        return one

    return _Text(sql, values, read)
