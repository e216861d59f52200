"""Rules: kinds of service item, and which procedure profile each kind follows."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from mingtang.catalogue.rules.profiles import (
    BENEFIT,
    CONFIRMATION,
    GENERAL,
    NON_PERMIT,
    PERMIT,
    PUBLIC_SERVICE,
    ROUTINE,
    Profile,
)


class ItemKind(Enum):
    """What an item is, by its legal nature. Retired kinds stay for old items."""

    PERMIT = "permit"
    PENALTY = "penalty"
    COERCION = "coercion"
    LEVY = "levy"
    BENEFIT = "benefit"
    INSPECTION = "inspection"
    CONFIRMATION = "confirmation"
    REWARD = "reward"
    ADJUDICATION = "adjudication"
    OTHER_POWER = "other_power"
    NON_PERMIT_APPROVAL = "non_permit_approval"
    ROUTINE_SERVICE = "routine_service"
    PUBLIC_SERVICE = "public_service"


@dataclass(frozen=True)
class KindRow:
    code: str  # of the national list (GB/T 39046); 11 and 12 are local and historic
    label: str
    is_applied_for: bool = True
    is_retired: bool = False
    last_day: date | None = None  # on which items could be of this kind


KINDS = {
    ItemKind.PERMIT: KindRow("01", "行政许可"),
    ItemKind.PENALTY: KindRow("02", "行政处罚", is_applied_for=False),
    ItemKind.COERCION: KindRow("03", "行政强制", is_applied_for=False),
    ItemKind.LEVY: KindRow("04", "行政征收", is_applied_for=False),
    ItemKind.BENEFIT: KindRow("05", "行政给付"),
    ItemKind.INSPECTION: KindRow("06", "行政检查", is_applied_for=False),
    ItemKind.CONFIRMATION: KindRow("07", "行政确认"),
    ItemKind.REWARD: KindRow("08", "行政奖励"),
    ItemKind.ADJUDICATION: KindRow("09", "行政裁决"),
    ItemKind.OTHER_POWER: KindRow("10", "其他行政权力"),
    # 非行政许可审批 was abolished as a kind on 10 May 2015 (国发〔2015〕27号).
    ItemKind.NON_PERMIT_APPROVAL: KindRow(
        "11", "非行政许可审批", is_retired=True, last_day=date(2015, 5, 9)
    ),
    ItemKind.ROUTINE_SERVICE: KindRow("12", "日常管理服务事项", is_retired=True),
    ItemKind.PUBLIC_SERVICE: KindRow("20", "公共服务"),
}

BY_CODE = {row.code: kind for kind, row in KINDS.items()}
BY_WORD = (
    {row.label: kind for kind, row in KINDS.items()}
    | {kind.value: kind for kind in KINDS}
    | {
        "许可": ItemKind.PERMIT,
        "给付": ItemKind.BENEFIT,
        "确认": ItemKind.CONFIRMATION,
        "奖励": ItemKind.REWARD,
        "裁决": ItemKind.ADJUDICATION,
        "其他": ItemKind.OTHER_POWER,
        "其他权力": ItemKind.OTHER_POWER,
        "公共服务事项": ItemKind.PUBLIC_SERVICE,
        "日常管理服务": ItemKind.ROUTINE_SERVICE,
    }
)


def holds_on(kind: ItemKind, on: date) -> bool:
    """Whether items could be of this kind on a day."""
    last_day = KINDS[kind].last_day
    return last_day is None or on <= last_day


def kind_from(text: str) -> ItemKind | None:
    """The kind a cell names, by national code (1 or 01), by label or by our own word."""
    if text.isdecimal():
        return BY_CODE.get(text.zfill(2))
    return BY_WORD.get(text)


PROFILE_OF = {
    ItemKind.PERMIT: PERMIT,
    ItemKind.NON_PERMIT_APPROVAL: NON_PERMIT,
    ItemKind.BENEFIT: BENEFIT,
    ItemKind.CONFIRMATION: CONFIRMATION,
    ItemKind.PUBLIC_SERVICE: PUBLIC_SERVICE,
    ItemKind.ROUTINE_SERVICE: ROUTINE,
}


def profile_for(kind: ItemKind) -> Profile:
    """The procedure that a kind follows where the edition names no other."""
    return PROFILE_OF.get(kind, GENERAL)
