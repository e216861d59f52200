"""Rules: earliest and latest days of the nodes of a route, what decides its length, and when a
running matter will end. Days are working days of the promised limits.

A node whose limit is not said counts nothing, and what hangs on it is `at least`: no number is
made up. A simulated examination runs beside what it is simulated against, and is not granted
before it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from mingtang.joint.rules.route import Need, NodeKind, Route, Tie
from mingtang.joint.rules.ties import in_order, waits_of
from mingtang.timing.rules import WorkingCalendar

GOVERNMENT = frozenset({NodeKind.CASE, NodeKind.JOINT_REVIEW, NodeKind.SITE_VISIT})


class NodeState(StrEnum):
    """How a node of a running matter stands. Not stored: joint cases keep their own states."""

    WAITING = "waiting"  # for others
    READY = "ready"  # nobody has begun
    RUNNING = "running"
    PAUSED = "paused"
    SIMULATED = "simulated"  # examined, to be granted once what it waits for is
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"  # ended without a grant: what becomes of it is for the lead to say

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]

    @property
    def is_over(self) -> bool:
        return self in {NodeState.DONE, NodeState.SKIPPED}


_STATES = {
    NodeState.WAITING: ("等前置", "wait"),
    NodeState.READY: ("可以开始", "info"),
    NodeState.RUNNING: ("办理中", "info"),
    NodeState.PAUSED: ("暂停计时", "warn"),
    NodeState.SIMULATED: ("已模拟审批", "warn"),
    NodeState.DONE: ("已办结", "ok"),
    NodeState.SKIPPED: ("不再办理", "wait"),
    NodeState.FAILED: ("未准予", "bad"),
}

SETTLED = frozenset({NodeState.SIMULATED, NodeState.FAILED})  # nothing of their own is left to do


@dataclass(frozen=True)
class Slot:
    """Working days after the start of the matter. `slack`: how much later it may end without
    delaying the whole; `is_open`: it, or what it waits for, has no limit: the days are a floor."""

    start: int
    finish: int
    slack: int
    is_open: bool
    is_critical: bool  # to be late here is to be late as a whole


@dataclass(frozen=True)
class Plan:
    slots: Mapping[str, Slot]
    days: int
    is_open: bool  # somewhere a limit is not said: at least so many days

    @property
    def path(self) -> list[str]:
        """The nodes that decide the length, in order; none where no limit is said."""
        return [key for key, slot in self.slots.items() if slot.is_critical]


def plan_of(route: Route, *, counted: frozenset[NodeKind] = frozenset(NodeKind)) -> Plan:
    """The plan of a route without circles; `counted` are the kinds of nodes whose days count."""
    waits = waits_of(route)
    days = {n.key: (n.days or 0) if n.kind in counted else 0 for _stage, n in route.nodes()}
    unsaid = {n.key for _stage, n in route.nodes() if n.days is None and n.kind in counted}
    spans: dict[str, tuple[int, int]] = {}
    opened: set[str] = set()
    for key in in_order(waits):
        start = max((spans[n.node][1] for n in waits[key] if n.tie is Tie.HARD), default=0)
        granted = max((spans[need.node][1] for need in waits[key]), default=0)
        spans[key] = (start, max(start + days[key], granted))
        if key in unsaid or any(need.node in opened for need in waits[key]):
            opened.add(key)
    total = max((finish for _start, finish in spans.values()), default=0)
    latest = _latest(waits, spans, days, total)
    slots = {
        key: Slot(
            start, finish, slack := latest[key] - finish, key in opened, not slack and total > 0
        )
        for key, (start, finish) in spans.items()
    }
    return Plan(slots, total, bool(opened))


def _slot(start: int, finish: int, slack: int, total: int, *, is_open: bool) -> Slot:
    return Slot(start, finish, slack, is_open, is_critical=slack == 0 and total > 0)


def _latest(
    waits: Mapping[str, tuple[Need, ...]],
    spans: Mapping[str, tuple[int, int]],
    days: Mapping[str, int],
    total: int,
) -> dict[str, int]:
    """By node, the last day on which it may end without delaying the whole."""
    found = dict.fromkeys(spans, total)
    for key in reversed(list(spans)):
        for need in waits[key]:
            until = found[key] - (days[key] if need.tie is Tie.HARD else 0)
            found[need.node] = min(found[need.node], until)
    return found


def stage_days(route: Route, *, counted: frozenset[NodeKind] = frozenset(NodeKind)) -> list[int]:
    """By stage, the working days of its longest way, other stages left out."""
    alone = (Route((stage,)) for stage in route.stages)
    return [plan_of(one, counted=counted).days for one in alone]


# ── a running matter ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Live:
    """How a node stands. `due`: the last day of its own clock, where one runs."""

    state: NodeState
    began: dt.date | None = None
    ended: dt.date | None = None
    due: dt.date | None = None


@dataclass(frozen=True)
class Outlook:
    """What is to be expected of a node. `blocked_by`: what it waits for that is not over;
    `decides`: it is on the way that decides the expected end."""

    state: NodeState
    start: dt.date
    end: dt.date
    is_open: bool
    is_late: bool
    blocked_by: tuple[str, ...]
    decides: bool = False


@dataclass(frozen=True)
class Forecast:
    nodes: Mapping[str, Outlook]
    end: dt.date
    is_open: bool  # the end is the earliest one: somewhere ahead a limit is not said
    is_over: bool


def forecast(
    route: Route, live: Mapping[str, Live], today: dt.date, calendar: WorkingCalendar
) -> Forecast:
    """When each node will end if all keep their limits from today on, late ones ending today.

    A node of which nothing is known waits.
    """
    waits, nodes = waits_of(route), {node.key: node for _stage, node in route.nodes()}
    found: dict[str, Outlook] = {}
    because: dict[str, str] = {}  # by node, the one whose end decides its own
    for key in in_order(waits):
        now = live.get(key, Live(NodeState.WAITING))
        seen = _outlook(now, nodes[key].days, waits[key], found, today, calendar)
        found[key] = seen
        if decider := _decider(seen, waits[key], found, nodes[key].days, calendar):
            because[key] = decider
    last = max(
        reversed(found), key=lambda key: (found[key].end, not found[key].state.is_over), default=""
    )
    deciding = set(_way(last, because))
    told = {key: replace(one, decides=key in deciding) for key, one in found.items()}
    return Forecast(
        told,
        told[last].end if last else today,
        any(one.is_open for one in told.values() if not one.state.is_over),
        all(one.state.is_over for one in told.values()),
    )


def _outlook(
    now: Live,
    days: int | None,
    needs: tuple[Need, ...],
    found: Mapping[str, Outlook],
    today: dt.date,
    calendar: WorkingCalendar,
) -> Outlook:
    if now.state.is_over:
        end = now.ended or today
        return Outlook(now.state, now.began or end, end, False, _is_late(now, end), ())
    blocking = tuple(need.node for need in needs if not found[need.node].state.is_over)
    hard = [found[need.node].end for need in needs if need.tie is Tie.HARD]
    start = now.began or max([today, *hard])
    if now.state in SETTLED:
        own = today
    elif now.due:
        own = now.due
    else:
        own = calendar.add(start, days or 0)
    end = max([own, today, *(found[need.node].end for need in needs)])
    unsaid = days is None and now.due is None and now.state not in SETTLED
    is_open = unsaid or now.state is NodeState.FAILED or any(found[key].is_open for key in blocking)
    return Outlook(now.state, start, end, is_open, _is_late(now, today), blocking)


def _is_late(now: Live, day: dt.date) -> bool:
    return now.due is not None and now.state is not NodeState.SKIPPED and day > now.due


def _decider(
    seen: Outlook,
    needs: tuple[Need, ...],
    found: Mapping[str, Outlook],
    days: int | None,
    calendar: WorkingCalendar,
) -> str:
    """What a node that is not over waits for longest, if its end hangs on it; "" if on itself."""
    open_needs = [need for need in needs if need.node in seen.blocked_by]
    if not open_needs or seen.state.is_over:
        return ""
    last = max(open_needs, key=lambda need: found[need.node].end)
    hangs = found[last.node].end == (seen.start if last.tie is Tie.HARD else seen.end)
    return last.node if hangs else ""


def _way(last: str, because: Mapping[str, str]) -> Iterator[str]:
    while last:
        yield last
        last = because.get(last, "")
