"""Rules: acts that belong to a case and do not move it: money, originals, seals; who may."""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.cases.rules.moves import COUNTER, DECIDERS, HANDLERS


class Deed(StrEnum):
    CHARGE = "charge"
    PAY = "pay"
    ASK_WAIVER = "ask_waiver"
    ANSWER_WAIVER = "answer_waiver"
    REFUND = "refund"
    KEEP_ORIGINALS = "keep_originals"
    SEND_ORIGINALS = "send_originals"
    SIGN_SLIP = "sign_slip"
    RETURN_ORIGINALS = "return_originals"
    SEAL = "seal"


@dataclass(frozen=True)
class DeedRow:
    label: str
    roles: frozenset[Role]


_HANDS = COUNTER | HANDLERS | DECIDERS  # whoever works on a case may carry its papers

DEEDS = {
    Deed.CHARGE: DeedRow("开缴款通知书", COUNTER | HANDLERS),
    Deed.PAY: DeedRow("收费", COUNTER),
    Deed.ASK_WAIVER: DeedRow("申请减免", COUNTER | HANDLERS),
    Deed.ANSWER_WAIVER: DeedRow("批复减免", DECIDERS),
    Deed.REFUND: DeedRow("退费", DECIDERS | {Role.WINDOW_LEAD}),
    Deed.KEEP_ORIGINALS: DeedRow("收原件", COUNTER),
    Deed.SEND_ORIGINALS: DeedRow("移交原件", _HANDS),
    Deed.SIGN_SLIP: DeedRow("签收原件", _HANDS),
    Deed.RETURN_ORIGINALS: DeedRow("退还原件", _HANDS),
    Deed.SEAL: DeedRow("盖章登记", COUNTER | DECIDERS),
}
