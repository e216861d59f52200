"""Reads: what a rule would have brought about in a year. Writes nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mingtang.ledger.queries import histories, streams_of
from mingtang.supervision.queries.reading import calendar, regions_of, told, unit_of
from mingtang.supervision.rules import Book, Due, RuleVersion, Told, cards_due, check_rule

BATCH = 500


@dataclass(frozen=True)
class Trial:
    """How many cards a rule would have raised, by office and by month, and which ones."""

    count: int
    by_organisation: dict[int | None, int]
    by_month: dict[int, int]
    subjects: tuple[tuple[str, date], ...]  # stream and day, the oldest first


def trial(rule: RuleVersion, year: int) -> Trial:
    """Try a rule on a year's events, whatever holds now. Raises BadRule."""
    check_rule(rule)
    first, last = date(year, 1, 1), date(year, 12, 31)
    tried = Book((replace(rule, valid_from=first, valid_until=last, is_on=True),))
    found = sorted(_found(tried, rule.subject_kind, last), key=lambda one: (one[1].day, one[0]))
    units = Counter(
        int(due.organisation_id) if due.organisation_id else None for _stream, due in found
    )
    return Trial(
        count=len(found),
        by_organisation=dict(units),
        by_month=dict(Counter(due.day.month for _stream, due in found)),
        subjects=tuple((stream, due.day) for stream, due in found),
    )


def _found(book: Book, kind: str, last: date) -> Iterator[tuple[str, Due]]:
    days = calendar()
    for streams in _pages(kind):
        read = {
            stream: [told(event) for event in events]
            for stream, events in histories(streams).items()
        }
        places = regions_of(read.values())
        for stream, events in read.items():
            rules = book.for_subject(kind, places.get(unit_of(events)))
            for due in cards_due(_until(events, last), days, rules, last):
                yield stream, due


def _until(events: list[Told], last: date) -> list[Told]:
    """What was known by the end of the year."""
    return [event for event in events if event.on <= last]


def _pages(kind: str) -> Iterator[list[str]]:
    after = ""
    while page := streams_of(kind, after, BATCH):
        yield page
        after = page[-1]
