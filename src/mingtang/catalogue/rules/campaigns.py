"""Rules of clean-up campaigns (清理): states, decisions, the balance of the inventory. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mingtang.base.errors import Conflict, DomainError, NotAllowed
from mingtang.ledger.rules import canonical


class Decision(StrEnum):
    """What becomes of an item. Stored."""

    RETAIN = "retain"
    ABOLISH = "abolish"
    DELEGATE = "delegate"
    CONVERT = "convert"
    MERGE = "merge"

    @property
    def label(self) -> str:
        return DECISION_LABELS[self]


DECISION_LABELS = {
    Decision.RETAIN: "保留",
    Decision.ABOLISH: "取消",
    Decision.DELEGATE: "下放",
    Decision.CONVERT: "调整",
    Decision.MERGE: "合并",
}
DECISION_BY_WORD = {
    **{label: decision for decision, label in DECISION_LABELS.items()},
    **{decision.value: decision for decision in Decision},
    "转为": Decision.CONVERT,
    "调整类型": Decision.CONVERT,
    "并入": Decision.MERGE,
}


class CampaignState(StrEnum):
    REPORTING = "reporting"
    DECIDING = "deciding"
    FROZEN = "frozen"
    ANNOUNCED = "announced"

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]


_STATES = {
    CampaignState.REPORTING: ("部门自查上报", "info"),
    CampaignState.DECIDING: ("逐项决定", "warn"),
    CampaignState.FROZEN: ("已定稿，待公布", "warn"),
    CampaignState.ANNOUNCED: ("已公布", "ok"),
}


class UnitState(StrEnum):
    WAITING = "waiting"
    REPORTED = "reported"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return _UNIT_STATES[self][0]

    @property
    def tone(self) -> str:
        return _UNIT_STATES[self][1]


_UNIT_STATES = {
    UnitState.WAITING: ("还没有上报", "bad"),
    UnitState.REPORTED: ("已上报，待审", "warn"),
    UnitState.RETURNED: ("已退回，待重报", "bad"),
    UnitState.ACCEPTED: ("已审定", "ok"),
}
MAY_REPORT = (UnitState.WAITING, UnitState.REPORTED, UnitState.RETURNED)


class WrongStage(Conflict):
    def __init__(self, state: CampaignState, act: str) -> None:
        super().__init__(f"这次清理现在是“{state.label}”，不能{act}。请刷新页面后再办理。")


class NotAllAnswered(Conflict):
    def __init__(self, names: list[str]) -> None:
        shown = "、".join(names[:10]) + (f"等{len(names)}个部门" if len(names) > 10 else "")
        super().__init__(
            f"还有 {len(names)} 个部门没有审定：{shown}。请催报或审定后再汇总；"
            "确实没有事项的，请报“无事项”。"
        )
        self.names = names


class DoesNotBalance(Conflict):
    def __init__(self, balance: "Balance") -> None:
        super().__init__(f"清理数字不平：{balance.sentence}。请逐项核对后再定稿。")


class AlteredDecisions(Conflict):
    def __init__(self) -> None:
        super().__init__("现在的逐项决定与定稿时的不同，不能公布。请由系统管理员从备份核对。")


class SecondPersonFreezes(NotAllowed):
    def __init__(self) -> None:
        super().__init__("参与了汇总或逐项决定的人不能定稿，请由审改办另一位同事办理。")


def check_state(state: CampaignState, wanted: CampaignState, act: str) -> None:
    """Raises WrongStage."""
    if state is not wanted:
        raise WrongStage(state, act)


@dataclass(frozen=True)
class Balance:
    """The inventory beside what was decided: 303 = 205 + 13 + 32 + 53."""

    inventory: int | None  # None: not closed yet
    decided: Mapping[Decision, int]
    undecided: int = 0

    @property
    def total(self) -> int:
        return sum(self.decided.values())

    @property
    def holds(self) -> bool:
        return self.inventory is not None and not self.undecided and self.inventory == self.total

    @property
    def parts(self) -> list[tuple[Decision, int]]:
        """Decisions that occur, in the order of the list."""
        return [(one, self.decided[one]) for one in Decision if self.decided.get(one)]

    @property
    def sentence(self) -> str:
        """The identity, or by how much it fails."""
        right = " + ".join(f"{one.label} {count}" for one, count in self.parts) or "0"
        if self.inventory is None:
            return f"清单还没有汇总，已决定 {self.total} 项"
        if self.holds:
            return f"{self.inventory} = {right}"
        missing = self.inventory - self.total
        why = f"还差 {missing} 项" if missing > 0 else f"多出 {-missing} 项"
        if not missing:
            why = f"另有 {self.undecided} 项没有决定"
        return f"{self.inventory} ≠ {right}（{why}）"

    @property
    def retained(self) -> int:
        return self.decided.get(Decision.RETAIN, 0)


def balance_of(inventory: int | None, decisions: Mapping[str, int]) -> Balance:
    """`decisions`: how many entries have each stored value; blank for none."""
    decided = {one: decisions.get(one.value, 0) for one in Decision}
    return Balance(inventory, decided, decisions.get("", 0))


@dataclass(frozen=True)
class After:
    """How many items there are of the kind that is converted into, once this campaign is done.

    The seed does not say whether the 53 it converts lie within the 140 it reviews beside them:
    128 + 53 = 181 only if they do not.
    """

    retained: int
    converted: int
    is_inside: bool | None

    @property
    def totals(self) -> tuple[int, ...]:
        """The one number, or both where nobody says."""
        apart = self.retained + self.converted
        if self.is_inside is None and self.converted:
            return (self.retained, apart)
        return (self.retained,) if self.is_inside else (apart,)

    @property
    def sentence(self) -> str:
        if self.is_inside is None and self.converted:
            return (
                f"保留 {self.retained} 项，另一项清理调整来 {self.converted} 项。"
                f"原件没有说明这 {self.converted} 项是否已在本次清理之内："
                f"不在其内合计 {self.retained + self.converted} 项，已在其内为 {self.retained} 项。"
            )
        if self.is_inside:
            return f"{self.retained} 项（调整来的 {self.converted} 项已在本次清理之内）。"
        return f"{self.retained} + {self.converted} = {self.retained + self.converted} 项。"


def decisions_hash(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 of all that was decided, in the order of the inventory."""
    return hashlib.sha256(canonical(list(rows))).hexdigest()


class RowsRefused(DomainError):
    """A table has errors; nothing was written."""

    def __init__(self, errors: list[Any], what: str) -> None:
        first = errors[0]
        super().__init__(
            f"有{len(errors)}处错误，{what}没有改动。第{first.row}行：{first.text}。请改正后重新提交。"
        )
        self.errors = errors
