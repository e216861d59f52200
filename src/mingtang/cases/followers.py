"""Keeps the worklist's due date in step with a calendar that was revised."""

from datetime import date

from mingtang.cases.services import follow_recomputed_clock
from mingtang.ledger.queries import Event
from mingtang.ledger.services import Follower


def _follow(event: Event) -> None:
    if event.stream.startswith("case:"):
        for clock in event.facts["clocks"]:
            follow_recomputed_clock(
                stream=event.stream, kind=clock["kind"], due=date.fromisoformat(clock["due"])
            )


DUE_DATES = Follower("case_due_dates", ("clock.recomputed",), _follow)
