"""What the law does by itself to joint matters when a day is over. Late or twice: the same."""

import logging
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id
from mingtang.joint.models import JointCase
from mingtang.joint.rules.states import JointState
from mingtang.joint.services.correcting import deem_accepted
from mingtang.ledger.rules import SYSTEM

log = logging.getLogger(__name__)


def sweep_deemed(at: datetime) -> int:
    """Matters whose applicant was told nothing in time. Returns how many were accepted."""
    rows = JointCase.objects.filter(
        state=JointState.SUBMITTED.value, next_due_date__lt=legal_date(at)
    ).filter(corrections__isnull=True)
    return sum(_deem(one, at) for one in rows.order_by("id").values_list("id", flat=True))


def _deem(joint_id: int, at: datetime) -> bool:
    """One that cannot be, as where an item was closed meanwhile, must not stop the others."""
    key = derived_command_id("joint.deem_accepted", joint_id)
    try:
        deem_accepted(joint_id=joint_id, actor=SYSTEM, at=at, command_id=key)
    except DomainError as error:
        log.warning("deemed acceptance of joint:%s: %s", joint_id, error)
        return False
    return True
