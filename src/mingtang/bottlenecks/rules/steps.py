"""Rules of bottlenecks: what the events of a case tell about each node it passed. Pure.

Nodes are the steps of the route and three more that every case passes: checking what was filed,
deciding, handing over. Each time a node is gone through is one passage; a redo is the next attempt.
A passage is ready when it waits for nothing any more, begun when somebody first took it, and over
when it was done, sent back or called off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from mingtang.timing.rules import ClockKind, Pause

CHECK, DECIDE, DELIVER = "@check", "@decide", "@deliver"
NAMES = {CHECK: "收件审核", DECIDE: "作出决定", DELIVER: "送达"}
CHECK_STAGE, DECIDE_STAGE, DELIVER_STAGE = -1, 900, 901  # those of a route count from 0


class Status(StrEnum):
    WAITING = "waiting"  # for what comes before it
    READY = "ready"
    BEGUN = "begun"
    DONE = "done"
    REDONE = "redone"  # was done or begun, and had to be done again
    CANCELLED = "cancelled"  # somebody did without it
    ENDED = "ended"  # the case was over first

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Status.WAITING: "未到",
    Status.READY: "待办理",
    Status.BEGUN: "办理中",
    Status.DONE: "已完成",
    Status.REDONE: "已重办",
    Status.CANCELLED: "已取消",
    Status.ENDED: "随办件终止",
}
STANDING_STILL = frozenset({ClockKind.PAUSE.value, ClockKind.CORRECTION.value})
LEFT = frozenset({Status.REDONE, Status.CANCELLED, Status.ENDED})
OPEN = frozenset({Status.READY, Status.BEGUN})


@dataclass(frozen=True, slots=True)
class Told:
    """An event; `on` is the legal day of the act."""

    kind: str
    on: date
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Passage:
    """One time that a case went through a node."""

    key: str
    attempt: int
    name: str
    kind: str
    stage: int
    needs: tuple[str, ...]
    organisation_id: int
    limit_days: int | None = None
    status: Status = Status.WAITING
    ready_date: date | None = None
    begun_date: date | None = None
    over_date: date | None = None


@dataclass
class Way:
    """How a case went through its nodes, and when the applicant or a special procedure had it."""

    passages: list[Passage] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    facts: Mapping[str, Any] = field(default_factory=dict)  # of the first event
    organisation_id: int = 0
    is_accepted: bool = False


def way_of(events: Iterable[Told]) -> Way:
    """`events`: those of one case, oldest first."""
    way = Way()
    for event in events:
        if not way.passages:
            way.facts = event.facts
        way.organisation_id = int(event.facts.get("organisation_id") or way.organisation_id)
        _pause(way, event)
        if act := _ACTS.get(event.kind):
            act(way, event)
    return way


def _pause(way: Way, event: Told) -> None:
    """Days that are nobody's here: what a clock says stands still, or what the applicant has to
    bring before acceptance. Asked for more afterwards, the time goes on (docs/case_states.md)."""
    for op in event.facts.get("clocks") or ():
        if op.get("kind") not in STANDING_STILL:
            continue
        is_open = bool(way.pauses) and way.pauses[-1].until is None
        if op.get("op") == "start" and not is_open and not _is_late_correction(way, op):
            way.pauses.append(Pause(event.on, None))
        elif op.get("op") == "stop" and is_open:
            way.pauses[-1] = Pause(way.pauses[-1].after, event.on)


def _is_late_correction(way: Way, op: Mapping[str, Any]) -> bool:
    return way.is_accepted and op.get("kind") == ClockKind.CORRECTION


# ── what is in force ──────────────────────────────────────────────────────────────────────────


def _alive(way: Way) -> list[Passage]:
    """The last attempt of each node, unless it was left."""
    return [one for one in way.passages if one.status not in LEFT]


def _steps(way: Way) -> list[Passage]:
    return [one for one in _alive(way) if one.key not in NAMES]


def _find(way: Way, key: str) -> Passage | None:
    return next((one for one in _alive(way) if one.key == key), None)


def _set(way: Way, passage: Passage, **more: Any) -> None:
    way.passages[way.passages.index(passage)] = replace(passage, **more)


def _leave(way: Way, passage: Passage, status: Status, on: date) -> None:
    _set(way, passage, status=status, over_date=passage.over_date or on)


def _again(way: Way, passage: Passage) -> None:
    """The same node once more."""
    fresh = replace(passage, attempt=passage.attempt + 1, status=Status.WAITING)
    way.passages.append(replace(fresh, ready_date=None, begun_date=None, over_date=None))


def _before(other: Passage, one: Passage) -> bool:
    return other.stage < one.stage or other.key in one.needs


def _hanging_on(way: Way, key: str) -> list[Passage]:
    """The steps that come after one, near and far."""
    steps = _steps(way)
    found: dict[str, Passage] = {}
    waiting = [one for one in steps if one.key == key]
    while waiting:
        first = waiting.pop()
        for one in steps:
            if one.key not in found and one.key != key and _before(first, one):
                found[one.key] = one
                waiting.append(one)
    return list(found.values())


def _advance(way: Way, on: date) -> None:
    """Make ready what waits for nothing any more: steps, and the decision after the last one."""
    steps = _steps(way)
    done = {one.key for one in steps if one.status is Status.DONE}
    for one in steps:
        if one.status is Status.WAITING and all(
            other.key in done for other in steps if _before(other, one)
        ):
            _set(way, one, status=Status.READY, ready_date=on)
    _see_to_decision(way, on)


def _see_to_decision(way: Way, on: date) -> None:
    deciding = _find(way, DECIDE)
    is_due = way.is_accepted and all(one.status is Status.DONE for one in _steps(way))
    if is_due and deciding is None:
        _open(way, DECIDE, DECIDE_STAGE, on)
    elif not is_due and deciding is not None and deciding.status in OPEN:
        _leave(way, deciding, Status.REDONE, on)


def _open(way: Way, key: str, stage: int, on: date) -> None:
    attempt = 1 + sum(one.key == key for one in way.passages)
    way.passages.append(
        Passage(
            key=key,
            attempt=attempt,
            name=NAMES[key],
            kind=key.removeprefix("@"),
            stage=stage,
            needs=(),
            organisation_id=way.organisation_id,
            status=Status.READY,
            ready_date=on,
        )
    )


def _finish(way: Way, key: str, on: date) -> None:
    one = _find(way, key)
    if one is not None and one.status is not Status.DONE:
        begun = one.begun_date or on
        _set(way, one, status=Status.DONE, begun_date=begun, over_date=on)


def _begin(way: Way, key: str, on: date) -> None:
    """Whoever took it first began it: handing it on makes nobody wait for a beginning again."""
    one = _find(way, key)
    if one is not None:
        _set(way, one, status=Status.BEGUN, begun_date=one.begun_date or on)


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def _filed(way: Way, event: Told) -> None:
    _open(way, CHECK, CHECK_STAGE, event.on)
    if event.kind == "case.taken_in":
        _begin(way, CHECK, event.on)


def _received(way: Way, event: Told) -> None:
    _begin(way, CHECK, event.on)


def _accepted(way: Way, event: Told) -> None:
    _finish(way, CHECK, event.on)
    way.is_accepted = True
    way.passages += [_planned(step) for step in event.facts.get("steps") or ()]
    _advance(way, event.on)


def _planned(step: Mapping[str, Any]) -> Passage:
    """Ledgers before this was told name no stage: all is taken to run side by side."""
    days = step.get("days")
    return Passage(
        key=str(step["key"]),
        attempt=1,
        name=str(step["name"]),
        kind=str(step.get("kind") or "review"),
        stage=int(step.get("stage", 1)),
        needs=tuple(step.get("needs") or ()),
        organisation_id=int(step["organisation_id"]),
        limit_days=int(days) if days else None,
    )


def _claimed(way: Way, event: Told) -> None:
    _begin(way, _key(event), event.on)


def _key(event: Told) -> str:
    return str(event.facts["step_key"])


def _examined(way: Way, event: Told) -> None:
    _finish(way, _key(event), event.on)
    _advance(way, event.on)


def _put_off(way: Way, key: str, on: date) -> None:
    """What hangs on a step that is done again waits for it again; what was done is done again."""
    for one in _hanging_on(way, key):
        if one.status is Status.READY:
            _set(way, one, status=Status.WAITING, ready_date=None, begun_date=None)
        elif one.status in {Status.BEGUN, Status.DONE}:
            _leave(way, one, Status.REDONE, on)
            _again(way, one)


def _returned(way: Way, event: Told) -> None:
    one = _find(way, _key(event))
    if one is None:
        return
    _put_off(way, one.key, event.on)
    _leave(way, one, Status.REDONE, event.on)
    _again(way, one)
    _advance(way, event.on)
    if event.kind == "case.step_taken_back":
        _begin(way, one.key, event.on)


def _handed_on(way: Way, event: Told) -> None:
    one = _find(way, _key(event))
    if one is not None:
        _set(way, one, status=Status.READY)


def _added(way: Way, event: Told) -> None:
    """A step that nobody planned, beside those that are worked on."""
    steps = _steps(way)
    stages = [one.stage for one in steps if one.status in OPEN]
    key = _key(event)
    way.passages.append(
        Passage(
            key=key,
            attempt=1,
            name=str(event.facts["step_name"]),
            kind=key.rpartition("-")[0],
            stage=min(stages, default=max((one.stage for one in steps), default=1)),
            needs=(),
            organisation_id=int(event.facts["step_organisation_id"]),
            limit_days=_limit(event, key),
            status=Status.READY,
            ready_date=event.on,
        )
    )
    _see_to_decision(way, event.on)


def _limit(event: Told, key: str) -> int | None:
    for op in event.facts.get("clocks") or ():
        if op.get("kind") == f"{ClockKind.STEP.value}:{key}" and op.get("op") == "start":
            return int(op["amount"])
    return None


def _called_off(way: Way, event: Told) -> None:
    one = _find(way, _key(event))
    if one is not None:
        _leave(way, one, Status.CANCELLED, event.on)
    _advance(way, event.on)


def _decided(way: Way, event: Told) -> None:
    _finish(way, DECIDE, event.on)
    _stop(way, event)  # a licence deemed renewed leaves steps undone
    _open(way, DELIVER, DELIVER_STAGE, event.on)


def _answered(way: Way, event: Told) -> None:
    """Told that it is not accepted or not needed: the check is done."""
    _finish(way, CHECK, event.on)
    _stop(way, event)


def _stop(way: Way, event: Told) -> None:
    for one in _alive(way):
        if one.status is not Status.DONE:
            _leave(way, one, Status.ENDED, event.on)


def _issued(way: Way, event: Told) -> None:
    _begin(way, DELIVER, event.on)


def _delivered(way: Way, event: Told) -> None:
    _finish(way, DELIVER, event.on)


def _reopened(way: Way, event: Told) -> None:
    """What the end cut short is taken up again; a signer done without stays away."""
    if not way.is_accepted:
        _open(way, CHECK, CHECK_STAGE, event.on)
        _begin(way, CHECK, event.on)
        return
    last = {one.key: one for one in way.passages if one.key not in NAMES}
    for _key, one in sorted(last.items()):
        if one.status is Status.ENDED:
            _again(way, one)
    _advance(way, event.on)


_ACTS = {
    "case.submitted": _filed,
    "case.taken_in": _filed,
    "case.received": _received,
    "case.accepted": _accepted,
    "case.deemed_accepted": _accepted,
    "case.step_claimed": _claimed,
    "case.examined": _examined,
    "case.referred_up": _examined,  # the lower level is done, and the upper one begins
    "case.step_returned": _returned,
    "case.step_taken_back": _returned,
    "case.step_transferred": _handed_on,
    "case.signer_added": _added,
    "case.opinion_requested": _added,
    "case.step_cancelled": _called_off,
    "case.granted": _decided,
    "case.refused": _decided,
    "case.deemed_granted": _decided,
    "case.issued": _issued,
    "case.delivered": _delivered,
    "case.declined": _answered,
    "case.not_required": _answered,
    "case.returned": _stop,
    "case.withdrawn": _stop,
    "case.terminated": _stop,
    "case.reopened": _reopened,
}
PAUSES = frozenset(
    {
        *("case.correction_asked", "case.supplied", "case.found_incomplete"),
        *("case.paused", "case.resumed"),
    }
)
KINDS = PAUSES | _ACTS.keys()  # all that moves anything here
