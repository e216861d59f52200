"""Rules of the shelf: printed guides to take away, how many lie there, when to print anew. Pure."""

from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict

KEEPERS = frozenset({Role.CENTRE_MANAGER})
MOST_COPIES = 100_000
LONGEST_PLACE = 40


class OnShelfAlready(Conflict):
    def __init__(self, place: str) -> None:
        super().__init__(f"“{place}”已经有这一项的指南，请在取阅架的清单里打开它，登记补印的份数。")


class MoreThanKept(Conflict):
    def __init__(self, left: int, stock: int) -> None:
        super().__init__(
            f"架上数出 {left} 份，账上只有 {stock} 份。补放过的请先登记补印，再登记盘点。"
        )


class NotInForce(Conflict):
    def __init__(self) -> None:
        super().__init__("这一项现在不办理，或者还没有公布办事指南，不能上架。请核对事项。")


class GuideState(StrEnum):
    """What somebody has to do about a guide on the shelf, most pressing first."""

    GONE = "gone"
    OLD = "old"
    LOW = "low"
    FINE = "fine"

    @property
    def label(self) -> str:
        return STATES[self][0]

    @property
    def tone(self) -> str:
        return STATES[self][1]


STATES = {
    GuideState.GONE: ("事项已不办理，请撤下", "bad"),
    GuideState.OLD: ("旧版，请换新", "bad"),
    GuideState.LOW: ("该补了", "warn"),
    GuideState.FINE: ("够用", "ok"),
}


def state_of(*, stock: int, least: int, is_current: bool, is_active: bool) -> GuideState:
    """A guide of an item that is no longer handled misleads more than an old one, that more than
    an empty place."""
    if not is_active:
        return GuideState.GONE
    if not is_current:
        return GuideState.OLD
    return GuideState.LOW if stock < least else GuideState.FINE


def taken(stock: int, left: int) -> int:
    """How many were taken since the last count. Raises MoreThanKept."""
    if left > stock:
        raise MoreThanKept(left, stock)
    return stock - left
