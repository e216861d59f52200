"""Rules of requests: complaint, reconsideration and litigation, their results, table 4. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError


class RemedyKind(StrEnum):
    """How a decision is contested. Stored. A complaint (第四十七、五十一条) stands in no table."""

    COMPLAINT = "complaint"
    RECONSIDERATION = "reconsideration"
    SUIT_DIRECT = "suit_direct"
    SUIT_AFTER = "suit_after"

    @property
    def label(self) -> str:
        return {
            "complaint": "投诉举报",
            "reconsideration": "行政复议",
            "suit_direct": "行政诉讼（未经复议直接起诉）",
            "suit_after": "行政诉讼（复议后起诉）",
        }[self]


IN_TABLE_4 = (RemedyKind.RECONSIDERATION, RemedyKind.SUIT_DIRECT, RemedyKind.SUIT_AFTER)


class RemedyResult(StrEnum):
    """What came of it. Stored. While there is none, it is 尚未审结."""

    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}[self]


class NeedsReconsideration(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "自 2024-01-01 起，对不予公开不服的须先申请行政复议，没有复议就不能登记为直接起诉。"
            "法院确已受理的，请在说明里写明受理的文号后选“法院已受理”。"
        )


def check_remedy(
    kind: RemedyKind,
    *,
    raised: date,
    received: date | None,
    decided: date | None,
    must_reconsider: bool,
    had_reconsideration: bool,
    is_admitted: bool,
) -> None:
    """Whether a remedy may be registered. Raises DomainError, NeedsReconsideration.

    What was raised while there was no decision is against silence, also where one came later.
    `is_admitted`: a court took it all the same.
    """
    if received is not None and raised < received:
        raise DomainError(f"提出日期 {raised} 早于收到申请的日期 {received}，请核对。")
    is_against_silence = decided is None or raised < decided
    if kind is RemedyKind.SUIT_AFTER and not had_reconsideration:
        raise DomainError(
            "没有登记过已有结果的行政复议，不能登记为复议后起诉。请先登记复议和结果。"
        )
    is_bound = must_reconsider and not is_against_silence and not is_admitted
    if kind is RemedyKind.SUIT_DIRECT and is_bound:
        raise NeedsReconsideration


def reconsider_until(received: date, days: int) -> date:
    """The last day to apply for reconsideration; the day of receipt is not counted."""
    return received + timedelta(days=days)
