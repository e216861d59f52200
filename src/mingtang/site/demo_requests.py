"""The demo's information requests: four lives at the water office, through the real commands.

Moments are counted back from the day of loading. The centre has none, as in its report of 2013.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.requests import services
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.law import law_on
from mingtang.requests.rules.people import Applicant, ApplicantKind

OFFICE, HEAD, UNIT = "shuili-gk", "shuili-zr", "slj"
CITIZEN = Applicant(ApplicantKind.NATURAL, "毛小明", "330881190001010015", "13800000001")
FIRM = Applicant(
    ApplicantKind.BUSINESS, "江山市演示木业有限公司", "113325000026455663", "0570-4000000"
)
HALF_HOUR = timedelta(minutes=30)
APPLICANT = Actor(id=None, label="申请人")


class _Life:
    """One request, told step by step."""

    def __init__(
        self,
        name: str,
        at: datetime,
        actor_of: Callable[[str, datetime], Actor],
        command_id: Callable[[str], str],
    ) -> None:
        self.name, self.at = name, at
        self.actor_of, self.command_id = actor_of, command_id
        self.request_id = 0
        self.step = 0

    def _by(self, moment: datetime, who: str) -> dict[str, Any]:
        self.step += 1
        actor = self.actor_of(who, moment) if who else APPLICANT
        key = self.command_id(f"request/{self.name}/{self.step}")
        return {"actor": actor, "at": moment, "command_id": key}

    def file(self, days_ago: int, applicant: Applicant, description: str) -> None:
        moment = self.at - timedelta(days=days_ago) - HALF_HOUR
        made = services.file(
            organisation_id=regions.organisation_by_code(UNIT).id,
            applicant=applicant,
            description=description,
            **self._by(moment, ""),
        )
        self.request_id = int(made["request_id"])

    def do(self, verb: str, days_ago: int, who: str = OFFICE, **more: Any) -> None:
        moment = self.at - timedelta(days=days_ago, minutes=20 - self.step)
        command = getattr(services, verb)
        command(request_id=self.request_id, **more, **self._by(moment, who))

    def receive(self, days_ago: int) -> None:
        on = legal_date(self.at - timedelta(days=days_ago))
        self.do("confirm_receipt", days_ago, confirmed_date=on)


def load(
    at: datetime,
    *,
    actor_of: Callable[[str, datetime], Actor],
    command_id: Callable[[str], str],
) -> None:
    """A full answer; a partial one after consultation and extension, contested; one corrected and
    in hand; one that came today."""
    if legal_date(at - HALF_HOUR) < legal_date(at):  # just after midnight: what came today came
        at -= 2 * HALF_HOUR  # late yesterday
    for name, tell in (("full", _full), ("partial", _partial), ("hand", _hand), ("new", _new)):
        tell(_Life(name, at, actor_of, command_id))


def _full(life: _Life) -> None:
    life.file(40, CITIZEN, "峡口水库除险加固工程的竣工验收鉴定书")
    life.receive(39)
    life.do(
        "log_search", 36, place="局档案室", words="峡口水库 竣工验收", found="找到一份，共 32 页"
    )
    part = Part("竣工验收鉴定书", Kind.A, reason="随本答复书以电子件提供。")
    life.do("draft", 35, parts=[part])
    life.do("decide", 34, HEAD)
    life.do("deliver", 33, way="online")


def _partial(life: _Life) -> None:
    life.file(95, FIRM, "江山港综合治理工程的施工合同和造价明细")
    life.receive(94)
    sent = legal_date(life.at - timedelta(days=91))
    days: dict[str, Any] = {} if law_on(sent).third_party_days else {"days": 15}
    life.do(
        *("consult", 91),
        role="third",
        party_name="浙江演示水利工程有限公司",
        question="施工合同中的造价明细",
        reached_date=sent,
        **days,
    )
    reason = "造价明细属于本公司的商业秘密。"
    life.do("answer_consultation", 82, number=1, opinion="object", text=reason)
    life.do("extend", 80, HEAD, reason="合同原件存放在外地，需要调取")
    parts = [
        Part("施工合同正文", Kind.A, reason="随本答复书以电子件提供。"),
        Part("造价明细", Kind.C4, reason="第三方以商业秘密为由不同意公开，理由成立。"),
    ]
    why = "合同正文不涉及商业秘密，公开有利于社会监督工程质量。"
    life.do("draft", 70, parts=parts, override=why)
    life.do("decide", 69, HEAD)
    life.do("deliver", 68, way="online")
    life.do(
        *("register_remedy", 50),
        kind="reconsideration",
        body="江山市人民政府",
        raised_date=legal_date(life.at - timedelta(days=51)),
        note="认为造价明细也应当公开。",
    )


def _hand(life: _Life) -> None:
    life.file(13, CITIZEN, "农田灌溉用水的文件")
    life.receive(12)
    life.do("ask_correction", 10, wanted="请写明哪一年、哪个乡镇的文件，或者文件的名称。", days=10)
    life.do("correct", 5, "", text="2012年峡口镇农田灌溉用水分配方案")


def _new(life: _Life) -> None:
    life.file(0, FIRM, "河道采砂规划（2010—2015 年）全文")
