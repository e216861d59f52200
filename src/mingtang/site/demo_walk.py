"""The demo's cases: the main job, run through the real commands, and what came of it.

Moments are counted back from now in days, so that the desk always has something due.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.base.clock import legal_date
from mingtang.base.marks import mark, marked
from mingtang.cases import queries as case_queries
from mingtang.cases import services as cases
from mingtang.cases.rules import ApplicantKind, HandOverWay, State, Verb
from mingtang.catalogue import queries as catalogue
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import deliver_all
from mingtang.regions import queries as regions
from mingtang.site.demo import CITIZENS, ENTERPRISE, command_id

HANDLED_AFTER = timedelta(hours=2)


@dataclass(frozen=True)
class DemoCase:
    """One case of the demo: what for, by whom, how many days ago, how far it has come."""

    item: str
    office: str
    summary: str
    days_ago: int
    until: str
    by_enterprise: bool = False


WALK = (
    DemoCase("取水许可", "shuili", "在峡口镇打井一口，灌溉果园。", 9, "delivered"),
    DemoCase("个体工商户开业登记", "gongshang", "在江滨路开一家小吃店。", 7, "delivered"),
    DemoCase(
        "建设工程规划许可证核发", "guihua", "新建二号厂房。", 12, "examined", by_enterprise=True
    ),
    DemoCase("取水许可", "shuili", "厂区生产用水。", 6, "granted", by_enterprise=True),
    DemoCase("取水许可", "shuili", "贺村镇养殖场用水。", 8, "refused"),
    DemoCase("取水许可", "shuili", "凤林镇茶园喷灌取水。", 5, "claimed"),
    DemoCase(
        "有限责任公司变更登记", "gongshang", "变更公司住所。", 3, "accepted", by_enterprise=True
    ),
    DemoCase("取水许可", "shuili", "大陈乡村集中供水工程。", 1, "received"),
    DemoCase("个体工商户变更登记", "gongshang", "变更经营场所。", 0, "submitted"),
)
UNITS = {"shuili": "slj", "gongshang": "gsj", "guihua": "ghj"}  # sign-in prefix → organisation
WAY = ("received", "accepted", "claimed", "examined", "decided", "delivered")
LAST = {"submitted": 0, "granted": 5, "refused": 5} | {act: n for n, act in enumerate(WAY, 1)}


def walk(at: datetime) -> Iterator[str]:
    """Run the main job once per installation; says what it did, line by line."""
    if marked("demo_walk"):
        yield "演示数据已在，保留原样。"
        return
    yield "用真实命令办理演示办件："
    for place, case in enumerate(WALK):
        yield _Walker(case, place, at).go()
    deliver_all(at)
    mark("demo_walk", "yes", at)


def _actor(username: str, at: datetime) -> Actor:
    person = accounts.person_by_username(username)
    scope = accounts.scope_of(person, legal_date(at))
    return accounts.actor_of(scope, scope.grants[0] if scope.grants else None)


class _Walker:
    """Takes one demo case from act to act."""

    def __init__(self, plan: DemoCase, place: int, now: datetime) -> None:
        self.plan, self.place = plan, place
        self.at = min(now - timedelta(days=plan.days_ago), now)
        self.now = now
        unit = regions.organisation_by_code(UNITS[plan.office])
        self.code = (
            catalogue.search_items(on=legal_date(now), text=plan.item, department=unit.id)
            .items[0]
            .code
        )
        self.case_id, self.number = 0, ""

    def go(self) -> str:
        """File the case and take it as far as the plan says. One line about it."""
        answer = self._submit()
        self.case_id, self.number = int(answer["case_id"]), str(answer["number"])
        told = [State.SUBMITTED.label]
        for act in WAY[: LAST[self.plan.until]]:
            self.at = min(self.at + HANDLED_AFTER, self.now)
            answer = getattr(self, f"_{act}")()
            told.append(State(answer["state"]).label)
        return f"  {answer['number']}  {self.plan.item}：{' → '.join(dict.fromkeys(told))}"

    def _by(self, username: str, act: str) -> dict[str, Any]:
        return {
            "actor": _actor(username, self.at),
            "at": self.at,
            "command_id": command_id(f"case/{self.place}/{act}"),
        }

    def _act(self, username: str, act: str) -> dict[str, Any]:
        return {**self._by(username, act), "case_id": self.case_id}

    def _submit(self) -> dict[str, Any]:
        username, name, number, phone = CITIZENS[1 if self.plan.by_enterprise else 0]
        kind = ApplicantKind.NATURAL
        if self.plan.by_enterprise:
            kind, (number, name) = ApplicantKind.LEGAL, ENTERPRISE
        person = accounts.person_by_username(username)
        return cases.submit(
            item_code=self.code,
            applicant=cases.Applicant(
                kind=kind,
                name=name,
                identity_number=number,
                phone=phone,
                address="浙江省江山市",
                person_id=person.id if person else None,
            ),
            summary=self.plan.summary,
            files=[],
            channel="online",
            **self._by(username, "submit"),
        )

    def _received(self) -> dict[str, Any]:
        return cases.receive(**self._act("chuangkou", "receive"))

    def _accepted(self) -> dict[str, Any]:
        return cases.accept(**self._act("chuangkou", "accept"))

    def _claimed(self) -> dict[str, Any]:
        return self._claim(self._steps()[0])

    def _examined(self) -> dict[str, Any]:
        first, *others = self._steps()
        answer = self._examine(first)
        for key in others:
            self._claim(key)
            answer = self._examine(key)
        return answer

    def _steps(self) -> list[str]:
        case = case_queries.filed_case(self.number)
        return [step.key for step in case_queries.steps_of(case)]

    def _claim(self, key: str) -> dict[str, Any]:
        by = self._act(f"{self.plan.office}-cb", f"claim/{key}")
        return cases.claim(step_key=key, **by)

    def _examine(self, key: str) -> dict[str, Any]:
        by = self._act(f"{self.plan.office}-cb", f"examine/{key}")
        return cases.examine(step_key=key, opinion="材料齐全，符合条件。", **by)

    def _decided(self) -> dict[str, Any]:
        if self.plan.until == "refused":
            return cases.decide(
                verb=Verb.REFUSE,
                reason="所在河段已无可分配的取水指标。",
                legal_basis="《取水许可和水资源费征收管理条例》",
                **self._act(f"{self.plan.office}-sp", "refuse"),
            )
        return cases.decide(
            verb=Verb.GRANT, reason="符合法定条件。", **self._act(f"{self.plan.office}-sp", "grant")
        )

    def _delivered(self) -> dict[str, Any]:
        return cases.hand_over(
            way=HandOverWay.WINDOW, note="本人领取", **self._act("chuangkou", "hand_over")
        )


def summary() -> dict[str, Any]:
    """What the installation holds: the demo's last line."""
    found = ledger.verify()
    size, places = catalogue.size(), regions.counts()
    return {
        "items": size["items"],
        "published": size["published"],
        "editions": size["editions"],
        "organisations": places["organisations"],
        "regions": places["regions"],
        "cases": case_queries.states_count(),
        "events": found.events,
        "ledger_ok": found.is_ok,
    }
