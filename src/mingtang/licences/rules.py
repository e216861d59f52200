"""Rules: how a licence stands on a day, how one ends before its day, when its holder is reminded.
Pure.

《行政许可法》第五十条 (renewal: asked for thirty days before; no answer by the last day: deemed
renewed), 第八条 (撤回), 第六十九条 (撤销), 第七十条 (注销);《行政处罚法》(吊销).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed
from mingtang.messages.rules import Audience, Occasion, Place, Template

WORKERS = frozenset({Role.HANDLER, Role.APPROVER, Role.CHIEF_REPRESENTATIVE})
DECIDERS = frozenset({Role.APPROVER, Role.CHIEF_REPRESENTATIVE})
READERS = WORKERS | {Role.CLERK, Role.GENERAL_CLERK, Role.WINDOW_LEAD, Role.INSPECTOR}
RENEW_BEFORE = 30  # days before the last one by which a renewal is asked for, unless law differs
REMIND_BEFORE = (60, 30)  # days before the last one on which the holder is reminded
LONGEST_NAME, LONGEST_NUMBER, LONGEST_REASON = 200, 100, 500


class Ending(StrEnum):
    """How a licence ends before its day. Four different things in law."""

    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    FORFEITED = "forfeited"
    DEREGISTERED = "deregistered"

    @property
    def label(self) -> str:
        return {
            "revoked": "撤销",
            "withdrawn": "撤回",
            "forfeited": "吊销",
            "deregistered": "注销",
        }[self.value]

    @property
    def law(self) -> str:
        return {
            "revoked": "《行政许可法》第六十九条：准予的决定本身违法，或者以欺骗、贿赂取得",
            "withdrawn": "《行政许可法》第八条：依据修改、废止或者客观情况重大变化，为公共利益需要",
            "forfeited": "《行政处罚法》：违法行为的处罚",
            "deregistered": "《行政许可法》第七十条：不再从事、主体终止、许可被撤销撤回吊销等",
        }[self.value]


class Standing(StrEnum):
    IN_FORCE = "in_force"
    DEEMED_RENEWED = "deemed_renewed"
    REPLACED = "replaced"
    EXPIRED = "expired"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return {
            "in_force": "有效",
            "deemed_renewed": "视为准予延续",
            "replaced": "已换发新证",
            "expired": "已到期",
            "ended": "已失效",
        }[self.value]

    @property
    def tone(self) -> str:
        good = self in {Standing.IN_FORCE, Standing.DEEMED_RENEWED}
        return "ok" if good else "bad" if self is Standing.ENDED else "warn"


@dataclass(frozen=True)
class Facts:
    """What decides how a licence stands. `expires_on`: the last day on which it holds; None: no
    end. `is_deemed_renewed`: its renewal was not decided in time, the new one is not made yet."""

    expires_on: date | None
    ended_on: date | None = None
    is_replaced: bool = False
    is_deemed_renewed: bool = False

    def standing(self, on: date) -> Standing:
        if self.ended_on is not None and self.ended_on <= on:
            return Standing.ENDED
        if self.is_replaced:
            return Standing.REPLACED
        if self.expires_on is None or on <= self.expires_on:
            return Standing.IN_FORCE
        return Standing.DEEMED_RENEWED if self.is_deemed_renewed else Standing.EXPIRED

    def holds(self, on: date) -> bool:
        return self.standing(on) in {Standing.IN_FORCE, Standing.DEEMED_RENEWED}


def renew_by(expires_on: date) -> date:
    """The last day on which a renewal is asked for in time."""
    return expires_on - timedelta(days=RENEW_BEFORE)


def reminder_owed(facts: Facts, told: Collection[int], on: date) -> int | None:
    """Which reminder is owed on a day, in days before the last one: the latest that is due, if the
    holder was not told it, or a later one, before. Who was away is not told both at once."""
    if facts.expires_on is None or facts.standing(on) is not Standing.IN_FORCE:
        return None
    due = [one for one in REMIND_BEFORE if facts.expires_on - timedelta(days=one) <= on]
    return min(due) if due and not any(one <= min(due) for one in told) else None


def check_second(actor_id: str | None, acting_for_id: str | None, asked_by_id: int | None) -> None:
    """Whoever confirms is another person, for themselves and for whom they stand in. Raises
    NotAllowed."""
    if asked_by_id is not None and str(asked_by_id) in {actor_id, acting_for_id}:
        raise NotAllowed("提出的人不能自己确认。请本单位另一位有权的人员来办。")


class NotThisLicence(Conflict):
    """What is asked for does not fit how the licence stands."""


class WordsMissing(DomainError):
    def __init__(self, what: str) -> None:
        super().__init__(f"请填写{what}。")


_PLACES = {
    "licence": Place("证照名称", "取水许可证"),
    "number": Place("证照编号", "取水（江山）字〔2013〕第 8 号"),
    "unit": Place("发证机关", "江山市水利局"),
    "until": Place("有效期止", "2013年11月16日"),
    "renew_by": Place("最晚申请延续", "2013年10月17日"),
    "ending": Place("怎样失效", "撤销"),
    "document": Place("决定书文号", "江水许撤〔2013〕2号"),
    "reason": Place("理由", "以虚假材料取得许可"),
    "hotline": Place("服务热线", "12345"),
}


def _said(event: str, label: str, subject: str, body: str, sms: str) -> Occasion:
    template = Template(subject, body, sms)
    return Occasion(event, Audience.APPLICANT, label, template, _PLACES)


OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("licence.expiring", "证照快到期", "证照快到期：{number}"),
        "您的{licence}（{number}）有效期到 {until}。要继续使用的，请在 {renew_by} 以前申请延续；"
        "按时申请而机关没有在到期前答复的，视为准予延续。不明白的请拨打 {hotline}。",
        "【{unit}】您的{licence}有效期到 {until}，延续请在 {renew_by} 以前申请。",
    ),
    _said(
        *("licence.ended", "证照失效", "证照失效：{number}"),
        "您的{licence}（{number}）已被{ending}，决定书 {document}，理由：{reason}。"
        "不服的，可以按决定书上写明的途径和期限申请行政复议或者提起行政诉讼。"
        "不明白的请拨打 {hotline}。",
        "【{unit}】您的{licence}已被{ending}，决定书 {document}，请查看决定书。",
    ),
)
OCCASION_OF = {one.event: one for one in OCCASIONS}
