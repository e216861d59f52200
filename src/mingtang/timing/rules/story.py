"""Rules of time: the life of a clock, act by act: when, by whom, what became of its end."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mingtang.timing.rules.calendar import WorkingCalendar
from mingtang.timing.rules.clocks import ClockState, Op, apply
from mingtang.timing.rules.deadlines import UNIT_LABELS
from mingtang.timing.rules.explain import named
from mingtang.timing.rules.lights import days_left_of, working_days_over


class Act(NamedTuple):
    """An operation with the legal day on which it was done and who did it."""

    on: dt.date
    who: str
    op: Op


def acts_of(state: ClockState, acts: Iterable[Act], calendar: WorkingCalendar) -> list[Act]:
    """Of all acts of a stream, those of this clock: one that stopped may have been started again.

    An open clock is the last of its kind; a stopped one is the last that ended as it did.
    """
    runs: list[list[Act]] = []
    for act in acts:
        if act.op.get("kind") != state.kind:
            continue
        if act.op["op"] == "start":
            runs.append([])
        if runs:
            runs[-1].append(act)
    if not state.is_open:
        ended = [run for run in runs if _end_of(run, calendar) == state]
        runs = ended or runs
    return runs[-1] if runs else []


def _end_of(run: Iterable[Act], calendar: WorkingCalendar) -> ClockState | None:
    state = None
    for act in run:
        state = apply(state, act.op, calendar)
    return state


def tell_acts(acts: Sequence[Act], calendar: WorkingCalendar) -> list[str]:
    """A sentence for each act of one clock, in order."""
    told: list[str] = []
    state: ClockState | None = None
    for act in acts:
        before, state = state, apply(state, act.op, calendar)
        told.append(f"{named(act.on)}，{act.who}{_sentence(act.op, before, state, calendar)}")
    return told


def _sentence(
    op: Op, before: ClockState | None, after: ClockState, calendar: WorkingCalendar
) -> str:
    if before is None or op["op"] == "start":
        return _started(after)
    match op["op"]:
        case "pause":
            return _paused(op, after, calendar)
        case "resume":
            return f"恢复计时，{_rested(op, before, calendar)}{_moved(before, after)}"
        case "extend":
            return f"延期 {op['amount']} {UNIT_LABELS[after.unit]}，{_moved(before, after)}"
        case "stop":
            return _stopped(op, after, calendar)
        case _:
            return f"载入修订的工作日日历，{_moved(before, after)}"


def _started(state: ClockState) -> str:
    paused = f"，其中 {len(state.pauses)} 段不计入" if state.pauses else ""
    limit = f"{state.amount} {UNIT_LABELS[state.unit]}"
    return f"开始计时，{named(state.start_date)}起算，{limit}{paused}，到期日 {_end(state)}。"


def _paused(op: Op, state: ClockState, calendar: WorkingCalendar) -> str:
    day = dt.date.fromisoformat(op["on"])
    return f"暂停计时，{named(day)}之后的日子不计入，{left_sentence(state, calendar)}。"


def left_sentence(state: ClockState, calendar: WorkingCalendar) -> str:
    """What is left of a clock that stands still."""
    left = days_left_of(calendar, state, calendar.last_day)
    return f"当时还剩 {left} 个工作日" if left >= 0 else "当时已经超期"


def _rested(op: Op, before: ClockState, calendar: WorkingCalendar) -> str:
    since, until = before.pauses[-1].after, dt.date.fromisoformat(op["on"])
    works = calendar.count(since, until)
    return f"共暂停 {(until - since).days} 天（{works} 个工作日），"


def _stopped(op: Op, state: ClockState, calendar: WorkingCalendar) -> str:
    over = working_days_over(calendar, dt.date.fromisoformat(op["on"]), state.due)
    late = f"，已超期 {over} 个工作日" if over else ""
    return f"停止计时{late}，到期日定为 {_end(state)}。"


def _moved(before: ClockState, after: ClockState) -> str:
    if (before.due, before.due_at) != (after.due, after.due_at):
        return f"到期日由 {_end(before)}改为 {_end(after)}。"
    fixed = "，不再是暂定" if before.provisional and not after.provisional else ""
    return f"到期日不变，仍是 {_end(after)}{fixed}。"


def _end(state: ClockState) -> str:
    return named(state.due) + (f" {state.due_at:%H:%M}" if state.due_at else "")
