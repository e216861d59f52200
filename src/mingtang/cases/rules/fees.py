"""Rules: sums of money in cents, the states of a charge, what a fee schedule says in figures."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from mingtang.base.errors import Conflict, DomainError

MOST_CENTS = 10**12


class ChargeState(StrEnum):
    DUE = "due"
    WAIVER_ASKED = "waiver_asked"
    WAIVED = "waived"
    PAID = "paid"
    REFUNDED = "refunded"

    @property
    def label(self) -> str:
        return {
            "due": "待缴",
            "waiver_asked": "减免待批",
            "waived": "已减免",
            "paid": "已缴",
            "refunded": "已退",
        }[self.value]

    @property
    def tone(self) -> str:
        return {
            "due": "warn",
            "waiver_asked": "info",
            "waived": "ok",
            "paid": "ok",
            "refunded": "todo",
        }[self.value]

    @property
    def is_settled(self) -> bool:
        return self not in {ChargeState.DUE, ChargeState.WAIVER_ASKED}


class ChargeConflict(Conflict):
    """The charge is not where this act starts from."""


class FeesUnpaid(DomainError):
    def __init__(self, cents: int) -> None:
        super().__init__(f"还有 {yuan(cents)} 没有缴清，不能出证。请先缴费，或办理减免。")


FEE_MOVES: Mapping[str, tuple[frozenset[ChargeState], ChargeState, str]] = {
    "ask_waiver": (frozenset({ChargeState.DUE}), ChargeState.WAIVER_ASKED, "申请减免"),
    "waive": (frozenset({ChargeState.WAIVER_ASKED}), ChargeState.WAIVED, "批准减免"),
    "reject_waiver": (frozenset({ChargeState.WAIVER_ASKED}), ChargeState.DUE, "不同意减免"),
    "pay": (frozenset({ChargeState.DUE}), ChargeState.PAID, "缴费"),
    "refund": (frozenset({ChargeState.PAID}), ChargeState.REFUNDED, "退费"),
}


def charge_after(verb: str, state: ChargeState) -> ChargeState:
    """The state of a charge after an act. Raises ChargeConflict."""
    sources, target, label = FEE_MOVES[verb]
    if state not in sources:
        raise ChargeConflict(f"这笔费用现为“{state.label}”，不能“{label}”。请刷新页面。")
    return target


def yuan(cents: int) -> str:
    """12.30 元; where more was given back than taken, -12.30 元"""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d} 元"


_FIXED = re.compile(
    r"^\s*(?:每[件证本张份次]\s*)?(\d{1,9})(?:\.(\d{1,2}))?\s*元(?:/[件证本张份次])?\s*$"
)


def fixed_cents(standard: str) -> int | None:
    """The sum that a standard of the schedule names outright (10 元/证); None: it is reckoned."""
    found = _FIXED.fullmatch(standard)
    if not found:
        return None
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def fee_name(row: Mapping[str, Any]) -> str:
    """What a fee is called; a schedule that says only a sentence has one fee without a name."""
    return str(row.get("name") or "办理费用")


def charged_lines(
    schedule: Sequence[Mapping[str, Any]], asked: Iterable[tuple[str, int]]
) -> list[dict[str, Any]]:
    """Lines of a payment notice: only fees of the schedule, each at its fixed sum if it has one.

    Raises DomainError for a fee outside of the schedule, or another sum than the schedule's.
    """
    known = {fee_name(row): row for row in schedule}
    lines = []
    for name, cents in asked:
        row = known.get(name)
        if row is None:
            shown = "、".join(known) or "不收费"
            raise DomainError(f"“{name}”不在本事项的收费标准内（{shown}），不能收取。")
        fixed = fixed_cents(row.get("standard", ""))
        if fixed is not None and cents != fixed:
            raise DomainError(f"“{name}”的收费标准是 {yuan(fixed)}，不能收 {yuan(cents)}。")
        if not 0 < cents <= MOST_CENTS:
            raise DomainError(f"“{name}”的金额须大于 0，请按“{row.get('standard', '')}”计算填写。")
        lines.append(
            {
                "name": name,
                "standard": row.get("standard", ""),
                "basis": row.get("basis", ""),
                "cents": cents,
            }
        )
    if not lines:
        raise DomainError("请至少选一个收费项目。")
    return lines
