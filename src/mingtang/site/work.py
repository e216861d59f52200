"""The worker's round: deliveries, then the sweeps whose time has come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mingtang.accounts.services import sweep_attempts
from mingtang.cases.services import sweep_deemed
from mingtang.files.services import sweep_orphans
from mingtang.ledger.services import deliver_all
from mingtang.messages.services import send_due

DELIVERIES_A_ROUND = 500


@dataclass
class Sweep:
    """Something to do now and then. Late or twice: the same result."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


SWEEPS = (
    Sweep("attempts", timedelta(hours=1), sweep_attempts),
    Sweep("orphans", timedelta(hours=1), sweep_orphans),
    Sweep("deemed", timedelta(minutes=10), sweep_deemed),
    Sweep("messages", timedelta(seconds=5), send_due),
)


@dataclass
class Worker:
    """Remembers when each sweep ran last, in this process."""

    last_run: dict[str, datetime] = field(default_factory=dict)

    def round(self, at: datetime) -> int:
        """One round. Returns how many deliveries were tried; fewer than a full round: rest."""
        done = deliver_all(at, DELIVERIES_A_ROUND)
        for sweep in SWEEPS:
            last = self.last_run.get(sweep.name)
            if last is None or at - last >= sweep.every:
                self.last_run[sweep.name] = at
                sweep.run(at)
        return done
