"""Rules: sums of money in cents (分), exact; the balance of an account. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.base.errors import DomainError
from mingtang.villages.rules.kinds import LineKind

MOST_CENTS = 10**12  # 一百亿元: beyond it a sum is a slip of the pen
_SUM = re.compile(r"(-?)(\d{1,10})(?:\.(\d{1,2}))?")


class NotASum(DomainError):
    def __init__(self, typed: str) -> None:
        super().__init__(
            f"“{typed[:20]}”不是金额，请填写元数，如 1200 或 86.50，最多两位小数，不写单位。"
        )


def cents_of(typed: str) -> int:
    """元 as typed, in cents. Raises NotASum."""
    plain = re.sub(r"[,，\s]|^[¥￥]|元$", "", typed.strip())
    found = _SUM.fullmatch(plain)
    if not found:
        raise NotASum(typed.strip())
    sign, whole, rest = found.groups()
    cents = int(whole) * 100 + int((rest or "0").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise NotASum(typed.strip())
    return -cents if sign else cents


def yuan(cents: int) -> str:
    """1,234.50; without the unit."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}"


class NotBalanced(DomainError):
    """An account whose figures do not agree."""


@dataclass(frozen=True)
class Balance:
    """期初 + 收入 − 支出 = 期末."""

    opening_cents: int
    income_cents: int
    spending_cents: int

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + self.income_cents - self.spending_cents

    def check(self, closing_cents: int) -> None:
        """Raises NotBalanced: what the bank book says is not what the lines add up to."""
        gap = closing_cents - self.closing_cents
        if gap:
            raise NotBalanced(
                f"账不平：期初 {yuan(self.opening_cents)} 元，加收入 {yuan(self.income_cents)} 元，"
                f"减支出 {yuan(self.spending_cents)} 元，应为 {yuan(self.closing_cents)} 元，"
                f"填的期末是 {yuan(closing_cents)} 元，{'多' if gap > 0 else '少'}了 "
                f"{yuan(abs(gap))} 元。请核对有没有漏记、重记的，再送审。"
            )


def balance_of(opening_cents: int, lines: Iterable[tuple[str, int]]) -> Balance:
    """The balance of an opening sum and lines of (kind, cents)."""
    sums = {LineKind.INCOME.value: 0, LineKind.SPENDING.value: 0}
    for kind, cents in lines:
        sums[kind] += cents
    return Balance(opening_cents, sums[LineKind.INCOME.value], sums[LineKind.SPENDING.value])


def check_opening(opening_cents: int, before_cents: int, before: str) -> None:
    """An account goes on where the last one ended. Raises NotBalanced."""
    if opening_cents != before_cents:
        raise NotBalanced(
            f"期初余额 {yuan(opening_cents)} 元与“{before}”的期末余额 "
            f"{yuan(before_cents)} 元不一致。"
            "请改期初余额；上一期有错的，先在说明里写明更正。"
        )
