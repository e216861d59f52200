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

from mingtang.accounts.rules import ADMINISTRATORS, COUNTER_ROLES, Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound


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


SHOWN_AGAIN = timedelta(minutes=1)  # the same form sent twice, by a second click or a slow network


class ShownBefore(Conflict):
    """The same form once more: what it shows would be looked at again with no note of its own."""

    def __init__(self) -> None:
        super().__init__("这一次查看已经显示过。要再看，请重新打开这个页面，选好内容和原因后提交。")


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


# ── what is held about somebody ───────────────────────────────────────────────────────────────


class RequestKind(StrEnum):
    """What a person asks for: 《个人信息保护法》第四十五条 (to read and to copy), 第四十七条 (to
    have erased). Stored."""

    COPY = "copy"
    ERASE = "erase"

    @property
    def label(self) -> str:
        return {"copy": "复制个人信息", "erase": "删除个人信息"}[self.value]


KEPT_KINDS = ("appointments", "mails", "messages", "refusals", "sessions")  # see retention.py
REFUSALS_LEAST_DAYS = 180  # 《网络安全法》 of 2016, 第二十一条: six months of what a network tells

KEEPERS = COUNTER_ROLES | {Role.CENTRE_MANAGER}  # who take such requests in and see them
DECIDERS = frozenset({Role.CENTRE_MANAGER})
HAND_OUT = timedelta(days=7)  # from the answer; later the person asks again


class HandedOut(Conflict):
    def __init__(self) -> None:
        super().__init__("这份副本已经交给本人。还要的，请本人再提一次申请。")


class AskedAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("同样的申请已经提出，还没有答复，不用再提一次。答复会写在这一页上。")


class DecidedAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这项申请已经答复，请刷新页面。")


class NotByTwo(NotAllowed):
    def __init__(self) -> None:
        super().__init__("登记的人和本人都不能自己答复，请另一位中心管理人员办理。")


class OnHold(Conflict):
    def __init__(self) -> None:
        super().__init__("这个人的信息因争议或案件暂停删除，解除以后才能删除。要复制的不受影响。")


class NothingKnown(NotFound):
    def __init__(self) -> None:
        super().__init__(
            "没有找到这个人的账户，请核对用户名或者证件号码。没有账户的，这里没有可查的。"
        )


@dataclass(frozen=True)
class Who:
    """Whose data: the account, and the blind index of the number behind it."""

    person_id: int
    identity_index: str


@dataclass(frozen=True)
class Held:
    """One thing that is held about somebody. `kept`: why it has to stay and how long; "" where it
    goes when they ask. `subject`: what it is in the ledger and in the list of reveals."""

    title: str
    facts: tuple[tuple[str, str], ...]
    kept: str = ""
    subject: str = ""
