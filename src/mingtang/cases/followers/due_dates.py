"""Keeps the worklist's due date in step with a calendar that was revised."""

from mingtang.cases.services import refresh_due_date
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event


def _follow(event: Event) -> None:
    refresh_due_date(event.stream)


DUE_DATES = Follower("case_due_dates", ("clock.recomputed",), _follow, of="case")
