"""Rules: kinds of service item, and the procedure profile that each kind follows."""

from dataclasses import dataclass
from enum import Enum

from mingtang.catalogue.rules.limits import Limit
from mingtang.timing.rules import Unit


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
    # 非行政许可审批 was abolished as a kind in 2015 (国发〔2015〕27号).
    ItemKind.NON_PERMIT_APPROVAL: KindRow("11", "非行政许可审批", is_retired=True),
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


def kind_from(text: str) -> ItemKind | None:
    """The kind a cell names, by national code (1 or 01), by label or by our own word."""
    if text.isdecimal():
        return BY_CODE.get(text.zfill(2))
    return BY_WORD.get(text)


@dataclass(frozen=True)
class Profile:
    """What the procedure of a kind is where the item itself says nothing else.

    The permit law is one profile, not the default: other kinds have no limit but the stated one.
    """

    key: str
    label: str
    statutory: Limit | None = None
    statutory_basis: str = ""
    completeness_days: int = 5
    delivery_days: int = 10


# 二十个工作日、五日告知补正、十日送达: 《行政许可法》第四十二条、第三十二条、第四十四条。
PERMIT = Profile(
    key="permit",
    label="行政许可程序",
    statutory=Limit(20, Unit.WORKING_DAY),
    statutory_basis="《中华人民共和国行政许可法》第四十二条",
)
# No law sets these days for other kinds: the centre keeps those of permits of its own accord.
GENERAL = Profile(key="general", label="一般程序")
PUBLIC_SERVICE = Profile(key="public_service", label="公共服务程序")

PROFILES = {profile.key: profile for profile in (PERMIT, GENERAL, PUBLIC_SERVICE)}


def profile_for(kind: ItemKind) -> Profile:
    special = {ItemKind.PERMIT: PERMIT, ItemKind.PUBLIC_SERVICE: PUBLIC_SERVICE}
    return special.get(kind, GENERAL)
