"""Simulated projects: entered, admitted, filed once for many departments, reported every month.

A project is a troupe of lives on one calendar: its own, its monthly reports, its joint matter, and
one for every case of that. All of it through the real commands.
"""

import heapq
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from mingtang.accounts import queries as accounts
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.ids import derived_command_id
from mingtang.cases.rules import GivenWay
from mingtang.catalogue import queries as catalogue
from mingtang.files.services import StoredFile, store
from mingtang.joint import queries as matters
from mingtang.joint import services as joint
from mingtang.joint.rules.parts import is_free, may_simulate
from mingtang.joint.rules.route import Node, NodeKind, route_of
from mingtang.joint.rules.states import JointState, PartStatus
from mingtang.projects import services
from mingtang.projects.rules.months import Month, first_owed
from mingtang.projects.rules.progress import CENTS_OF_WAN
from mingtang.projects.services import acting, agency, intermediaries
from mingtang.regions import queries as regions
from mingtang.site.demo import OFFICES
from mingtang.site.simulate.lives import GOES_ON, HAS_RESULT, Life
from mingtang.site.simulate.lives.acting import PLAIN, Moving
from mingtang.site.simulate.offices import WINDOW, Office
from mingtang.site.simulate.people import applicant
from mingtang.site.simulate.planning import Fate, Place, Plan, office_moment
from mingtang.timing.rules import WorkingCalendar

OFFICE, AGENT = "xiangmu", "daiban"
# Two that the city inherits by name alone, and one that is the simulation's own.
OWN = ("zhongdaqianqi", "重大前期项目")
PROGRAMMES = ("sidabaiyi", "wuweiyiti", OWN[0])
ROUTES = {"wuweiyiti": "five-stages"}  # of the others: the graph of enterprises
USUAL = "enterprise-graph"
MATTERS = ("木门生产线", "羽毛球生产", "茶油加工", "消防器材", "水泥粉磨技改", "物流仓储")
FIRM = ("91350100M000100Y43", "江山演示勘测有限公司")
BY_HAND = frozenset({
    *(NodeKind.JOINT_REVIEW, NodeKind.SITE_VISIT),
    *(NodeKind.OWNER_INTERMEDIARY, NodeKind.GOVERNMENT_INTERMEDIARY),
})  # fmt: skip
MOST_NODES = 9
WITH_AGENT, WITH_FIRM, WITH_PROBLEM, SUSPENDED, SIMULATING = 0.6, 0.5, 0.4, 0.08, 0.6
LATE_REPORT, LATE_PART = 0.12, 0.15


@dataclass(frozen=True)
class Undertaking:
    """One project to be."""

    number: int
    programme: str
    entered_at: datetime
    wan: int  # 万元

    @property
    def name(self) -> str:
        return f"{MATTERS[self.number % len(MATTERS)]}项目（模拟第{self.number}个）"


def undertakings(
    rng: random.Random, calendar: WorkingCalendar, span: tuple[date, date], count: int
) -> list[Undertaking]:
    """So many projects, dealt among the programmes, entered in the first half of the span."""
    half = max((span[1] - span[0]).days // 2, 1)
    found = []
    for number in range(count):
        day = span[0] + timedelta(days=rng.randrange(half))
        at = office_moment(rng, datetime.combine(day, time(8), LEGAL_ZONE), calendar, days=0)
        found.append((at, PROGRAMMES[number % len(PROGRAMMES)], rng.randrange(10, 400) * 100))
    return [Undertaking(n, key, at, wan) for n, (at, key, wan) in enumerate(sorted(found), 1)]


def prepare(office: Office, at: datetime) -> int:
    """What projects stand on: the programme of the simulation, a firm on the register. Returns the
    id of the firm."""
    founding = Moving(office, random.Random(0), at, "library")  # noqa: S311
    who = office.actor(OFFICE, at)
    code, name = OWN
    founding.by(services.add_programme, who, code=code, content={"name": name})
    number, firm = FIRM
    about = {"name": firm, "credit_code": number, "trade": "survey"}
    return int(founding.by(intermediaries.register, who, **about)["intermediary_id"])


class Troupe:
    """Lives that run together as one: each yield is the moment of whoever is next."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
        self._count = 0

    def add(self, life: Iterator[datetime]) -> None:
        """Let a life begin now: it runs to its first wait."""
        moment = next(life, None)
        if moment is not None:
            self._count += 1
            heapq.heappush(self._waiting, (moment, self._count, life))

    def run(self) -> Iterator[datetime]:
        while self._waiting:
            yield self._waiting[0][0]
            self.add(heapq.heappop(self._waiting)[2])


class ProjectLife(Moving):
    """One project from its entry to the end of the year."""

    def __init__(self, plan: Undertaking, office: Office, rng: random.Random, firm_id: int) -> None:
        super().__init__(office, rng, plan.entered_at, f"project/{plan.number}")
        self.plan, self.troupe, self.firm_id = plan, Troupe(), firm_id
        self.project_id, self.stands = 0, False
        self.reported: Month | None = None
        self.months: Months | None = None
        self.year_cents = 0
        self.edition = matters.route_edition(ROUTES.get(plan.programme, USUAL))

    def do(self, command: Any, who: str = OFFICE, **content: Any) -> Any:
        return self.by(command, self.office.actor(who, self.at), **content)

    def own(self, command: Any, **content: Any) -> Any:
        return self.do(command, project_id=self.project_id, **content)

    def sheet(self, name: str) -> StoredFile:
        """A plain sheet: it stands for a scan, and shows that it is none."""
        kept = io.BytesIO()
        Image.new("RGB", (64, 40), (235, 225, 205)).save(kept, "PNG")
        key = derived_command_id("simulate", self.office.seed, self.name, name)
        return store(ContentFile(kept.getvalue(), name=f"{name}.png"), command_id=key)

    def run(self) -> Iterator[datetime]:
        made = self.do(
            services.enter,
            content=self._content(),
            programmes=[self.plan.programme],
            tags=["招商引资"],
        )
        if made is None:
            return
        self.project_id = int(made["project_id"])
        yield self.later(1, 5)
        self._admit()
        if self.edition is not None:
            self.own(services.choose_route, route_edition_id=self.edition.id)
        if self.rng.random() < WITH_AGENT:
            self._agent()
        self.troupe.add(Months(self).run())
        self.troupe.add(self._course())
        yield from self.troupe.run()

    def _content(self) -> dict[str, Any]:
        year = self.at.year
        place = "330881121000"
        return {
            "name": self.plan.name,
            "owner_name": "江山市演示实业有限公司",
            "place_id": regions.region_ids_of_codes([place])[place],
            "scale": "新建厂房",
            "investment_cents": self.plan.wan * CENTS_OF_WAN,
            "type": "new",
            "start_year": year,
            "end_year": year + 2,
            "responsible_id": regions.organisation_by_code("fgj").id,
        }

    def _admit(self) -> None:
        on = legal_date(self.at)
        self.own(
            services.admit,
            approval_number=f"模拟〔{on.year}〕{self.plan.number}号",
            approval_date=on,
            file=self.sheet("approval"),
        )
        cents = self.plan.wan * CENTS_OF_WAN // 3
        self.own(services.plan_year, year=on.year, investment_cents=cents, goal="主体开工")

    def _agent(self) -> None:
        agent, on = accounts.person_by_username(AGENT), legal_date(self.at)
        if agent is None:
            return
        drawn = self.own(
            agency.draw_letter,
            agent_id=agent.id,
            services=("approval", "convenience", "public", "intermediary"),
            valid_from=on,
            valid_to=on + timedelta(days=365),
        )
        if drawn:
            letter_id = int(drawn["letter_id"])
            self.do(
                agency.sign,
                letter_id=letter_id,
                owner_signer="毛小明",
                owner_signed_date=on,
                agent_signed_date=on,
            )
            self.do(
                acting.note_act,
                AGENT,
                letter_id=letter_id,
                kind="consult",
                action="讲清要办的事项、材料和先后",
                acted_date=on,
            )

    def _course(self) -> Iterator[datetime]:
        """What befalls the project beside its reports: survey, problem, standstill, matter."""
        yield self.later(2, 10)
        if self.rng.random() < WITH_FIRM:
            yield from self._survey()
        if self.edition is not None:
            matter = Matter(self)
            yield from matter.run()
        if self.rng.random() < WITH_PROBLEM:
            yield from self._problem()
        if self.rng.random() < SUSPENDED:
            yield from self._standstill()

    def _survey(self) -> Iterator[datetime]:
        on = legal_date(self.at)
        promised = self.office.calendar.add(on, 8)
        made = self.own(
            intermediaries.engage,
            intermediary_id=self.firm_id,
            commissioner=self.rng.choice(["owner", "government"]),
            organisation_id=regions.organisation_by_code("gtj").id,
            started_date=on,
            promised_date=promised,
            price_cents=1_200_000,
            name="地形勘测",
        )
        yield self.later(5, 12)
        if made:
            self.do(
                intermediaries.complete,
                engagement_id=int(made["engagement_id"]),
                ended_date=legal_date(self.at),
                result="勘测报告已交付",
            )

    def _problem(self) -> Iterator[datetime]:
        yield self.later(1, 8)
        made = self.own(
            services.raise_problem,
            category="utility",
            text="厂区外供水管网尚未接通",
            owner_id=regions.organisation_by_code("slj").id,
            due_date=self.office.calendar.add(legal_date(self.at), 10),
        )
        yield self.later(5, 15)
        if made:
            problem = int(made["problem_id"])
            self.do(services.solve_problem, problem_id=problem, solution="管网已接通")

    def _standstill(self) -> Iterator[datetime]:
        yield self.later(1, 5)
        self.stands = bool(
            self.own(services.suspend, reason="等待用地指标", from_date=legal_date(self.at))
        )
        yield self.later(10, 30)
        self.own(services.resume, resumed_date=legal_date(self.at))
        self.stands = False
        self.troupe.add(Months(self).run())


class Months(Moving):
    """The monthly reports of a project, now and then late."""

    def __init__(self, life: ProjectLife) -> None:
        rng = random.Random(f"{life.office.seed}/months/{life.plan.number}")  # noqa: S311
        super().__init__(life.office, rng, life.at, f"{life.name}/months/{life.at:%m%d}")
        self.life = life
        life.months = self  # whoever reported before a standstill stops

    def run(self) -> Iterator[datetime]:
        day = settings.MINGTANG_PROJECT_REPORT_DAY
        month, last = first_owed(legal_date(self.at), day), self.life.reported
        if last is not None and last >= month:
            month = last.next()
        while True:
            shift = self.rng.randint(1, 4) if self.rng.random() < LATE_REPORT else -1
            due = datetime.combine(month.due(day), time(8), LEGAL_ZONE) + timedelta(days=shift)
            calendar = self.office.calendar
            self.at = office_moment(self.rng, max(due, self.at), calendar, days=0)
            yield self.at
            if self.life.stands or self.life.months is not self:
                return  # others begin when it goes on
            done = self.rng.randint(1, 40) * CENTS_OF_WAN
            before = 0 if month.number == 1 else self.life.year_cents
            self.life.reported, self.life.year_cents = month, before + done
            self.by(
                services.report_month,
                self.office.actor(OFFICE, self.at),
                project_id=self.life.project_id,
                year=month.year,
                month=month.number,
                done_cents=done,
                year_cents=before + done,
                progress="按计划推进",
            )
            month = month.next()


class Matter(Moving):
    """The joint matter of a project: filed and accepted once, then tended till it is done."""

    def __init__(self, life: ProjectLife) -> None:
        rng = random.Random(f"{life.office.seed}/matter/{life.plan.number}")  # noqa: S311
        super().__init__(life.office, rng, life.at, f"{life.name}/matter")
        self.life, self.started = life, set[int]()
        self.simulates = rng.random() < SIMULATING
        self.joint_id, self.number = 0, ""

    def do(self, command: Any, who: str = WINDOW, **content: Any) -> Any:
        about = {"joint_id": self.joint_id} if self.joint_id else {}
        return self.by(command, self.office.actor(who, self.at), **about, **content)

    def run(self) -> Iterator[datetime]:
        self.at = self.life.at
        assert self.life.edition is not None
        nodes = nodes_for(route_of(self.life.edition.content).nodes())
        wanted = joint.wanted_for(self.life.edition.id, nodes)
        made = self.do(
            joint.open_matter,
            edition_id=self.life.edition.id,
            nodes=nodes,
            title=self.life.plan.name,
            applicant=applicant(self.rng, is_enterprise=True, is_known=False),
            answers={f"p1_{section}": said for section, said in PLAIN.items()},
            handed=[joint.Handed(one.key, GivenWay.TO_BRING) for one in wanted],
            project=f"project:{self.life.project_id}",
            channel="counter",
        )
        if made is None:
            return
        self.joint_id, self.number = int(made["joint_id"]), str(made["number"])
        yield self.later(0, 2)
        self.do(joint.accept, brought=[one.key for one in wanted])
        for _round in range(80):
            self.office.catch_up()
            found = matters.filed_matter(self.number)
            if found.state != JointState.ACCEPTED:
                break
            parts = matters.parts_of(found)
            for part in parts:
                self._tend(part, parts)
            yield self.later(1, 3)
        self.life.at = max(self.life.at, self.at)

    def _tend(self, part: Any, parts: list[Any]) -> None:
        status = PartStatus(part.status)
        if part.kind != NodeKind.CASE:
            self._note(part, status)
        elif status is PartStatus.SIMULATING:
            self._go_on_simulating(part, parts)
        elif part.case_id and part.case_id not in self.started:
            self.started.add(part.case_id)
            self.life.troupe.add(self._case_life(part).run())
        elif self.simulates and may_simulate(part, parts):
            self.do(joint.simulate, self._handler(part), part=part.key)

    def _note(self, part: Any, status: PartStatus) -> None:
        """What is no case: begun when it may, ended some days after."""
        on = legal_date(self.at)
        if status is PartStatus.READY:
            self.do(joint.begin_part, part=part.key, on=on)
        elif status is PartStatus.RUNNING and (on - part.begun_date).days >= 4:
            self.do(joint.end_part, part=part.key, on=on, result="已完成，意见一致。")

    def _go_on_simulating(self, part: Any, parts: list[Any]) -> None:
        who = self._handler(part)
        if part.simulated.given_at is None:
            said = {"is_favourable": True, "opinion": "按现有材料模拟审查，符合条件。"}
            self.do(joint.give_opinion, who, part=part.key, **said)
        elif is_free(part, parts):
            seen = [joint.Rechecked(what, is_same=True) for what in joint.to_recheck(part)]
            self.do(joint.convert, who, part=part.key, rechecked=seen)

    def _unit(self, part: Any) -> str:
        return self.office.unit_of(part.organisation_id, legal_date(self.at))

    def _handler(self, part: Any) -> str:
        return f"{OFFICES[self._unit(part)]}-cb"

    def _case_life(self, part: Any) -> "CaseLife":
        number = 1_000_000 + self.life.plan.number * 100 + part.position
        fate = Fate.LATE if self.rng.random() < LATE_PART else Fate.GRANTED
        place = Place(part.item.code, self._unit(part), ("county",))
        plan = Plan(number, place, "counter", self.at, fate, "", is_enterprise=True)
        rng = random.Random(f"{self.office.seed}/{number}")  # noqa: S311
        return CaseLife(plan, self.office, rng, part.case_id, part.case.number)


class CaseLife(Life):
    """A case that came with a joint matter: accepted already, handled like every other."""

    def __init__(
        self, plan: Plan, office: Office, rng: random.Random, case_id: int, number: str
    ) -> None:
        super().__init__(plan, office, rng)
        self.case_id, self.number = case_id, number

    def run(self) -> Iterator[datetime]:
        if self.state() in GOES_ON:
            yield from self._to_decision()
        if self.state() in HAS_RESULT:
            yield from self._to_delivery()


def nodes_for(nodes: Iterator[tuple[Any, Node]]) -> list[str]:
    """The first nodes of a route that this city can handle: cases whose departments have people
    and whose items ask no more than the plain form, and what is noted by hand."""
    able = [node.key for _stage, node in nodes if node.kind in BY_HAND or _is_handled(node)]
    return able[:MOST_NODES]


def _is_handled(node: Node) -> bool:
    if node.kind is not NodeKind.CASE or not node.item:
        return False
    edition = catalogue.edition_for_filing(node.item)
    unit = edition.item.department.code
    return unit in OFFICES and unit != "xfdd" and "form" not in edition.details
