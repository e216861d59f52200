"""Rules of supervision: the built-in predicates that a rule may name, and what each must be given.

A predicate gives windows: from its first day to its last a thing is as the rule describes it. What
is due in days comes out of a rule's parameters, never out of this code. Pure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from mingtang.supervision.rules.story import Run, Told, runs
from mingtang.timing.rules import WorkingCalendar, working_days_left, working_days_over

DAY = timedelta(days=1)
MARGIN = timedelta(days=366)  # beyond the end of the calendar no card can be reckoned
Params = Mapping[str, Any]


class Story:
    """One stream's events, oldest first, and what every predicate reads off them."""

    def __init__(self, events: Sequence[Told], calendar: WorkingCalendar) -> None:
        self.events = events
        self.calendar = calendar

    @cached_property
    def runs(self) -> list[Run]:
        return runs(self.events)

    def of(self, kinds: Sequence[str]) -> Iterator[Told]:
        return (event for event in self.events if event.kind in kinds)


@dataclass(frozen=True, slots=True)
class Window:
    """From `first` to `last` (None: for good) it is so. `seq`: the event that shows it; `clock`:
    the kind of the clock, "" where no clock is concerned. `key` tells things of a stream apart."""

    first: date
    last: date | None
    seq: int
    key: str = ""
    clock: str = ""
    due: date | None = None


Find = Callable[[Story, Params], Iterator[Window]]


# ── clocks ────────────────────────────────────────────────────────────────────────────────────


def _clock_near(story: Story, params: Params) -> Iterator[Window]:
    """Open, with at most so many working days left; 0 is the last working day of the limit."""
    for run in _runs(story, params):
        calendar = story.calendar
        rank = calendar.rank(run.due.toordinal()) - int(params["within_days"])
        first = calendar.nth(rank) if rank > 0 else calendar.first_day
        yield from _window(run, first, run.due)


def _clock_over(story: Story, params: Params) -> Iterator[Window]:
    """Past the end by so many whole working days; with 0, from the day after it."""
    for run in _runs(story, params):
        calendar, days = story.calendar, int(params["over_days"])
        first = calendar.nth(calendar.rank(run.due.toordinal()) + days) if days else run.due + DAY
        yield from _window(run, first, None)


def _runs(story: Story, params: Params) -> Iterator[Run]:
    wanted, starters = frozenset(params["clocks"]), params.get("started_by")
    end = story.calendar.last_day - MARGIN
    for run in story.runs:
        is_named = run.kind in wanted or run.kind.partition(":")[0] in wanted
        if is_named and run.due <= end and (not starters or run.started_by in starters):
            yield run


def _window(run: Run, first: date, last: date | None) -> Iterator[Window]:
    first = max(first, run.after + DAY)
    ends = [day for day in (last, run.until) if day is not None]
    if not ends or first <= min(ends):
        yield Window(first, min(ends, default=None), run.seq, run.key, run.kind, run.due)


# ── events ────────────────────────────────────────────────────────────────────────────────────


def _shown(event: Told, on: date | None = None, key: str = "") -> Window:
    """An event shows a thing on its own day, and on that alone."""
    day = on or event.on
    return Window(day, day, event.seq, key)


def _happened(story: Story, params: Params) -> Iterator[Window]:
    for event in story.of(params["kinds"]):
        yield _shown(event)


def _fact_true(story: Story, params: Params) -> Iterator[Window]:
    for event in story.of(params["kinds"]):
        if event.facts.get(params["fact"]) is True:
            yield _shown(event)


def _fact_in(story: Story, params: Params) -> Iterator[Window]:
    """With `each`, every such event is a thing of its own: one card for each."""
    for event in story.of(params["kinds"]):
        if event.facts.get(params["fact"]) in params["values"]:
            yield _shown(event, key=f"{event.kind}@{event.seq}" if params.get("each") else "")


def _fact_not_in(story: Story, params: Params) -> Iterator[Window]:
    for event in story.of(params["kinds"]):
        if event.facts.get(params["fact"]) not in params["values"]:
            yield _shown(event)


def _fact_missing(story: Story, params: Params) -> Iterator[Window]:
    for event in story.of(params["kinds"]):
        if not event.facts.get(params["fact"]):
            yield _shown(event)


def _fact_least(story: Story, params: Params) -> Iterator[Window]:
    for event in story.of(params["kinds"]):
        found = event.facts.get(params["fact"])
        if isinstance(found, int) and found >= int(params["least"]):
            yield _shown(event)


def _text_short(story: Story, params: Params) -> Iterator[Window]:
    """A reason of fewer characters is none. Events that know no such fact say nothing."""
    for event in story.of(params["kinds"]):
        text = event.facts.get(params["fact"])
        if text is not None and len(str(text).strip()) < int(params["least"]):
            yield _shown(event)


def _without(story: Story, params: Params) -> Iterator[Window]:
    """It happened, and none of what has to come before it had."""
    for event in story.of(params["kinds"]):
        if not any(one.seq < event.seq for one in story.of(params["needs"])):
            yield _shown(event)


def _dated_before(story: Story, params: Params) -> Iterator[Window]:
    """An act is dated before what has to come first. Known once both are."""
    anchor = next(story.of(params["first"]), None)
    for event in story.of(params["kinds"]):
        if anchor is not None and event.on < anchor.on:
            yield _shown(event, on=anchor.on)


def _dated_after(story: Story, params: Params) -> Iterator[Window]:
    """An act is dated after what closes the matter, unless that was opened again."""
    closed: Told | None = None
    for event in story.events:
        if event.kind in params["last"]:
            closed = event
        elif event.kind in params.get("reopened_by", ()):
            closed = None
        elif event.kind in params["kinds"] and closed is not None and event.on > closed.on:
            yield _shown(event)


def _fee_off(story: Story, params: Params) -> Iterator[Window]:
    """What was taken differs from what was due (charged less waived) by more than so many percent;
    where nothing was due, by anything. Judged at each payment, charge by charge."""
    due: dict[str, int] = {}
    paid: dict[str, int] = {}
    for event in story.events:
        key, cents = str(event.facts.get("charge_id", "")), event.facts.get("cents")
        if not isinstance(cents, int):
            continue
        if event.kind == "case.charged":
            due[key] = due.get(key, 0) + cents
        elif event.kind == "case.waiver_answered" and event.facts.get("is_approved"):
            due[key] = due.get(key, 0) - cents
        elif event.kind == "case.refunded":
            paid[key] = paid.get(key, 0) - cents
        elif event.kind == "case.paid":
            paid[key] = paid.get(key, 0) + cents
            if is_off(due.get(key, 0), paid[key], int(params["percent"])):
                yield _shown(event)


def is_off(due: int, paid: int, percent: int) -> bool:
    return abs(paid - due) * 100 > due * percent


def _no_materials(story: Story, params: Params) -> Iterator[Window]:
    """Accepted although materials are asked for and nothing was handed in until then."""
    required, handed = 0, 0
    for event in story.events:
        required = event.facts.get("required_count", required)
        handed += sum(int(event.facts.get(name) or 0) for name in ("file_count", "originals"))
        handed += int(event.facts.get("given_count") or 0)
        if event.kind in params["kinds"] and required and not handed:
            yield _shown(event)


# ── the register ──────────────────────────────────────────────────────────────────────────────


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 366


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_percent(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100


Check = tuple[Callable[[Any], bool], str]
DAYS: Check = (_is_days, "应为 0 至 366 的整数")
NAMES: Check = (_is_list, "应为至少一项的列表")
FLAG: Check = (_is_flag, "应为 true 或 false")
NAME: Check = (_is_name, "不能为空")
PERCENT: Check = (_is_percent, "应为 0 至 100 的整数")


@dataclass(frozen=True)
class Trigger:
    """A predicate: what an office calls it, and the parameters without which it says nothing."""

    label: str
    needs: Mapping[str, Check]
    find: Find
    may: Mapping[str, Check]


def _trigger(
    label: str, find: Find, may: Mapping[str, Check] | None = None, **needs: Check
) -> Trigger:
    return Trigger(label, needs, find, may or {})


TRIGGERS: Mapping[str, Trigger] = {
    "clock_near": _trigger(
        *("时限将到", _clock_near, {"started_by": NAMES}), clocks=NAMES, within_days=DAYS
    ),
    "clock_over": _trigger(
        *("时限已过", _clock_over, {"started_by": NAMES}), clocks=NAMES, over_days=DAYS
    ),
    "happened": _trigger("发生了某事", _happened, kinds=NAMES),
    "fact_true": _trigger("某事带有标记", _fact_true, kinds=NAMES, fact=NAME),
    "fact_in": _trigger(
        *("某事的内容属于所列", _fact_in, {"each": FLAG}), kinds=NAMES, fact=NAME, values=NAMES
    ),
    "fact_not_in": _trigger(
        "某事的内容不属于所列", _fact_not_in, kinds=NAMES, fact=NAME, values=NAMES
    ),
    "fact_missing": _trigger("某事缺少内容", _fact_missing, kinds=NAMES, fact=NAME),
    "fact_least": _trigger("某事的次数达到", _fact_least, kinds=NAMES, fact=NAME, least=DAYS),
    "text_short": _trigger("理由过短", _text_short, kinds=NAMES, fact=NAME, least=DAYS),
    "without": _trigger("缺少必经的步骤", _without, kinds=NAMES, needs=NAMES),
    "dated_before": _trigger("日期早于登记", _dated_before, kinds=NAMES, first=NAMES),
    "dated_after": _trigger(
        *("日期晚于办结", _dated_after, {"reopened_by": NAMES}), kinds=NAMES, last=NAMES
    ),
    "fee_off": _trigger("收费与应收不符", _fee_off, percent=PERCENT),
    "no_materials": _trigger("没有材料", _no_materials, kinds=NAMES),
}
COMMON: Mapping[str, Check] = {"family": NAME, "tells": NAMES}


def faults_of(trigger: str, params: Params) -> list[str]:
    """Everything that is wrong with what a rule names; nothing where it can be switched on."""
    known = TRIGGERS.get(trigger)
    if known is None:
        return [f"不认识的触发条件“{trigger}”，可用：{'、'.join(TRIGGERS)}"]
    allowed = {**COMMON, **known.needs, **known.may}
    faults = [f"缺少参数 {name}" for name in known.needs if name not in params]
    faults += [f"不认识的参数 {name}" for name in params if name not in allowed]
    faults += [
        f"参数 {name} {allowed[name][1]}"
        for name, value in params.items()
        if name in allowed and not allowed[name][0](value)
    ]
    return faults


def told_of(window: Window, on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """What a card keeps of its occasion."""
    facts: dict[str, Any] = {"event_seq": window.seq}
    if window.due is not None:
        facts |= {
            "clock": window.clock,
            "due": window.due.isoformat(),
            "over_days": working_days_over(calendar, on, window.due),
            "left_days": working_days_left(calendar, on, window.due),
        }
    return facts
