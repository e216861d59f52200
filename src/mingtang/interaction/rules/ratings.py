"""Rules of ratings (一事一评): indicators, which service may be rated, by whom. Pure.

What nobody rated has no row: it is unrated, and never counts as anything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from mingtang.base.errors import Conflict, NotAllowed
from mingtang.cases.rules.satisfaction import BAD as BAD
from mingtang.cases.rules.satisfaction import Level as Level

LONGEST_TEXT = 500
CORRECTION_DAYS = 7  # one later correction; the first stays in the history
BURST_COUNT, BURST_WITHIN = 3, timedelta(seconds=60)  # so many people do not come in a minute


class Indicator(StrEnum):
    """What of a service may be judged by itself. Stored."""

    EFFICIENCY = "efficiency"
    GUIDE = "guide"
    CONVENIENCE = "convenience"
    PLATFORM = "platform"
    COMPETENCE = "competence"
    ATTITUDE = "attitude"

    @property
    def label(self) -> str:
        return _INDICATORS[self]


_INDICATORS = {
    Indicator.EFFICIENCY: "办事效率",
    Indicator.GUIDE: "办事指南精确度",
    Indicator.CONVENIENCE: "办事便捷度",
    Indicator.PLATFORM: "平台操作性",
    Indicator.COMPETENCE: "服务水平",
    Indicator.ATTITUDE: "服务态度",
}
ONLINE = (Indicator.EFFICIENCY, Indicator.GUIDE, Indicator.CONVENIENCE, Indicator.PLATFORM)
HALL = (Indicator.EFFICIENCY, Indicator.COMPETENCE, Indicator.ATTITUDE)


def indicators_of(is_online: bool) -> tuple[Indicator, ...]:
    """What may be judged of a service given online, or in the hall."""
    return ONLINE if is_online else HALL


class RatingChannel(StrEnum):
    """On which way a rating came: what vouches for it."""

    ACCOUNT = "account"
    CODE = "code"
    PAD = "pad"
    RECEIPT = "receipt"
    SMS = "sms"
    PHONE = "phone"

    @property
    def label(self) -> str:
        return _CHANNELS[self]


_CHANNELS = {
    RatingChannel.ACCOUNT: "登录后评价",
    RatingChannel.CODE: "凭查询码评价",
    RatingChannel.PAD: "窗口评价器",
    RatingChannel.RECEIPT: "扫回执上的码",
    RatingChannel.SMS: "短信链接",
    RatingChannel.PHONE: "电话回访",
}

# Wherever the office brought a case to its end, a service was given, also where it said no. What
# an applicant took back (case.withdrawn) was never done: rated, it would be a vote for nothing.
COMPLETES = frozenset(
    {
        *("case.delivered", "case.not_required", "case.declined"),
        *("case.returned", "case.terminated"),
    }
)
GOES_ON = "case.reopened"


def completed_services(told: Iterable[tuple[int, str]]) -> list[int]:
    """The numbers of the events that each completed a service, of a case's (number, kind) in
    order. One that was taken up again and completed anew gives two."""
    found: list[int] = []
    is_new = True
    for seq, kind in told:
        if kind in COMPLETES:
            found = [*found, seq] if is_new else [*found[:-1], seq]
            is_new = False
        elif kind == GOES_ON:
            is_new = True
    return found


def completed_service(told: Iterable[tuple[int, str]]) -> int | None:
    """The one of them that may be rated now; None while the case goes on."""
    events = list(told)
    services = completed_services(events)
    goes_on = max((seq for seq, kind in events if kind == GOES_ON), default=0)
    return services[-1] if services and services[-1] > goes_on else None


def may_correct(first_at: datetime, at: datetime) -> bool:
    """Whether a first rating may still be corrected."""
    return at <= first_at + timedelta(days=CORRECTION_DAYS)


def bursts(times: Sequence[datetime]) -> list[tuple[datetime, datetime, int]]:
    """Where ratings of one window crowd: first and last moment and how many, in order.

    `times` in order. Groups that overlap are one.
    """
    found: list[tuple[int, int]] = []
    for last in range(BURST_COUNT - 1, len(times)):
        first = last - BURST_COUNT + 1
        if times[last] - times[first] > BURST_WITHIN:
            continue
        if found and first <= found[-1][1]:
            first = found.pop()[0]
        found.append((first, last))
    return [(times[one], times[two], two - one + 1) for one, two in found]


def name_on(names: Mapping[date, str], on: date) -> str:
    """What the practice is called on a day: 一事一评 of old, 一次一评 since GB/T 39734-2020."""
    since = max((day for day in names if day <= on), default=min(names))
    return names[since]


class NotCompleted(Conflict):
    def __init__(self) -> None:
        super().__init__("这件事还没有办完，办完以后再来评价。自己撤回的申请不用评价。")


class RatedAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这次服务已经评价过了，一次服务只评一次。您刚才填的没有提交。")


class NothingToCorrect(Conflict):
    def __init__(self) -> None:
        super().__init__(
            f"这次评价不能再改：评价可以在 {CORRECTION_DAYS} 天内改一次，只改一次。"
            "还有话要说，请拨打服务热线。"
        )


class StaffMayNotRate(NotAllowed):
    def __init__(self) -> None:
        super().__init__("评价由申请人来做，工作人员的账号不能评价。")


class OwnUnitMayNotCall(NotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "电话回访要由别的单位的人来做：您的单位就是被评价的单位，或者您办过这件事。"
            "请转给中心管理人员。"
        )
