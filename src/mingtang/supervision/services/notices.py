"""Services: numbered papers about cards (警示卡、督办单), drawn up in the act that leaves them."""

from datetime import datetime

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.files.services import Document, draw_up
from mingtang.regions import queries as regions
from mingtang.supervision.models import Card, Directive
from mingtang.supervision.queries.notices import card_words, directive_words, issuing_unit
from mingtang.supervision.rules import Colour
from mingtang.supervision.rules.notices import card_asks, card_paper, directive_paper


def draw_notice(card: Card, at: datetime) -> Document | None:
    """The notice of a yellow or red card. None for a reminder, and where nobody is to be told: a
    card of no office, a county without a centre."""
    colour, on = Colour(card.colour), legal_date(at)
    if colour is Colour.REMIND or card.organisation_id is None:
        return None
    issuer = issuing_unit(card.organisation_id, on)
    if issuer is None:
        return None
    asks = card_asks(colour, settings.MINGTANG_EXPLAIN_DAYS, settings.MINGTANG_APPEAL_DAYS)
    told = card_paper(card_words(card), regions.name_of(card.organisation_id, on), asks)
    return draw_up(told, subject=card.stream, organisation_id=issuer, on=on, at=at)


def draw_directive(made: Directive, at: datetime) -> Document | None:
    """The directive as a paper, in the name of who ordered it. None where no office is ordered."""
    on = legal_date(at)
    if made.ordered_unit_id is None or made.ordering_unit_id is None:
        return None
    told = directive_paper(directive_words(made), regions.name_of(made.ordered_unit_id, on))
    return draw_up(
        told, subject=made.card.stream, organisation_id=made.ordering_unit_id, on=on, at=at
    )
