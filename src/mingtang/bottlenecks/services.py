"""Services of bottlenecks: keep the rows of a case as its events tell them."""

from collections.abc import Iterable

from mingtang.base.clock import legal_date
from mingtang.base.rows import find_rows
from mingtang.bottlenecks.models import StepTime
from mingtang.bottlenecks.rules.days import Timed, timed
from mingtang.bottlenecks.rules.steps import KINDS, Told, Way, way_of
from mingtang.ledger.queries import Event, history, is_overtaken
from mingtang.timing.queries import current_calendar

SAME = ("stream", "key", "attempt")
MOVES = tuple(
    field.name for field in StepTime._meta.concrete_fields if field.name not in {"id", *SAME}
)


def keep(event: Event) -> None:
    """Write what the whole history of the case says. An event that another one has overtaken
    changes nothing: that one tells of both. Two that tell of a case wait for each other, and read
    the history after that."""
    if is_overtaken(event, KINDS):
        return
    find_rows(StepTime, lock=True, order="id", stream=event.stream)
    events = [one for one in history(event.stream) if one.kind in KINDS]
    way = way_of(Told(one.kind, legal_date(one.at), one.facts) for one in events)
    StepTime.objects.bulk_create(
        _rows(event.stream, way, timed(way, current_calendar())),
        update_conflicts=True,
        unique_fields=SAME,
        update_fields=MOVES,
    )


def _rows(stream: str, way: Way, found: Iterable[Timed]) -> list[StepTime]:
    first = way.facts
    return [
        StepTime(
            stream=stream,
            item_code=str(first.get("item_code") or ""),
            item_name=str(first.get("item_name") or ""),
            edition=int(first.get("edition_number") or 0),
            key=one.passage.key,
            attempt=one.passage.attempt,
            name=one.passage.name,
            kind=one.passage.kind,
            stage=one.passage.stage,
            needs=list(one.passage.needs),
            organisation_id=one.passage.organisation_id,
            limit_days=one.passage.limit_days,
            status=one.passage.status.value,
            ready_date=one.passage.ready_date,
            begun_date=one.passage.begun_date,
            over_date=one.passage.over_date,
            waiting_days=one.waiting_days,
            handling_days=one.handling_days,
            paused_days=one.paused_days,
            days=one.days,
            is_overdue=one.is_overdue,
        )
        for one in found
    ]


def forget() -> None:
    """Empty the table, before a replay."""
    StepTime.objects.all().delete()
