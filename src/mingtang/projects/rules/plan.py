"""Rules: planned days of nodes against actual ones, and the stage a project is in. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.base.errors import DomainError

OWN = "own:"  # keys of milestones that no route has
SOON_DAYS = 5  # working days before the planned end in which a node is warned of


class NodeStatus(StrEnum):
    """A node on a day, by its days. `LATE_DONE` was finished after the plan."""

    WAITING = "waiting"
    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"
    DONE = "done"
    LATE_DONE = "late_done"

    @property
    def label(self) -> str:
        return _STATUSES[self]


_STATUSES = {
    NodeStatus.WAITING: "未开始",
    NodeStatus.RUNNING: "进行中",
    NodeStatus.SOON: "即将到期",
    NodeStatus.OVERDUE: "超过计划",
    NodeStatus.DONE: "按计划完成",
    NodeStatus.LATE_DONE: "超计划完成",
}


@dataclass(frozen=True)
class Days:
    """Planned and actual days of a node."""

    planned_start: date | None = None
    planned_end: date | None = None
    started: date | None = None
    ended: date | None = None


def status_of(days: Days, on: date, working_days_left: int | None) -> NodeStatus:
    """`working_days_left`: from `on` to the planned end, negative when past; None: none planned."""
    if days.ended is not None:
        is_late = days.planned_end is not None and days.ended > days.planned_end
        return NodeStatus.LATE_DONE if is_late else NodeStatus.DONE
    if days.planned_end is not None and on > days.planned_end:
        return NodeStatus.OVERDUE
    if working_days_left is not None and working_days_left <= SOON_DAYS:
        return NodeStatus.SOON
    return NodeStatus.WAITING if days.started is None else NodeStatus.RUNNING


def check_days(days: Days, name: str, on: date) -> None:
    """Raises DomainError naming the node and the two days that do not fit."""
    if days.planned_start and days.planned_end and days.planned_end < days.planned_start:
        raise DomainError(
            f"“{name}”计划完成 {days.planned_end} 早于计划开始 {days.planned_start}，请核对。"
        )
    for what, day in (("开始", days.started), ("完成", days.ended)):
        if day is not None and day > on:
            raise DomainError(f"“{name}”实际{what} {day} 晚于今天，请更正。")
    if days.ended and (days.started is None or days.ended < days.started):
        raise DomainError(f"“{name}”的完成日须有开始日，且不早于开始日。请核对。")


@dataclass(frozen=True)
class StageNode:
    """What the stage of a project hangs on."""

    stage: str
    is_required: bool
    is_done: bool


def stage_of(nodes: Sequence[StageNode]) -> str:
    """The name of the first stage with a required node to do; of the last, when all is done."""
    for node in nodes:
        if node.is_required and not node.is_done:
            return node.stage
    return nodes[-1].stage if nodes else ""


def own_key(keys: Iterable[str]) -> str:
    """The key of the next milestone of the project's own."""
    numbers = [int(key.removeprefix(OWN)) for key in keys if key.startswith(OWN)]
    return f"{OWN}{max(numbers, default=0) + 1}"
