"""The sweep: looks at what may be due, raises cards, and says when to look again.

Late, twice or after an outage: the same cards, dated the same. What is due is a function of the
events (rules/cards.py); the database keeps one card per subject, thing and rule.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id, lease, next_id
from mingtang.base.rows import insert_rows
from mingtang.base.serials import next_serials
from mingtang.ledger.queries import histories
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import Entry, command, record_all
from mingtang.supervision import queries
from mingtang.supervision.models import IS_OPEN, Card, Watch
from mingtang.supervision.rules import Colour, Due, State, is_running, look
from mingtang.timing import services as timing

BATCH = 500
# Streams looked at in one transaction: on SQLite others wait for it meanwhile. The same on both, so
# that cards have the same numbers.
TOGETHER = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fresh:
    """A card that is due and not there yet, in plain values: the content of the command."""

    subject: str
    key: str
    family: str
    rule_id: int
    day: date
    organisation_id: int | None
    person_id: int | None
    facts: Mapping[str, Any]


def sweep(at: datetime) -> int:
    """Look at every stream whose day has come. Returns how many cards were raised."""
    today = legal_date(at)
    names = queries.due_streams(today)
    raised = 0
    for start in range(0, len(names), TOGETHER):
        lease()
        with transaction.atomic():
            raised += judge(names[start : start + TOGETHER], today, at)
    return raised


def judge(streams: Sequence[str], today: date, at: datetime) -> int:
    """Look at these streams: raise what is due up to a day, note when to look again.

    In the open transaction, one at a time: what is noted is never older than what was read.
    """
    queue_up("supervision:watch")
    book, calendar, told = queries.book(), queries.calendar(), _histories(streams)
    regions = queries.regions_of(told.values())
    due: list[tuple[str, Due]] = []
    watches: list[Watch] = []
    for stream, events in told.items():
        rules = book.for_subject(stream.partition(":")[0], regions.get(queries.unit_of(events)))
        try:
            found = look(events, calendar, rules, today)
        except DomainError as error:  # one that cannot be reckoned must not stop the others
            log.warning("supervision of %s: %s", stream, error)
            continue
        due += [(stream, one) for one in found.due]
        watches.append(
            Watch(stream=stream, next_date=found.next_date, is_running=is_running(events))
        )
    fresh = _fresh(due)
    if fresh:
        raise_cards(
            cards=fresh,
            actor=SYSTEM,
            at=at,
            command_id=derived_command_id(
                "supervision.raise", at.isoformat(), *((c.subject, c.key, c.rule_id) for c in fresh)
            ),
        )
    _watch(watches)
    return len(fresh)


def _histories(streams: Sequence[str]) -> dict[str, list[queries.Told]]:
    return {
        stream: [queries.told(event) for event in events]
        for stream, events in histories(streams).items()
        if events
    }


def _watch(rows: Iterable[Watch]) -> None:
    Watch.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["stream"],
        update_fields=["next_date", "is_running"],
        batch_size=BATCH,
    )


def _fresh(due: Sequence[tuple[str, Due]]) -> list[Fresh]:
    """What has no card yet. What falls due about a card is a card about that card's subject."""
    parents = queries.cards_by_stream({stream for stream, _due in due if stream[:5] == "card:"})
    wanted = [_plain(stream, one, parents.get(stream)) for stream, one in due]
    known = queries.issued({one.subject for one in wanted})
    codes = {one.rule.id: one.rule.code for _stream, one in due}
    left = [one for one in wanted if (one.subject, one.key, codes[one.rule_id]) not in known]
    return sorted(left, key=lambda one: (one.day, one.subject, one.key, one.rule_id))


def _plain(stream: str, due: Due, parent: Card | None) -> Fresh:
    organisation = int(due.organisation_id) if due.organisation_id else None
    person = int(due.person_id) if due.person_id else None
    subject, key, family, facts = stream, due.key, due.family, due.facts
    if parent is not None:
        subject, family, key = parent.subject, parent.family, f"{parent.number}/{due.key}"
        organisation, person = parent.organisation_id, parent.person_id
        facts = facts | {"about_card": str(parent.id)}
    return Fresh(subject, key, family, due.rule.id, due.day, organisation, person, facts)


@command("supervision.raise")
def raise_cards(
    *, cards: Sequence[Fresh], actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Issue cards, one event each; a higher colour takes the place of the lower ones that are open
    for the same thing. What somebody else issued meanwhile is left out."""
    queue_up("supervision:cards")
    rules = queries.rules_by_id({one.rule_id for one in cards})
    known = queries.issued({one.subject for one in cards})
    left = [one for one in cards if (one.subject, one.key, rules[one.rule_id].code) not in known]
    rows = [_card(one, rules[one.rule_id], at) for one in left]
    _number(rows)
    before = _open_before(rows)
    insert_rows(rows)
    entries = [_raised(card) for card in rows] + _supersede([*before, *rows], rows, at)
    if entries:
        record_all(entries, actor=actor, at=at, command_id=command_id)
    return {"raised": len(rows)}


def _card(one: Fresh, rule: queries.Rule, at: datetime) -> Card:
    return Card(
        id=next_id(),
        rule=rule,
        rule_code=rule.code,
        subject=one.subject,
        key=one.key,
        family=one.family,
        colour=rule.colour,
        score=rule.score,
        raised_date=one.day,
        raised_at=at,
        organisation_id=one.organisation_id,
        person_id=one.person_id,
        facts=dict(one.facts),
        state=State.RAISED.value,
    )


def _number(cards: Sequence[Card]) -> None:
    """监20130000012: numbers of a year, in the order of issue."""
    for year in sorted({card.raised_date.year for card in cards}):
        own = [card for card in cards if card.raised_date.year == year]
        for card, serial in zip(own, next_serials(f"card:{year}", len(own)), strict=True):
            card.number = f"监{year}{serial:07d}"


def _raised(card: Card) -> Entry:
    facts = {
        "number": card.number,
        "subject": card.subject,
        "key": card.key,
        "rule_code": card.rule_code,
        "rule_version": card.rule.version,
        "rule_name": card.rule.name,
        "type": card.rule.type,
        "colour": card.colour,
        "score": str(card.score),
        "organisation_id": str(card.organisation_id) if card.organisation_id else None,
        "person_id": str(card.person_id) if card.person_id else None,
        **card.facts,
    }
    return Entry(card.stream, "card.raised", facts, card.raised_date)


def _open_before(fresh: Sequence[Card]) -> list[Card]:
    """The open cards of the same things, held."""
    rows = Card.objects.select_for_update().filter(
        IS_OPEN,
        subject__in={card.subject for card in fresh},
        family__in={card.family for card in fresh if card.family},
    )
    return list(rows.order_by("id"))


def _supersede(cards: Sequence[Card], fresh: Sequence[Card], at: datetime) -> list[Entry]:
    """Lower cards of the same thing give way: a reminder to yellow, both to red (摘牌)."""
    families: dict[tuple[str, str], list[Card]] = {}
    for card in fresh:
        if card.family:
            families.setdefault((card.subject, card.family), []).append(card)
    lower: list[Card] = []
    for card in cards:
        if above := _above(card, families.get((card.subject, card.family), ())):
            card.state, card.superseded_at = State.SUPERSEDED.value, at
            card.superseded_by_card_id = above.id
            lower.append(card)
    Card.objects.bulk_update(
        lower, ["state", "superseded_at", "superseded_by_card"], batch_size=200
    )
    return [_superseded(card, at) for card in lower]


def _above(card: Card, fresh: Iterable[Card]) -> Card | None:
    """Of the cards of the same thing that are raised now, the highest above it."""
    weight = Colour(card.colour).weight
    higher = [
        one
        for one in fresh
        if Colour(one.colour).weight > weight and one.raised_date >= card.raised_date
    ]
    return max(higher, key=lambda one: (Colour(one.colour).weight, -one.id), default=None)


def _superseded(card: Card, at: datetime) -> Entry:
    facts = {
        "number": card.number,
        "subject": card.subject,
        "rule_code": card.rule_code,
        "colour": card.colour,
        "organisation_id": str(card.organisation_id) if card.organisation_id else None,
        "by_card": str(card.superseded_by_card_id),
        "clocks": timing.stop_open_clocks(stream=card.stream, on=legal_date(at)),
    }
    return Entry(card.stream, "card.superseded", facts)


def look_again(stream: str, at: datetime) -> None:
    """Something happened: the next sweep looks at the stream, whatever was noted before.

    Held against a sweep that has read the events already, and would note a later day over this.
    """
    queue_up("supervision:watch")
    Watch.objects.bulk_create(
        [Watch(stream=stream, next_date=legal_date(at), is_running=True)],
        update_conflicts=True,
        unique_fields=["stream"],
        update_fields=["next_date"],
    )
