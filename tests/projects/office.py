"""An office of major projects, the units it works with, and a project on its way."""

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.files.services import StoredFile, store
from mingtang.joint.models import Route, RouteEdition
from mingtang.joint.rules.route import Need, Node, NodeKind, Stage, content_of
from mingtang.joint.rules.route import Route as Way
from mingtang.projects import services
from mingtang.projects.models import Project
from mingtang.projects.rules.progress import CENTS_OF_WAN
from tests.papers import png
from tests.world import World, morning, new_command_id

WAY = Way(
    (
        Stage(
            "start",
            "立项用地",
            (
                Node("filing", "项目备案", organisation="slj"),
                Node("land", "用地预审", organisation="ghj", needs=(Need("filing"),)),
                Node("note", "地震安评", kind=NodeKind.OWNER_INTERMEDIARY, is_required=False),
            ),
        ),
        Stage("build", "施工许可", (Node("permit", "施工许可证", organisation="ghj"),)),
    )
)


def a_picture(name: str = "现场.png", shade: int = 90) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(shade), "image/png")


class Office(World):
    """The office of major projects, a unit that answers for projects, those who watch."""

    def __init__(self) -> None:
        super().__init__()
        post = self.people.post
        self.reform = self.organisation("fgj", "001", "江山市发展和改革局")
        self.office = post("office", Role.PROJECT_OFFICE, self.reform)
        self.leader = post("leader", Role.STEERING_GROUP, self.reform)
        self.planner = post("planner", Role.HANDLER, self.planning)

    def do(self, verb: str, person: Person | None = None, at: datetime | None = None, **more: Any):
        return getattr(services, verb)(
            actor=self.actor(person or self.office),
            at=at or morning(2013, 3, 1),
            command_id=new_command_id(),
            **more,
        )

    def content(self, **more: Any) -> dict[str, Any]:
        content = {
            "name": "木门产业园一期",
            "code_scheme": "",
            "code": "",
            "owner_name": "江山某木业有限公司",
            "owner_credit_code": "",
            "owner_contact": "王某",
            "owner_phone": "13800000002",
            "industry": "木材加工",
            "place_id": self.region.id,
            "land_square_metres": 66_000,
            "scale": "新建厂房 5 万平方米",
            "investment_cents": 12_000 * CENTS_OF_WAN,
            "type": "new",
            "funds": "企业自筹",
            "start_year": 2013,
            "end_year": 2015,
            "responsible_id": self.water.id,
            "responsible_person": "陈某",
            "liaison_leader": "李某",
        }
        return content | more

    def enter(self, **more: Any) -> Project:
        made = self.do("enter", content=self.content(**more))
        return Project.objects.get(id=int(made["project_id"]))

    def file(self, name: str = "审议同意.png") -> StoredFile:
        return store(a_picture(name), command_id=new_command_id())

    def admitted(self, at: datetime | None = None, **more: Any) -> Project:
        project = self.enter(**more)
        at = at or morning(2013, 3, 1)
        self.do(
            "admit",
            at=at,
            project_id=project.id,
            approval_number="江政办〔2013〕8号",
            approval_date=date(2013, 2, 28),
            file=self.file(),
        )
        project.refresh_from_db()
        return project

    def report(self, project: Project, month: int, done: int, year_sum: int, **more: Any):
        at = more.pop("at", morning(2013, month, 25))
        return self.do(
            "report_month",
            more.pop("person", self.handler),
            at,
            project_id=project.id,
            year=more.pop("year", 2013),
            month=month,
            done_cents=done * CENTS_OF_WAN,
            year_cents=year_sum * CENTS_OF_WAN,
            progress="基础完成",
            **more,
        )

    def route(self, way: Way = WAY) -> RouteEdition:
        route = Route.objects.create(code="enterprise", name="企业投资项目")
        edition = RouteEdition.objects.create(
            route=route,
            number=1,
            content=content_of(way),
            content_hash="0" * 64,
            published_at=morning(2013, 1, 4),
            published_by_label="测试",
        )
        Route.objects.filter(id=route.id).update(current_edition=edition)
        return edition
