"""What time alone brings about in joint matters: deemed acceptance, the one reminder of what was
promised. Late or twice: the same."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id
from mingtang.cases.services import days_to_remind
from mingtang.joint.models import JointCase, JointPromise
from mingtang.joint.rules.states import JointState
from mingtang.joint.services.correcting import deem_accepted
from mingtang.joint.services.deferring import remind_deferred
from mingtang.ledger.rules import SYSTEM

log = logging.getLogger(__name__)


def sweep_deemed(at: datetime) -> int:
    """Matters whose applicant was told nothing in time. Returns how many were accepted."""
    rows = JointCase.objects.filter(
        state=JointState.SUBMITTED.value, next_due_date__lt=legal_date(at)
    ).filter(corrections__isnull=True)
    found = rows.order_by("id").values_list("id", flat=True)
    return _act("joint.deem_accepted", deem_accepted, found, at)


def sweep_reminders(at: datetime) -> int:
    """Applicants are reminded of what they promised for the whole. Returns how many were."""
    rows = JointPromise.objects.filter(
        supplied_at=None,
        reminded_at=None,
        due_date__range=days_to_remind(legal_date(at)),
        joint__state=JointState.ACCEPTED.value,
    )
    found = rows.order_by("due_date", "id").values_list("joint_id", flat=True)
    return _act("joint.remind_deferred", remind_deferred, found, at)


def _act(name: str, act: Callable[..., object], ids: Iterable[int], at: datetime) -> int:
    return sum(_is_done(name, act, joint_id, at) for joint_id in list(ids))


def _is_done(name: str, act: Callable[..., object], joint_id: int, at: datetime) -> bool:
    """One that cannot be, as where an item was closed meanwhile, must not stop the others."""
    try:
        act(joint_id=joint_id, actor=SYSTEM, at=at, command_id=derived_command_id(name, joint_id))
    except DomainError as error:
        log.warning("%s of joint:%s: %s", name, joint_id, error)
        return False
    return True
