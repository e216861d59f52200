"""Counts acts on cases and enquiries by legal day, organisation and window."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from mingtang.accounts.queries import window_of
from mingtang.base.clock import legal_date
from mingtang.base.ids import next_id
from mingtang.counts.models import DayCount
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event


def _count(event: Event) -> None:
    """Exactly once: the row that asks for it goes in the same transaction."""
    organisation = event.facts.get("organisation_id") or event.organisation_id or "0"
    window = _window(event)
    for measure in _measures(event):
        _add_one(event.effective_on, measure, int(organisation), window)


def _add_one(on: date, measure: str, organisation_id: int, window_id: int) -> None:
    """In one statement: two workers that count the same thing wait, and neither fails."""
    adapted = connection.ops.adapt_datefield_value(on)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO counts_daycount (id, date, measure, organisation_id, window_id, count) "
            "VALUES (%s, %s, %s, %s, %s, 1) "
            "ON CONFLICT (measure, date, organisation_id, window_id) "
            "DO UPDATE SET count = counts_daycount.count + 1",
            [next_id(), adapted, measure, organisation_id, window_id],
        )


def _measures(event: Event) -> Iterator[str]:
    """What an event counts as: its kind, and once more where it was done on the spot (即办).

    Only such things may be examined and decided by one person, which earlier events tell alone.
    """
    yield event.kind
    if event.facts.get("is_on_the_spot") or event.facts.get("is_decided_alone"):
        yield f"{event.kind}.on_the_spot"


def _window(event: Event) -> int:
    """Where the person sat who acted, by their post on that day; 0 for whoever sits at none.

    A substitute without a window there sits at that of the absent one.
    """
    if not event.organisation_id:
        return 0
    on, unit = legal_date(event.at), int(event.organisation_id)
    for person in (event.actor_id, event.acting_for_id):
        window = window_of(int(person), unit, on) if person else None
        if window is not None:
            return window
    return 0


def _reset() -> None:
    DayCount.objects.all().delete()


DAY_COUNTS = Follower("day_counts", ("case.*", "enquiry.recorded"), _count, _reset)
