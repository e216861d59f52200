"""What requests say of their paper receipts: who confirms them, and that nobody does their own."""

from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.outage.rooms import Room
from mingtang.outage.rules import REQUEST_HEADS
from mingtang.requests.models import Request
from mingtang.requests.services import confirm_paper_receipt, refuse_paper_receipt
from mingtang.requests.services.paper_receipts import KIND


def check_own(scope: Scope, request_id: int) -> None:
    """Raises NotFound."""
    request = Request.objects.get(id=request_id)
    is_theirs = bool(scope.identity_index) and scope.identity_index == request.identity_index
    if is_theirs or request.applicant_person_id == scope.person_id:
        raise NotFound


ROOM = Room(
    kind=KIND,
    confirm=confirm_paper_receipt,
    refuse=refuse_paper_receipt,
    unit_roles=REQUEST_HEADS,
    check_own=check_own,
)
