"""Search: documents put into the index and taken out, in the caller's transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from mingtang.base.ids import next_id
from mingtang.base.models import SearchDocument, SearchFacets
from mingtang.base.search.labels import facets_id, write_labels
from mingtang.base.search.stores import Tokens, store
from mingtang.base.search.tokens import bare, normal, sound_tokens, spoken, tokens

CHUNK = 400  # values in one statement; SQLite may have been built to take 999
BODY_LENGTH = 4000  # characters; what stands further down decides no search


@dataclass(frozen=True)
class Document:
    """What can be found of a subject such as `item:42`.

    `weight` moves it up or down a little. `facets` is a label of the app's own, by which answers
    are counted and narrowed.
    """

    subject: str
    name: str
    main: str = ""
    unit: str = ""
    code: str = ""
    body: str = ""
    facets: str = ""
    weight: float = 0.0


def index(documents: Iterable[Document]) -> int:
    """Put documents into the index, in place of what was there of their subjects."""
    waiting = iter(documents)
    count = 0
    with transaction.atomic():
        while part := list(islice(waiting, CHUNK)):
            by_subject = {one.subject: one for one in part}
            remove(by_subject)
            _write(list(by_subject.values()))
            count += len(by_subject)
    return count


def _write(documents: list[Document]) -> None:
    write_labels(one.facets for one in documents)
    rows = [_row(one) for one in documents]
    SearchDocument.objects.bulk_create(rows)
    pairs = zip(rows, documents, strict=True)
    store().write([(row, _tokens(one, row.said)) for row, one in pairs])


def _row(one: Document) -> SearchDocument:
    kind, key = one.subject.split(":")
    return SearchDocument(
        id=next_id(),
        subject=one.subject,
        kind=kind,
        key=int(key),
        name=one.name[:300],
        main=one.main[:300],
        unit=one.unit[:300],
        code=normal(one.code)[:80],
        said=spoken(f"{bare(one.name)}\n{one.name}"),
        facets_id=facets_id(one.facets),
        weight=one.weight,
        name_length=len(one.name),
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
    with transaction.atomic():
        for part in _chunks(subjects):
            found = SearchDocument.objects.filter(subject__in=part)
            store().forget(list(found.order_by("id").values_list("id", flat=True)))
            found.delete()


def clear(kind: str = "") -> None:
    """Empty the index, or what it has of one kind."""
    with transaction.atomic():
        if kind:
            rows = SearchDocument.objects.filter(kind=kind)
            remove(list(rows.order_by("id").values_list("subject", flat=True)))
            return
        store().forget_all()
        SearchDocument.objects.all().delete()
        SearchFacets.objects.all().delete()


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def keys_of(kind: str) -> QuerySet[SearchDocument, int]:
    """What is in the index, as a subquery."""
    return SearchDocument.objects.filter(kind=kind).values_list("key", flat=True)
