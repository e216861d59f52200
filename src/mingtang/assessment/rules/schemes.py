"""Rules of assessment: what a scheme (考核办法) consists of, and what is wrong with one. Pure.

Numbers are decimals: a point has two places, and no score may hang on how a computer rounds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from mingtang.base.errors import DomainError

ZERO, ONE = Decimal(0), Decimal(1)
L = TypeVar("L", bound=StrEnum)


class Cycle(StrEnum):
    """How often a scheme is applied."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def label(self) -> str:
        return {"month": "每月", "quarter": "每季", "year": "每年"}[self.value]


class TargetKind(StrEnum):
    """Whom a scheme judges."""

    WINDOW = "window"
    SUB_CENTRE = "sub_centre"
    PERSON = "person"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    AGENT = "agent"

    @property
    def label(self) -> str:
        return TARGET_LABELS[self]


TARGET_LABELS = {
    TargetKind.WINDOW: "窗口",
    TargetKind.SUB_CENTRE: "分中心",
    TargetKind.PERSON: "人员",
    TargetKind.DEPARTMENT: "部门",
    TargetKind.TOWNSHIP: "乡镇（街道）",
    TargetKind.AGENT: "代办员",
}


class Kind(StrEnum):
    """How an indicator makes points of what was measured."""

    DEDUCT = "deduct"
    RATIO_STEPS = "ratio_steps"
    LINEAR = "linear"
    RANK = "rank"
    MANUAL = "manual"
    VETO = "veto"
    BONUS = "bonus"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.DEDUCT: "按次扣分",
    Kind.RATIO_STEPS: "按比率分档",
    Kind.LINEAR: "按比例折算",
    Kind.RANK: "按名次",
    Kind.MANUAL: "人工记分",
    Kind.VETO: "一票否决",
    Kind.BONUS: "加分",
}
WEIGHTLESS = frozenset({Kind.VETO, Kind.BONUS})


class Shape(StrEnum):
    """What a source gives: how often something happened, a share of cases, or a number."""

    COUNT = "count"
    RATIO = "ratio"
    VALUE = "value"


# Which sources a kind of indicator can do something with.
TAKES: dict[Kind, frozenset[Shape]] = {
    Kind.DEDUCT: frozenset({Shape.COUNT}),
    Kind.RATIO_STEPS: frozenset({Shape.RATIO}),
    Kind.LINEAR: frozenset(Shape),
    Kind.RANK: frozenset(Shape),
    Kind.VETO: frozenset({Shape.COUNT}),
    Kind.BONUS: frozenset({Shape.COUNT, Shape.RATIO}),
}


class Empty(StrEnum):
    """What becomes of a share when there was no case to take a share of."""

    REDISTRIBUTE = "redistribute"
    FULL_MARKS = "full_marks"

    @property
    def label(self) -> str:
        return {"redistribute": "不适用，权重分给其他指标", "full_marks": "记满分"}[self.value]


class Direction(StrEnum):
    """Which end of a measure is the good one."""

    UP = "up"
    DOWN = "down"

    @property
    def label(self) -> str:
        return {"up": "越高越好", "down": "越低越好"}[self.value]


class BadScheme(DomainError):
    """A scheme that contradicts itself: every fault is named."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("考核办法还不能启用：" + "；".join(self.faults) + "。")


@dataclass(frozen=True)
class Step:
    """From a share of `since` (in it) to `below` (not in it, None: up to all) so many points."""

    since: Decimal
    below: Decimal | None
    points: Decimal


@dataclass(frozen=True)
class Indicator:
    """One line of a scheme. `weight`: the full marks of the line, 0 for what only takes or gives.

    `per`: points for each event; `worst` and `best`: between which a measure runs from nothing to
    full marks. `floor` None: 0 for a line with a weight, without end for one without.
    """

    key: str
    name: str
    kind: str
    weight: Decimal = ZERO
    direction: str = Direction.UP.value
    source: str = ""
    per: Decimal = ZERO
    steps: tuple[Step, ...] = ()
    worst: Decimal = ZERO
    best: Decimal = ONE
    floor: Decimal | None = None
    cap: Decimal | None = None
    empty: str = Empty.REDISTRIBUTE.value
    basis: str = ""

    @property
    def is_known(self) -> bool:
        return self.kind in set(Kind)

    @property
    def lowest(self) -> Decimal | None:
        return ZERO if self.floor is None and self.weight > 0 else self.floor

    @property
    def highest(self) -> Decimal | None:
        """Nobody earns more than a line's marks, unless it says so; a line that only takes gives
        nothing."""
        takes_only = self.kind in {Kind.DEDUCT, Kind.VETO}
        return self.weight if self.cap is None and (self.weight > 0 or takes_only) else self.cap


@dataclass(frozen=True)
class Star:
    """So many stars for a score of at least so much, perhaps only for the first few of a band."""

    stars: int
    at_least: Decimal
    top: int | None = None


@dataclass(frozen=True)
class RedFlag:
    """红旗: for the first `top` of each comparable group with at least so much."""

    top: int
    at_least: Decimal


@dataclass(frozen=True)
class Scheme:
    """A way to judge. `base`: points that everybody begins with, beside the weighted lines.

    `bands`: case volumes at which a comparable group ends. `head_share`: how much of what a window
    loses or gains counts for its head.
    """

    code: str
    name: str
    cycle: str
    target: str
    indicators: tuple[Indicator, ...]
    base: Decimal = ZERO
    full: Decimal = Decimal(100)
    floor: Decimal = ZERO
    cap: Decimal = Decimal(100)
    bands: tuple[int, ...] = ()
    stars: tuple[Star, ...] = ()
    red_flag: RedFlag | None = None  # None: no such award
    head_share: Decimal = ONE
    basis: str = ""
    note: str = ""
    objection_days: int = 3

    def indicator(self, key: str) -> Indicator | None:
        return next((one for one in self.indicators if one.key == key), None)


@dataclass(frozen=True)
class Offer:
    """What a check needs to know of a source: what it gives and for whom."""

    shape: Shape
    targets: frozenset[TargetKind] = field(default_factory=lambda: frozenset(TargetKind))


MOST_OBJECTION_DAYS = 3


def faults(scheme: Scheme, offers: Mapping[str, Offer]) -> list[str]:
    """Every way in which a scheme contradicts itself, in sentences; empty: it may be used."""
    found = list(_scheme_faults(scheme))
    for one in scheme.indicators:
        found += [f"指标“{one.name or one.key}”{fault}" for fault in _faults(one, scheme, offers)]
    return found


def check(scheme: Scheme, offers: Mapping[str, Offer]) -> Scheme:
    """Raises BadScheme with every fault."""
    if found := faults(scheme, offers):
        raise BadScheme(found)
    return scheme


def _scheme_faults(scheme: Scheme) -> Iterator[str]:
    if not scheme.code or not scheme.name.strip():
        yield "代码和名称都要填写"
    if scheme.cycle not in set(Cycle):
        yield f"不认识的周期“{scheme.cycle}”，可用：{_named(Cycle)}"
    if scheme.target not in set(TargetKind):
        yield f"不认识的考核对象“{scheme.target}”，可用：{_named(TargetKind)}"
    if not scheme.indicators:
        yield "没有一项指标"
    weights = sum((one.weight for one in scheme.indicators), ZERO)
    if scheme.base + weights != scheme.full:
        yield f"基础分 {scheme.base} 加各项权重 {weights}，应等于满分 {scheme.full}"
    if not scheme.floor <= scheme.full <= scheme.cap:
        yield f"最低分 {scheme.floor}、满分 {scheme.full}、封顶分 {scheme.cap} 应由小到大"
    for key, count in sorted(Counter(one.key for one in scheme.indicators).items()):
        if count > 1 or not key:
            yield f"指标代码“{key}”出现了 {count} 次，须填写且不重复"
    yield from _group_faults(scheme)


def _group_faults(scheme: Scheme) -> Iterator[str]:
    """Bands, stars, the head's share and the days for objections."""
    if list(scheme.bands) != sorted(set(scheme.bands)) or any(one <= 0 for one in scheme.bands):
        yield "办件量分组的界限应是由小到大的正整数"
    if not ZERO <= scheme.head_share <= ONE:
        yield f"窗口负责人的比例 {scheme.head_share} 应在 0 和 1 之间"
    if not 1 <= scheme.objection_days <= MOST_OBJECTION_DAYS:
        yield f"异议期 {scheme.objection_days} 天不对，应为 1 至 {MOST_OBJECTION_DAYS} 个工作日"
    flag = scheme.red_flag
    if flag is not None and (flag.top < 1 or not scheme.floor <= flag.at_least <= scheme.cap):
        yield f"红旗的写法不对：名额至少为 1，分数线在 {scheme.floor} 和 {scheme.cap} 之间"
    ordered = sorted(scheme.stars, key=lambda one: one.stars)
    if len({one.stars for one in ordered}) < len(ordered):
        yield "同一星级写了两次"
    for lower, higher in pairwise(ordered):
        if higher.at_least < lower.at_least:
            yield f"{higher.stars} 星的分数线低于 {lower.stars} 星"
    for one in ordered:
        if not 1 <= one.stars <= 5 or (one.top is not None and one.top < 1):
            yield f"{one.stars} 星的写法不对：星级为 1 至 5，名额至少为 1"


def _faults(one: Indicator, scheme: Scheme, offers: Mapping[str, Offer]) -> Iterator[str]:
    if not one.is_known:
        yield f"的类型“{one.kind}”不认识，可用：{_named(Kind)}"
        return
    kind = Kind(one.kind)
    if one.weight < 0 or (kind in WEIGHTLESS and one.weight != 0):
        yield f"的权重 {one.weight} 不对：{kind.label}不占权重，其他不能是负数"
    if kind in {Kind.RATIO_STEPS, Kind.LINEAR, Kind.RANK} and one.weight <= 0:
        yield "没有权重，得不了分"
    if one.direction not in set(Direction) or one.empty not in set(Empty):
        yield "的方向或者无办件时的算法不认识"
    if one.floor is not None and one.floor > one.weight:
        yield f"的最低分 {one.floor} 高于权重 {one.weight}"
    if one.cap is not None and one.cap < one.weight:
        yield f"的封顶分 {one.cap} 低于权重 {one.weight}"
    if one.floor is not None and one.cap is not None and one.floor > one.cap:
        yield f"的最低分 {one.floor} 高于封顶分 {one.cap}"
    yield from _source_faults(one, kind, scheme, offers)
    yield from _measure_faults(one, kind, offers)


def _source_faults(
    one: Indicator, kind: Kind, scheme: Scheme, offers: Mapping[str, Offer]
) -> Iterator[str]:
    if kind is Kind.MANUAL:
        if one.source:
            yield "是人工记分，不能再写数据来源"
        return
    offer = offers.get(one.source)
    if offer is None:
        yield f"的数据来源“{one.source}”不认识"
        return
    if offer.shape not in TAKES[kind]:
        yield f"的数据来源“{one.source}”不能用于{kind.label}"
    if scheme.target in set(TargetKind) and TargetKind(scheme.target) not in offer.targets:
        yield f"的数据来源“{one.source}”分不到{TargetKind(scheme.target).label}"


def _measure_faults(one: Indicator, kind: Kind, offers: Mapping[str, Offer]) -> Iterator[str]:
    if kind is Kind.DEDUCT and one.per <= 0:
        yield "每次扣的分应大于 0"
    if kind is Kind.VETO and one.per < 0:
        yield "每次扣的分不能是负数"
    if kind is Kind.LINEAR and one.worst == one.best:
        yield "的零分点和满分点相同，无法折算"
    offer = offers.get(one.source)
    by_steps = kind is Kind.RATIO_STEPS
    if kind is Kind.BONUS and offer is not None:
        by_steps = offer.shape is Shape.RATIO
        if not by_steps and one.per <= 0:
            yield "每次加的分应大于 0"
    if by_steps:
        yield from _step_faults(one)
    elif one.steps:
        yield "不分档，不能再写分档"


def _step_faults(one: Indicator) -> Iterator[str]:
    if not one.steps:
        yield "没有写分档"
    steps = sorted(one.steps, key=lambda step: (step.since, step.below is None, step.below or ZERO))
    most = one.highest
    for step in steps:
        if not ZERO <= step.since <= ONE or (step.below is not None and step.below <= step.since):
            yield f"的分档 {_range(step)} 不成立，比率在 0 和 1 之间"
        if step.points < 0 or (most is not None and step.points > most):
            yield f"的分档 {_range(step)} 得 {step.points} 分，应在 0 和 {most} 之间"
    for lower, higher in pairwise(steps):
        if lower.below is None or higher.since < lower.below:
            yield f"的分档 {_range(lower)} 和 {_range(higher)} 重叠"
        elif lower.below < higher.since:
            yield f"的分档 {_range(lower)} 和 {_range(higher)} 之间有空档"


def _range(step: Step) -> str:
    return f"{percent(step.since)} 至 {percent(step.below) if step.below is not None else '以上'}"


def percent(share: Decimal) -> str:
    """A share as people write it: 93.75%, 80%."""
    return f"{(share * 100).quantize(Decimal('0.01')).normalize():f}%"


def _named(labels: type[L]) -> str:
    return "、".join(one.value for one in labels)
