"""Rules: how a trouble stands, who looks after troubles, what may be done about one."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError

KEEPERS = (Role.SYSTEM_ADMIN, Role.CENTRE_MANAGER)
LONGEST_PAGE, LONGEST_TEXT, LONGEST_VERSION = 300, 1000, 40
LONGEST_TOPIC, MOST_HOURS, MOST_AT_ONCE = 100, 99, 300


class State(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    SETTLED = "settled"

    @property
    def label(self) -> str:
        return {"open": "待认领", "taken": "处理中", "settled": "已解决"}[self.value]

    @property
    def tone(self) -> str:
        return {"open": "warn", "taken": "info", "settled": "ok"}[self.value]


class Deed(StrEnum):
    TAKE = "take"
    SETTLE = "settle"

    @property
    def label(self) -> str:
        return {"take": "认领", "settle": "登记怎样解决的"}[self.value]


@dataclass(frozen=True)
class Stand:
    """What is known of a trouble: when somebody took it, when it was settled."""

    taken_at: Any
    settled_at: Any

    @property
    def state(self) -> State:
        if self.settled_at is not None:
            return State.SETTLED
        return State.OPEN if self.taken_at is None else State.TAKEN

    def deeds(self) -> list[Deed]:
        """What may be done now: who takes it is its owner, another may take it over."""
        return [] if self.state is State.SETTLED else [Deed.TAKE, Deed.SETTLE]


class AlreadySettled(Conflict):
    def __init__(self) -> None:
        super().__init__("这个问题已经解决。又出现的，请另外登记一条。")


class SaysNothing(DomainError):
    def __init__(self) -> None:
        super().__init__("请写明遇到了什么问题。")


# ── trainings ─────────────────────────────────────────────────────────────────────────────────


def names_in(text: str) -> list[str]:
    """The user names of a list, one a line or with commas between; each once, in their order.

    Raises TooManyNames above MOST_AT_ONCE.
    """
    words = text.replace("，", ",").replace("、", ",").replace(",", " ").split()
    found = list(dict.fromkeys(words))
    if not found or len(found) > MOST_AT_ONCE:
        raise TooManyNames(len(found))
    return found


class TooManyNames(DomainError):
    def __init__(self, count: int) -> None:
        told = f"一次最多登记 {MOST_AT_ONCE} 人，这里有 {count} 人，请分几次。"
        super().__init__(told if count else "请填参加人员的用户名，一行一个。")


class NotStaff(DomainError):
    def __init__(self, names: Collection[str]) -> None:
        super().__init__(
            f"没有登记：这些用户名不是现任工作人员：{'、'.join(names)}。请核对后把整份名单再交一次。"
        )


class NotHeldYet(DomainError):
    def __init__(self) -> None:
        super().__init__("培训日期还没有到，请在培训以后登记。")
