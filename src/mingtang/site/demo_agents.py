"""The demo's agent: a letter on a project of the library, a plan, acts, and a firm that surveys.

Moments are counted back from the day of loading; firm and owner are made up.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.base.clock import legal_date
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.projects.services import acting, agency, intermediaries
from mingtang.regions import queries as regions

OFFICE, AGENT = "xiangmu", "daiban"
PROJECT = "贺村镇木门生产线项目"
FIRM = ("91350100M000100Y43", "江山演示勘测有限公司")
ALL = ("approval", "convenience", "public", "intermediary")
ACT = Callable[[str, datetime], Actor]


def load(at: datetime, *, actor_of: ACT, command_id: Callable[[str], str]) -> None:
    """Nothing where the library has no such project, or where the agent had no post yet."""
    project_id = _project()
    is_there = actor_of(AGENT, at - timedelta(days=31)).organisation_id is not None
    if project_id is not None and is_there:
        _Life(at, actor_of, command_id).tell(project_id)


def _project() -> int | None:
    for stream in ledger.streams_of("project"):
        if ledger.first_facts(stream).get("name") == PROJECT:
            return int(stream.removeprefix("project:"))
    return None


class _Life:
    def __init__(self, at: datetime, actor_of: ACT, command_id: Callable[[str], str]) -> None:
        self.at, self.actor_of, self.command_id, self.step = at, actor_of, command_id, 0

    def ago(self, days: int) -> date:
        """The day of what is done so long ago, within the hour before: never a later one."""
        return legal_date(self.at - timedelta(days=days, hours=1))

    def by(self, who: str, days: int) -> dict[str, Any]:
        self.step += 1
        moment = self.at - timedelta(days=days, minutes=60 - self.step)
        key = self.command_id(f"agents/{self.step}")
        return {"actor": self.actor_of(who, moment), "at": moment, "command_id": key}

    def tell(self, project_id: int) -> None:
        """Drawn and signed thirty days ago; one step done, one act waits, a survey is late."""
        agent = accounts.person_by_username(AGENT)
        assert agent is not None
        drawn = agency.draw_letter(
            project_id=project_id,
            agent_id=agent.id,
            services=ALL,
            valid_from=self.ago(30),
            valid_to=self.ago(-335),
            **self.by(OFFICE, 30),
        )
        letter = int(drawn["letter_id"])
        signed = {"owner_signed_date": self.ago(30), "agent_signed_date": self.ago(30)}
        agency.sign(letter_id=letter, owner_signer="姜大成", **signed, **self.by(OFFICE, 30))
        self._acts(letter)
        self._survey(project_id)

    def _acts(self, letter: int) -> None:
        plans = (("填写申报表，备齐材料", 20), ("领取施工许可证", -60))
        steps = [
            acting.plan(
                letter_id=letter,
                name=name,
                service="approval",
                planned_date=self.ago(days),
                **self.by(AGENT, 29),
            )["step"]
            for name, days in plans
        ]
        acting.note_act(
            letter_id=letter,
            step_id=int(steps[0]),
            kind="check_papers",
            action="逐份核对申报材料，缺的一次列清",
            acted_date=self.ago(21),
            result="材料齐全",
            is_step_done=True,
            **self.by(AGENT, 21),
        )
        acting.note_act(
            letter_id=letter,
            kind="chase",
            service="public",
            action="到供电部门问用电接入的排期",
            acted_date=self.ago(6),
            problem="线路走向要与道路施工错开",
            **self.by(AGENT, 6),
        )

    def _survey(self, project_id: int) -> None:
        code, name = FIRM
        made = intermediaries.register(
            name=name, credit_code=code, trade="survey", **self.by(OFFICE, 40)
        )
        intermediaries.engage(
            project_id=project_id,
            intermediary_id=int(made["intermediary_id"]),
            commissioner="owner",
            organisation_id=regions.organisation_by_code("ghj").id,
            name="地形测绘",
            started_date=self.ago(25),
            promised_date=self.ago(5),
            price_cents=38_000_00,
            **self.by(AGENT, 25),
        )
