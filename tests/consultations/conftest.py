"""An office that asks the public, and the people of its review chain."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from mingtang.consultations import services
from mingtang.consultations.models import Activity
from mingtang.consultations.rules.life import Kind, Plan
from mingtang.consultations.rules.survey import read_questions
from mingtang.disclosure import services as disclosure
from mingtang.ledger.services import deliver_all
from tests.disclosure.conftest import Office
from tests.world import World, new_command_id

TITLE = "农村饮用水管理办法（征求意见稿）"
OPINIONS = Plan(
    kind=Kind.OPINIONS,
    title=TITLE,
    text="第一条 为了保障饮用水安全，制定本办法。\n\n第二条 水费按量收取。",
    explanation="现行办法已经十年没有修改。",
    days=30,
)
INTERVIEW = Plan(
    kind=Kind.INTERVIEW,
    title="局长谈农村饮用水",
    text="今年的饮用水工程办得怎样",
    guests="市水利局局长",
)
SURVEY = Plan(
    kind=Kind.SURVEY,
    title="饮用水满意度调查",
    text="请告诉我们家里的水怎么样。",
    days=15,
    questions=read_questions(
        "您满意吗？\n- 满意\n- 不满意\n"
        "多选：哪些要改进？\n- 水压\n- 水质\n- 收费\n文字：还想说什么？"
    ),
)


@dataclass
class Desk:
    """The office with its chain, and one way to say each act."""

    office: Office
    at: datetime

    def by(self, person: Any = None, at: datetime | None = None) -> dict[str, Any]:
        actor = self.office.world.actor(person or self.office.contact)
        return {"actor": actor, "at": at or self.at, "command_id": new_command_id()}

    def draft(self, plan: Plan = OPINIONS) -> Activity:
        if plan.kind is Kind.INTERVIEW and plan.held_at is None:
            held = self.at + timedelta(days=3)
            plan = replace(plan, held_at=held, held_until=held + timedelta(hours=1))
        made = services.draft(organisation_id=self.office.organ.id, plan=plan, **self.by())
        return self.one(made["activity_id"])

    def one(self, activity_id: Any) -> Activity:
        return Activity.objects.get(id=int(activity_id))

    def publish(self, publication_id: int, at: datetime | None = None) -> None:
        """The whole chain, by three people, and what follows from it."""
        item = self.office.item(publication_id)
        by = {"at": at or self.at}
        bound = self.office.bound(item)
        disclosure.submit(**bound, **self.by(at=at) | by)
        disclosure.review(**bound, **self.by(self.office.worker, at) | by)
        disclosure.publish(**bound, **self.by(self.office.head, at) | by)
        deliver_all(at or self.at)

    def opened(self, plan: Plan = OPINIONS) -> Activity:
        made = self.draft(plan)
        self.publish(made.notice_id)
        return self.one(made.id)

    def say(self, activity: Activity, text: str = "第二条水费太贵了", **more: Any) -> int:
        fields = {**self.by(), "at": self.at + timedelta(hours=1), **more}
        return int(services.comment(activity_id=activity.id, text=text, **fields)["number"])

    def keep(self, activity: Activity, number: int, text: str = "水费太贵") -> None:
        services.moderate(activity_id=activity.id, number=number, public_text=text, **self.by())

    def judge(self, activity: Activity, number: int, verdict: str = "adopted") -> None:
        services.answer(
            activity_id=activity.id,
            number=number,
            verdict=verdict,
            text="第二条已经修改。",
            **self.by(),
        )

    @property
    def over(self) -> datetime:
        """A moment after every term, before the limit of the result."""
        return self.at + timedelta(days=32)


@pytest.fixture
def ask(world: World, at: datetime) -> Desk:
    return Desk(Office(world, at), at)
