"""The demo's consultations: one that is open, one with its table of adoption, one whose result is
missing; an interview and a survey. Through the real commands, counted back from the day of loading.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.ids import derived_command_id
from mingtang.consultations import services
from mingtang.consultations.rules.life import Kind, Plan
from mingtang.consultations.rules.survey import Said, read_questions
from mingtang.consultations.services.common import PUBLIC
from mingtang.disclosure import queries as disclosure_queries
from mingtang.disclosure import services as disclosure
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.regions import queries as regions

WORKER, HEAD, UNIT = "gongkai", "gongkai-zr", "centre"
OPEN = Plan(
    kind=Kind.OPINIONS,
    title="江山市便民服务中心延时服务办法（征求意见稿）",
    text=(
        "第一条 为了方便上班时间没有空的群众办事，制定本办法。\n\n"
        "第二条 各便民服务中心每周六上午开放综合窗口。\n\n"
        "第三条 午间留一个窗口值班，即办事项随到随办。"
    ),
    explanation="去年有三百多位群众反映工作日没有时间办事。本办法规定周末和午间怎样开放窗口。",
    days=30,
)
CLOSED = Plan(
    kind=Kind.OPINIONS,
    title="江山市行政服务中心窗口服务规范（征求意见稿）",
    text="第一条 窗口人员应当一次性告知全部材料。\n\n第二条 群众等候超过三十分钟的，应当增开窗口。",
    explanation="把首问负责、一次性告知这些做法写成规范，便于监督。",
    days=30,
)
MISSING = Plan(
    kind=Kind.OPINIONS,
    title="江山市中介服务机构进驻管理办法（征求意见稿）",
    text="第一条 进驻的中介机构应当公开收费标准和办结时限。",
    explanation="规范进驻中心的中介机构的服务和收费。",
    days=30,
)
INTERVIEW = Plan(
    kind=Kind.INTERVIEW,
    title="办事少跑一趟：中心主任在线访谈",
    text="并联审批、网上办事以后，办一件事要跑几趟、等几天，欢迎提问。",
    guests="江山市行政服务中心管理办公室主任",
)
SURVEY = Plan(
    kind=Kind.SURVEY,
    title="大厅服务满意度调查",
    text="请告诉我们大厅的服务怎么样，大约要两分钟。",
    days=15,
    questions=read_questions(
        "您最近一年来过几次大厅？\n- 一次\n- 两到三次\n- 四次以上\n"
        "您对等候的时间满意吗？\n- 满意\n- 一般\n- 不满意\n"
        "多选：哪些最需要改进？\n- 等候时间\n- 停车\n- 指引和标牌\n- 网上办事\n"
        "文字：还有什么想说的？"
    ),
)
OPINIONS: Sequence[tuple[str, str, str]] = (
    (
        "等候时间应当改成二十分钟，现在等得太久。",
        "partly",
        "改为二十分钟以内增开窗口，节后高峰除外。",
    ),
    ("建议写明谁来监督、投诉打什么电话。", "adopted", "增加第三条，写明监督电话和答复时间。"),
    (
        "应当取消所有事项的复印件。",
        "not_adopted",
        "部分事项的复印件是法律要求的，不能取消。",
    ),
)
QUESTIONS: Sequence[tuple[str, str]] = (
    ("办食品经营许可还要跑两个窗口吗？", "不用了。并联审批以后，一个窗口收件，几个部门同时办。"),
    ("乡下老人不会上网，怎么办？", "到村便民服务点，代办员可以替您在网上提交，不收费。"),
)


class _Teller:
    """Says each step by its name, at its moment."""

    def __init__(
        self,
        at: datetime,
        actor_of: Callable[[str, datetime], Actor],
        command_id: Callable[[str], str],
    ) -> None:
        self.at, self.actor_of, self.command_id = at, actor_of, command_id
        self.step = 0

    def by(self, days_ago: float, who: str = WORKER) -> dict[str, Any]:
        self.step += 1
        moment = self.at - timedelta(days=days_ago)
        actor = self.actor_of(who, moment) if who else PUBLIC
        return {
            "actor": actor,
            "at": moment,
            "command_id": self.command_id(f"consultation/{self.step}"),
        }

    def begin(self, plan: Plan, days_ago: float) -> int:
        """Drafted, reviewed, released: then it is open."""
        unit = regions.organisation_by_code(UNIT).id
        made = services.draft(organisation_id=unit, plan=plan, **self.by(days_ago))
        self._publish(made["publication_id"], days_ago)
        self._follow(services.open_activity, int(made["activity_id"]), days_ago)
        return int(made["activity_id"])

    def end(self, activity_id: int, words: str, days_ago: float) -> None:
        made = services.draft_result(activity_id=activity_id, words=words, **self.by(days_ago))
        self._publish(made["publication_id"], days_ago)
        self._follow(services.report, activity_id, days_ago)

    def _publish(self, publication_id: str, days_ago: float) -> None:
        read = disclosure_queries.hashes_of([int(publication_id)])[publication_id]
        bound = {"publication_id": int(publication_id), "content_hash": read}
        disclosure.submit(**bound, **self.by(days_ago))
        disclosure.review(**bound, opinion="同意", **self.by(days_ago, HEAD))
        disclosure.publish(**bound, **self.by(days_ago, HEAD))

    def _follow(self, act: Callable[..., Any], activity_id: int, days_ago: float) -> None:
        """What the follower does when its turn comes: under the same id, it is done once."""
        act(
            activity_id=activity_id,
            actor=SYSTEM,
            at=self.at - timedelta(days=days_ago),
            command_id=derived_command_id("consultation", act.__name__, activity_id),
        )

    def hear(self, activity_id: int, text: str, days_ago: float) -> int:
        made = services.comment(
            activity_id=activity_id, text=text, may_publish=True, **self.by(days_ago, "")
        )
        return int(made["number"])

    def judge(self, activity_id: int, number: int, text: str, verdict: str, why: str) -> None:
        one = {"activity_id": activity_id, "number": number}
        services.moderate(**one, public_text=text, **self.by(6))
        services.answer(**one, verdict=verdict, text=why, **self.by(6))


def load(
    at: datetime,
    *,
    actor_of: Callable[[str, datetime], Actor],
    command_id: Callable[[str], str],
) -> None:
    teller = _Teller(at, actor_of, command_id)
    _open(teller)
    _closed(teller)
    teller.begin(MISSING, 92)
    _interview(teller)
    _survey(teller)


def _open(teller: _Teller) -> None:
    made = teller.begin(OPEN, 6)
    teller.hear(made, "周六上午能不能再开一个社保窗口？", 4)
    teller.hear(made, "午间值班要写明几点到几点。", 2)


def _closed(teller: _Teller) -> None:
    made = teller.begin(CLOSED, 45)
    for text, verdict, why in OPINIONS:
        teller.judge(made, teller.hear(made, text, 30), text, verdict, why)
    advert = teller.hear(made, "专业代办各类证照，价格优惠。", 25)
    reason = "广告，与本次征集无关"
    services.moderate(activity_id=made, number=advert, set_aside_reason=reason, **teller.by(6))
    teller.end(made, "感谢大家提出的意见。规范已按采纳的意见修改。", 5)


def _interview(teller: _Teller) -> None:
    day = legal_date(teller.at - timedelta(days=8))
    held = datetime.combine(day, time(14, 30), LEGAL_ZONE)
    plan = replace(INTERVIEW, held_at=held, held_until=held + timedelta(hours=1))
    made = teller.begin(plan, 12)
    for text, said in QUESTIONS:
        teller.judge(made, teller.hear(made, text, 10), text, "answered", said)
    teller.end(made, "", 4)


def _survey(teller: _Teller) -> None:
    made = teller.begin(SURVEY, 21)
    by = teller.by(20)
    services.issue_tokens(activity_id=made, count=24, **by)
    for number, code in enumerate(services.codes(made, by["command_id"], 24)):
        answers = {
            "1": Said(((0, 1, 1, 2)[number % 4],)),
            "2": Said(((0, 0, 1, 0, 1, 0, 2)[number % 7],)),
            "3": Said(tuple(sorted({(0, 3, 0, 1, 0, 2)[number % 6], number % 4}))),
        }
        services.submit_sheet(
            activity_id=made, answers=answers, token=code, **teller.by(18 - number / 4, "")
        )
    teller.end(made, "谢谢参加调查的群众。", 3)
