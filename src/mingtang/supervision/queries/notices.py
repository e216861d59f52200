"""Reads of what papers about cards say, and whether they still count."""

from datetime import date

from mingtang.base.ids import parse_id
from mingtang.base.subjects import titles_of
from mingtang.files.queries import Document
from mingtang.ledger import queries as ledger
from mingtang.regions import queries as regions
from mingtang.supervision.models import Card, Directive
from mingtang.supervision.rules import Colour, State
from mingtang.supervision.rules.notices import CardWords, DirectiveWords, Limit, standing
from mingtang.timing import queries as timing
from mingtang.timing.rules import clock_label


def limit_of(card: Card) -> Limit | None:
    """The limit by which a card was issued, explained event by event."""
    kind, due = card.facts.get("clock"), card.facts.get("due")
    if not kind or not due:
        return None
    own = [one for one in timing.clocks_of(card.subject) if one.kind == kind]
    began = [one for one in own if one.start_date <= card.raised_date]
    lines = timing.explain_history(began[-1], ledger.history(card.subject)) if began else []
    return Limit(clock_label(kind), date.fromisoformat(due), lines)


def card_words(card: Card) -> CardWords:
    return CardWords(
        number=card.number,
        colour=Colour(card.colour),
        rule=card.rule.name,
        version=card.rule.version,
        raised=card.raised_date,
        score=str(card.score),
        what=titles_of([card.subject])[card.subject],
        person=card.person.name if card.person else "",
        limit=limit_of(card),
    )


def directive_words(made: Directive) -> DirectiveWords:
    card = made.card
    return DirectiveWords(
        number=made.number,
        card_number=card.number,
        colour=Colour(card.colour),
        rule=card.rule.name,
        detail=made.detail,
        suggestion=made.suggestion,
        due=made.due_date,
    )


def issuing_unit(organisation_id: int, on: date) -> int | None:
    """In whose name the system issues a card: the service centre of the county."""
    here = set(regions.units_of_county(organisation_id))
    centres = regions.organisation_cards(on, kinds=["centre"])
    return next((one.id for one in centres if one.id in here), None)


def standing_of(key: str, document: Document, on: date) -> str:
    """Why a paper about the card of this key no longer counts; "" where it does."""
    card_id = parse_id(key)
    card = None if card_id is None else Card.objects.filter(id=card_id).first()
    if card is None:
        return ""
    state = State(card.state)
    return standing(
        is_cancelled=state is State.CANCELLED,
        is_superseded=state is State.SUPERSEDED,
        is_closed=state is State.CLOSED,
    )
