"""A township and a village of the small world, with people at their counters, and an item that the
township examines before the county's department decides."""

from datetime import datetime
from typing import Any

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.regions.models import Organisation, Region
from tests.world import SINCE, World, new_command_id, plain

FIRST = {"step_key": "pre_examination"}
SEEN = {"opinion": "入户看过，情况属实。"}


class Town:
    """贺村镇 and 四都镇, each with a counter and a handler; a village of the first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hecun = self._unit("town-121", "121", "江山市贺村镇人民政府", "330881121000")
        self.sidu = self._unit("town-102", "104", "江山市四都镇人民政府", "330881102000")
        self.village = self._unit(
            *("village-121228", "228", "江山市贺村镇礼贤村", "330881121228"),
            kind="village",
            parent=self.hecun.region,
        )
        post = world.people.post
        self.counter = post("town-counter", Role.GENERAL_CLERK, self.hecun)
        self.handler = post("town-handler", Role.HANDLER, self.hecun)
        self.mayor = post("town-mayor", Role.APPROVER, self.hecun)
        self.neighbour = post("sidu-handler", Role.HANDLER, self.sidu)
        self.villager = post("village-counter", Role.GENERAL_CLERK, self.village)

    def _unit(
        self,
        code: str,
        unit3: str,
        name: str,
        region: str,
        kind: str = "township",
        parent: Any = None,
    ) -> Organisation:
        made = self.world.organisation(code, unit3, name, kind=kind)
        made.region = Region.objects.create(
            code=region,
            name=name[3:],
            level=kind,
            parent=parent or self.world.region,
            valid_from=SINCE,
            source="测试",
        )
        made.save(update_fields=["region"])
        return made

    def item(self, code: str = "330881-xc", **cells: Any) -> str:
        """Promised in 8 working days of the report, statutory 20; examined in 20 by the law."""
        told = {"name": "乡村建设规划许可证核发", "pre_examined_by": "乡镇（街道）"}
        return self.world.item(code, **{"promised": 8, "statutory": 20, **told, **cells})

    def file(self, item: str, at: datetime, person: Person | None = None, **more: Any) -> Case:
        """Filed online, for 贺村镇."""
        return self.world.file(item, at, person, **{"township_id": self.hecun.id, **more})

    def take_in(self, item: str, at: datetime, who: Person, channel: str, **more: Any) -> Case:
        answer = services.take_in(
            item_code=item,
            applicant=self.world.applicant(),
            answers=plain("建村文化礼堂。"),
            channel=channel,
            actor=self.world.actor(who),
            at=at,
            command_id=new_command_id(),
            **more,
        )
        return Case.objects.get(id=int(answer["case_id"]))

    def act(self, who: Person, command: Any, case: Case, at: datetime, **more: Any) -> Any:
        answer = self.world.act(who, command, case, at, **more)
        case.refresh_from_db()
        return answer

    def bring(self, case: Case, state: str, at: datetime) -> Case:
        """Bring a case that was filed online to a state of the first level."""
        way = [
            ("received", self.counter, services.receive, {}),
            ("accepted", self.counter, services.accept, {}),
            ("claimed", self.handler, services.claim, FIRST),
            ("referred", self.handler, services.refer_up, {**FIRST, **SEEN}),
        ]
        for reached, who, command, more in way:
            self.act(who, command, case, at, **more)
            if reached == state:
                break
        return case
