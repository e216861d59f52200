"""Rules of ratings (一事一评): the five levels, which service may be rated, by whom. Pure.

Good and bad, rates and their empty cases are for statistics to say. What nobody rated has no row:
it is unrated, and never counts as anything else.
"""

from collections.abc import Iterable
from enum import StrEnum

from mingtang.base.errors import Conflict, NotAllowed

LONGEST_TEXT = 500


class Level(StrEnum):
    """How content somebody was, best first (GB/T 39046 附录 A.8)."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"

    @property
    def label(self) -> str:
        return _LEVELS[self][0]

    @property
    def tone(self) -> str:
        return _LEVELS[self][1]


_LEVELS = {
    Level.VERY_SATISFIED: ("非常满意", "ok"),
    Level.SATISFIED: ("满意", "ok"),
    Level.FAIRLY_SATISFIED: ("基本满意", "ok"),
    Level.DISSATISFIED: ("不满意", "warn"),
    Level.VERY_DISSATISFIED: ("非常不满意", "bad"),
}


class RatingChannel(StrEnum):
    """On which way a rating came: what vouches for it."""

    ACCOUNT = "account"
    CODE = "code"

    @property
    def label(self) -> str:
        return {"account": "登录后评价", "code": "凭查询码评价"}[self.value]


# Wherever the office brought a case to its end, a service was given, also where it said no. What
# an applicant took back (case.withdrawn) was never done: rated, it would be a vote for nothing.
COMPLETES = frozenset(
    {
        *("case.delivered", "case.not_required", "case.declined"),
        *("case.returned", "case.terminated"),
    }
)
GOES_ON = "case.reopened"


def completed_service(told: Iterable[tuple[int, str]]) -> int | None:
    """The number of the event that completed the service, of a case's (number, kind) in order;
    None while it goes on. Taken up again and completed anew, it is another service."""
    found = None
    for seq, kind in told:
        if kind in COMPLETES:
            found = seq
        elif kind == GOES_ON:
            found = None
    return found


class NotCompleted(Conflict):
    def __init__(self) -> None:
        super().__init__("这件事还没有办完，办完以后再来评价。自己撤回的申请不用评价。")


class RatedAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这次服务已经评价过了，一次服务只评一次。您刚才填的没有提交。")


class StaffMayNotRate(NotAllowed):
    def __init__(self) -> None:
        super().__init__("评价由申请人来做，工作人员的账号不能评价。")
