"""Rules of the daily check of the site by the national indicators. Pure.

《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）: what lets a site fail at once (单项否决)
and what costs points. Each limit is a row with its source, so that a clerk can look it up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mingtang.disclosure.rules.items import Column

SOURCE = "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）"
SOON_DAYS = 7  # so many days before a limit a thing is told as near it


class Result(StrEnum):
    """How one thing stands."""

    OK = "ok"
    SOON = "soon"
    STALE = "stale"
    VETO = "veto"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return RESULT_LABELS[self]

    @property
    def tone(self) -> str:
        return {"ok": "ok", "soon": "warn", "stale": "bad", "veto": "bad"}.get(self.value, "info")


RESULT_LABELS = {
    Result.OK: "正常",
    Result.SOON: "快到期",
    Result.STALE: "不达标",
    Result.VETO: "单项否决",
    Result.UNKNOWN: "不能自动检查",
}
ORDER = (Result.VETO, Result.STALE, Result.SOON, Result.UNKNOWN, Result.OK)


@dataclass(frozen=True)
class Limit:
    """Within how many days something must be new. `counts`: how many such let the site fail."""

    code: str
    label: str
    days: int
    counts: int
    clause: str

    @property
    def source(self) -> str:
        return f"{SOURCE}{self.clause}"


HOME = Limit("home", "首页", 14, 1, "单项否决“首页栏目不更新”：2 周内无信息更新")
FAST = Limit("fast", "动态、要闻类", 14, 5, "单项否决“栏目不更新”：2 周内未更新，累计 5 个及以上")
SLOW = Limit(
    *("slow", "通知公告、政策文件类", 183, 5),
    "单项否决“栏目不更新”：6 个月内未更新，累计 5 个及以上",
)
OTHER = Limit(
    *("other", "其他应更新的栏目", 366, 10), "单项否决“栏目不更新”：应更新未更新累计 10 个及以上"
)
EMPTY = Limit("empty", "空白栏目", 0, 5, "单项否决“栏目不更新”：空白栏目累计 5 个及以上")
LETTERS = Limit(
    *("letters", "咨询留言", 90, 1),
    "单项否决“互动回应差”：一年内有效留言超过 3 个月未答复",
)
LIMITS = (HOME, FAST, SLOW, OTHER, EMPTY, LETTERS)

# Which limit a column keeps. What an office is says itself anew only when it changes.
KEEPS: Mapping[Column, Limit | None] = {
    Column.ABOUT: None,
    Column.POLICY: SLOW,
    Column.POWER: SLOW,
    Column.WORK: FAST,
    Column.PERSONNEL: OTHER,
    Column.REPORT: OTHER,
}

LINK, FILE, TAG, PUBLISHED, GUIDE = "link", "file", "tag", "published", "guide"
LABELS = {
    **{one.code: one.label for one in LIMITS},
    LINK: "失效链接",
    FILE: "打不开的附件",
    TAG: "网站标识",
    PUBLISHED: "发布日期",
    GUIDE: "办事指南要素",
}


@dataclass(frozen=True)
class Found:
    """One row of a day's check."""

    code: str
    result: Result
    said: str
    target: str = ""
    organisation_id: int | None = None
    days_left: int | None = None
    address: str = ""


def age(limit: Limit, latest: date | None, today: date, *, target: str, address: str = "") -> Found:
    """How something that must be renewed within days stands."""
    if latest is None:
        said = f"{target}从来没有更新过，请尽快发布。"
        return Found(limit.code, Result.STALE, said, target, days_left=0, address=address)
    left = (latest + timedelta(days=limit.days) - today).days
    if left < 0:
        said = f"{target}最近更新是 {latest}，已超过 {limit.days} 天的期限 {-left} 天。"
        return Found(limit.code, Result.STALE, said, target, days_left=left, address=address)
    said = f"{target}最近更新是 {latest}，还有 {left} 天到期。"
    result = Result.SOON if left <= SOON_DAYS else Result.OK
    return Found(limit.code, result, said, target, days_left=left, address=address)


def column(
    one: Column, count: int, latest: date | None, today: date, *, address: str, organ: str = ""
) -> Found:
    """How a column of the site, or of one organ, stands."""
    target = f"{organ}“{one.label}”栏目" if organ else f"“{one.label}”栏目"
    limit = KEEPS[one]
    if not count:
        said = f"{target}是空的，请发布内容或者撤掉栏目。"
        return Found(EMPTY.code, Result.STALE, said, target=target, address=address)
    if limit is None:
        said = f"{target}有 {count} 条，内容变动时更新。"
        return Found(OTHER.code, Result.OK, said, target=target, address=address)
    return age(limit, latest, today, target=target, address=address)


def of_organ(found: Found, organisation_id: int) -> Found:
    """The same as a row of one organ: it tells the organ, and does not count for the site."""
    return replace(found, organisation_id=organisation_id)


def vetoes(found: Iterable[Found]) -> list[Found]:
    """What the rows of the site add up to: each limit whose number of failures is reached."""
    rows = [one for one in found if one.organisation_id is None]
    made = []
    for limit in LIMITS:
        failing = [one for one in rows if one.code == limit.code and one.result is Result.STALE]
        if len(failing) >= limit.counts:
            said = f"{limit.label}不达标 {len(failing)} 个，达到单项否决的 {limit.counts} 个。"
            made.append(Found(limit.code, Result.VETO, said, target=limit.label))
    return made


def in_order(found: Iterable[Found]) -> list[Found]:
    """The gravest first, then what falls due first."""
    never = 10_000
    return sorted(
        found,
        key=lambda one: (
            ORDER.index(one.result),
            one.organisation_id is not None,
            never if one.days_left is None else one.days_left,
            one.target,
        ),
    )
