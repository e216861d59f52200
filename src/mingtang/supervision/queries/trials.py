"""Reads: what a rule would have brought about in a year. Writes nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mingtang.base.clock import day_bounds
from mingtang.ledger.queries import Event, at_work, histories
from mingtang.supervision.queries.reading import (
    calendar,
    regions_of,
    running_streams,
    told,
    unit_of,
)
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
    """Try a rule on a year's events, whatever holds now. Raises BadRule.

    What was over before the year began is not read: a stream whose last clock was stopped gets no
    card. What stood still all the year with a clock running is.
    """
    check_rule(rule)
    first, last = date(year, 1, 1), date(year, 12, 31)
    tried = Book((replace(rule, valid_from=first, valid_until=last, is_on=True),))
    found = sorted(
        _found(tried, rule.subject_kind, first, last), key=lambda one: (one[1].day, one[0])
    )
    units = Counter(
        int(due.organisation_id) if due.organisation_id else None for _stream, due in found
    )
    return Trial(
        count=len(found),
        by_organisation=dict(units),
        by_month=dict(Counter(due.day.month for _stream, due in found)),
        subjects=tuple((stream, due.day) for stream, due in found),
    )


def _found(book: Book, kind: str, first: date, last: date) -> Iterator[tuple[str, Due]]:
    days = calendar()
    for read in _batches(kind, first, last):
        places = regions_of(read.values())
        for stream, events in read.items():
            rules = book.for_subject(kind, places.get(unit_of(events)))
            for due in cards_due(events, days, rules, last):
                yield stream, due


def _batches(kind: str, first: date, last: date) -> Iterator[dict[str, list[Told]]]:
    """What was known by the end of the year of all that was at work in it, some at a time."""
    begin, end = day_bounds(first)[0], day_bounds(last)[1]
    seen, batch = set[str](), dict[str, list[Told]]()
    for stream, events in at_work(kind, begin, end):
        seen.add(stream)
        batch[stream] = [told(event) for event in events]
        if len(batch) == BATCH:
            yield batch
            batch = {}
    yield batch
    idle = [name for name in running_streams(kind) if name not in seen]
    for start in range(0, len(idle), BATCH):
        known = histories(idle[start : start + BATCH])
        yield {name: _until(events, last) for name, events in known.items()}


def _until(events: list[Event], last: date) -> list[Told]:
    """What was known by the end of the year."""
    return [one for one in map(told, events) if one.on <= last]
