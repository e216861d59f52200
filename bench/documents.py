"""Many documents in the index, laid there as `base.search.index` would have laid them.

What a name, its sounds and its text become is reckoned once for each of the demo's items, with a
mark where the number of the copy will stand; a copy is that text with a number. A sample is
compared with what the index itself makes of the copy.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, cycle, islice

from django.db import connection, transaction

from mingtang.base.models import SearchDocument
from mingtang.base.search import Document
from mingtang.base.search.index import entry
from mingtang.base.search.keeping import MOST_TOLD, changed
from mingtang.base.search.stores import FIELDS, Tokens, store
from mingtang.catalogue.search import documents_of, items_in_force

MARK = "7007007"  # stands in no text of the demo
PART = 5_000
COLUMNS = ("subject", "kind", "name", "main", "unit", "code", "said", "facets", "weight")
Entry = tuple[SearchDocument, Tokens]
SEEN = 97  # one copy of so many is compared


@dataclass(frozen=True)
class _Source:
    """A document of the demo, and what the index makes of it, as one text with marks."""

    document: Document
    text: str

    def copy(self, number: int) -> Entry:
        values, tokens = json.loads(self.text.replace(MARK, str(number)))
        return SearchDocument(key=number, **values), tokens


def fill_documents(count: int, on: date) -> None:
    """So many documents of the kind `item`, copies of the demo's with names of their own; the first
    have the items' own ids, so that no item is missing from the index."""
    items = [item for part in items_in_force() for item in part]
    found = list(documents_of(items, on))
    numbers = chain((item.id for item in items), range(1, count - len(items) + 1))
    sources = [_Source(one, json.dumps(_written(_named(one, MARK)))) for one in found]
    for number in range(1, min(count, 5_000), SEEN):
        source = sources[number % len(sources)]
        row, tokens = source.copy(number)
        assert (_values(row), tokens) == _written(_named(source.document, str(number)))
    made = (source.copy(number) for source, number in zip(cycle(sources), numbers, strict=False))
    with transaction.atomic():
        for part in _parts(made):
            SearchDocument.objects.bulk_create([row for row, _ in part], batch_size=500)
            store().write(part)
        changed("item", put=range(MOST_TOLD + 1))  # too many to tell


@contextmanager
def indexed_afterwards() -> Iterator[None]:
    """On PostgreSQL the index of the tokens is made once all are there, as after a restore."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            yield
            return
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_text_tokens'")
        definition = cursor.fetchone()[0]
        cursor.execute("DROP INDEX search_text_tokens")
        yield
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(definition)


def _parts(
    made: Iterable[tuple[SearchDocument, Tokens]],
) -> Iterable[list[tuple[SearchDocument, Tokens]]]:
    waiting = iter(made)
    while part := list(islice(waiting, PART)):
        yield part


def _named(source: Document, number: str) -> Document:
    return replace(
        source,
        subject=f"item:{number}",
        name=f"{source.name}（第{number}类）",
        code=f"{source.code}-{number}",
    )


def _written(one: Document) -> tuple[dict[str, object], Tokens]:
    row, tokens = entry(one)
    return _values(row), {field: tokens[field] for field in FIELDS}


def _values(row: SearchDocument) -> dict[str, object]:
    return {column: getattr(row, column) for column in COLUMNS}
