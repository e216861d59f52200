"""Reads of the public section: search with facets and days, organs, categories, an item's past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Count

from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.base.search import Found, Search, every, look_up
from mingtang.disclosure.models import Publication
from mingtang.disclosure.queries import public
from mingtang.disclosure.queries.every import all_public, public_listed
from mingtang.disclosure.queries.history import events_of
from mingtang.disclosure.queries.public import PublicSought
from mingtang.disclosure.rules.facets import CATEGORY, COLUMN, DAY, GENRE, KIND, ORGAN, THEME
from mingtang.disclosure.rules.items import Column
from mingtang.regions import queries as regions

PAGE = public.PAGE
RANK = "r"  # begins the cursor of a searched list: a rank; an unsearched one has a day and an id
LAST_RANK = 100_000
FACETS = (ORGAN, COLUMN, CATEGORY, GENRE, THEME)
TAKEN_OFF = frozenset({"disclosure.taken_down", "disclosure.kept"})


@dataclass(frozen=True)
class Row:
    """A line of a list."""

    id: int
    title: str
    column: str
    organ: str
    public_date: date
    index_number: str
    document_number: str


@dataclass(frozen=True)
class Asked:
    """What of the public items is asked for. Blank and None do not narrow."""

    text: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    after: str = ""

    def sought(self) -> PublicSought:
        organ = parse_id(self.facets.get(ORGAN, ""))
        column = self.facets.get(COLUMN, "")
        return PublicSought(
            organisation_ids=(organ,) if organ is not None else None,
            column=Column(column) if column in set(Column) else None,
            category=self.facets.get(CATEGORY, ""),
            genre=self.facets.get(GENRE, ""),
            theme=self.facets.get(THEME, ""),
            since=self.since,
            until=self.until,
        )


@dataclass(frozen=True)
class Answer:
    """A page of what was found, and how many each value of each facet would leave."""

    rows: list[Row]
    total: int
    next_after: str
    counts: Mapping[str, Mapping[str, int]]
    names: Mapping[int, str]
    is_similar: bool = False


def find(asked: Asked, on: date) -> Answer:
    """With a text the best first, else the newest first."""
    text = asked.text.strip()
    searched = look_up(KIND, text) if text else None
    found = every(KIND) if searched is None else searched.found
    if asked.since or asked.until:
        found = found.between(DAY, _day(asked.since), _day(asked.until))
    fitting, counts = found.only(asked.facets), found.counts(asked.facets, without=(DAY,))
    items, next_after = (
        _newest(asked) if searched is None else _ranked(searched, fitting, asked.after)
    )
    units = {int(one) for one in counts.get(ORGAN, ())} | {one.organisation_id for one in items}
    names = regions.short_names_of(units, on)
    return Answer(
        rows=rows_of(items, names),
        total=len(fitting),
        next_after=next_after,
        counts=counts,
        names=names,
        is_similar=searched is not None and searched.is_loose,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _newest(asked: Asked) -> tuple[list[Publication], str]:
    page = public.public_items(asked.sought(), DateCursor.read(asked.after))
    return page.rows, str(page.next) if page.next else ""


def _ranked(searched: Search, found: Found, after: str) -> tuple[list[Publication], str]:
    start = _rank(after)
    keys = [hit.key for hit in searched.page(start, PAGE + 1, found)]
    more = f"{RANK}{start + PAGE}" if len(keys) > PAGE else ""
    return public_listed(keys[:PAGE]), more


def _rank(after: str) -> int:
    rank = parse_id(after.removeprefix(RANK)) if after.startswith(RANK) else None
    return rank if rank is not None and rank <= LAST_RANK else 0


def rows_of(items: Sequence[Publication], names: Mapping[int, str]) -> list[Row]:
    """Items read with their published versions, as lines of a list."""
    return [_row(item, names.get(item.organisation_id, "")) for item in items]


def _row(item: Publication, organ: str) -> Row:
    version = item.published_version
    assert version is not None
    assert item.public_date is not None
    return Row(
        id=item.id,
        title=version.title,
        column=Column(version.column).label,
        organ=organ,
        public_date=item.public_date,
        index_number=item.index_number or "",
        document_number=version.document_number,
    )


def latest(count: int, on: date, sought: PublicSought | None = None) -> list[Row]:
    """The newest lines, with the names of their organs."""
    items = public.public_latest(count, sought)
    return rows_of(items, regions.short_names_of({one.organisation_id for one in items}, on))


def category_counts() -> dict[str, int]:
    """How many public items each category of the law has; those without any are left out."""
    rows = all_public().order_by().values_list("published_version__category")
    found = dict(rows.annotate(count=Count("id")))
    return {category: count for category, count in found.items() if category}


@dataclass(frozen=True)
class Organ:
    """An organ that publishes."""

    code: str
    name: str
    count: int


def organs(on: date) -> list[Organ]:
    """Organs with public items, those with more first."""
    counts = public.public_organs()
    cards = regions.organisation_cards(on) if counts else []
    found = [Organ(one.code, one.name, counts[one.id]) for one in cards if one.id in counts]
    return sorted(found, key=lambda organ: (-organ.count, organ.name))


@dataclass(frozen=True)
class Told:
    """When a version became public. `title`: blank where the item was taken off since."""

    version: int
    title: str
    at: datetime


def published_versions(item: Publication) -> list[Told]:
    """Each time that the item became public, oldest first, from the ledger. What was taken off
    stays off: of what was public before, only the day and the number are told."""
    told: list[Told] = []
    for event in events_of(item):
        if event.kind == "disclosure.published":
            told.append(Told(int(event.facts["version"]), str(event.facts["title"]), event.at))
        elif event.kind in TAKEN_OFF:
            told = [replace(one, title="") for one in told]
    return told
