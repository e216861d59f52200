"""A clean-up campaign in a small world: who leads it, who answers, and a short way to each act."""

from collections.abc import Mapping, Sequence
from typing import Any

from mingtang.accounts.rules import Role
from mingtang.catalogue import services
from mingtang.catalogue.models import Campaign, Item
from mingtang.ledger.rules import Actor
from tests.world import World, morning, new_command_id

Rows = Sequence[Mapping[str, str]]
OPENED = (2013, 3, 4)


class Cleaning:
    """The reform office with two people, and a contact at each of two departments."""

    def __init__(self, world: World) -> None:
        self.world = world
        post = world.people.post
        self.office = world.organisation("sgb", "091", "江山市审改办", kind="other")
        self.author = post("author", Role.REFORM_OFFICE, self.office)
        self.second = post("second", Role.REFORM_OFFICE, self.office)
        self.contact = post("contact", Role.SECTION_CONTACT, world.water)
        self.planner = post("planner", Role.SECTION_CONTACT, world.planning)
        self.town = world.organisation("hecun", "121", "江山市贺村镇", kind="township")
        self.campaign_id = 0

    def start(self, **more: Any) -> Campaign:
        content = {
            "title": "非行政许可审批事项清理",
            "scope_kind": "non_permit_approval",
            "lead_id": self.office.id,
            "organisation_ids": [self.world.water.id, self.world.planning.id],
            "report_due_date": "2013-04-30",
        }
        made = self.act(services.start_campaign, at=morning(*OPENED), **(content | more))
        self.campaign_id = int(made["campaign_id"])
        return self.campaign

    @property
    def campaign(self) -> Campaign:
        return Campaign.objects.get(id=self.campaign_id)

    def act(self, command: Any, by: Any = None, at: Any = None, **content: Any) -> dict[str, Any]:
        return command(
            actor=self.actor(by or self.author),
            at=at or morning(2013, 5, 6),
            command_id=new_command_id(),
            **content,
        )

    def on(self, command: Any, by: Any = None, **content: Any) -> dict[str, Any]:
        """An act on the campaign that was started."""
        return self.act(command, by, campaign_id=self.campaign_id, **content)

    def actor(self, person: Any) -> Actor:
        return self.world.actor(person)

    def report(self, *names: str, unit: Any = None, by: Any = None, **codes: str) -> None:
        rows = [{"name": name, "task_code": codes.get(name, "")} for name in names]
        unit = unit or self.world.water
        by = by or (self.contact if unit == self.world.water else self.planner)
        self.on(services.report, by, organisation_id=unit.id, rows=rows)

    def accept(self, *units: Any) -> None:
        chosen = units or (self.world.water, self.world.planning)
        self.on(services.accept_reports, organisation_ids=[one.id for one in chosen])

    def inventory(self, *names: str, **codes: str) -> Campaign:
        """So many entries of the water department, ready to be decided."""
        self.start()
        self.report(*names, **codes)
        self.report(unit=self.world.planning)
        self.accept()
        self.on(services.close_inventory)
        return self.campaign

    def decide(self, *rows: Mapping[str, str], by: Any = None) -> None:
        self.on(services.decide, by, rows=[whole(row) for row in rows])

    def finish(self) -> None:
        self.on(services.freeze, self.second)
        self.on(services.announce)

    def item(self, code: str, name: str, **more: Any) -> Item:
        return Item.objects.get(code=self.world.item(code=code, name=name, kind="11", **more))


def whole(row: Mapping[str, str]) -> dict[str, str]:
    """A decision with basis and day."""
    return {"basis": "国发〔2012〕52号第一条", "effective_date": "2013-05-01"} | dict(row)
