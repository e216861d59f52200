"""Rules of agents (代办): what a letter covers and when, hand-over, what agents are worth. Pure.

An agent acts for the owner of a project, free of charge and because the owner wants it. Nothing an
agent does is wider than the letter, and an agent never decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from mingtang.base.errors import Conflict, DomainError, NotAllowed
from mingtang.joint.rules.route import NodeKind


class Service(StrEnum):
    """What an agent may be asked to see to (丽水 2014 “大代办”: the four of a project). Stored."""

    APPROVAL = "approval"
    CONVENIENCE = "convenience"
    PUBLIC = "public"
    INTERMEDIARY = "intermediary"

    @property
    def label(self) -> str:
        return _SERVICES[self]


_SERVICES = {
    Service.APPROVAL: "审批服务",
    Service.CONVENIENCE: "便民服务",
    Service.PUBLIC: "公共服务",
    Service.INTERMEDIARY: "中介服务",
}
SERVICE_OF = {
    NodeKind.CASE: Service.APPROVAL,
    NodeKind.JOINT_REVIEW: Service.APPROVAL,
    NodeKind.SITE_VISIT: Service.APPROVAL,
    NodeKind.OWNER: Service.CONVENIENCE,
    NodeKind.OWNER_INTERMEDIARY: Service.INTERMEDIARY,
    NodeKind.GOVERNMENT_INTERMEDIARY: Service.INTERMEDIARY,
    NodeKind.UTILITY: Service.PUBLIC,
}


class ActKind(StrEnum):
    """What an agent does for an owner. There is no deciding among it. Stored."""

    CONSULT = "consult"
    CHECK_PAPERS = "check_papers"
    FILE = "file"
    SUPPLY = "supply"
    CHASE = "chase"
    COORDINATE = "coordinate"
    REPORT = "report"
    COLLECT = "collect"

    @property
    def label(self) -> str:
        return _ACTS[self]


_ACTS = {
    ActKind.CONSULT: "咨询辅导",
    ActKind.CHECK_PAPERS: "核对材料",
    ActKind.FILE: "代为申报",
    ActKind.SUPPLY: "代交补正",
    ActKind.CHASE: "催办跟进",
    ActKind.COORDINATE: "协调会商",
    ActKind.REPORT: "报告业主",
    ActKind.COLLECT: "代领结果",
}


class Ending(StrEnum):
    """How a letter came to its end. Stored."""

    CONCLUDED = "concluded"
    REVOKED = "revoked"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        return {"concluded": "已办结", "revoked": "已撤销", "lapsed": "已到期"}[self.value]


class LetterState(StrEnum):
    """Where a letter stands on a day; derived, never stored."""

    DRAWN = "drawn"
    COMING = "coming"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]


_STATES = {
    LetterState.DRAWN: ("待双方签字", "warn"),
    LetterState.COMING: ("尚未生效", "info"),
    LetterState.IN_FORCE: ("有效", "ok"),
    LetterState.EXPIRED: ("已到期", "bad"),
    LetterState.ENDED: ("已结束", "info"),
}


class Deed(StrEnum):
    """What may be done about a letter. The values are parts of addresses."""

    SIGN = "sign"
    NOTE = "note"
    SETTLE = "settle"
    PLAN = "plan"
    PLAN_NODES = "plan-nodes"
    DROP = "drop"
    TAKE_OVER = "take-over"
    HAND_OVER = "hand-over"
    CALL_OFF = "call-off"
    CONCLUDE = "conclude"
    REVOKE = "revoke"

    @property
    def label(self) -> str:
        return _DEEDS[self]


_DEEDS = {
    Deed.SIGN: "登记双方签字",
    Deed.NOTE: "记一笔台账",
    Deed.SETTLE: "补登结果",
    Deed.PLAN: "排入计划",
    Deed.PLAN_NODES: "按项目节点排计划",
    Deed.DROP: "移出计划",
    Deed.TAKE_OVER: "确认接手",
    Deed.HAND_OVER: "移交",
    Deed.CALL_OFF: "撤回或者不接受移交",
    Deed.CONCLUDE: "出具办结单",
    Deed.REVOKE: "撤销委托",
}
BY_OFFICE = (Deed.SIGN, Deed.REVOKE)


@dataclass(frozen=True)
class Stand:
    """What is known of a letter when its page asks what may be done."""

    state: LetterState
    is_signed: bool
    has_steps: bool
    has_open_acts: bool
    is_offered: bool

    def deeds(self, *, is_office: bool, is_agent: bool, is_taker: bool) -> list[Deed]:
        """What may be done now by who is one of these, in the order of the deeds. Each command
        asks once more."""
        may: set[Deed] = set()
        if self.state is LetterState.ENDED:
            return []
        if is_office:
            may |= {Deed.REVOKE} if self.is_signed else set(BY_OFFICE)
        if is_agent:
            may |= self._agents_deeds()
        if is_taker:
            may |= {Deed.TAKE_OVER, Deed.CALL_OFF}
        return [one for one in Deed if one in may]

    def _agents_deeds(self) -> set[Deed]:
        may = {Deed.CALL_OFF} if self.is_offered else set()
        if not self.is_signed:
            return may
        may |= {Deed.SETTLE} if self.has_open_acts else {Deed.CONCLUDE}
        if self.state is LetterState.IN_FORCE:
            may |= {Deed.NOTE, Deed.PLAN, Deed.PLAN_NODES}
            may |= {Deed.DROP} if self.has_steps else set()
            may |= set() if self.is_offered else {Deed.HAND_OVER}
        return may


class LetterNotInForce(Conflict):
    def __init__(self, state: LetterState) -> None:
        super().__init__(
            f"这份委托书现在“{state.label}”，不能据此代办。请先请业主和代办员双方签字，"
            "或者与业主另签一份。"
        )


class OutsideLetter(NotAllowed):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"“{what}”不在委托书的范围内，代办员不能代办。请由业主自己办理，"
            "或者与业主另签范围更宽的委托书。"
        )


class NotTheAgent(NotAllowed):
    def __init__(self) -> None:
        super().__init__("这个项目不是您代办的。请由委托书上的代办员办理，或者先办移交。")


class AgentDoesNotDecide(NotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "您是这个项目的代办员，不能再参加它的审查、审批或者评价。请转给别的同事办理。"
        )


class IndustryExcluded(DomainError):
    def __init__(self, industry: str) -> None:
        super().__init__(
            f"“{industry}”项目不在代办服务范围内（设置 MINGTANG_AGENCY_EXCLUDES），"
            "不能签委托书。行业填错的，请先更正项目的行业。"
        )


class OpenActsLeft(Conflict):
    def __init__(self, count: int) -> None:
        super().__init__(
            f"台账里还有 {count} 件没有结果的事。请逐件登记结果，或者先移交，再出具办结单。"
        )


@dataclass(frozen=True)
class Mandate:
    """What a letter says: for what, from when to when; `nodes`: None for the whole project."""

    services: frozenset[Service]
    nodes: frozenset[str] | None
    valid_from: date
    valid_to: date
    is_signed: bool = True
    is_ended: bool = False

    def state(self, on: date) -> LetterState:
        if self.is_ended:
            return LetterState.ENDED
        if on > self.valid_to:
            return LetterState.EXPIRED
        if not self.is_signed:
            return LetterState.DRAWN
        return LetterState.COMING if on < self.valid_from else LetterState.IN_FORCE

    def covers(self, service: Service, node: str = "") -> bool:
        """Whether the letter speaks of this; a step of no node of the route is its service's."""
        return service in self.services and (self.nodes is None or not node or node in self.nodes)

    def check_act(self, service: Service, node: str, what: str, on: date) -> None:
        """Raises LetterNotInForce on a day on which it does not hold, OutsideLetter for what it
        does not speak of."""
        if (state := self.state(on)) is not LetterState.IN_FORCE:
            raise LetterNotInForce(state)
        self.check_covers(service, node, what)

    def check_covers(self, service: Service, node: str, what: str) -> None:
        if not self.covers(service, node):
            raise OutsideLetter(what)


def check_letter(services: Iterable[Service], valid_from: date, valid_to: date) -> None:
    """Raises DomainError for a letter that would cover nothing or no day."""
    if not set(services):
        raise DomainError("委托书没有写委托哪些服务，请至少选一项。")
    if valid_to < valid_from:
        raise DomainError(f"委托期限的最后一天 {valid_to} 早于第一天 {valid_from}，请更正。")


def check_industry(industry: str, excluded: Iterable[str]) -> None:
    """Raises IndustryExcluded: 丽水 2014 kept real estate out; which ones, a place says itself.

    An excluded word is looked for in the name of the industry; one of letters and digits is the
    beginning of a code of GB/T 4754, such as K70.
    """
    for word in excluded:
        is_code = word.isascii()
        if industry.upper().startswith(word.upper()) if is_code else word in industry:
            raise IndustryExcluded(industry)


def check_past(day: date, on: date, what: str) -> date:
    """What was done was done on a day up to today."""
    if day > on:
        raise DomainError(f"{what} {day} 晚于今天，请更正。")
    return day


# ── what agents are worth (受益面, 实效性) ─────────────────────────────────────────────────────


@dataclass(frozen=True)
class Share:
    """A part of a whole, with both: a share of nothing is none."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Took:
    """A completed node: its key and name, the working days of government and owner together, and
    whether the project had an agent while it went on."""

    node: str
    name: str
    days: int
    has_agent: bool


@dataclass(frozen=True)
class Compared:
    """A node with agents against the same without. Medians are None below the least sample, and
    then nothing is saved either."""

    node: str
    name: str
    with_count: int
    without_count: int
    with_median: float | None
    without_median: float | None

    @property
    def saved(self) -> float | None:
        if self.with_median is None or self.without_median is None:
            return None
        return self.without_median - self.with_median


def compared(took: Iterable[Took], least: int) -> list[Compared]:
    """Node by node, so that like is held against like, in the order of their keys. A median is
    shown only where both sides have `least` nodes: one side alone says nothing."""
    sides: dict[str, tuple[list[int], list[int]]] = {}
    names: dict[str, str] = {}
    for one in took:
        names.setdefault(one.node, one.name)
        sides.setdefault(one.node, ([], []))[0 if one.has_agent else 1].append(one.days)
    return [_compared(node, names[node], *sides[node], least) for node in sorted(sides)]


def _compared(
    node: str, name: str, having: Sequence[int], lacking: Sequence[int], least: int
) -> Compared:
    is_enough = min(len(having), len(lacking)) >= max(least, 1)
    return Compared(
        node=node,
        name=name,
        with_count=len(having),
        without_count=len(lacking),
        with_median=median(having) if is_enough else None,
        without_median=median(lacking) if is_enough else None,
    )
