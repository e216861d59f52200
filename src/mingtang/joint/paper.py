"""What joint matters say of their paper receipts: who confirms them, and nobody their own."""

from mingtang.accounts.rules import Scope
from mingtang.cases.rules import OwnCase
from mingtang.joint.models import JointCase
from mingtang.joint.queries import is_own
from mingtang.joint.services import confirm_paper_receipt, refuse_paper_receipt
from mingtang.joint.services.paper_receipts import KIND
from mingtang.outage.rooms import Room
from mingtang.outage.rules import MANAGERS, WINDOW_LEADS


def check_own(scope: Scope, joint_id: int) -> None:
    """Raises OwnCase."""
    if is_own(scope, JointCase.objects.get(id=joint_id)):
        raise OwnCase


ROOM = Room(
    kind=KIND,
    confirm=confirm_paper_receipt,
    refuse=refuse_paper_receipt,
    unit_roles=WINDOW_LEADS,
    place_roles=MANAGERS,
    check_own=check_own,
)
