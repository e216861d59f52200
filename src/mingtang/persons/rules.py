"""Rules of personal data: why something masked may be shown, and who looks more than others.
Pure.

《个人信息保护法》第六条 (no more than the purpose needs), 第五十一条 (who may handle what,
records), 第五十四条 (regular audits).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import median

from mingtang.accounts.rules import ADMINISTRATORS, Role
from mingtang.base.errors import DomainError


class Reason(StrEnum):
    """Why somebody needs to see what is masked. Stored; retired members stay."""

    CONTACT = "contact"
    IDENTITY = "identity"
    PAPER = "paper"
    OTHER_UNIT = "other_unit"
    OTHER = "other"

    @property
    def label(self) -> str:
        return REASON_LABELS[self]


REASON_LABELS = {
    Reason.CONTACT: "联系本人",
    Reason.IDENTITY: "核对是不是本人",
    Reason.PAPER: "制作文书或者证照",
    Reason.OTHER_UNIT: "答复有权查询的机关",
    Reason.OTHER: "其他（写明）",
}

# Whoever only leads or surveys needs nobody's number; the three administrators read no cases.
REVEALERS = frozenset(Role) - ADMINISTRATORS - {Role.REFORM_OFFICE, Role.STEERING_GROUP}
REVEAL_READERS = frozenset({Role.INSPECTOR, Role.AUDIT_ADMIN})
LOOKED_AT = timedelta(days=30)
OUTLIER_FACTOR, OUTLIER_LEAST = 3, 10


class TooManyReveals(DomainError):
    status = 429

    def __init__(self, most: int) -> None:
        super().__init__(
            f"今天查看完整个人信息已到每人每天 {most} 项的上限。明天可以继续；"
            "确有急需的，请同事协助查看，或请系统管理员核对 MINGTANG_REVEALS_A_DAY 的设置。"
        )


class NothingChosen(DomainError):
    def __init__(self) -> None:
        super().__init__("请至少勾选一项要查看的信息。")


class WordsWanted(DomainError):
    def __init__(self) -> None:
        super().__init__("选“其他”的，请在“说明”里写明要查看的原因。")


@dataclass(frozen=True)
class Hidden:
    """One thing that pages show masked: its name, what it is called, the mask, and itself."""

    name: str
    label: str
    masked: str
    value: str


@dataclass(frozen=True)
class Opened:
    """What somebody may have shown of a subject: `title` and `url` of its page."""

    title: str
    url: str
    hidden: tuple[Hidden, ...]

    def chosen(self, names: list[str]) -> tuple[Hidden, ...]:
        return tuple(one for one in self.hidden if one.name in names)


def hidden(*told: tuple[str, str, str, str]) -> tuple[Hidden, ...]:
    """Of (name, label, mask, value) those that hold something."""
    return tuple(Hidden(*one) for one in told if one[3])


def outliers(counts: Mapping[int, int]) -> frozenset[int]:
    """Who looked at much more than their colleagues: at least ten times, and three times what the
    middle one of all who looked did."""
    if not counts:
        return frozenset()
    middle = median(counts.values())
    line = max(OUTLIER_LEAST, OUTLIER_FACTOR * middle)
    return frozenset(person for person, count in counts.items() if count >= line)
