"""Search: documents put into the index and taken out, in the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from mingtang.base.models import SearchChange, SearchDocument
from mingtang.base.search.keeping import changed
from mingtang.base.search.shelf import Facets, written
from mingtang.base.search.stores import Tokens, store
from mingtang.base.search.tokens import bare, normal, sound_tokens, spoken, tokens

CHUNK = 400  # values in one statement; SQLite may have been built to take 999
Numbers = defaultdict[str, set[int]]  # of documents, by kind
BODY_LENGTH = 4000  # characters; what stands further down decides no search


@dataclass(frozen=True)
class Document:
    """What can be found of a subject such as `item:42`.

    `weight` moves it up or down a little. By `facets`, each with any number of values, answers are
    counted and narrowed.
    """

    subject: str
    name: str
    main: str = ""
    unit: str = ""
    code: str = ""
    body: str = ""
    weight: float = 0.0
    facets: Facets = field(default_factory=dict)


def index(documents: Iterable[Document]) -> int:
    """Put documents into the index, in place of what was there of their subjects."""
    waiting = iter(documents)
    count = 0
    put, gone = Numbers(set), Numbers(set)
    with transaction.atomic():
        while part := list(islice(waiting, CHUNK)):
            by_subject = {one.subject: one for one in part}
            _remove(list(by_subject), gone)
            _write(list(by_subject.values()), put)
            count += len(by_subject)
        for kind in sorted(put.keys() | gone.keys()):
            changed(kind, put=put[kind], gone=gone[kind])
    return count


def _write(documents: list[Document], put: Numbers) -> None:
    entries = [entry(one) for one in documents]
    SearchDocument.objects.bulk_create([row for row, _ in entries])
    store().write(entries)
    for row, _ in entries:
        put[row.kind].add(row.id)


def entry(one: Document) -> tuple[SearchDocument, Tokens]:
    """A document as the index has it: its row and its tokens."""
    row = _row(one)
    return row, _tokens(one, row.said)


def _row(one: Document) -> SearchDocument:
    kind, key = one.subject.split(":")
    return SearchDocument(
        subject=one.subject,
        kind=kind,
        key=int(key),
        name=normal(one.name)[:300],
        main=normal(one.main)[:300],
        unit=normal(one.unit)[:300],
        code=normal(one.code)[:80],
        said=spoken(f"{bare(one.name)}\n{one.name}"),
        facets=written(one.facets),
        weight=one.weight,
    )


def _tokens(one: Document, said: str) -> Tokens:
    return {
        "name": tokens(f"{bare(one.name)}\n{one.name}"),
        "sound": sound_tokens(said),
        "main": tokens(one.main),
        "unit": tokens(f"{one.unit} {one.code}"),
        "body": tokens(one.body[:BODY_LENGTH]),
    }


def remove(subjects: Iterable[str]) -> None:
    """Take subjects out of the index. One that is not in it is no error."""
    gone = Numbers(set)
    with transaction.atomic():
        for part in _chunks(subjects):
            _remove(part, gone)
        for kind in sorted(gone):
            changed(kind, gone=gone[kind])


def _remove(subjects: list[str], gone: Numbers) -> None:
    rows = SearchDocument.objects.filter(subject__in=subjects)
    found = list(rows.order_by("id").values_list("id", "kind"))
    store().forget([one for one, _ in found])
    rows.delete()
    for one, kind in found:
        gone[kind].add(one)


def clear(kind: str = "") -> None:
    """Empty the index, or what it has of one kind."""
    with transaction.atomic():
        if kind:
            rows = SearchDocument.objects.filter(kind=kind)
            remove(list(rows.order_by("id").values_list("subject", flat=True)))
            return
        store().forget_all()
        SearchDocument.objects.all().delete()
        SearchChange.objects.exclude(kind__startswith="table:").delete()


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def keys_of(kind: str) -> QuerySet[SearchDocument, int]:
    """What is in the index, as a subquery."""
    return SearchDocument.objects.filter(kind=kind).values_list("key", flat=True)
