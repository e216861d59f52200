"""Followers of joint matters: parts follow their cases; the worklist follows the calendar."""

from mingtang.base.ids import derived_command_id
from mingtang.joint import queries
from mingtang.joint.services import refresh_due_date, settle
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import Follower


def _settle(event: Event) -> None:
    """A case that is part of a matter has moved to where the part must follow."""
    case_id = int(event.stream.removeprefix("case:"))
    if queries.is_part(case_id):
        command_id = derived_command_id("joint_settle", event.id)
        settle(case_id=case_id, actor=SYSTEM, at=event.at, command_id=command_id)


PARTS = Follower(
    "joint_parts",
    (
        *("case.granted", "case.refused", "case.deemed_granted", "case.delivered"),
        *("case.withdrawn", "case.terminated", "case.returned", "case.reopened"),
    ),
    _settle,
)


def _refresh(event: Event) -> None:
    if event.stream.startswith("joint:"):
        refresh_due_date(event.stream)


DUE_DATES = Follower("joint_due_dates", ("clock.recomputed",), _refresh)
