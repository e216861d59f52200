"""A service of agents: an office of major projects, two agents, a project and its owner."""

from datetime import date, datetime, timedelta
from typing import Any

from mingtang.accounts.models import Mandate, Person
from mingtang.accounts.rules import Role
from mingtang.base.clock import LEGAL_ZONE
from mingtang.files.models import Upload
from mingtang.joint.rules.route import NodeKind
from mingtang.projects.models import AgencyLetter, Engagement, Intermediary, NodePlan, Project
from mingtang.projects.services import acting, agency, agent_filing, intermediaries
from tests.world import World, new_command_id

OWNER_CODE, OTHER_CODE = "113325000026455663", "91110000600037341L"
NODES = (
    ("eia", "环境影响评价", NodeKind.CASE),
    ("land", "用地审批", NodeKind.CASE),
    ("survey", "勘察测绘", NodeKind.OWNER_INTERMEDIARY),
    ("power", "用电接入", NodeKind.UTILITY),
)

ROOMS = (acting, agency, agent_filing, intermediaries)


def moment(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LEGAL_ZONE)


class Bureau(World):
    """Tuesday 17 September 2013 is the day on which things begin."""

    start = date(2013, 9, 17)

    def __init__(self, world: World | None = None) -> None:
        """A world of its own, or one that is there."""
        if world is None:
            super().__init__()
        else:
            vars(self).update(vars(world))
        post = self.people.post
        self.office = post("office", Role.PROJECT_OFFICE, self.centre)
        self.agent = post("agent", Role.AGENT, self.centre)
        self.second = post("second", Role.AGENT, self.centre)
        self.owner = self.citizen
        Mandate.objects.create(
            proxy=self.owner,
            credit_code=OWNER_CODE,
            enterprise_name="江山市某木业有限公司",
            valid_from=date(2010, 1, 1),
        )
        self.project = self.make_project()

    def make_project(self, name: str = "年产十万套木门项目", **more: Any) -> Project:
        """A project in the library, with four nodes planned ten days apart."""
        at = moment(date(2013, 9, 2))
        paper = Upload.objects.create(
            subject="project:new",
            original_name="同意文件.pdf",
            storage_key=new_command_id(),
            media_type="application/pdf",
            size_bytes=1,
            sha256="0" * 64,
            uploaded_at=at,
        )
        fields: dict[str, Any] = {
            "name": name,
            "owner_name": "江山市某木业有限公司",
            "owner_credit_code": OWNER_CODE,
            "industry": "C2032 木门窗制造",
            "place": self.region,
            "investment_cents": 64_740_000_00,
            "type": "new",
            "start_year": 2013,
            "end_year": 2014,
            "responsible": self.planning,
            "approval_number": "江发改〔2013〕1号",
            "approval_date": date(2013, 9, 2),
            "approval_paper": paper,
            "state": "in_library",
            "stage": "立项",
            "entered_at": at,
            "entered_by": self.office,
            "admitted_at": at,
            "admitted_by": self.office,
            **more,
        }
        project = Project.objects.create(**fields)
        NodePlan.objects.bulk_create(
            NodePlan(
                project=project,
                key=key,
                stage="立项",
                name=label,
                position=place,
                kind=kind.value,
                planned_start_date=self.start,
                planned_end_date=self.start + timedelta(days=10 * (place + 1)),
            )
            for place, (key, label, kind) in enumerate(NODES)
        )
        return project

    def do(
        self, command: str, who: Person | None = None, on: date | None = None, **content: Any
    ) -> dict[str, Any]:
        """A command of the app, by the agent where nobody else is named."""
        actor = content.pop("actor", None) or self.actor(who or self.agent)
        room = next(one for one in ROOMS if hasattr(one, command))
        result: dict[str, Any] = getattr(room, command)(
            **content,
            actor=actor,
            at=moment(on or self.start),
            command_id=new_command_id(),
        )
        return result

    def drawn(self, project: Project | None = None, **more: Any) -> AgencyLetter:
        fields: dict[str, Any] = {
            "project_id": (project or self.project).id,
            "agent_id": self.agent.id,
            "services": ["approval", "convenience", "public", "intermediary"],
            "valid_from": self.start,
            "valid_to": self.start + timedelta(days=90),
            "who": self.office,
            **more,
        }
        made = self.do("draw_letter", **fields)
        return AgencyLetter.objects.get(id=int(made["letter_id"]))

    def signed(self, project: Project | None = None, **more: Any) -> AgencyLetter:
        letter = self.drawn(project, **more)
        self.do(
            *("sign", self.office),
            letter_id=letter.id,
            owner_signer="姜大成",
            owner_signed_date=self.start,
            agent_signed_date=self.start,
        )
        letter.refresh_from_db()
        return letter

    def acted(self, letter: AgencyLetter, **more: Any) -> int:
        fields: dict[str, Any] = {
            "letter_id": letter.id,
            "kind": "chase",
            "action": "到国土局催办",
            "acted_date": self.start,
            **more,
        }
        return int(self.do("note_act", **fields)["act"])

    # ── intermediary services ─────────────────────────────────────────────────────────────────

    def firm(self, **more: Any) -> Intermediary:
        fields: dict[str, Any] = {
            "name": "衢州某测绘有限公司",
            "credit_code": OTHER_CODE,
            "trade": "survey",
            **more,
        }
        made = self.do("register", self.office, **fields)
        return Intermediary.objects.get(id=int(made["intermediary_id"]))

    def engaged(self, firm: Intermediary, **more: Any) -> Engagement:
        fields: dict[str, Any] = {
            "project_id": self.project.id,
            "intermediary_id": firm.id,
            "commissioner": "owner",
            "organisation_id": self.planning.id,
            "node": "survey",
            "started_date": self.start,
            "promised_date": self.start + timedelta(days=9),
            "price_cents": 12_000_00,
            "who": self.office,
            **more,
        }
        made = self.do("engage", **fields)
        return Engagement.objects.get(id=int(made["engagement_id"]))

    def finished(self, engagement: Engagement, on: date) -> None:
        self.do(
            *("complete", self.office, on),
            engagement_id=engagement.id,
            ended_date=on,
            result="测绘成果报告",
        )
        engagement.refresh_from_db()
