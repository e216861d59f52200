"""Rules: what may be done with a disclosure in which state, and who may. Pure and table-driven.

The committee of supervision examines before the township does
(《浙江省实施〈村民委员会组织法〉办法》第三十至三十二条); whoever wrote it, or is kin to the
village's officers, examines nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed


class State(StrEnum):
    """Where a disclosure stands. Owed: the schedule asks for it and nobody has begun."""

    OWED = "owed"
    DRAFT = "draft"
    COMMITTEE = "committee"
    TOWNSHIP = "township"
    CHECKED = "checked"
    RELEASED = "released"
    ARCHIVED = "archived"
    TAKEN_DOWN = "taken_down"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.OWED: "待起草",
    State.DRAFT: "起草中",
    State.COMMITTEE: "待村务监督委员会审查",
    State.TOWNSHIP: "待乡镇审核",
    State.CHECKED: "待发布",
    State.RELEASED: "已公开",
    State.ARCHIVED: "已归档",
    State.TAKEN_DOWN: "已撤下",
}
WRITABLE = frozenset({State.OWED, State.DRAFT})
PUBLIC = frozenset({State.RELEASED, State.ARCHIVED})


class Deed(StrEnum):
    """An act on a disclosure. The values are parts of addresses."""

    WRITE = "write"
    HAND_IN = "hand-in"
    EXAMINE = "examine"
    APPROVE = "approve"
    RELEASE = "release"
    TAKE_DOWN = "take-down"
    ARCHIVE = "archive"

    @property
    def label(self) -> str:
        return DEEDS[self].label


class Stage(StrEnum):
    """Who examines."""

    COMMITTEE = "committee"
    TOWNSHIP = "township"

    @property
    def label(self) -> str:
        return "村务监督委员会审查" if self is Stage.COMMITTEE else "乡镇审核"


class Verdict(StrEnum):
    AGREE = "agree"
    RETURN = "return"

    @property
    def label(self) -> str:
        return "同意" if self is Verdict.AGREE else "退回"


CLERKS = frozenset({Role.VILLAGE_CLERK})
SUPERVISORS = frozenset({Role.VILLAGE_SUPERVISOR})
TOWNSHIP = frozenset({Role.VILLAGE_OFFICE})
CITY = frozenset({Role.CENTRE_MANAGER})
WATCHING = CITY | {Role.INSPECTOR, Role.STEERING_GROUP}
READERS = CLERKS | SUPERVISORS | TOWNSHIP | WATCHING


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    label: str
    sources: frozenset[State]
    roles: frozenset[Role]
    target: State


DEEDS = {
    Deed.WRITE: Row("起草", WRITABLE, CLERKS, State.DRAFT),
    Deed.HAND_IN: Row("送村务监督委员会", frozenset({State.DRAFT}), CLERKS, State.COMMITTEE),
    Deed.EXAMINE: Row("审查", frozenset({State.COMMITTEE}), SUPERVISORS, State.TOWNSHIP),
    Deed.APPROVE: Row("审核", frozenset({State.TOWNSHIP}), TOWNSHIP, State.CHECKED),
    Deed.RELEASE: Row("发布", frozenset({State.CHECKED}), CLERKS | TOWNSHIP, State.RELEASED),
    Deed.TAKE_DOWN: Row("撤下", PUBLIC, TOWNSHIP, State.TAKEN_DOWN),
    Deed.ARCHIVE: Row("归档", frozenset({State.RELEASED}), CLERKS | TOWNSHIP, State.ARCHIVED),
}


class WrongState(Conflict):
    """The disclosure has moved on, or is not so far yet."""

    def __init__(self, deed: Deed, state: State) -> None:
        super().__init__(f"这条公开现为“{state.label}”，不能“{deed.label}”。请刷新页面。")


class Changed(Conflict):
    def __init__(self) -> None:
        super().__init__("您打开页面以后内容又改过了，意见没有记下。请刷新页面，看过新的内容再办。")


class OwnWriting(NotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "起草的人不能自己审查：请由村务监督委员会的另一位成员、乡镇的另一位同事办。"
        )


class SameExaminer(NotAllowed):
    def __init__(self) -> None:
        super().__init__("村务监督委员会和乡镇的审查须由两个人办，请转给另一位同事。")


class Kin(NotAllowed):
    """Officers of the village and their near kin do not supervise
    (《村民委员会组织法》第三十二条)."""

    def __init__(self) -> None:
        super().__init__(
            "您登记为村干部的近亲属，依照《村民委员会组织法》第三十二条回避，不能审查本村的公开。"
            "请由村务监督委员会的另一位成员办。"
        )


class StillOpen(DomainError):
    def __init__(self, why: str) -> None:
        super().__init__(f"还不能归档：{why}。")


def check(deed: Deed, state: State) -> State:
    """The state after a deed. Raises WrongState."""
    row = DEEDS[deed]
    if state not in row.sources:
        raise WrongState(deed, state)
    return row.target


def deeds_in(state: State) -> list[Deed]:
    """What the table allows in a state, in the order of the table."""
    return [deed for deed, row in DEEDS.items() if state in row.sources]


class SecondPersonAgrees(NotAllowed):
    def __init__(self) -> None:
        super().__init__("放宽时限要由另一个人同意，不能是设定的人自己。请让另一位同事同意。")
