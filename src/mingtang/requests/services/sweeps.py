"""What the system does by itself: it proposes lapses. It may run twice, or late."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.ledger.rules import SYSTEM
from mingtang.requests.models import Request
from mingtang.requests.services.deciding import LAPSES, propose_lapse

MOST = 500


def sweep(at: datetime) -> int:
    """Propose what has lapsed up to yesterday. Returns how many."""
    rows = Request.objects.filter(
        state__in=[state.value for state in LAPSES],
        next_due_date__lt=legal_date(at),
        lapse_proposed_at=None,
    )
    found = list(rows.order_by("next_due_date", "id")[:MOST])
    for request in found:
        key = derived_command_id("request-lapse", request.id, request.state, request.next_due_date)
        propose_lapse(request_id=request.id, actor=SYSTEM, at=at, command_id=key)
    return len(found)
