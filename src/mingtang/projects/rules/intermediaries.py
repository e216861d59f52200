"""Rules of intermediary services (中介服务): kinds, who commissions, delays, figures. Pure.

The time of an intermediary whom the government commissioned counts as the government's; of one
whom the owner chose, it does not (浙江“最多 90 天”, 2019).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from mingtang.base.errors import Conflict, DomainError
from mingtang.joint.rules.route import NodeKind
from mingtang.timing.rules import WorkingCalendar


class Trade(StrEnum):
    """What an intermediary does. Stored; a firm may be registered for several."""

    FEASIBILITY = "feasibility"
    ENVIRONMENT = "environment"
    ENERGY = "energy"
    WATER_SOIL = "water_soil"
    FLOOD = "flood"
    GEOLOGY = "geology"
    SAFETY = "safety"
    SURVEY = "survey"
    DESIGN = "design"
    DRAWING_REVIEW = "drawing_review"
    VALUATION = "valuation"
    TENDERING = "tendering"
    SUPERVISION = "supervision"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _TRADES[self]


_TRADES = {
    Trade.FEASIBILITY: "可行性研究",
    Trade.ENVIRONMENT: "环境影响评价",
    Trade.ENERGY: "节能评估",
    Trade.WATER_SOIL: "水土保持方案",
    Trade.FLOOD: "洪水影响评价",
    Trade.GEOLOGY: "地质灾害评估",
    Trade.SAFETY: "安全评价",
    Trade.SURVEY: "勘察测绘",
    Trade.DESIGN: "工程设计",
    Trade.DRAWING_REVIEW: "施工图审查",
    Trade.VALUATION: "土地、资产评估",
    Trade.TENDERING: "招标代理",
    Trade.SUPERVISION: "工程监理",
    Trade.OTHER: "其他",
}


class Commissioner(StrEnum):
    """Who commissions an intermediary: by this its time falls into one bucket or the other."""

    OWNER = "owner"
    GOVERNMENT = "government"

    @property
    def label(self) -> str:
        return {"owner": "业主委托", "government": "政府委托"}[self.value]

    @property
    def node_kind(self) -> NodeKind:
        """The kind of node, and so the bucket, that the time belongs to."""
        return _NODE_KINDS[self]


_NODE_KINDS = {
    Commissioner.OWNER: NodeKind.OWNER_INTERMEDIARY,
    Commissioner.GOVERNMENT: NodeKind.GOVERNMENT_INTERMEDIARY,
}


class Side(StrEnum):
    """Who rates an intermediary's work. Stored."""

    OWNER = "owner"
    DEPARTMENT = "department"

    @property
    def label(self) -> str:
        return {"owner": "业主", "department": "部门"}[self.value]


class NotOnRegister(DomainError):
    def __init__(self, name: str, trade: Trade, why: str) -> None:
        super().__init__(
            f"“{name}”（{trade.label}）{why}，不能委托。请另选一家，或者先更新中介机构名录。"
        )


class RatedAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这次服务已经评价过了，一方只评一次。您刚才填的没有提交。")


def check_on_register(
    name: str, trade: Trade, valid_to: date | None, is_struck_off: bool, on: date
) -> None:
    """Raises NotOnRegister for who may not be engaged on a day."""
    if is_struck_off:
        raise NotOnRegister(name, trade, "已从名录移出")
    if valid_to is not None and on > valid_to:
        raise NotOnRegister(name, trade, f"的资质有效期到 {valid_to} 为止")


def check_dates(started: date, promised: date, ended: date | None = None) -> None:
    """Raises DomainError where an engagement ends before it begins."""
    if promised < started:
        raise DomainError(f"约定完成日期 {promised} 早于开始日期 {started}，请更正。")
    if ended is not None and ended < started:
        raise DomainError(f"完成日期 {ended} 早于开始日期 {started}，请更正。")


@dataclass(frozen=True)
class Engaged:
    """One engagement: from when, promised until when, done when."""

    started: date
    promised: date
    ended: date | None = None

    def days(self, calendar: WorkingCalendar) -> int | None:
        """The working days it took; the day on which it began is not counted."""
        return calendar.count(self.started, self.ended) if self.ended else None

    def days_late(self, calendar: WorkingCalendar, on: date) -> int:
        """The working days beyond the promise, up to the end or up to a day while it goes on."""
        until = min(self.ended, on) if self.ended else on
        return calendar.count(self.promised, until) if until > self.promised else 0


@dataclass(frozen=True)
class Figures:
    """What an intermediary's work shows. Rates of too few are None; counts always show."""

    engaged: int
    completed: int
    on_time: int
    late_now: int
    median_days: float | None
    on_time_percent: float | None


def figures(
    engagements: Iterable[Engaged], calendar: WorkingCalendar, on: date, least: int
) -> Figures:
    """The figures of some engagements as of a day."""
    listed = list(engagements)
    done = [one for one in listed if one.ended is not None and one.ended <= on]
    kept = sum(one.days_late(calendar, on) == 0 for one in done)
    took = [days for one in done if (days := one.days(calendar)) is not None]
    is_enough = len(done) >= max(least, 1)
    return Figures(
        engaged=len(listed),
        completed=len(done),
        on_time=kept,
        late_now=sum(one.days_late(calendar, on) > 0 for one in listed if one not in done),
        median_days=median(took) if is_enough else None,
        on_time_percent=100 * kept / len(done) if is_enough else None,
    )
