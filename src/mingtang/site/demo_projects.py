"""The demo's library of projects: three lives at the development office, by the real commands.

Moments are counted back from the day of loading. Names of owners are made up; programmes are the
shipped ones, with nothing put into them.
"""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from mingtang.base.clock import legal_date
from mingtang.files.services import StoredFile, store
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.projects import services
from mingtang.projects.rules.months import Month, first_owed
from mingtang.projects.rules.progress import CENTS_OF_WAN
from mingtang.regions import queries as regions

OFFICE = "xiangmu"
HOUR = timedelta(hours=1)
ACT = Callable[[str, datetime], Actor]


class _Life:
    """One project, told step by step."""

    def __init__(
        self, name: str, at: datetime, actor_of: ACT, command_id: Callable[[str], str]
    ) -> None:
        self.name, self.at = name, at
        self.actor_of, self.command_id = actor_of, command_id
        self.project_id = self.step = 0

    def ago(self, days: int) -> date:
        return legal_date(self.at - timedelta(days=days))

    def _by(self, days_ago: int, who: str) -> dict[str, Any]:
        self.step += 1
        moment = self.at - timedelta(days=days_ago, minutes=60 - self.step)
        key = self.command_id(f"project/{self.name}/{self.step}")
        return {"actor": self.actor_of(who, moment), "at": moment, "command_id": key}

    def enter(self, days_ago: int, programmes: list[str], tags: list[str], **content: Any) -> None:
        made = services.enter(
            content=content, programmes=programmes, tags=tags, **self._by(days_ago, OFFICE)
        )
        self.project_id = int(made["project_id"])

    def do(self, verb: str, days_ago: int, who: str = OFFICE, **more: Any) -> dict[str, Any]:
        command: Callable[..., dict[str, Any]] = getattr(services, verb)
        return command(project_id=self.project_id, **more, **self._by(days_ago, who))

    def admit(self, days_ago: int, number: str) -> None:
        self.do(
            *("admit", days_ago),
            approval_number=number,
            approval_date=self.ago(days_ago + 5),
            file=self.picture("审议同意文件扫描件.png", 235),
        )

    def picture(self, name: str, shade: int) -> StoredFile:
        """A plain sheet in one colour: it says that it is none of a real place."""
        kept = io.BytesIO()
        Image.new("RGB", (640, 400), (shade, shade - 20, shade - 45)).save(kept, "PNG")
        key = self.command_id(f"project/{self.name}/{name}")
        return store(ContentFile(kept.getvalue(), name=name), command_id=key)

    def report(self, admitted: int, sums: list[int], words: list[str], late: int = 0) -> None:
        """Report month after month; `late`: so many days after the last one was due."""
        day = settings.MINGTANG_PROJECT_REPORT_DAY
        month, year_sum = first_owed(self.ago(admitted), day), 0
        for number, (done, progress) in enumerate(zip(sums, words, strict=True)):
            due = month.due(day) + timedelta(days=late if number == len(sums) - 1 else 0)
            if due > legal_date(self.at):
                return
            year_sum = done if month.number == 1 else year_sum + done
            self.do(
                *("report_month", (legal_date(self.at) - due).days),
                year=month.year,
                month=month.number,
                done_cents=done * CENTS_OF_WAN,
                year_cents=year_sum * CENTS_OF_WAN,
                progress=progress,
                pictures=[self.picture(f"现场{month.year}-{month.number:02}.png", 120 + number)],
            )
            month = month.next()

    def plan_year(self, days_ago: int, wan: int, goal: str) -> None:
        year = Month.of(self.ago(0)).year
        cents = wan * CENTS_OF_WAN
        self.do("plan_year", days_ago, year=year, investment_cents=cents, goal=goal)


def load(at: datetime, *, actor_of: ACT, command_id: Callable[[str], str]) -> None:
    """A factory on its way, with a problem; a road that stands still; a draft without its
    document."""
    if legal_date(at - HOUR) < legal_date(at):  # just after midnight: the last steps came late
        at -= 2 * HOUR  # yesterday
    services.load_programmes(actor=SYSTEM, at=at, command_id=command_id("programmes"))
    for name, tell in (("factory", _factory), ("road", _road), ("park", _park)):
        tell(_Life(name, at, actor_of, command_id))


def _content(name: str, owner: str, place: str, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "owner_name": owner,
        "place_id": regions.region_ids_of_codes([place])[place],
        "responsible_id": regions.organisation_by_code(unit).id,
        **more,
    }


def _factory(life: _Life) -> None:
    year = life.ago(0).year
    content = _content(
        *("贺村镇木门生产线项目", "江山市演示木业有限公司", "330881121000", "zjj"),
        code_scheme="local",
        code=f"JSDEMO-{year}-001",
        owner_credit_code="113325000026455663",
        owner_contact="毛小明",
        owner_phone="0570-4000000",
        industry="木材加工",
        land_square_metres=66_000,
        scale="新建厂房和仓库共 5 万平方米，年产木门 20 万樘",
        investment_cents=12_000 * CENTS_OF_WAN,
        type="new",
        funds="企业自筹",
        start_year=year - 1,
        end_year=year + 1,
        responsible_person="郑涛",
        liaison_leader="（演示）联系领导",
    )
    life.enter(140, ["sidabaiyi"], ["招商引资"], **content)
    life.admit(130, f"演示〔{year}〕8号")
    life.plan_year(128, 6000, "厂房主体结顶")
    _plan_of_the_factory(life)
    words = ["土地平整", "桩基施工", "基础完成", "一层施工"]
    life.report(130, [800, 1200, 1500, 900], words, late=2)
    life.do(
        *("raise_problem", 12, "zhujian-cb"),
        category="utility",
        text="厂区外 300 米供水管网尚未接通",
        owner_id=regions.organisation_by_code("slj").id,
        due_date=life.ago(2),
    )
    life.do("publish", 120)


def _plan_of_the_factory(life: _Life) -> None:
    steps = [
        ("立项", "项目备案", "case", "fgj", 126, 122),
        ("用地", "土地出让合同签订", "owner", "gtj", 121, 95),
        ("施工", "施工图审查", "owner_intermediary", "zjj", 94, 60),
        ("施工", "施工许可证", "case", "zjj", 59, -10),
    ]
    for stage, name, kind, unit, begins, ends in steps:
        made = life.do(
            *("add_milestone", 127),
            stage=stage,
            name=name,
            kind=kind,
            unit_id=regions.organisation_by_code(unit).id,
            planned_start_date=life.ago(begins),
            planned_end_date=life.ago(ends),
        )
        if ends > 60:
            _done(life, made, life.ago(begins), life.ago(ends))


def _done(life: _Life, made: dict[str, Any], started: date, ended: date) -> None:
    services.plan_node(
        node_id=int(made["node_id"]),
        planned_start_date=started,
        planned_end_date=ended,
        started_date=started,
        ended_date=ended,
        **life._by((life.ago(0) - ended).days, OFFICE),
    )


def _road(life: _Life) -> None:
    year = life.ago(0).year
    content = _content(
        *("峡口至廿八都公路改建工程", "江山市演示交通建设有限公司", "330881119000", "zjj"),
        industry="道路运输",
        scale="二级公路 18.6 公里",
        investment_cents=38_500 * CENTS_OF_WAN,
        type="continued",
        funds="财政、银行贷款",
        start_year=year - 2,
        end_year=year + 1,
    )
    life.enter(200, ["wuweiyiti"], ["重大前期"], **content)
    life.admit(190, f"演示〔{year}〕3号")
    life.plan_year(189, 9000, "路基贯通")
    life.do(*("suspend", 80), reason="等待线路调整后的用地预审", from_date=life.ago(80))


def _park(life: _Life) -> None:
    year = life.ago(0).year
    content = _content(
        *("城南物流园项目", "江山市演示物流有限公司", "330881001000", "fgj"),
        industry="仓储物流",
        scale="仓库 3 万平方米",
        investment_cents=8_600 * CENTS_OF_WAN,
        type="preparatory",
        start_year=year + 1,
        end_year=year + 3,
    )
    life.enter(6, [], ["招商引资"], **content)
