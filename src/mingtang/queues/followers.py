"""Followers of queues: what is taken in while a number is served belongs to that number."""

from mingtang.accounts.queries import window_of
from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.queues import queries
from mingtang.queues.models import TicketCase


def _attach(event: Event) -> None:
    """The case becomes part of the line that began with the ticket. Late or twice: the same."""
    if not (event.organisation_id and event.actor_id):
        return
    unit, on = int(event.organisation_id), legal_date(event.at)
    window = window_of(int(event.actor_id), unit, on)
    ticket = queries.serving_when(window, event.at) if window else None
    case = parse_id(event.stream.removeprefix("case:"))
    if ticket is not None and case is not None:
        TicketCase.objects.get_or_create(
            case_id=case, defaults={"ticket": ticket, "attached_at": event.at}
        )


TICKET_CASES = Follower("ticket_cases", ("case.taken_in",), _attach)
