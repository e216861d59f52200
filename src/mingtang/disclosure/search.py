"""Search of what is public: the text by which an item is found, and who keeps it.

Only the published version is in the index: what waits, is withheld or was taken down is found by
nobody.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mingtang.base import search
from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.base.search import Document
from mingtang.base.search.index import BODY_LENGTH
from mingtang.disclosure.models import Publication
from mingtang.disclosure.queries.every import public_after, public_among
from mingtang.disclosure.rules.facets import CATEGORY, COLUMN, DAY, GENRE, KIND, ORGAN, THEME
from mingtang.disclosure.rules.text import plain
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.regions import queries as regions

CHUNK = 400


def index_items(items: Sequence[Publication], on: date) -> int:
    """Put public items, read with their published versions, into the index."""
    units = {item.organisation_id for item in items}
    names, short = regions.names_of(units, on), regions.short_names_of(units, on)
    return search.index(
        _document(
            item, f"{names.get(item.organisation_id, '')} {short.get(item.organisation_id, '')}"
        )
        for item in items
    )


def _document(item: Publication, unit: str) -> Document:
    version = item.published_version
    assert version is not None
    assert item.public_date is not None
    words = f"{version.keywords} {version.source}"
    return Document(
        subject=f"{KIND}:{item.id}",
        name=version.title,
        main=f"{version.theme} {version.document_number}".strip(),
        unit=unit,
        code=item.index_number or "",
        body=f"{words}\n{plain(version.body, BODY_LENGTH)}",
        facets={
            ORGAN: [str(item.organisation_id)],
            COLUMN: [version.column],
            CATEGORY: [version.category] if version.category else [],
            GENRE: [version.genre],
            THEME: [version.theme] if version.theme else [],
            DAY: [item.public_date.isoformat()],
        },
    )


def keep(ids: Iterable[int], on: date) -> None:
    """Make the index say of these items what is public of them now, or nothing."""
    wanted = set(ids)
    found = public_among(wanted)
    search.remove(f"{KIND}:{one}" for one in sorted(wanted - {item.id for item in found}))
    index_items(found, on)


def reindex(on: date) -> int:
    """Make the index of all public items anew."""
    search.clear(KIND)
    return sum(index_items(part, on) for part in _parts())


def _parts() -> Iterator[list[Publication]]:
    last = 0
    while part := public_after(last, CHUNK):
        yield part
        last = part[-1].id


def _follow(event: Event) -> None:
    key = parse_id(event.stream.removeprefix(f"{KIND}:"))
    if key is not None:
        keep([key], legal_date(event.at))


FINDING = Follower(
    "disclosure.finding",
    ("disclosure.published", "disclosure.taken_down", "disclosure.kept"),
    _follow,
)
