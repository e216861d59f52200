"""Counts acts on cases and enquiries by legal day and organisation."""

from django.db.models import F

from mingtang.base.ids import next_id
from mingtang.counts.models import DayCount
from mingtang.ledger.queries import Event
from mingtang.ledger.services import Follower


def _count(event: Event) -> None:
    """Exactly once: the debt goes in the same transaction."""
    organisation = event.facts.get("organisation_id") or event.organisation_id or "0"
    row, fresh = DayCount.objects.get_or_create(
        date=event.effective_on,
        measure=event.kind,
        organisation_id=int(organisation),
        defaults={"count": 1, "id": next_id()},
    )
    if not fresh:
        DayCount.objects.filter(id=row.id).update(count=F("count") + 1)


def _reset() -> None:
    DayCount.objects.all().delete()


DAY_COUNTS = Follower("day_counts", ("case.*", "enquiry.recorded"), _count, _reset)
