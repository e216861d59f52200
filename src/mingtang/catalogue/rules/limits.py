"""Rules: limits of an item, and that no promise is longer than the law allows."""

import re
from dataclasses import dataclass

from mingtang.base.errors import DomainError
from mingtang.timing.rules import UNIT_LABELS, Unit

DEFAULT_PROMISE = "事项未单独承诺，按本中心统一承诺"
NOT_STATED = "未载明"
LAW_SETS_NONE = "法律没有规定"


class LimitUnreadable(DomainError):
    pass


class PromiseTooLong(DomainError):
    """A promise longer than the statutory limit is no promise."""


@dataclass(frozen=True)
class Limit:
    """An amount of a unit. Nothing at all (0) means: decided on the spot, the same day."""

    amount: int
    unit: Unit

    @property
    def label(self) -> str:
        return f"{self.amount}{UNIT_LABELS[self.unit]}" if self.amount else "当场办结"


UNIT_WORDS = {
    "": Unit.WORKING_DAY,  # 《行政许可法》第八十二条: periods are counted in working days
    "个工作日": Unit.WORKING_DAY,
    "工作日": Unit.WORKING_DAY,
    "个自然日": Unit.CALENDAR_DAY,
    "自然日": Unit.CALENDAR_DAY,
    "日历日": Unit.CALENDAR_DAY,
    "个月": Unit.MONTH,
    "月": Unit.MONTH,
    "个办公小时": Unit.OFFICE_HOUR,
    "小时": Unit.OFFICE_HOUR,
    "个小时": Unit.OFFICE_HOUR,
}
ON_THE_SPOT_WORDS = {"当场", "当场办结", "即办", "即时", "即时办结"}
SHAPE = re.compile(r"(\d{1,4})(?:\.0)?\s*(\D*)")


def read_limit(text: str) -> Limit | None:
    """A cell such as 20, 20个工作日, 3个月 or 当场. None where it is blank. Raises LimitUnreadable.

    A bare 日 or 天 is refused: whether working days are meant decides the due date.
    """
    given = text.strip()
    if not given or given == NOT_STATED:
        return None
    if given in ON_THE_SPOT_WORDS:
        return Limit(0, Unit.WORKING_DAY)
    found = SHAPE.fullmatch(given)
    unit = UNIT_WORDS.get(found[2].strip()) if found else None
    if not found or unit is None:
        raise LimitUnreadable(
            f"时限“{given}”不能识别，请写成“20个工作日”“30个自然日”“3个月”“4小时”或“当场”。"
        )
    return Limit(int(found[1]), unit)


def is_longer(promised: Limit, statutory: Limit) -> bool | None:
    """Whether a promise is longer than the law allows; None where the units do not compare."""
    if promised.amount == 0:
        return False
    if promised.unit == statutory.unit:
        return promised.amount > statutory.amount
    if (promised.unit, statutory.unit) == (Unit.CALENDAR_DAY, Unit.WORKING_DAY):
        # n calendar days never last longer than n working days; more than n may or may not.
        return None if promised.amount > statutory.amount else False
    return None


@dataclass(frozen=True)
class SettledLimits:
    """Both limits of an edition as they will be published, and what they rest on."""

    statutory: Limit | None
    statutory_basis: str
    promised: Limit | None
    promised_is_default: bool
    are_comparable: bool = True


def settle(
    *,
    statutory: Limit | None,
    statutory_basis: str,
    promised: Limit | None,
    on_the_spot: bool,
    default_days: int | None,
    law: tuple[Limit | None, str],
) -> SettledLimits:
    """Fill what an item leaves open: the profile's statutory limit, the centre's promise.

    `law` is the profile's limit and its basis. Raises PromiseTooLong.
    """
    if statutory is None:
        statutory, statutory_basis = law[0], law[1] if law[0] else statutory_basis
    if promised is None and on_the_spot:
        promised = Limit(0, Unit.WORKING_DAY)
    if promised is None:
        default = default_promise(statutory, default_days)
        return SettledLimits(statutory, statutory_basis, default, default is not None)
    longer = is_longer(promised, statutory) if statutory else False
    if longer:
        assert statutory is not None
        raise PromiseTooLong(_too_long(promised, statutory, statutory_basis))
    return SettledLimits(statutory, statutory_basis, promised, False, longer is not None)


def default_promise(statutory: Limit | None, default_days: int | None) -> Limit | None:
    """The centre's own promise, never longer than the statutory limit."""
    if not default_days:
        return None
    default = Limit(default_days, Unit.WORKING_DAY)
    if statutory is None or is_longer(default, statutory) is False:
        return default
    return statutory


def _too_long(promised: Limit, statutory: Limit, basis: str) -> str:
    source = f"（{basis}）" if basis else ""
    return (
        f"承诺时限{promised.label}长于法定时限{statutory.label}{source}。"
        "请缩短承诺时限；依特别法的，请填写法定时限及其依据。"
    )
