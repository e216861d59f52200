"""What tests of supervision share."""

import pytest

from mingtang.supervision import queries
from tests.laid import laid
from tests.supervision.hall import Hall

_hall = laid(Hall)


@pytest.fixture
def hall(db, _hall):
    return _hall()


@pytest.fixture
def red(hall):
    hall.overdue()
    cards = queries.for_subject(hall.case.stream)
    (card,) = [card for card in cards if card.colour == "red"]
    return card
