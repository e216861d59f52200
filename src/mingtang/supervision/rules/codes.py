"""Rules of supervision: colours, types, reasons, and the exceptions that all share. Pure."""

from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError


class Colour(StrEnum):
    """What is issued. What a colour stands for is a rule's to say: cities differ."""

    REMIND = "remind"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        return {"remind": "提醒", "yellow": "黄牌", "red": "红牌"}[self]

    @property
    def weight(self) -> int:
        """Red outweighs yellow, yellow a reminder."""
        return {"remind": 1, "yellow": 2, "red": 3}[self]


class CardType(StrEnum):
    """What kind of thing a rule looks at; `number` is the code of the exchange."""

    TIME = "time"
    PROCESS = "process"
    CONTENT = "content"
    FEE = "fee"
    RISK = "risk"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _TYPES[self][1]

    @property
    def number(self) -> int:
        return _TYPES[self][0]


_TYPES = {
    CardType.TIME: (1, "时效"),
    CardType.PROCESS: (2, "流程"),
    CardType.CONTENT: (3, "内容"),
    CardType.FEE: (4, "裁量和收费"),
    CardType.RISK: (5, "风险防控"),
    CardType.OTHER: (6, "其他"),
}


class CancelReason(StrEnum):
    """Why a card may be cancelled (核销); anything else is no reason."""

    CALENDAR = "calendar"
    FORCE_MAJEURE = "force_majeure"
    OUTAGE = "outage"
    APPLICANT = "applicant"
    DATA = "data"

    @property
    def label(self) -> str:
        return {
            "calendar": "节假日表有误",
            "force_majeure": "不可抗力",
            "outage": "外部系统故障",
            "applicant": "申请人的原因",
            "data": "数据有误",
        }[self]


class TaskSource(StrEnum):
    """Where an inspection task comes from."""

    INSPECTION = "inspection"
    INSTRUCTION = "instruction"
    COMPLAINT = "complaint"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "inspection": "督查件",
            "instruction": "领导批示",
            "complaint": "投诉举报",
            "other": "其他",
        }[self]


class Told(StrEnum):
    """Who is told of a card."""

    HANDLER = "handler"
    LEAD = "lead"
    APPROVER = "approver"
    INSPECTOR = "inspector"


class BadRule(DomainError):
    """A rule that contradicts itself. The sentence lists every fault."""

    def __init__(self, code: str, faults: list[str]) -> None:
        super().__init__(f"规则 {code} 不能启用：{'；'.join(faults)}。请改正后再保存。")


class NotThisCard(Conflict):
    """A step of its life that a card is not ready for."""


class SameInspector(Conflict):
    def __init__(self) -> None:
        super().__init__("撤牌须由两人办理：提出的人不能自己批准。请另一位监察人员办理。")


class TooLate(Conflict):
    """A right that has run out."""


class TooEarly(Conflict):
    """A right of somebody else still runs."""


class NotRetroactive(DomainError):
    def __init__(self, earliest: object) -> None:
        super().__init__(f"规则不溯及既往：生效日期最早为 {earliest}（明天）。请改后再保存。")
