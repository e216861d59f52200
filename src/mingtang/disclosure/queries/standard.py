"""Reads of the standard catalogue: its lines, and where nothing or nothing new was published."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Count, Max, Q

from mingtang.disclosure.models import CatalogueEntry, CatalogueLink
from mingtang.disclosure.rules import standard
from mingtang.disclosure.rules.standard import Entry

NAMES = [one.name for one in fields(Entry)]
IS_PUBLIC = Q(links__publication__published_version__isnull=False)


def entries_of(organisation_id: int) -> list[CatalogueEntry]:
    """The lines that hold, in the order of the table, with `latest` and `item_count` of what is
    public under each."""
    rows = CatalogueEntry.objects.filter(organisation=organisation_id, ended_at=None)
    told = rows.annotate(
        latest=Max("links__publication__public_date", filter=IS_PUBLIC),
        item_count=Count("links", filter=IS_PUBLIC),
    )
    return list(told.order_by("serial", "id"))


def lines_of(organisation_id: int) -> list[Entry]:
    """The same as the rules know them."""
    rows = CatalogueEntry.objects.filter(organisation=organisation_id, ended_at=None)
    values = rows.order_by("serial", "id").values(*NAMES)
    return [standard.entry_of(row) for row in values]


@dataclass(frozen=True)
class Line:
    """A line with where it stands."""

    id: int
    entry: Entry
    latest: date | None
    item_count: int
    where: str

    @property
    def label(self) -> str:
        return standard.COVERAGE_LABELS[self.where]


def coverage_of(organisation_id: int, today: date) -> list[Line]:
    """Each line of an organ, and whether it was told, and told in time."""
    return [_line(row, today) for row in entries_of(organisation_id)]


def _line(row: CatalogueEntry, today: date) -> Line:
    entry = standard.entry_of({name: getattr(row, name) for name in NAMES})
    latest: date | None = row.latest  # type: ignore[attr-defined]
    count: int = row.item_count  # type: ignore[attr-defined]
    return Line(row.id, entry, latest, count, standard.coverage(entry, latest, today))


def tally(lines: Iterable[Line]) -> dict[str, int]:
    """How many lines stand where, in a fixed order."""
    counted = Counter(line.where for line in lines)
    return {where: counted[where] for where in standard.COVERAGE_LABELS}


@dataclass(frozen=True)
class Linked:
    """Something public under a line."""

    publication_id: int
    index_number: str
    title: str


def linked_of(entry_ids: Iterable[int]) -> dict[int, list[Linked]]:
    """What is public under lines, newest first."""
    rows = CatalogueLink.objects.filter(
        entry__in=list(entry_ids), publication__published_version__isnull=False
    )
    found: dict[int, list[Linked]] = {}
    values = rows.order_by("-publication__public_date", "-id").values_list(
        *("entry_id", "publication_id", "publication__index_number"),
        "publication__published_version__title",
    )
    for entry_id, publication_id, number, title in values:
        found.setdefault(entry_id, []).append(Linked(publication_id, number or "", title))
    return found
