"""A hall with windows, a month of cases in it, and schemes that are switched on."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from mingtang.accounts.models import Person, Post
from mingtang.accounts.rules import Role
from mingtang.assessment import services
from mingtang.assessment.rules.schemes import Scheme
from mingtang.assessment.rules.written import written
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import Entry, record_all
from mingtang.regions.models import Centre, SubCentre, Window
from tests.world import World, morning, new_command_id

OPENED = morning(2013, 10, 9)
MONTH = "2013-09"


class Office:
    """Whoever works with assessment, and what they do without ceremony."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hall = Centre.objects.create(
            name="江山市行政服务中心", region=world.region, level="county",
            organisation=world.centre,
        )  # fmt: skip
        self.sub = SubCentre.objects.create(
            centre=self.hall, organisation=world.planning, name="规划分中心"
        )
        make = Window.objects.create
        self.first = make(centre=self.hall, number="1", name="水利", organisation=world.water)
        self.second = make(
            centre=self.hall, sub_centre=self.sub, number="1", name="规划",
            organisation=world.planning,
        )  # fmt: skip
        Post.objects.filter(person=world.clerk).update(window_id=self.first.id)
        Post.objects.filter(person=world.colleague).update(window_id=self.second.id)
        post = world.people.post
        self.reform = post("reform", Role.REFORM_OFFICE, world.centre)
        self.inspector = post("inspector", Role.INSPECTOR, world.centre)
        self.lead = post("lead", Role.WINDOW_LEAD, world.water)
        self.planning_lead = post("planning-lead", Role.WINDOW_LEAD, world.planning)

    def do(self, who: Person, command: Any, at: datetime = OPENED, /, **content: Any) -> Any:
        by = {"actor": self.world.actor(who), "at": at, "command_id": new_command_id()}
        return command(**{**by, **content})

    def use(self, scheme: Scheme) -> Scheme:
        """Write a scheme and switch it on."""
        kept = self.do(
            self.world.manager, services.write_scheme, content=written(scheme), based_on=None
        )
        self.do(self.world.manager, services.switch, code=scheme.code, version=kept["version"])
        return scheme

    def open(self, scheme: Scheme, at: datetime = OPENED, period: str = MONTH) -> Any:
        return self.do(
            self.world.manager, services.open_period, at, code=scheme.code, period=period
        )

    def tell(self, stream: str, kind: str, on: date, **facts: Any) -> None:
        """An event of an app that is not asked: only its facts count."""
        with transaction.atomic():
            record_all(
                [Entry(stream, kind, facts, on)], actor=SYSTEM, at=OPENED,
                command_id=new_command_id(),
            )  # fmt: skip

    def card(self, number: int, colour: str, on: date, **facts: Any) -> None:
        unit = {"organisation_id": str(self.world.water.id), "rule_code": "TIME_PROMISE_OVER"}
        self.tell(f"card:{number}", "card.raised", on, colour=colour, **{**unit, **facts})


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)
