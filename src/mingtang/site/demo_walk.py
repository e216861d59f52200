"""The demo's cases: the main job, run through the real commands, and what came of it.

Moments are counted back from now in days, so that the desk always has something due.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.base.clock import legal_date
from mingtang.base.marks import mark, marked
from mingtang.cases import queries as case_queries
from mingtang.cases import services as cases
from mingtang.cases.rules import (
    ApplicantKind,
    HandOverWay,
    PauseReason,
    State,
    StepKind,
    StepStatus,
    Verb,
)
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import documents_of
from mingtang.files.services import seal_document
from mingtang.ledger import queries as ledger
from mingtang.ledger.services import deliver_all
from mingtang.regions import queries as regions
from mingtang.site.demo import CITIZENS, ENTERPRISE, OFFICES, actor_of, command_id
from mingtang.site.demo_editions import answers_to

HANDLED_AFTER = timedelta(hours=2)
COMPANION = "姜立新"


@dataclass(frozen=True)
class DemoCase:
    """One case of the demo: what for, where, how many days ago, and what was done to it."""

    item: str
    unit: str
    summary: str
    days_ago: int
    acts: tuple[str, ...]
    by_enterprise: bool = False
    township: str = ""  # the unit that examines first, where one does


_HANDLED = ("receive", "accept", "examine")
WALK = (
    DemoCase(
        *("取水许可", "slj", "在峡口镇打井一口，灌溉果园。", 9),
        (*_HANDLED, "grant", "seal", "issue", "hand_over"),
    ),
    DemoCase(
        *("个体工商户开业登记", "gsj", "在江滨路开一家小吃店。", 7),
        (*_HANDLED, "grant", "seal", "issue", "hand_over"),
    ),
    DemoCase(
        *("建设工程规划许可证核发", "ghj", "新建二号厂房。", 12),
        ("receive", "accept", "examine_first"),
        by_enterprise=True,
    ),
    DemoCase(*("取水许可", "slj", "厂区生产用水。", 6), (*_HANDLED, "grant"), by_enterprise=True),
    DemoCase("取水许可", "slj", "贺村镇养殖场用水。", 8, (*_HANDLED, "refuse")),
    DemoCase("取水许可", "slj", "凤林镇茶园喷灌取水。", 5, ("receive", "accept", "claim")),
    DemoCase(
        *("有限责任公司变更登记", "gsj", "变更公司住所。", 3),
        ("receive", "accept"),
        by_enterprise=True,
    ),
    DemoCase("取水许可", "slj", "大陈乡村集中供水工程。", 1, ("receive",)),
    DemoCase("个体工商户变更登记", "gsj", "变更经营场所。", 0, ()),
    DemoCase("取水许可", "slj", "石门镇育苗基地取水。", 4, ("receive", "ask_correction")),
    DemoCase(
        *("取水许可", "slj", "上余镇工业园取水。", 14),
        ("receive", "accept", "claim", "ask_pause", "pause"),
        by_enterprise=True,
    ),
    DemoCase(
        *("城市道路挖掘许可", "zjj", "鹿溪路敷设供水管道。", 10),
        ("receive", "accept", "charge", "examine"),
        by_enterprise=True,
    ),
    DemoCase(
        *("农村五保供养待遇审批", "mzj", "年满六十，没有子女，申请供养。", 35),
        ("receive", "accept", "claim"),
        township="town-121",
    ),
    DemoCase(
        *("乡村建设规划许可证核发（乡镇企业、公共设施和公益事业）", "ghj", "建村文化礼堂。", 9),
        ("receive", "accept", "refer_up", "bounce"),
        by_enterprise=True,
        township="town-121",
    ),
)
WINDOW = "chuangkou"
COUNTER_OF = {"town-121": "hecun-ck"}  # of a township
HANDLERS = {unit: f"{name}-cb" for unit, name in OFFICES.items()}
APPROVERS = {unit: f"{name}-sp" for unit, name in OFFICES.items()}


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


class _Walker:
    """Takes one demo case from act to act."""

    def __init__(self, plan: DemoCase, place: int, now: datetime) -> None:
        self.plan, self.place, self.count = plan, place, 0
        self.at = min(now - timedelta(days=plan.days_ago), now)
        self.now = now
        unit = regions.organisation_by_code(plan.unit)
        found = catalogue.search_items(on=legal_date(now), text=plan.item, department=unit.id)
        named = [one for one in found.items if one.name == plan.item]
        self.code = (named or found.items)[0].code
        self.case_id, self.number = 0, ""

    def go(self) -> str:
        """File the case and do what the plan says. One line about it."""
        answer = self._submit()
        self.case_id, self.number = int(answer["case_id"]), str(answer["number"])
        told = [State.SUBMITTED.label]
        for act in self.plan.acts:
            self.at = min(self.at + HANDLED_AFTER, self.now)
            answer = getattr(self, f"_{act}")() or answer  # a seal moves no case
            told.append(State(answer["state"]).label)
        return f"  {answer['number']}  {self.plan.item}：{' → '.join(dict.fromkeys(told))}"

    def _by(self, username: str) -> dict[str, Any]:
        self.count += 1
        return {
            "actor": actor_of(username, self.at),
            "at": self.at,
            "command_id": command_id(f"case/{self.place}/{self.count}"),
        }

    def _do(self, act: Callable[..., Any], username: str, **content: Any) -> dict[str, Any]:
        done: dict[str, Any] = act(case_id=self.case_id, **content, **self._by(username))
        return done

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
            answers=answers_to(self.code, legal_date(self.at), self.place)
            or {"matter": {"summary": self.plan.summary}},
            files=[],
            township_id=self._township,
            **self._by(username),
        )

    @property
    def _township(self) -> int | None:
        unit = self.plan.township
        return regions.organisation_by_code(unit).id if unit else None

    @property
    def _window(self) -> str:
        return COUNTER_OF.get(self.plan.township, WINDOW)

    def _receive(self) -> dict[str, Any]:
        return self._do(cases.receive, self._window)

    def _accept(self) -> dict[str, Any]:
        return self._do(cases.accept, self._window)

    def _ask_correction(self) -> dict[str, Any]:
        case = case_queries.filed_case(self.number)
        first = catalogue.materials_of(case.edition)[0]
        missing = [{"id": first["id"], "name": first["name"], "text": "没有签名，请签名后重交"}]
        note = "取水口位置请在图上标明，并写明取水量。"
        return self._do(cases.ask_correction, WINDOW, missing=missing, note=note)

    def _ready(self) -> list[Any]:
        now = case_queries.Situation(case_queries.filed_case(self.number))
        return [step for step in now.steps_in_force if step.status == StepStatus.READY]

    def _handler_of(self, step: Any) -> str:
        return HANDLERS[regions.organisation_card(step.organisation_id, legal_date(self.at)).code]

    def _claim(self) -> dict[str, Any]:
        step = self._ready()[0]
        return self._do(cases.claim, self._handler_of(step), step_key=step.key)

    def _examine_one(self, step: Any) -> dict[str, Any]:
        who = self._handler_of(step)
        self._do(cases.claim, who, step_key=step.key)
        companion = COMPANION if step.kind == StepKind.SITE_VISIT else ""
        opinion = "材料齐全，符合条件。"
        return self._do(cases.examine, who, step_key=step.key, opinion=opinion, companion=companion)

    def _examine_first(self) -> dict[str, Any]:
        return self._examine_one(self._ready()[0])

    def _examine(self) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        while ready := self._ready():
            for step in ready:
                answer = self._examine_one(step)
        return answer

    def _refer_up(self) -> dict[str, Any]:
        step = self._ready()[0]
        who = self._handler_of(step)
        self._do(cases.claim, who, step_key=step.key)
        opinion = "项目在村庄规划区内，选址可行，同意上报。"
        return self._do(cases.refer_up, who, step_key=step.key, opinion=opinion)

    def _bounce(self) -> dict[str, Any]:
        reason = "随件移交的设计方案少一份。"
        return self._do(cases.bounce, HANDLERS[self.plan.unit], reason=reason)

    def _ask_pause(self) -> dict[str, Any]:
        note = "取水口下游有多个用水户，须请专家审查影响。"
        why = PauseReason.EXPERT_REVIEW
        handler = HANDLERS[self.plan.unit]
        return self._do(cases.ask_pause, handler, why=why, note=note, days=15)

    def _pause(self) -> dict[str, Any]:
        return self._do(cases.pause, APPROVERS[self.plan.unit])

    def _charge(self) -> dict[str, Any]:
        case = case_queries.filed_case(self.number)
        name = catalogue.fees_of(case.edition)[0]["name"]
        return self._do(cases.charge, WINDOW, fees=[(name, 360_000)])

    def _refuse(self) -> dict[str, Any]:
        return self._do(
            cases.decide,
            APPROVERS[self.plan.unit],
            verb=Verb.REFUSE,
            reason="所在河段已无可分配的取水指标。",
            legal_basis="《取水许可和水资源费征收管理条例》",
        )

    def _grant(self) -> dict[str, Any]:
        approver = APPROVERS[self.plan.unit]
        return self._do(cases.decide, approver, verb=Verb.GRANT, reason="符合法定条件。")

    def _seal(self) -> None:
        """The approver enters that the decision was sealed."""
        unit = regions.organisation_by_code(self.plan.unit)
        name = f"{regions.name_of(unit.id, legal_date(self.at))}行政审批专用章"
        for paper in documents_of(f"case:{self.case_id}"):
            if paper.needs_seal and paper.sealed_at is None:
                by = self._by(APPROVERS[self.plan.unit])
                seal_document(document_id=paper.id, seal_name=name, **by)

    def _issue(self) -> dict[str, Any]:
        number = f"江{self.plan.unit.upper()}{self.place + 1:04}"
        return self._do(cases.issue, WINDOW, licence_number=number)

    def _hand_over(self) -> dict[str, Any]:
        return self._do(cases.hand_over, WINDOW, way=HandOverWay.WINDOW, note="本人领取")


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
