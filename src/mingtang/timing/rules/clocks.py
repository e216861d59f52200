"""Rules of time: a clock is what its operations add up to.

A business app puts the operations into its events, under "clocks"; `fold` reads them back.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from mingtang.base.errors import Conflict, DomainError
from mingtang.timing.rules.calendar import WorkingCalendar
from mingtang.timing.rules.deadlines import OFFICE_HOURS, Due, Pause, Unit, due, local_start

Op = dict[str, Any]


class ClockKind(StrEnum):
    """What a clock measures. "step:REVIEW" is a step's own: several may run at once."""

    COMPLETENESS = "completeness"
    PROMISED = "promised"
    STATUTORY = "statutory"
    PRE_EXAMINATION = "pre_examination"
    STEP = "step"
    DELIVERY = "delivery"
    CORRECTION = "correction"
    PAUSE = "pause"
    RENEWAL = "renewal"
    ORIGINALS = "originals"
    PAYMENT = "payment"
    DEFERRED = "deferred"
    CALL_BACK = "call_back"
    RECTIFY = "rectify"
    EXPLANATION = "explanation"
    APPEAL = "appeal"
    DIRECTIVE = "directive"
    INSPECTION = "inspection"
    DISCLOSURE = "disclosure"
    REPLY = "reply"
    LETTER = "letter"
    CONSULTATION = "consultation"
    OPINION = "opinion"
    MONTHLY_REPORT = "monthly_report"
    PROBLEM = "problem"
    NODE_PLAN = "node_plan"
    FEEDBACK = "feedback"
    OBJECTION = "objection"


CLOCK_LABELS = {
    ClockKind.COMPLETENESS: "材料审核时限",
    ClockKind.PROMISED: "承诺时限",
    ClockKind.STATUTORY: "法定时限",
    ClockKind.PRE_EXAMINATION: "初审时限",  # 《行政许可法》第四十三条
    ClockKind.STEP: "环节时限",
    ClockKind.DELIVERY: "送达时限",
    ClockKind.CORRECTION: "补正时限",
    ClockKind.PAUSE: "特别程序预计用时",  # told in the notice: 《行政许可法》第四十五条
    ClockKind.RENEWAL: "到期前决定时限",  # 《行政许可法》第五十条
    ClockKind.ORIGINALS: "原件交接时限",
    ClockKind.PAYMENT: "缴费时限",
    ClockKind.DEFERRED: "容缺补交时限",
    ClockKind.CALL_BACK: "差评回访时限",
    ClockKind.RECTIFY: "差评整改时限",
    ClockKind.EXPLANATION: "说明时限",
    ClockKind.APPEAL: "申诉时限",
    ClockKind.DIRECTIVE: "督办时限",
    ClockKind.INSPECTION: "督查时限",
    ClockKind.DISCLOSURE: "主动公开时限",
    ClockKind.REPLY: "答复时限",  # of an information request
    ClockKind.LETTER: "来信办理时限",
    ClockKind.CONSULTATION: "征求意见时限",
    ClockKind.OPINION: "会议意见时限",  # each invited unit has its own
    ClockKind.MONTHLY_REPORT: "月报时限",  # of a major project
    ClockKind.PROBLEM: "问题解决时限",
    ClockKind.NODE_PLAN: "节点计划时限",
    ClockKind.FEEDBACK: "征集结果反馈时限",
    ClockKind.OBJECTION: "异议答复时限",  # each objection to a village's disclosure has its own
}


class ClockStatus(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClockConflict(Conflict):
    """An operation that does not fit the state of the clock."""


class BadClock(DomainError):
    """An operation that cannot be read."""


@dataclass(frozen=True)
class ClockState:
    """A clock at one moment. While paused, `due` is what it was; it moves when it resumes.

    The due date of a stopped clock stays as recorded: a later calendar does not touch it.
    """

    kind: str
    status: ClockStatus
    start: dt.date
    amount: int
    unit: Unit
    pauses: tuple[Pause, ...]
    due: dt.date
    provisional: bool
    stopped_on: dt.date | None = None
    due_at: dt.datetime | None = None
    roll: bool = False

    @property
    def is_open(self) -> bool:
        return self.status != ClockStatus.STOPPED

    @property
    def start_date(self) -> dt.date:
        return local_start(self.start, OFFICE_HOURS)[0]


def clock_label(kind: str) -> str:
    """What a kind is called, with the step it is of; an id is no name to anybody."""
    base, _, name = kind.partition(":")
    label = CLOCK_LABELS[ClockKind(base)] if base in set(ClockKind) else base
    return f"{label}（{name}）" if name and not name.isdecimal() else label


def check_kind(kind: str) -> str:
    if kind.partition(":")[0] not in set(ClockKind):
        raise BadClock(f"不认识的计时种类“{kind}”。可用：{'、'.join(ClockKind)}。")
    return kind


def fold(ops: Iterable[Mapping[str, Any]], calendar: WorkingCalendar) -> dict[str, ClockState]:
    """The clocks, by kind, that a history of operations leaves: the last one of each kind.

    Open clocks are due by `calendar`; stopped ones keep the date that was recorded.
    """
    states: dict[str, ClockState] = {}
    for op in ops:
        kind = check_kind(str(op.get("kind")))
        states[kind] = apply(states.get(kind), op, calendar)
    return {
        kind: reckoned(state, calendar) if state.is_open else state
        for kind, state in states.items()
    }


def apply(state: ClockState | None, op: Mapping[str, Any], calendar: WorkingCalendar) -> ClockState:
    """One operation on a clock. The due date is the recorded one, or else reckoned."""
    if op.get("op") not in _MOVES:
        raise BadClock(f"不认识的计时操作“{op.get('op')}”。可用：{'、'.join(_MOVES)}。")
    moved = _MOVES[op["op"]](state, op)
    if "due" in op:
        return _with_due(moved, _recorded(op))
    return reckoned(moved, calendar) if op["op"] in _MOVE_THE_DUE else moved


def reckoned(state: ClockState, calendar: WorkingCalendar) -> ClockState:
    """The state with the due date that `calendar` gives; an open pause is left out."""
    closed = tuple(pause for pause in state.pauses if pause.until is not None)
    return _with_due(
        state, due(calendar, state.start, state.amount, state.unit, closed, roll=state.roll)
    )


def _with_due(state: ClockState, found: Due) -> ClockState:
    return replace(state, due=found.date, provisional=found.provisional, due_at=found.at)


def _recorded(op: Mapping[str, Any]) -> Due:
    at = dt.datetime.fromisoformat(op["due_at"]) if op.get("due_at") else None
    return Due(dt.date.fromisoformat(op["due"]), bool(op.get("provisional")), at)


def _open(state: ClockState | None, op: Mapping[str, Any]) -> ClockState:
    label = clock_label(str(op["kind"]))
    if state is None:
        raise ClockConflict(f"{label}还没有开始计时，不能进行此项操作。")
    if not state.is_open:
        raise ClockConflict(f"{label}已于 {state.stopped_on} 停止计时，不能再变动。")
    return state


def _started(state: ClockState | None, op: Mapping[str, Any]) -> ClockState:
    if state is not None and state.is_open:
        raise ClockConflict(
            f"{clock_label(state.kind)}正在计时，不能重复开始。请先停止原来的计时。"
        )
    start = read_start(op["start"])
    pauses = tuple(read_pause(pair) for pair in op.get("pauses", ()))
    if any(pause.until is None for pause in pauses):
        raise BadClock("开始计时时给出的暂停须是已结束的。计时开始后再暂停。")
    return ClockState(
        kind=str(op["kind"]),
        status=ClockStatus.RUNNING,
        start=start,
        amount=int(op["amount"]),
        unit=Unit(op["unit"]),
        pauses=pauses,
        due=local_start(start, OFFICE_HOURS)[0],
        provisional=False,
        roll=bool(op.get("roll")),
    )


def _stopped(state: ClockState | None, op: Mapping[str, Any]) -> ClockState:
    state = _open(state, op)
    on = _day_in_order(state, op)
    pauses = state.pauses
    if state.status == ClockStatus.PAUSED:
        pauses = (*pauses[:-1], Pause(pauses[-1].after, on))
    return replace(state, status=ClockStatus.STOPPED, stopped_on=on, pauses=pauses)


def _paused(state: ClockState | None, op: Mapping[str, Any]) -> ClockState:
    state = _open(state, op)
    if state.status == ClockStatus.PAUSED:
        since = state.pauses[-1].after
        raise ClockConflict(f"{clock_label(state.kind)}自 {since} 起已暂停，不能重复暂停。")
    opened = Pause(_day_in_order(state, op), None)
    return replace(state, status=ClockStatus.PAUSED, pauses=(*state.pauses, opened))


def _resumed(state: ClockState | None, op: Mapping[str, Any]) -> ClockState:
    state = _open(state, op)
    if state.status != ClockStatus.PAUSED:
        raise ClockConflict(f"{clock_label(state.kind)}没有暂停，不能恢复计时。")
    closed = Pause(state.pauses[-1].after, _day_in_order(state, op))
    return replace(state, status=ClockStatus.RUNNING, pauses=(*state.pauses[:-1], closed))


def _extended(state: ClockState | None, op: Mapping[str, Any]) -> ClockState:
    state = _open(state, op)
    if int(op["amount"]) < 1:
        raise BadClock(f"延期 {op['amount']} 无效：延长的天数至少为 1。")
    return replace(state, amount=state.amount + int(op["amount"]))


def _recomputed(state: ClockState | None, op: Mapping[str, Any]) -> ClockState:
    return _open(state, op)


_MOVES = {
    "start": _started,
    "stop": _stopped,
    "pause": _paused,
    "resume": _resumed,
    "extend": _extended,
    "recompute": _recomputed,
}
_MOVE_THE_DUE = frozenset({"start", "resume", "extend", "recompute"})


def _day_in_order(state: ClockState, op: Mapping[str, Any]) -> dt.date:
    """The day of an operation, which may not lie before the clock's last known day."""
    on = dt.date.fromisoformat(op["on"])
    known = [state.start_date]
    known += [day for pause in state.pauses for day in pause if day]
    if on < max(known):
        raise ClockConflict(
            f"{clock_label(state.kind)}：{on} 早于此前的 {max(known)}。请核对日期的先后。"
        )
    return on


def read_start(text: str) -> dt.date:
    """A start as written in an operation: a day, or a moment when office hours are counted."""
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def read_pause(pair: Iterable[str | None]) -> Pause:
    after, until = pair
    if after is None:
        raise BadClock("暂停缺少开始日期。")
    return Pause(dt.date.fromisoformat(after), dt.date.fromisoformat(until) if until else None)


def written_pauses(pauses: Iterable[Pause]) -> list[list[str | None]]:
    return [[after.isoformat(), until.isoformat() if until else None] for after, until in pauses]


def written_due(state: ClockState) -> Op:
    """The part of an operation that records the end of the limit."""
    written: Op = {"due": state.due.isoformat(), "provisional": state.provisional}
    if state.due_at:
        written["due_at"] = state.due_at.isoformat()
    return written
