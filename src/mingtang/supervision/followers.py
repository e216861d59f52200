"""Followers of supervision: look again where something happened; tell whom a card concerns."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from mingtang.accounts.queries import colleagues, holders_of, stand_ins_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.base.subjects import titles_of
from mingtang.ledger.queries import Event, event_of, history
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import Follower
from mingtang.messages.services import tell
from mingtang.regions import queries as regions
from mingtang.supervision import queries
from mingtang.supervision.models import Card, Pace
from mingtang.supervision.rules import Audience, Colour, State
from mingtang.supervision.rules.occasions import CARD_RAISED
from mingtang.supervision.rules.pace import DECISIONS, pace_of
from mingtang.supervision.services import look_again, notify
from mingtang.supervision.services.ruling import look_at_all_from

LOOKED_AT = frozenset({"case", "bad_rating", "letter", "card"})


def _look(event: Event) -> None:
    """A calendar moves days that no clock of a stream shows: all of them are looked at again."""
    if event.kind.startswith("calendar."):
        look_at_all_from(legal_date(event.at))
    elif event.stream.partition(":")[0] in LOOKED_AT:
        look_again(event.stream, event.at)


SUPERVISION = Follower(
    "supervision",
    (
        *("case.*", "clock.recomputed", "rating.given", "bad_rating.*", "calendar.*"),
        *("card.ordered", "card.order_answered", "card.cancelled", "card.closed"),
        "card.superseded",
    ),
    _look,
)


# ── who is told ───────────────────────────────────────────────────────────────────────────────


def _tell(event: Event) -> None:
    """Each of them once per card; a card that gave way to a higher one before is not told."""
    card = Card.objects.select_related("rule").get(id=int(event.stream.removeprefix("card:")))
    if State(card.state) is not State.RAISED:
        return
    people = _people(card, legal_date(event.at))
    for person_id in people:
        tell(
            subject=card.stream,
            event=CARD_RAISED.event,
            audience=CARD_RAISED.audience.value,
            fallback=CARD_RAISED.fallback,
            facts=_words(card, event),
            person_id=person_id,
            dedupe=f"{event.id}/{CARD_RAISED.event}",
            at=event.at,
        )
    notify(
        card_id=card.id,
        people=people,
        actor=SYSTEM,
        at=event.at,
        command_id=derived_command_id("card.notify", card.id),
    )


def _words(card: Card, event: Event) -> dict[str, str]:
    unit = card.organisation_id
    due = card.facts.get("due")
    return {
        "number": card.number,
        "colour": Colour(card.colour).label,
        "rule": card.rule.name,
        "what": titles_of([card.subject])[card.subject],
        "unit": regions.name_of(unit, legal_date(event.at)) if unit else "",
        "due": f"到期日 {due}。" if due else "",
        "next": "" if card.colour == Colour.REMIND else "请按时说明情况；认为有误的，可以申诉。",
    }


def _people(card: Card, on: date) -> list[int]:
    """As the rule says: whose it is and their stand-ins, their lead, who approves, who inspects."""
    wanted = set(card.rule.params.get("tells") or Audience)
    item = _item_of(card)
    found: set[int] = set()
    if Audience.HANDLER in wanted and card.person_id:
        found |= {card.person_id} | stand_ins_of([card.person_id], item, on)
    if card.organisation_id:
        found |= holders_of(card.organisation_id, _roles(wanted), item, on)
    if Audience.INSPECTOR in wanted:
        found |= _inspectors(card, on)
    return sorted(found)


def _roles(wanted: Iterable[str]) -> list[Role]:
    roles = {
        Audience.LEAD: [Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE],
        Audience.APPROVER: [Role.APPROVER],
    }
    return [role for one in wanted for role in roles.get(Audience(one), [])]


def _inspectors(card: Card, on: date) -> set[int]:
    """Whoever inspects at an office of the county where the card's office stands."""
    if card.organisation_id is None:
        return set()
    units = regions.units_of_county(card.organisation_id)
    return {person.id for person in colleagues(units, [Role.INSPECTOR], on)}


def _item_of(card: Card) -> str:
    """The code of what the subject is about: some posts are for some items only."""
    first = event_of(card.subject, 1)
    return str(first.facts.get("item_code") or "") if first else ""


CARD_NOTES = Follower("supervision_notes", ("card.raised",), _tell)


# ── how fast cases are decided ────────────────────────────────────────────────────────────────


def _pace(event: Event) -> None:
    """Twice, or late: the same row, for it is reckoned from the events up to the decision."""
    before = [one for one in history(event.stream) if one.seq <= event.seq]
    found = pace_of([queries.told(one) for one in before], queries.calendar())
    if found is not None:
        Pace.objects.update_or_create(stream=event.stream, defaults=asdict(found))


PACE = Follower("supervision_pace", DECISIONS, _pace)
