"""Rules of requests: the table of moves. Buttons, guards, the flow chart and tests come from it."""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import COUNTER_ROLES, Role
from mingtang.base.errors import Conflict
from mingtang.requests.rules.states import ANSWERED, COUNTED, State


class Verb(StrEnum):
    """What can be done with a request that is there."""

    CONFIRM_RECEIPT = "confirm_receipt"
    ASK_CORRECTION = "ask_correction"
    CORRECT = "correct"
    CONFIRM_LAPSE = "confirm_lapse"
    SEARCH = "search"
    ASK_ASSISTANCE = "ask_assistance"
    CONSULT = "consult"
    CONSULTED = "consulted"
    ANSWER_CONSULTATION = "answer_consultation"
    ASK_REASONS = "ask_reasons"
    GIVE_REASONS = "give_reasons"
    DELAY = "delay"
    EXTEND = "extend"
    CHARGE = "charge"
    PAY = "pay"
    DRAFT = "draft"
    SEND_BACK = "send_back"
    DECIDE = "decide"
    DELIVER = "deliver"
    LINK = "link"
    MOVE_TO_ACTIVE = "move_to_active"
    TRANSFER_TO_LETTER = "transfer_to_letter"
    REGISTER_REMEDY = "register_remedy"
    CLOSE_REMEDY = "close_remedy"
    WITHDRAW = "withdraw"


OFFICE = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD})
HEADS = frozenset({Role.DISCLOSURE_HEAD})
READERS = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD)
REGISTRARS = (*READERS, *sorted(COUNTER_ROLES))


@dataclass(frozen=True)
class Move:
    """One row: who may do what, from where, to where. `target` None: the state is not changed."""

    verb: Verb
    label: str
    sources: frozenset[State]
    target: State | None
    roles: frozenset[Role]
    law: str = ""
    paper: str = ""
    clock: str = ""
    by_applicant: bool = False


_OF_HEADS = frozenset({Verb.EXTEND, Verb.DELAY, Verb.DECIDE, Verb.SEND_BACK})
_OF_APPLICANTS = frozenset({Verb.CORRECT, Verb.GIVE_REASONS, Verb.WITHDRAW})


def _move(
    verb: Verb,
    label: str,
    sources: tuple[State, ...],
    target: State | None,
    *,
    law: str = "",
    paper: str = "",
    clock: str = "",
) -> Move:
    return Move(
        verb=verb,
        label=label,
        sources=frozenset(sources),
        target=target,
        roles=HEADS if verb in _OF_HEADS else OFFICE,
        law=law,
        paper=paper,
        clock=clock,
        by_applicant=verb in _OF_APPLICANTS,
    )


_S = State
_WORK = (_S.HANDLING, _S.CONSULTING)
MOVES = (
    _move(
        *(Verb.CONFIRM_RECEIPT, "确认收到", (_S.FILED,), _S.HANDLING),
        law="第三十一条",
        paper="接收回执、登记表",
        clock="答复期限开始",
    ),
    _move(
        *(Verb.ASK_CORRECTION, "一次性告知补正", (_S.HANDLING,), _S.CORRECTING),
        law="第三十条",
        paper="补正告知书",
        clock="停止，收到补正后重新起算",
    ),
    _move(
        *(Verb.CORRECT, "登记补正", (_S.CORRECTING,), _S.HANDLING),
        law="第三十条",
        clock="答复期限重新开始",
    ),
    _move(
        Verb.CONFIRM_LAPSE,
        "逾期，不再处理",
        (_S.CORRECTING, _S.AWAITING_FEE),
        _S.DECIDED,
        law="第三十条、国办函〔2020〕109号",
        paper="答复书",
    ),
    _move(Verb.SEARCH, "登记检索", _WORK, None),
    _move(Verb.ASK_ASSISTANCE, "发协办函", _WORK, None, paper="协办函"),
    _move(
        *(Verb.CONSULT, "征求意见", _WORK, _S.CONSULTING),
        law="第三十二条、第三十四条",
        paper="征求意见书、征求意见告知书",
        clock="暂停",
    ),
    _move(Verb.CONSULTED, "登记对方签收", (_S.CONSULTING,), None, clock="征求意见期限开始"),
    _move(Verb.ANSWER_CONSULTATION, "登记反馈意见", (_S.CONSULTING,), _S.HANDLING, clock="恢复"),
    _move(
        *(Verb.ASK_REASONS, "要求说明理由", (_S.HANDLING,), None),
        law="第三十五条",
        paper="说明理由告知书",
    ),
    _move(Verb.GIVE_REASONS, "登记说明的理由", (_S.HANDLING,), None, law="第三十五条"),
    _move(
        *(Verb.DELAY, "确定延迟答复的期限", (_S.HANDLING,), None),
        law="第三十五条",
        paper="延期答复告知书",
        clock="延长",
    ),
    _move(
        *(Verb.EXTEND, "延期答复", _WORK, None),
        law="第三十三条",
        paper="延期答复告知书",
        clock="延长",
    ),
    _move(
        *(Verb.CHARGE, "收信息处理费", (_S.HANDLING,), _S.AWAITING_FEE),
        law="第四十二条",
        paper="收费通知书",
        clock="停止，缴费后重新起算",
    ),
    _move(Verb.PAY, "登记缴费", (_S.AWAITING_FEE,), _S.HANDLING, clock="答复期限重新开始"),
    _move(Verb.DRAFT, "拟写答复", (_S.HANDLING,), _S.DRAFTED, paper="审查呈批单"),
    _move(Verb.SEND_BACK, "退回重拟", (_S.DRAFTED,), _S.HANDLING),
    _move(
        *(Verb.DECIDE, "批准答复", (_S.DRAFTED,), _S.DECIDED),
        law="第三十六条",
        paper="答复书",
        clock="停止",
    ),
    _move(Verb.DELIVER, "登记送达", (_S.DECIDED,), _S.DELIVERED),
    _move(Verb.LINK, "关联以前的申请", COUNTED, None),
    _move(
        *(Verb.MOVE_TO_ACTIVE, "转为主动公开", ANSWERED, None),
        law="第四十四条",
        paper="主动公开移送明细表",
    ),
    _move(Verb.TRANSFER_TO_LETTER, "转信访、投诉渠道", ANSWERED, None, law="第三十九条"),
    _move(Verb.REGISTER_REMEDY, "登记投诉、复议、诉讼", (*ANSWERED, *COUNTED), None),
    _move(Verb.CLOSE_REMEDY, "登记投诉、复议、诉讼的结果", (*ANSWERED, *COUNTED), None),
    _move(
        Verb.WITHDRAW,
        "登记撤回",
        (_S.FILED, *COUNTED, _S.CORRECTING, _S.AWAITING_FEE),
        _S.WITHDRAWN,
        clock="停止",
    ),
)
MOVE_OF = {move.verb: move for move in MOVES}
BY_APPLICANT = tuple(move.verb for move in MOVES if move.by_applicant)


class IllegalMove(Conflict):
    def __init__(self, verb: Verb, state: State) -> None:
        may = "、".join(one.label for one in State if one in MOVE_OF[verb].sources)
        super().__init__(
            f"申请现为“{state.label}”，不能“{MOVE_OF[verb].label}”（须为：{may}）。"
            "请刷新页面后再看。"
        )


def target_of(verb: Verb, state: State) -> State:
    """Where a move leads. Raises IllegalMove."""
    move = MOVE_OF[verb]
    if state not in move.sources:
        raise IllegalMove(verb, state)
    return move.target or state
