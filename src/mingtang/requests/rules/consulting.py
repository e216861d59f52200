"""Rules of requests: whom the office asks before it decides, and what silence means (R8, R9). Pure.

The two silences are opposite: a third party that says nothing leaves the decision to the organ
(《条例》第三十二条), a joint organ that says nothing agrees (第三十四条).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError
from mingtang.requests.rules.law import LawEdition


class PartyRole(StrEnum):
    """What somebody has to do with a request. Stored."""

    AGENT = "agent"
    THIRD = "third"
    JOINT = "joint"

    @property
    def label(self) -> str:
        return {"agent": "代理人", "third": "第三方", "joint": "共同制作机关"}[self]


class Answer(StrEnum):
    """What came of a consultation. Stored."""

    AGREE = "agree"
    OBJECT = "object"
    SILENT = "silent"

    @property
    def label(self) -> str:
        return {"agree": "同意公开", "object": "不同意公开", "silent": "逾期未答复"}[self]


class Meaning(StrEnum):
    """What an answer means for the organ."""

    FREE = "free"
    BOUND = "bound"
    ORGAN_DECIDES = "organ_decides"

    @property
    def label(self) -> str:
        return {
            "free": "可以公开",
            "bound": "有合理理由的不予公开；不公开会对公共利益造成重大影响的除外",
            "organ_decides": "由本机关决定是否公开",
        }[self]


_MEANINGS = {
    (PartyRole.THIRD, Answer.AGREE): Meaning.FREE,
    (PartyRole.THIRD, Answer.OBJECT): Meaning.BOUND,
    (PartyRole.THIRD, Answer.SILENT): Meaning.ORGAN_DECIDES,
    (PartyRole.JOINT, Answer.AGREE): Meaning.FREE,
    (PartyRole.JOINT, Answer.OBJECT): Meaning.ORGAN_DECIDES,
    (PartyRole.JOINT, Answer.SILENT): Meaning.FREE,  # 视为同意公开
}


class TooEarly(Conflict):
    def __init__(self, due: date | None) -> None:
        until = f"（期限到 {due}）" if due else "（还没有登记对方签收的日期）"
        super().__init__(f"征求意见的期限还没有过{until}，不能登记为逾期未答复。")


def meaning_of(role: PartyRole, answer: Answer) -> Meaning:
    return _MEANINGS[role, answer]


@dataclass(frozen=True)
class ConsultTerm:
    """Working days from the party's receipt, and whether the law or the letter sets them."""

    days: int
    is_statutory: bool


LONGEST_TERM = 60


def term_of(law: LawEdition, role: PartyRole, wanted: int | None) -> ConsultTerm:
    """The time a party has. The law's own where it has one; else the letter's.

    Raises DomainError where the law knows no such consultation, or a letter names no time.
    """
    if role is PartyRole.JOINT and law.joint_days is None:
        raise DomainError(
            f"收到申请时施行的是《{law.name}》，没有征求共同制作机关意见、不计入期限的规定。"
            "请直接与对方协商，期限照计。"
        )
    legal = law.third_party_days if role is PartyRole.THIRD else law.joint_days
    if legal is not None:
        if wanted not in {None, legal}:
            raise DomainError(f"征求意见的期限是法定的 {legal} 个工作日，不能改为 {wanted}。")
        return ConsultTerm(legal, True)
    if wanted is None or not 1 <= wanted <= LONGEST_TERM:
        raise DomainError(
            f"《{law.name}》没有规定第三方答复的期限，"
            f"请在征求意见书上写明 1 至 {LONGEST_TERM} 个工作日。"
        )
    return ConsultTerm(wanted, False)


def check_silence(due: date | None, on: date) -> None:
    """Nobody is silent before their time is over. Raises TooEarly."""
    if due is None or on <= due:
        raise TooEarly(due)
