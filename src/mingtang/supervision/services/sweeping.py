"""The sweep: looks at what may be due, raises cards, and says when to look again.

Late, twice or after an outage: the same cards, dated the same. What is due is a function of the
events (rules/cards.py); the database keeps one card per subject, thing and rule.
"""

import functools
import itertools
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id, lease, next_ids
from mingtang.base.rows import Spelt, insert_values, update_rows
from mingtang.base.serials import next_serials
from mingtang.ledger.queries import histories
from mingtang.ledger.rules import SYSTEM, Actor, canonical
from mingtang.ledger.services import Entry, command, record_all
from mingtang.supervision import queries
from mingtang.supervision.models import IS_OPEN, Card, Watch
from mingtang.supervision.rules import Colour, Due, State, is_running, look
from mingtang.timing import services as timing

BATCH = 500
# Streams looked at in one transaction: on SQLite others wait for it meanwhile.
TOGETHER = {"sqlite": 100, "postgresql": 500}
RAISED = 100  # streams whose cards one command raises: the same acts and numbers on both databases
log = logging.getLogger(__name__)


class Fresh(NamedTuple):
    """A card that is due and not there yet, in plain values: the content of the command."""

    subject: str
    key: str
    family: str
    rule_id: int
    day: date
    organisation_id: int | None
    person_id: int | None
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Issued:
    """A card that is issued now, before it is a row."""

    id: int
    number: str
    fresh: Fresh
    rule: queries.Rule
    above: int | None = None  # the card that takes its place at once

    @property
    def stream(self) -> str:
        return f"card:{self.id}"

    @property
    def weight(self) -> int:
        return Colour(self.rule.colour).weight


def sweep(at: datetime) -> int:
    """Look at every stream whose day has come. Returns how many cards were raised."""
    today = legal_date(at)
    names = queries.due_streams(today)
    raised, together = 0, TOGETHER[connection.vendor]
    for start in range(0, len(names), together):
        lease()
        with transaction.atomic():
            raised += judge(names[start : start + together], today, at)
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
    blocks = {stream: place // RAISED for place, stream in enumerate(streams)}
    fresh = _fresh(due, blocks)
    for _block, placed in itertools.groupby(fresh, key=itemgetter(0)):
        cards = [one for _block, one in placed]
        content = ((one.subject, one.key, one.rule_id) for one in cards)
        key = derived_command_id("supervision.raise", at.isoformat(), *content)
        raise_cards(cards=cards, actor=SYSTEM, at=at, command_id=key)
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


def _fresh(due: Sequence[tuple[str, Due]], blocks: Mapping[str, int]) -> list[tuple[int, Fresh]]:
    """What has no card yet, block by block, in the order of its numbers. What falls due about a
    card is a card about that card's subject."""
    parents = queries.cards_by_stream({stream for stream, _due in due if stream[:5] == "card:"})
    wanted = [(blocks[stream], _plain(stream, one, parents.get(stream))) for stream, one in due]
    known = queries.issued({one.subject for _block, one in wanted})
    codes = {one.rule.id: one.rule.code for _stream, one in due}
    left = [
        (block, one)
        for block, one in wanted
        if (one.subject, one.key, codes[one.rule_id]) not in known
    ]
    return sorted(left, key=_order)


def _order(placed: tuple[int, Fresh]) -> tuple[object, ...]:
    block, one = placed
    return block, one.day, one.subject, one.key, one.rule_id


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
    numbered = zip(next_ids(len(left)), _numbers(left), left, strict=True)
    issued = [Issued(id, number, one, rules[one.rule_id]) for id, number, one in numbered]
    things = _by_thing(issued)
    given = _give_way(things, at) if known else []
    for card in issued:
        card.above = _above(card.weight, card.fresh.day, things.get(_thing(card.fresh), ()))
    insert_values(Card, [_row(card, at) for card in issued])
    entries = [_raised(card) for card in issued] + given
    entries += [_superseded_at_once(card) for card in issued if card.above]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return {"raised": len(issued)}


def _numbers(cards: Sequence[Fresh]) -> Iterator[str]:
    """监20130000012: numbers of a year, in the order of issue."""
    counts = Counter(card.day.year for card in cards)
    serials = {year: iter(next_serials(f"card:{year}", counts[year])) for year in sorted(counts)}
    return (f"监{card.day.year}{next(serials[card.day.year]):07d}" for card in cards)


@functools.cache
def _blank() -> dict[str, Any]:
    """A card field by field, before anything is said of it."""
    fields = [one for one in Card._meta.concrete_fields if not one.primary_key]
    return {"id": None} | {one.attname: one.get_default() for one in fields}


def _row(card: Issued, at: datetime) -> list[Any]:
    fresh, rule = card.fresh, card.rule
    told = {
        "id": card.id,
        "number": card.number,
        "rule_id": rule.id,
        "rule_code": rule.code,
        "subject": fresh.subject,
        "key": fresh.key,
        "family": fresh.family,
        "colour": rule.colour,
        "score": rule.score,
        "raised_date": fresh.day,
        "raised_at": at,
        "organisation_id": fresh.organisation_id,
        "person_id": fresh.person_id,
        "facts": Spelt(canonical(fresh.facts).decode()),
        "state": State.RAISED.value,
    }
    if card.above:
        told |= {"state": State.SUPERSEDED.value, "superseded_at": at}
        told["superseded_by_card_id"] = card.above
    return list((_blank() | told).values())


def _raised(card: Issued) -> Entry:
    fresh, rule = card.fresh, card.rule
    facts = {
        "number": card.number,
        "subject": fresh.subject,
        "key": fresh.key,
        "rule_code": rule.code,
        "rule_version": rule.version,
        "rule_name": rule.name,
        "type": rule.type,
        "colour": rule.colour,
        "score": str(rule.score),
        "organisation_id": _written(fresh.organisation_id),
        "person_id": _written(fresh.person_id),
        **fresh.facts,
    }
    return Entry(card.stream, "card.raised", facts, fresh.day, begins=True)


def _written(id: int | None) -> str | None:
    return str(id) if id else None


# ── lower cards of the same thing give way: a reminder to yellow, both to red (摘牌) ──────────────

Thing = tuple[str, str]  # subject and family


def _thing(card: Fresh | Card) -> Thing:
    return card.subject, card.family


def _by_thing(cards: Iterable[Issued]) -> dict[Thing, list[Issued]]:
    found: dict[Thing, list[Issued]] = {}
    for card in cards:
        if card.fresh.family:
            found.setdefault(_thing(card.fresh), []).append(card)
    return found


def _give_way(things: Mapping[Thing, Sequence[Issued]], at: datetime) -> list[Entry]:
    """The open cards of the same things, held, that are lower than what is issued now."""
    rows = Card.objects.select_for_update().filter(
        IS_OPEN, subject__in={thing[0] for thing in things}, family__in={one[1] for one in things}
    )
    lower: list[Card] = []
    for card in rows.order_by("id"):
        weight, fresh = Colour(card.colour).weight, things.get(_thing(card), ())
        if above := _above(weight, card.raised_date, fresh):
            card.state, card.superseded_at = State.SUPERSEDED.value, at
            card.superseded_by_card_id = above
            lower.append(card)
    update_rows(lower, "state", "superseded_at", "superseded_by_card")
    return [_superseded(card, at) for card in lower]


def _above(weight: int, day: date, fresh: Iterable[Issued]) -> int | None:
    """Of the cards of the same thing that are issued now, the highest above one of this weight."""
    higher = [one for one in fresh if one.weight > weight and one.fresh.day >= day]
    above = max(higher, key=lambda one: (one.weight, -one.id), default=None)
    return above.id if above else None


def _superseded(card: Card, at: datetime) -> Entry:
    clocks = timing.stop_open_clocks(stream=card.stream, on=legal_date(at))
    named = (card.stream, card.number, card.rule_code, card.colour)
    return _gave_way(card, named, card.superseded_by_card_id, clocks)


def _superseded_at_once(card: Issued) -> Entry:
    named = (card.stream, card.number, card.rule.code, card.rule.colour)
    return _gave_way(card.fresh, named, card.above, [])  # no clock has begun


def _gave_way(
    card: Card | Fresh, named: tuple[str, str, str, str], above: int | None, clocks: list[Any]
) -> Entry:
    """`named`: its stream and number, code and colour of its rule."""
    stream, number, rule_code, colour = named
    facts = {
        "number": number,
        "subject": card.subject,
        "rule_code": rule_code,
        "colour": colour,
        "organisation_id": _written(card.organisation_id),
        "by_card": str(above),
        "clocks": clocks,
    }
    return Entry(stream, "card.superseded", facts)


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
