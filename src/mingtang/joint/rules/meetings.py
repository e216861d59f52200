"""Rules of joint review meetings and joint site visits (联审会议, 联合踏勘). Pure.

One invitation, one record for all. Silence after the limit is shown as silence; where a programme
has it so, by a document, it counts as consent to what was put before the meeting. It never grants
anything: each child case still needs its own decision.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError

LEAST_OFFICERS = 2  # 《行政许可法》第三十四条第三款: a site visit is made by two or more


class MeetingKind(StrEnum):
    """What units are called together for. Stored."""

    REVIEW = "review"
    SITE_VISIT = "site_visit"

    @property
    def label(self) -> str:
        return {"review": "联审会议", "site_visit": "联合踏勘"}[self.value]


class Attendance(StrEnum):
    """Whether an invited unit came. Stored."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        return {"present": "到会", "late": "迟到", "absent": "缺席"}[self.value]

    @property
    def tone(self) -> str:
        return {"present": "ok", "late": "warn", "absent": "bad"}[self.value]


class Opinion(StrEnum):
    """What a unit says. Stored; silence has no row of its own."""

    AGREE = "agree"
    AGREE_IF = "agree_if"
    DISAGREE = "disagree"

    @property
    def label(self) -> str:
        return {"agree": "同意", "agree_if": "附条件同意", "disagree": "不同意"}[self.value]


class Standing(StrEnum):
    """Where a unit's word stands on a day; derived, never stored."""

    AGREE = "agree"
    AGREE_IF = "agree_if"
    DISAGREE = "disagree"
    WAITING = "waiting"
    SILENT = "silent"
    DEEMED = "deemed"

    @property
    def label(self) -> str:
        return _STANDINGS[self][0]

    @property
    def tone(self) -> str:
        return _STANDINGS[self][1]


_STANDINGS = {
    Standing.AGREE: ("同意", "ok"),
    Standing.AGREE_IF: ("附条件同意", "ok"),
    Standing.DISAGREE: ("不同意", "bad"),
    Standing.WAITING: ("等待意见", "info"),
    Standing.SILENT: ("逾期未提出意见", "warn"),
    Standing.DEEMED: ("逾期未提出意见，按规定视为同意", "warn"),
}


class Deed(StrEnum):
    """What may be done about a meeting. The values are parts of addresses."""

    OPINE = "opine"
    ATTEND = "attend"
    MINUTE = "minute"
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        return _DEEDS[self]


_DEEDS = {
    Deed.OPINE: "提出意见",
    Deed.ATTEND: "登记到会",
    Deed.MINUTE: "出具会议记录",
    Deed.CANCEL: "取消",
}


def deeds_in(*, has_begun: bool, is_complete: bool) -> list[Deed]:
    """What who called it may do now; `is_complete`: all came or not, spoke or were silent."""
    if not has_begun:
        return [Deed.CANCEL]
    return [Deed.ATTEND, *([Deed.MINUTE] if is_complete else []), Deed.CANCEL]


class TooFewOfficers(DomainError):
    def __init__(self, count: int) -> None:
        super().__init__(
            f"现场踏勘须有两名以上工作人员进行（《行政许可法》第三十四条），"
            f"现在只登记了 {count} 人到场。请补登到场人员后再出具记录。"
        )


class AnsweredAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这个单位已经提出意见，不能再改。要补充的，请写进会议纪要。")


class NotInvited(DomainError):
    def __init__(self) -> None:
        super().__init__("没有邀请这个单位。请从邀请的单位里选，或者另发邀请。")


def check_invitation(units: Iterable[int], held_on: date, answer_by: date, on: date) -> None:
    """Raises DomainError for an invitation of nobody, or to a day gone by."""
    if not set(units):
        raise DomainError("没有选被邀请的单位，请至少选一个。")
    if held_on < on:
        raise DomainError(f"会议（踏勘）日期 {held_on} 已经过去，请更正。")
    if answer_by < on:
        raise DomainError(f"提出意见的期限 {answer_by} 已经过去，请更正。")


def check_opinion(opinion: Opinion, reason: str) -> str:
    """What a unit says beside its word: conditions and objections are spelt out."""
    text = reason.strip()
    if opinion is Opinion.AGREE_IF and not text:
        raise DomainError("附条件同意的，请写明条件。")
    if opinion is Opinion.DISAGREE and not text:
        raise DomainError("不同意的，请写明理由和依据。")
    return text


def check_held(kind: MeetingKind, held_at: datetime, at: datetime, present: int) -> None:
    """Raises DomainError before the appointed time, or where too few were there."""
    if at < held_at:
        raise DomainError("还没有到会议（踏勘）的时间，不能出具记录。")
    if kind is MeetingKind.SITE_VISIT and present < LEAST_OFFICERS:
        raise TooFewOfficers(present)


@dataclass(frozen=True)
class Word:
    """An opinion that was given, if one was, and the last day on which it could be."""

    due: date
    opinion: Opinion | None = None
    is_absent: bool = False

    def standing(self, on: date, consent: "Consent") -> Standing:
        if self.opinion is not None:
            return Standing(self.opinion.value)
        if on <= self.due:
            return Standing.WAITING
        is_deemed = consent.by_silence or (consent.by_absence and self.is_absent)
        return Standing.DEEMED if is_deemed else Standing.SILENT


@dataclass(frozen=True)
class Consent:
    """What counts as consent by a document, once the limit is over: silence (超时默许), or the
    silence of a unit that did not come (缺席默认)."""

    by_silence: bool = False
    by_absence: bool = False
    basis: str = ""

    @property
    def of_whom(self) -> str:
        """Whose silence it is; blank where none counts."""
        if self.by_silence:
            return "逾期未提出意见的"
        return "缺席又逾期未提出意见的" if self.by_absence else ""


def is_agreed(standings: Iterable[Standing]) -> bool:
    """Whether a meeting came to one mind: nobody disagrees, waits or is silent. It is what the
    minutes say, not a permission."""
    return all(one in {Standing.AGREE, Standing.AGREE_IF, Standing.DEEMED} for one in standings)
