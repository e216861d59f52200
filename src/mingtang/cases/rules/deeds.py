"""Rules: acts that belong to a case and do not move it: money, originals, seals; who may."""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.cases.rules.moves import APPROVERS, COUNTER, DECIDERS, HANDLERS


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
    SEE_MANDATE = "see_mandate"
    RECALL_SLIP = "recall_slip"
    BRING = "bring"


@dataclass(frozen=True)
class DeedRow:
    label: str
    roles: frozenset[Role]


_HANDS = COUNTER | HANDLERS | DECIDERS  # whoever works on a case may carry its papers

DEEDS = {
    Deed.CHARGE: DeedRow("开缴款通知书", COUNTER | HANDLERS),
    Deed.PAY: DeedRow("收费", COUNTER),
    Deed.ASK_WAIVER: DeedRow("申请减免", COUNTER | HANDLERS),
    Deed.ANSWER_WAIVER: DeedRow("批复减免", APPROVERS),
    Deed.REFUND: DeedRow("退费", APPROVERS | {Role.WINDOW_LEAD}),
    Deed.KEEP_ORIGINALS: DeedRow("收原件", COUNTER),
    Deed.SEND_ORIGINALS: DeedRow("移交原件", _HANDS),
    Deed.SIGN_SLIP: DeedRow("签收原件", _HANDS),
    Deed.RETURN_ORIGINALS: DeedRow("退还原件", _HANDS),
    Deed.SEAL: DeedRow("盖章登记", COUNTER | DECIDERS),
    Deed.SEE_MANDATE: DeedRow("核对委托书", COUNTER | HANDLERS),
    Deed.RECALL_SLIP: DeedRow("收回交接单", _HANDS),
    Deed.BRING: DeedRow("登记带来的材料", COUNTER | HANDLERS),
}

# The counter that took an application in may do these as well; the rest is the unit's own.
AT_INTAKE = frozenset({Deed.PAY, Deed.KEEP_ORIGINALS, Deed.SEE_MANDATE, Deed.BRING})
