"""A hall where a case ran over, and those who watch."""

from datetime import date

from mingtang.accounts.rules import Role
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from mingtang.supervision import queries, services
from mingtang.supervision.models import Card
from tests.supervision.making import moment
from tests.world import World, new_command_id

FILED = date(2013, 9, 2)


class Hall(World):
    """A case of the water office that ran over, and those who watch."""

    def __init__(self) -> None:
        super().__init__()
        post = self.people.post
        self.inspector = post("inspector", Role.INSPECTOR, self.centre)
        self.second = post("second", Role.INSPECTOR, self.centre)
        self.lead = post("lead", Role.CHIEF_REPRESENTATIVE, self.water)
        services.load_shipped_rules(
            since=date(2013, 1, 1), actor=SYSTEM, at=moment(FILED), command_id=new_command_id()
        )
        self.item_code = self.item(promised=5, statutory=20)

    def overdue(self, until: date = date(2013, 9, 17)) -> list[Card]:
        """Filed and accepted on a Monday, due in five working days; looked at until a day."""
        case = self.file(self.item_code, moment(FILED))
        self.do("receive", case, FILED, self.clerk)
        self.do("accept", case, FILED, self.clerk)
        self.case = case
        self.tick(until)
        return queries.for_subject(case.stream)

    def do(self, verb, case, on, person, /, **more):
        from mingtang.cases import services as cases

        self.do_with(getattr(cases, verb), person, on, case_id=case.id, **more)

    def do_with(self, command, person, on, **more):
        at, actor = moment(on), self.actor(person)
        command(actor=actor, at=at, command_id=new_command_id(), **more)

    def tick(self, on: date) -> None:
        at = moment(on, 23)
        deliver_all(at)
        services.sweep(at)
        deliver_all(at)

    def supervise(self, verb, person, on=date(2013, 9, 18), **more):
        return getattr(services, verb)(
            actor=self.actor(person), at=moment(on), command_id=new_command_id(), **more
        )
