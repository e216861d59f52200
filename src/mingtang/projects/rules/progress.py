"""Rules: money and what was done of it. Pure; sums are cents, shares are exact until shown."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mingtang.base.errors import DomainError

CENTS_OF_WAN = 10_000 * 100  # 一万元
_WAN = re.compile(r"\d{1,10}(?:\.\d{1,6})?")


class NotASum(DomainError):
    """What was typed is no sum of money."""

    def __init__(self, what: str) -> None:
        super().__init__(f"“{what}”请填写万元数，如 6474 或 1250.5，最多六位小数。")


def cents_of_wan(text: str, what: str) -> int:
    """万元 as typed, in cents. Raises NotASum."""
    plain = re.sub(r"[,，\s]|万元$", "", text.strip())
    if not _WAN.fullmatch(plain):
        raise NotASum(what)
    return int(Decimal(plain) * CENTS_OF_WAN)


def wan(cents: int) -> str:
    """12,345.6 without the unit; no zeros that say nothing."""
    whole, rest = divmod(cents, CENTS_OF_WAN)
    return f"{whole:,}.{rest:06}".rstrip("0").rstrip(".")


def tenths(value: Fraction) -> Decimal:
    """To one place, half up, as it is written in reports."""
    exact = value * 10
    whole = (abs(exact.numerator) * 2 + exact.denominator) // (2 * exact.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-1)


@dataclass(frozen=True)
class Progress:
    """What was done of a year's plan by the end of a month, against the months gone by."""

    plan_cents: int
    done_cents: int
    month: int  # 1…12: done by its end

    @property
    def share(self) -> Fraction | None:
        """Done in percent of the plan; None where nothing is planned: there is no such share."""
        return Fraction(self.done_cents * 100, self.plan_cents) if self.plan_cents else None

    @property
    def lead(self) -> Fraction | None:
        """Percentage points ahead of the year's months; negative: behind."""
        return None if self.share is None else self.share - Fraction(self.month * 100, 12)

    @property
    def share_text(self) -> str:
        return "—" if self.share is None else f"{tenths(self.share)}%"

    @property
    def lead_text(self) -> str:
        """超前时间进度 13.8 个百分点"""
        if self.lead is None:
            return "没有年度计划，不能比较"
        points = tenths(self.lead)
        if not points:
            return "与时间进度持平"
        side = "超前" if points > 0 else "落后"
        return f"{side}时间进度 {abs(points)} 个百分点"
