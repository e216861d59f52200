"""Rules: which parts of a joint matter may begin, and when the whole is done. Pure.

What a part waits for counts only among the parts that were chosen: who already holds a permit
does not ask for it again, and nothing waits for it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from mingtang.base.errors import Conflict, DomainError
from mingtang.joint.rules.route import Need, NodeKind, Route, Tie
from mingtang.joint.rules.states import FAILED, FINISHED, WAITING, PartStatus


class Waits(Protocol):
    """What the rules ask of a part: rows of the database, and of the tests."""

    @property
    def key(self) -> str: ...
    @property
    def stage(self) -> int: ...
    @property
    def is_serial(self) -> bool: ...
    @property
    def needs(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def is_required(self) -> bool: ...
    @property
    def status(self) -> str: ...


class NotChosen(DomainError):
    """Nothing to be handled, or what the route does not have."""


class NotNow(Conflict):
    """The part or the whole is not where this act starts from."""


def needs_of(part: Waits) -> list[Need]:
    return [Need(one["node"], Tie(one["tie"])) for one in part.needs]


def open_needs(part: Waits, parts: Iterable[Waits]) -> list[Need]:
    """What a part still waits for: needed parts that were chosen and are not done."""
    status = {one.key: one.status for one in parts}
    return [
        need
        for need in needs_of(part)
        if need.node in status and status[need.node] != PartStatus.DONE
    ]


def is_stage_open(part: Waits, parts: Iterable[Waits]) -> bool:
    """Whether the stages before it are through, where its stage waits for them."""
    return not part.is_serial or all(
        one.status in FINISHED for one in parts if one.stage < part.stage and one.is_required
    )


def now_ready(parts: Sequence[Waits]) -> list[Waits]:
    """The parts that wait for nothing any more and have not begun."""
    return [part for part in parts if part.status == PartStatus.NOT_READY and is_free(part, parts)]


def is_free(part: Waits, parts: Sequence[Waits]) -> bool:
    """Whether a part waits for nothing any more."""
    return is_stage_open(part, parts) and not open_needs(part, parts)


def may_simulate(part: Waits, parts: Sequence[Waits]) -> bool:
    """Whether a part may be examined against a simulated result: all it waits for are parts that
    the route lets it simulate (模拟审批)."""
    waits = open_needs(part, parts)
    return (
        part.status == PartStatus.NOT_READY
        and bool(waits)
        and is_stage_open(part, parts)
        and all(need.tie is Tie.SIMULATE for need in waits)
    )


def is_done(parts: Iterable[Waits]) -> bool:
    """Whether everything required is through."""
    return all(part.status in FINISHED for part in parts if part.is_required)


def failed(parts: Iterable[Waits]) -> list[Waits]:
    """Required parts that ended without a grant: the lead department decides what becomes."""
    return [part for part in parts if part.is_required and part.status in FAILED]


def hanging_on(key: str, parts: Iterable[Waits]) -> list[Waits]:
    """Parts not begun that wait for this one."""
    return [
        part
        for part in parts
        if part.status in WAITING and any(need.node == key for need in needs_of(part))
    ]


def check_skip(key: str, parts: Sequence[Waits], names: Mapping[str, str]) -> None:
    """A part is left out only with those that wait for its grant. Raises NotNow."""
    if waiting := hanging_on(key, parts):
        those = "、".join(names[one.key] for one in waiting)
        raise NotNow(f"“{names[key]}”还不能去掉：{those}要等它批准。请先撤回这些部分。")


def chosen_nodes(route: Route, keys: Collection[str]) -> list[str]:
    """The keys of the nodes chosen, in the order of the route. Raises NotChosen."""
    known = [node.key for _stage, node in route.nodes()]
    if unknown := sorted(set(keys) - set(known)):
        raise NotChosen(f"路线里没有这些环节：{'、'.join(unknown)}。请刷新页面重新选择。")
    picked = [key for key in known if key in keys]
    cases = {node.key for _stage, node in route.nodes() if node.kind is NodeKind.CASE}
    if not cases & set(picked):
        raise NotChosen("请至少选择一个要办的审批事项。")
    return picked


def promised_days(route: Route, keys: Collection[str]) -> int | None:
    """The limit that the stages promise together for the nodes chosen; None where one of them
    says nothing, or stages run side by side."""
    stages = [one for one in route.stages if any(node.key in keys for node in one.nodes)]
    days = [stage.days for stage in stages]
    if not days or not all(stage.is_serial for stage in stages[1:]):
        return None
    known = [one for one in days if one is not None]
    return sum(known) if len(known) == len(days) else None
