"""How somebody in the simulated year acts, and when."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.cases import queries
from mingtang.cases.rules import State
from mingtang.ledger.rules import Actor
from mingtang.site.demo import OFFICES
from mingtang.site.demo_editions import answers_to
from mingtang.site.simulate.offices import COUNTERS, TOWN_COUNTER, WINDOW, Office
from mingtang.site.simulate.planning import Fate, Plan, at_home, office_moment
from mingtang.timing.queries import open_clock

PLAIN = {"matter": {"summary": "按办事指南提交申请，材料随附。"}}


class Moving:
    """Somebody on one calendar, whose acts are commands with names of their own."""

    def __init__(self, office: Office, rng: random.Random, at: datetime, name: object) -> None:
        self.office, self.rng, self.at = office, rng, at
        self.name, self.count = name, 0

    def later(self, least: int, most: int) -> datetime:
        """Some working days on, in office hours."""
        days = self.rng.randint(least, most)
        self.at = office_moment(self.rng, self.at, self.office.calendar, days=days)
        return self.at

    def by(self, command: Callable[..., Any], actor: Actor, **content: Any) -> Any:
        self.count += 1
        name = derived_command_id("simulate", self.office.seed, self.name, self.count)
        return self.office.act(command, actor=actor, at=self.at, command_id=name, **content)


class Acting(Moving):
    """Its times and acts; each act is a command of the house."""

    def __init__(self, plan: Plan, office: Office, rng: random.Random) -> None:
        super().__init__(office, rng, plan.filed_at, plan.number)
        self.plan = plan
        self.case_id, self.number = 0, ""
        on = legal_date(plan.filed_at)
        self.answers = answers_to(plan.place.item, on, plan.number) or PLAIN

    # ── time ──────────────────────────────────────────────────────────────────────────────────

    def in_time(self, least: int, most: int) -> datetime:
        """The same, within what is left of the promise: offices look at it, but for late ones."""
        clock = None if self.plan.fate is Fate.LATE else open_clock(self.stream, "promised")
        if clock is None:
            return self.later(least, most)
        left = max(self.office.calendar.count(legal_date(self.at), clock.due_date), 0)
        return self.later(min(least, left), min(most, left))

    @property
    def stream(self) -> str:
        return f"case:{self.case_id}"

    def at_home(self, least: int, most: int) -> datetime:
        """Some days on, when people have time."""
        day = legal_date(self.at) + timedelta(days=self.rng.randint(least, most))
        self.at = max(at_home(self.rng, day), self.at + timedelta(minutes=5))
        return self.at

    # ── acts ──────────────────────────────────────────────────────────────────────────────────

    def _do(self, command: Callable[..., Any], who: str, **content: Any) -> dict[str, Any] | None:
        actor = self.office.actor(who, self.at)
        done: dict[str, Any] | None = self.by(command, actor, case_id=self.case_id, **content)
        return done

    @property
    def handler(self) -> str:
        return f"{OFFICES[self.plan.place.unit]}-cb"

    @property
    def approver(self) -> str:
        return f"{OFFICES[self.plan.place.unit]}-sp"

    @property
    def counter(self) -> str:
        return COUNTERS[self.plan.channel]

    @property
    def window(self) -> str:
        """Who receives and accepts: the township's counter where it examines first."""
        return TOWN_COUNTER if self.plan.place.is_referred else WINDOW

    @property
    def edition(self) -> Any:
        return self.office.edition(self.plan.place.item)

    def state(self) -> State:
        return queries.state_of(self.case_id)

    def now(self) -> queries.Situation:
        return queries.Situation(queries.filed_case(self.number))
