"""The one person tries what there is: each command of the table, and what leads there."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import Error, transaction

from mingtang.accounts.models import Substitution
from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.ledger.models import Event
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import deliver_all
from tests.acts import noted
from tests.faults.solo.giving import Giver
from tests.faults.solo.house import BEGIN, House
from tests.faults.solo.watching import Picture, differences, unaccounted
from tests.structure import alone, test_alone
from tests.world import new_command_id

# What has no effect itself, and leads to what has one.
ON_THE_WAY = [
    "case.claim",
    "case.receive",
    "case.ask_pause",
    "case.ask_extension",
    "case.reject_request",
    "card.propose_cancel",
    "card.reject_cancel",
    "disclosure.submit",
    "disclosure.review",
    "disclosure.clear",
    "request.draft",
    "request.ask_reasons",
    "letter.dispatch",
    "letter.take",
    "letter.draft_copy",
    "letter.reply",
    "joint.ask_extension",
    "joint.open",
    "village.hand_in",
    "village.examine",
    "village.approve",
    "village.object",
    "item.save_draft",
    "item.submit_draft",
    "route.create",
    "route.submit_draft",
    "entry.make",
    "document.seal",
    "bad_rating.confirm",
    "project.enter",
    "campaign.freeze",
]


def tried() -> tuple[str, ...]:
    """Each command that has an effect, as docs/alone.md says, and those on the way to them."""
    with_effect = {kind for table in test_alone.rows().values() for kind in table}
    return tuple(sorted((with_effect - set(WITHIN)) | (set(ON_THE_WAY) & set(alone.commands()))))


# What ends the life of a thing, after which little can be tried on it: seldom, and last in a round.
ENDING = frozenset(
    [
        "case.withdraw",
        "case.terminate",
        "case.send_back",
        "case.decline",
        "case.not_require",
        "joint.withdraw",
        "joint.terminate",
        "joint.send_back",
        "joint.withdraw_part",
        "letter.withdraw",
        "letter.decline",
        "letter.transfer",
        "request.withdraw",
        "request.confirm_lapse",
        "project.complete",
        "project.suspend",
        "period.lock",
        "period.publish",
        "disclosure.keep",
        "card.close",
        "villages.end_section",
        "meeting.cancel",
    ]
)


TRIES = 4  # for things in a state that allows it are found by trying
# What only another command calls, with what that one found: tried as often as that one is.
WITHIN = {
    "case.open_part": "joint.accept",
    "case.count_part_from": "joint.confirm_paper_receipt",
}
LEAST = 2  # so often at least is each kind tried in a round


class Learned:
    """How often each kind came about, and on things in which state: what is chosen more often."""

    def __init__(self) -> None:
        self.done: Counter[tuple[str, str]] = Counter()
        self.tried: Counter[tuple[str, str]] = Counter()

    def weight(self, kind: str, state: str = "") -> float:
        key = kind, state
        return (self.done[key] + 1) / (self.tried[key] + 2) + 0.05

    def tell(self, kind: str, states: Sequence[str], is_done: bool) -> None:
        for state in ("", *states):
            self.tried[kind, state] += 1
            self.done[kind, state] += is_done


class Walk:
    """One life. `learned` may come of lives before."""

    def __init__(self, house: House, seed: int, learned: Learned) -> None:
        self.house, self.rng, self.at = house, random.Random(seed), BEGIN
        self.learned, self.solo = learned, house.solo
        self.scope = house.scope(self.solo, legal_date(BEGIN))
        self.giver = Giver(self.rng, self.pick, self.solo.id)
        self.giver.house = house
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.broken: dict[str, str] = {}  # given what no form lets through
        self.states: list[str] = []
        self.refused_in: set[str] = set()
        self.before = Picture()

    def pick(self, kind: str, rows: Sequence[Any]) -> Any:
        """A row in a state in which this was not refused just now, more often one in a state in
        which it came about before."""
        by_state: dict[str, list[Any]] = {}
        for one in rows:
            state = getattr(one, "state", getattr(one, "status", ""))
            by_state.setdefault(f"is {state}", []).append(one)
        states = [one for one in by_state if one not in self.refused_in] or list(by_state)
        weights = [self.learned.weight(kind, one) for one in states]
        state = self.rng.choices(states, weights)[0]
        self.states.append(state)
        return self.rng.choice(by_state[state])

    def actor(self) -> Actor:
        """Under any of the posts, at times in the place of somebody whose substitute this is."""
        grant = self.rng.choice(self.scope.grants)
        actor = replace(self.house.actor(self.solo), organisation_id=str(grant.organisation_id))
        absent = Substitution.objects.filter(substitute=self.solo, ended_at=None)
        if self.rng.random() < 0.2 and (known := list(absent.order_by("id"))):
            absent_id = self.rng.choice(known).absent_id
            actor = replace(actor, acting_for_id=str(absent_id))
        return actor

    # ── acts ──────────────────────────────────────────────────────────────────────────────────

    def go(self, acts: int) -> None:
        """So many acts, more often those that came about before."""
        kinds = tried()
        for number in range(acts):
            if number % 40 == 39:
                self.at += timedelta(days=1)
                self.hear()
            weights = [self.learned.weight(one) * (0.1 if one in ENDING else 1) for one in kinds]
            self.act(self.rng.choices(kinds, weights)[0])

    def go_round(self) -> None:
        """Each kind some times, in any order: until it came about, and once more."""
        kinds = self.rng.sample(tried(), len(tried()))
        for kind in sorted(kinds, key=lambda one: one in ENDING):
            self.refused_in = set()
            before = self.done[kind]
            for number in range(1, TRIES + 1):
                is_done = self.act(kind)
                if number >= LEAST and self.done[kind] > before:
                    break
                if not is_done:
                    self.refused_in.update(self.states[:1])
        self.refused_in = set()

    def act(self, kind: str) -> bool:
        """Whether it came about. Raises AssertionError where that is what one person may not."""
        self.at += timedelta(seconds=self.rng.randint(5, 60))
        self.states, ran = [], set[str]()
        since = _last()
        with noted(ran):
            is_done = self._tried(kind)
        self.learned.tell(kind, self.states, is_done)
        if is_done:
            self.check(kind, ran | {kind}, since)
        return is_done

    def _tried(self, kind: str) -> bool:
        command = alone.commands()[kind]
        given = self.giver.arguments(kind, command, self.at)
        by = {"actor": self.actor(), "at": self.at, "command_id": new_command_id()}
        try:
            with transaction.atomic():
                command(**given, **by)
        except (DomainError, Error):  # said in words, or refused by the tables themselves
            self.refused[kind] += 1
            return False
        except Exception as error:
            self.broken[kind] = f"{type(error).__name__}: {error}"
            return False
        self.done[kind] += 1
        return True

    def do(self, kind: str, **given: Any) -> None:
        """An act with what is said, under the first of one's posts. Raises what refuses it, and
        AssertionError where it brought about what one person may not."""
        self.at += timedelta(minutes=1)
        since, ran = _last(), {kind}
        by = {"actor": self.house.actor(self.solo), "at": self.at, "command_id": new_command_id()}
        with noted(ran):
            alone.commands()[kind](**given, **by)
        self.check(kind, ran, since)

    def is_refused(self, acts: Callable[["Walk"], None]) -> bool:
        """Whether some acts are refused. What came about before that is undone."""
        try:
            with transaction.atomic():
                acts(self)
        except DomainError:
            self.before = Picture()
            return True
        return False

    def check(self, name: str, ran: set[str], since: int) -> None:
        now = Picture()
        found = unaccounted(differences(self.before, now, self.at), ran, since, self.solo.id)
        self.before = now
        assert not found, f"{name}: {found}"

    def hear(self) -> None:
        """What follows of what was done: by the system, and told as the rest."""
        since, ran = _last(), set[str]()
        with noted(ran):
            while deliver_all(self.at):
                pass
        self.check("deliveries", ran, since)


def _last() -> int:
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
