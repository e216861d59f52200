"""The small world of the tests, and cases that real commands bring as far as a bench needs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.world import World, morning, plain

from mingtang.base import ids
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import Verb

AT = morning(2013, 9, 17)
ITEM = {"statutory": 20, "promised": 5, "materials": "申请表\n身份证明"}
Act = Callable[[], object]


class Hall:
    """One item, three people, and the four acts of which every life of a case is made."""

    def __init__(self, at: datetime = AT) -> None:
        ids.lease()
        self.at, self.world = at, World()
        self.item = self.world.item(**ITEM)
        actor = self.world.actor
        self.citizen = actor(self.world.citizen)
        self.clerk, self.handler = actor(self.world.clerk), actor(self.world.handler)
        self.approver = actor(self.world.approver)
        self.applicant = self.world.applicant(self.world.citizen)

    def file(self) -> int:
        told = {"item_code": self.item, "applicant": self.applicant, "answers": plain("取水灌溉。")}
        return int(cases.submit(**told, **self._by(self.citizen))["case_id"])

    def receive(self, case_id: int) -> None:
        cases.receive(case_id=case_id, **self._by(self.clerk))

    def accept(self, case_id: int) -> None:
        cases.accept(case_id=case_id, **self._by(self.clerk))

    def claim(self, case_id: int) -> None:
        cases.claim(case_id=case_id, step_key="review", **self._by(self.handler))

    def opinion(self, case_id: int) -> None:
        told = {"case_id": case_id, "step_key": "review", "opinion": "符合条件"}
        cases.examine(**told, **self._by(self.handler))

    def decide(self, case_id: int) -> None:
        told = {"case_id": case_id, "verb": Verb.GRANT, "reason": "符合条件，同意。"}
        cases.decide(**told, **self._by(self.approver))

    def _by(self, actor: Any) -> dict[str, Any]:
        return {"actor": actor, "at": self.at, "command_id": uuid4().hex}


LIFE = ("file", "receive", "accept", "claim", "opinion", "decide")


def live(hall: Hall, case_id: int, until: str) -> Case:
    """Bring a filed case as far as an act, that one included."""
    for name in LIFE[1 : LIFE.index(until) + 1]:
        getattr(hall, name)(case_id)
    return Case.objects.get(id=case_id)


def led(hall: Hall, day: int) -> Case:
    """A life of some day, led as far as chance would have it: most are over, some are in hand."""
    hall.at = AT + timedelta(days=day)
    return live(hall, hall.file(), (*LIFE, "decide", "decide", "accept")[1 + day % 8])
