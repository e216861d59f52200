"""The life of one simulated case: what each person does next, and when they do it."""

from collections.abc import Iterator
from datetime import datetime

from mingtang.cases import services
from mingtang.cases.rules import State
from mingtang.site.simulate.lives.ending import Ending
from mingtang.site.simulate.planning import Fate

TAKEN_BACK = 0.5  # of those who withdraw do so before anybody looked
GOES_ON = frozenset({State.ACCEPTED, State.REVIEWING, State.PAUSED})
HAS_RESULT = frozenset({State.GRANTED, State.REFUSED, State.DEEMED_GRANTED})


class Life(Ending):
    """Runs as a chain of waits: each yield is the moment of the next act."""

    def run(self) -> Iterator[datetime]:
        if not self._file():
            return
        fate = self.plan.fate
        if fate is Fate.WITHDRAWN and self.rng.random() < TAKEN_BACK:
            yield self.at_home(0, 2)
            self._withdraw()
            return
        if self.plan.channel == "online":
            is_forgotten = fate is Fate.FORGOTTEN
            # meanwhile the law has accepted what was forgotten, where the law does
            yield self.later(7, 9) if is_forgotten else self.later(0, 2)
            if self.state() is State.SUBMITTED:
                self._do(services.receive, self.window)
        yield from self._to_acceptance()
        if self.state() in GOES_ON:
            yield from self._to_decision()
        if self.state() in HAS_RESULT:
            yield from self._to_delivery()
