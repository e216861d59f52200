"""Followers of the exchange: a day that has news of a case is noted, in one statement."""

from mingtang.base.clock import legal_date
from mingtang.base.rows import insert_rows
from mingtang.exchange.models import Owed
from mingtang.exchange.rules.batches import OWING
from mingtang.ledger.queries import Event
from mingtang.ledger.services import Follower


def _note(event: Event) -> None:
    """Once for each day, however often it is told."""
    insert_rows([Owed(date=legal_date(event.at), stream=event.stream)], ignoring=True)


def _forget() -> None:
    Owed.objects.all().delete()


EXCHANGE = Follower("exchange", OWING, _note, _forget)
