"""The worker's round: what time alone brings about, deliveries, then what goes out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from mingtang.accounts.services import sweep_attempts
from mingtang.api.services import sweep_replies
from mingtang.base.space import is_short
from mingtang.cases.packaging import sweep_packages
from mingtang.cases.services import sweep_deemed, sweep_drafts, sweep_reminders
from mingtang.disclosure.services import sweep_lists
from mingtang.disclosure.services.checks import sweep_checks
from mingtang.files.services import rescan, sweep_halves, sweep_orphans
from mingtang.joint.services import sweep_deemed as sweep_joint
from mingtang.joint.services import sweep_reminders as sweep_promises
from mingtang.ledger.services import anchor_head, deliver_all, grow_tree
from mingtang.letters.mailbox import poll as poll_mails
from mingtang.licences.services import sweep as sweep_licences
from mingtang.messages.services import send_due
from mingtang.persons.services import retain
from mingtang.requests.services import sweep as sweep_requests
from mingtang.screens.services import count_hours
from mingtang.supervision.services import sweep as sweep_cards
from mingtang.tv.services import sweep as sweep_tv
from mingtang.villages.services import sweep as sweep_villages

DELIVERIES_A_ROUND = 150  # events and debts, after which the sweeps are looked at again


@dataclass
class Sweep:
    """Something to do now and then. Late or twice: the same result."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]
    needs_room: bool = False  # takes in files: waits while the disk is nearly full


# Before the deliveries: what these record is told in the same round, and sent in it.
SWEEPS = (
    Sweep("deemed", timedelta(minutes=10), sweep_deemed),
    Sweep("joint_deemed", timedelta(minutes=10), sweep_joint),
    Sweep("requests", timedelta(minutes=10), sweep_requests),
    Sweep("reminders", timedelta(hours=1), sweep_reminders),
    Sweep("joint_reminders", timedelta(hours=1), sweep_promises),
    Sweep("licences", timedelta(hours=1), sweep_licences),
    Sweep("attempts", timedelta(hours=1), sweep_attempts),
    Sweep("replies", timedelta(hours=1), sweep_replies),
    Sweep("drafts", timedelta(hours=1), sweep_drafts),
    Sweep("retention", timedelta(days=1), retain),
    Sweep("orphans", timedelta(hours=1), sweep_orphans),
    Sweep("halves", timedelta(hours=1), sweep_halves),
    Sweep("villages", timedelta(hours=1), sweep_villages),
    Sweep("lists", timedelta(minutes=10), sweep_lists),
    Sweep("mails", timedelta(minutes=1), poll_mails, needs_room=True),
    Sweep("scans", timedelta(minutes=1), rescan),
    Sweep("screen_hours", timedelta(hours=1), count_hours),
    Sweep("site_checks", timedelta(minutes=30), sweep_checks),
    Sweep("tv", timedelta(minutes=10), sweep_tv),
    Sweep("packages", timedelta(minutes=1), sweep_packages, needs_room=True),
)
# After them: what was just heard of is looked at, and what was written goes out.
AFTER = (
    Sweep("cards", timedelta(seconds=5), sweep_cards),
    Sweep("messages", timedelta(seconds=5), send_due),
    Sweep("whole_tree", timedelta(hours=1), partial(grow_tree, everything=True)),
    Sweep("tree", timedelta(seconds=1), grow_tree),
    Sweep("anchor", timedelta(hours=1), anchor_head),
)


@dataclass
class Worker:
    """Remembers when each sweep ran last, in this process."""

    last_run: dict[str, datetime] = field(default_factory=dict)

    def round(self, at: datetime) -> int:
        """One round. Returns how many events and debts it was; fewer than a full round: rest."""
        self._sweep(SWEEPS, at)
        done = deliver_all(at, DELIVERIES_A_ROUND)
        self._sweep(AFTER, at)
        return done

    def _sweep(self, sweeps: Iterable[Sweep], at: datetime) -> None:
        for sweep in sweeps:
            last = self.last_run.get(sweep.name)
            is_due = last is None or at - last >= sweep.every
            if is_due and not (sweep.needs_room and is_short()):
                self.last_run[sweep.name] = at
                sweep.run(at)
