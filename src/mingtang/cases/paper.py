"""What cases say of their paper receipts: who confirms them, and that nobody does their own."""

from mingtang.accounts.rules import Scope
from mingtang.cases.models import Case
from mingtang.cases.queries import is_own
from mingtang.cases.rules import OwnCase
from mingtang.cases.services import confirm_paper_receipt, refuse_paper_receipt
from mingtang.cases.services.paper_receipts import KIND
from mingtang.outage.rooms import Room
from mingtang.outage.rules import MANAGERS, WINDOW_LEADS


def check_own(scope: Scope, case_id: int) -> None:
    """Raises OwnCase."""
    if is_own(scope, Case.objects.get(id=case_id)):
        raise OwnCase


ROOM = Room(
    kind=KIND,
    confirm=confirm_paper_receipt,
    refuse=refuse_paper_receipt,
    unit_roles=WINDOW_LEADS,
    place_roles=MANAGERS,
    check_own=check_own,
)
