"""Rules: the steps of a case, when each is ready, what hangs on which.

Stages are serial; the steps of a stage run side by side, but for those that a step needs. A redo
is a new row: what was returned or cancelled stays as history and counts for nothing.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar


class StepStatus(StrEnum):
    NOT_READY = "not_ready"
    READY = "ready"
    CLAIMED = "claimed"
    DONE = "done"
    SKIPPED = "skipped"
    RETURNED = "returned"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _SHOWN[self][0]

    @property
    def tone(self) -> str:
        return _SHOWN[self][1]

    @property
    def is_finished(self) -> bool:
        return self in FINISHED


_SHOWN = {
    StepStatus.NOT_READY: ("未开始", "todo"),
    StepStatus.READY: ("待办理", "todo"),
    StepStatus.CLAIMED: ("办理中", "info"),
    StepStatus.DONE: ("已完成", "ok"),
    StepStatus.SKIPPED: ("未进行", "todo"),
    StepStatus.RETURNED: ("已退回", "warn"),
    StepStatus.CANCELLED: ("已取消", "todo"),
}
FINISHED = frozenset({StepStatus.DONE, StepStatus.SKIPPED})
HISTORY = frozenset({StepStatus.RETURNED, StepStatus.CANCELLED})
RUNNING = frozenset({StepStatus.READY, StepStatus.CLAIMED})


class StepKind(StrEnum):
    """What is done in a step. The last two are not planned: somebody asks for them; the first one
    is laid out where a lower level examines before the next one decides."""

    PRE_EXAMINATION = "pre_examination"
    REVIEW = "review"
    JOINT_REVIEW = "joint_review"
    SITE_VISIT = "site_visit"
    PAYMENT = "payment"
    ISSUE = "issue"
    SIGN = "sign"
    OPINION = "opinion"


BELOW = 0  # the stage of the lower level; those of a route count from 1
UNPLANNED = frozenset({StepKind.SIGN, StepKind.OPINION})
AFTER_THE_DECISION = frozenset({StepKind.PAYMENT, StepKind.ISSUE})


class Finding(StrEnum):
    """What an examination found."""

    FIT = "fit"
    UNFIT = "unfit"

    @property
    def label(self) -> str:
        return {"fit": "同意", "unfit": "不同意"}[self.value]


class StepLike(Protocol):
    """What the rules look at: a row of the steps, or anything that has these."""

    @property
    def key(self) -> str: ...
    @property
    def stage(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def needs(self) -> Sequence[str]: ...


S = TypeVar("S", bound=StepLike)


def in_force(steps: Iterable[S]) -> list[S]:
    """The steps that count: the last instance of each key."""
    return [step for step in steps if step.status not in HISTORY]


def now_ready(steps: Sequence[S]) -> list[S]:
    """The steps that wait for nothing any more."""
    alive = in_force(steps)
    finished = {step.key for step in alive if step.status in FINISHED}
    return [
        step
        for step in alive
        if step.status == StepStatus.NOT_READY
        and all(other.key in finished for other in alive if _before(other, step))
    ]


def _before(other: StepLike, step: StepLike) -> bool:
    return other.stage < step.stage or other.key in step.needs


def hanging_on(steps: Sequence[S], key: str) -> list[S]:
    """The steps that come after one of this key, near and far, in the order given."""
    alive = in_force(steps)
    found: dict[str, S] = {}
    waiting = [step for step in alive if step.key == key]
    while waiting:
        first = waiting.pop()
        for step in alive:
            if step.key not in found and step.key != key and _before(first, step):
                found[step.key] = step
                waiting.append(step)
    return [step for step in alive if step.key in found]


def unfinished(steps: Iterable[S]) -> list[S]:
    """What keeps a decision from being taken."""
    return [step for step in in_force(steps) if step.status not in FINISHED]


def step_clock(key: str) -> str:
    """The kind of clock that measures a step, redone or not: the time adds up."""
    return f"step:{key}"
