"""Reads: what the exchange tells of cards of supervision, as they stood at the end of a span."""

from collections.abc import Iterable, Iterator

from mingtang.base.clock import LEGAL_ZONE, day_bounds
from mingtang.cases.models import Case
from mingtang.exchange.rules.writing import Record, Span
from mingtang.ledger.models import Event
from mingtang.ledger.queries import histories
from mingtang.regions.queries import names_of
from mingtang.supervision.models import Card
from mingtang.supervision.rules import State

TOGETHER = 200
STATES = {
    "card.raised": State.RAISED,
    "card.notified": State.NOTIFIED,
    "card.explained": State.EXPLAINED,
    "card.appealed": State.APPEALED,
    "card.upheld": State.UPHELD,
    "card.cancelled": State.CANCELLED,
    "card.closed": State.CLOSED,
    "card.superseded": State.SUPERSEDED,
}


def records(span: Span) -> Iterator[tuple[str, int, Record]]:
    """A row for each card of which the moments of a span have news: a card may be raised for an
    earlier day than the one on which it was looked for."""
    first, end = day_bounds(span.since)[0], day_bounds(span.until)[1]
    told = Event.objects.filter(kind__in=list(STATES), at__gte=first, at__lt=end)
    streams = set(told.values_list("stream", flat=True))
    ids = sorted(int(stream.partition(":")[2]) for stream in streams)
    for start in range(0, len(ids), TOGETHER):
        rows = Card.objects.filter(id__in=ids[start : start + TOGETHER]).order_by("id")
        found = list(rows.select_related("rule", "organisation"))
        events = histories([one.stream for one in found], frozenset(STATES))
        numbers = _case_numbers(found)
        for card in found:
            changes = [one for one in events[card.stream] if one.at < end]
            number = numbers.get(card.subject, "")
            record = {**_record(card, changes), "case_number": number}
            yield "card", card.organisation_id or 0, record


def _case_numbers(cards: Iterable[Card]) -> dict[str, str]:
    """Of those that are about cases: the numbers by stream. One statement."""
    ids = [int(one.subject[5:]) for one in cards if one.subject.startswith("case:")]
    rows = Case.objects.filter(id__in=ids).values_list("id", "number")
    return {f"case:{key}": number for key, number in rows}


def _record(card: Card, changes: list[Event]) -> Record:
    born, last = (one.at.astimezone(LEGAL_ZONE) for one in (changes[0], changes[-1]))
    unit = card.organisation
    names = names_of([unit.id], card.raised_date) if unit else {}
    return {
        "guid": card.id,
        "born_at": born,
        "changed_at": last,
        "number": card.number,
        "colour": card.colour,
        "state": STATES[changes[-1].kind].value,
        "rule_code": card.rule_code,
        "rule": card.rule.name,
        "score": card.score,
        "subject": card.subject,
        "department_code": (unit.credit_code or unit.code) if unit else "",
        "department": names.get(unit.id, "") if unit else "",
        "raised_at": born,
    }
