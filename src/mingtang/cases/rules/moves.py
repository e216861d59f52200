"""Rules: the table of moves. Buttons, guards, the diagram in the docs and tests come from it."""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import COUNTER_ROLES, Role
from mingtang.base.errors import Conflict
from mingtang.cases.rules.states import (
    BEFORE_ACCEPTANCE,
    CUT_SHORT,
    DECIDED,
    ENDED,
    HANDLING,
    State,
)


class Verb(StrEnum):
    """What can be done to a case that is there. Filing and taking in make one."""

    RECEIVE = "receive"
    NOT_REQUIRE = "not_require"
    DECLINE = "decline"
    CORRECT_ON_SPOT = "correct_on_spot"
    ASK_CORRECTION = "ask_correction"
    ASK_CORRECTION_AGAIN = "ask_correction_again"
    SUPPLY = "supply"
    STILL_MISSING = "still_missing"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    ASK_MORE = "ask_more"
    SUPPLY_DEFERRED = "supply_deferred"
    CLAIM = "claim"
    EXAMINE = "examine"
    REFER_UP = "refer_up"
    BOUNCE = "bounce"
    HAND_ON = "hand_on"
    TAKE_BACK = "take_back"
    RETURN_STEP = "return_step"
    TRANSFER_STEP = "transfer_step"
    ADD_SIGNER = "add_signer"
    REQUEST_OPINION = "request_opinion"
    CANCEL_STEP = "cancel_step"
    ASK_PAUSE = "ask_pause"
    PAUSE = "pause"
    RESUME = "resume"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REJECT_REQUEST = "reject_request"
    TRANSFER = "transfer"
    GRANT = "grant"
    GRANT_PARTLY = "grant_partly"
    REFUSE = "refuse"
    DEEM_GRANTED = "deem_granted"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    ISSUE = "issue"
    HAND_OVER = "hand_over"
    ARCHIVE = "archive"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Move:
    """One row of the table: who may do what, from where, to where.

    `number` is the row of the design's table of transitions; `target` None: the case stays where
    it is, as it does in the states `stays_in`. Nobody in `roles`: the applicant, or the system.
    `document` is the paper that it leaves, `clock` what it does to the limits.
    """

    number: str
    verb: Verb
    label: str
    sources: frozenset[State]
    target: State | None
    roles: frozenset[Role]
    law: str = ""
    document: str = ""
    clock: str = ""
    stays_in: frozenset[State] = frozenset()
    by_applicant: bool = False
    by_system: bool = False

    @property
    def actors(self) -> tuple[str, ...]:
        """Who acts, in words."""
        own = ["申请人"] if self.by_applicant else []
        own += ["系统"] if self.by_system else []
        return (*own, *(role.label for role in Role if role in self.roles))


HANDLERS = frozenset({Role.HANDLER, Role.CHIEF_REPRESENTATIVE})
DECIDERS = frozenset({Role.APPROVER, Role.CHIEF_REPRESENTATIVE})
APPROVERS = frozenset({Role.APPROVER})  # a letter of authority reaches decisions only
LEADS = frozenset({Role.WINDOW_LEAD, Role.APPROVER, Role.CENTRE_MANAGER})
COUNTER = COUNTER_ROLES
NOBODY: frozenset[Role] = frozenset()

_AT_WORK = frozenset({State.ACCEPTED, State.REVIEWING})
_IN_REVIEW = frozenset({State.REVIEWING, State.PAUSED})
_BEFORE_DECISION = frozenset((*BEFORE_ACCEPTANCE, *_AT_WORK, State.PAUSED))


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


_PERMIT_32 = "《行政许可法》第三十二条"
_PERMIT_38 = "《行政许可法》第三十八条"

MOVES = (
    Move("T3", Verb.RECEIVE, "收件", _from(State.SUBMITTED), State.RECEIVED, COUNTER),
    Move(
        *("T4", Verb.NOT_REQUIRE, "告知不需办理", _from(State.RECEIVED), State.NOT_REQUIRED),
        COUNTER,
        law=_PERMIT_32,
        document="不受理告知书",
        clock="停止",
    ),
    Move(
        *("T5", Verb.DECLINE, "不予受理", _from(State.RECEIVED), State.DECLINED, COUNTER),
        law=_PERMIT_32,
        document="不予受理决定书",
        clock="停止",
    ),
    Move(
        *("T6", Verb.CORRECT_ON_SPOT, "当场更正", _from(State.RECEIVED), None, COUNTER),
        law=_PERMIT_32,
    ),
    Move(
        *("T7", Verb.ASK_CORRECTION, "一次性告知补正", _from(State.RECEIVED), State.CORRECTING),
        COUNTER,
        law=_PERMIT_32,
        document="补正通知书",
        clock="材料审核停止，补正开始",
    ),
    Move(
        *("T7", Verb.ASK_CORRECTION_AGAIN, "再次补正（须批准）", _from(State.RECEIVED)),
        State.CORRECTING,
        LEADS,
        law=_PERMIT_32,
        document="补正通知书",
        clock="材料审核停止，补正开始",
    ),
    Move(
        *("T8", Verb.SUPPLY, "补正材料", _from(State.CORRECTING, *HANDLING), State.RECEIVED),
        *(COUNTER,),
        law=_PERMIT_32,
        stays_in=frozenset(HANDLING),
        document="补正收件凭证",
        clock="补正停止，确认开始",
        by_applicant=True,
    ),
    Move(
        *("T8", Verb.STILL_MISSING, "补正不全", _from(State.RECEIVED), State.CORRECTING, COUNTER),
        clock="确认停止，补正继续",
    ),
    Move(
        *("T9", Verb.SEND_BACK, "退件", _from(State.CORRECTING), State.RETURNED, COUNTER),
        document="退件通知书",
        clock="停止",
    ),
    Move(
        *("T10", Verb.ACCEPT, "受理", _from(State.RECEIVED), State.ACCEPTED, COUNTER),
        law=_PERMIT_32,
        document="受理通知书",
        clock="材料审核停止，承诺、法定开始",
    ),
    Move(
        *("T11", Verb.DEEM_ACCEPTED, "视为受理", _from(State.SUBMITTED, State.RECEIVED)),
        *(State.ACCEPTED, NOBODY),
        law=_PERMIT_32,
        document="受理通知书（视为受理）",
        clock="材料审核停止，承诺、法定自收件日起算",
        by_system=True,
    ),
    Move(
        *("T7", Verb.ASK_MORE, "受理后补材料（须批准）", _AT_WORK, None, LEADS),
        document="补正通知书",
        clock="不停",
    ),
    Move(
        *("T10", Verb.SUPPLY_DEFERRED, "补交容缺材料", _AT_WORK | {State.PAUSED}, None, COUNTER),
        clock="容缺补交停止",
        by_applicant=True,
    ),
    Move(
        *("T12", Verb.CLAIM, "领取办理", _AT_WORK | {State.PAUSED}, State.REVIEWING, HANDLERS),
        stays_in=_from(State.PAUSED),
    ),
    Move(
        *("T12", Verb.EXAMINE, "提交审查意见", _IN_REVIEW, None, HANDLERS),
        clock="环节停止",
    ),
    Move(
        *("T17", Verb.REFER_UP, "初审上报", _from(State.REVIEWING), None, HANDLERS),
        law="《行政许可法》第四十三条",
        document="上报单",
        clock="初审停止，承诺、法定开始",
    ),
    Move("T12", Verb.TAKE_BACK, "取回", _IN_REVIEW, None, HANDLERS, clock="环节继续"),
    Move(
        *("T12", Verb.RETURN_STEP, "退回环节", _from(State.REVIEWING), None),
        *(HANDLERS | DECIDERS,),
        clock="环节继续",
    ),
    Move("T12", Verb.TRANSFER_STEP, "转交", _IN_REVIEW, None, HANDLERS | DECIDERS),
    Move("T12", Verb.ADD_SIGNER, "加签", _from(State.REVIEWING), None, HANDLERS | DECIDERS),
    Move(
        *("T12", Verb.REQUEST_OPINION, "征求意见", _from(State.REVIEWING), None),
        *(HANDLERS | DECIDERS,),
        clock="征求意见环节开始",
    ),
    Move(
        *("T12", Verb.CANCEL_STEP, "取消加签或征求意见", _IN_REVIEW, None, HANDLERS | DECIDERS),
        clock="环节停止",
    ),
    Move("T13", Verb.ASK_PAUSE, "申请特别程序", _from(State.REVIEWING), None, HANDLERS),
    Move(
        *("T13", Verb.PAUSE, "批准特别程序", _from(State.REVIEWING), State.PAUSED, APPROVERS),
        law="《行政许可法》第四十五条",
        document="特别程序告知书",
        clock="承诺、法定、环节暂停；预计用时开始",
    ),
    Move(
        *("T14", Verb.RESUME, "恢复计时", _from(State.PAUSED), State.REVIEWING),
        *(HANDLERS | DECIDERS,),
        law="《行政许可法》第四十五条",
        clock="承诺、法定、环节恢复；预计用时停止",
    ),
    Move("T15", Verb.ASK_EXTENSION, "申请延期", _AT_WORK, None, HANDLERS),
    Move(
        *("T15", Verb.EXTEND, "批准延期", _AT_WORK, None, APPROVERS),
        law="《行政许可法》第四十二条",
        document="延期告知书",
        clock="法定延长；承诺不变",
    ),
    Move("T15", Verb.REJECT_REQUEST, "不同意", _AT_WORK, None, APPROVERS),
    Move(
        *("T16", Verb.TRANSFER, "转办", _from(State.SUBMITTED, State.RECEIVED), None, COUNTER),
        document="转办单",
        clock="不停",
    ),
    Move(
        *("T16", Verb.BOUNCE, "退回窗口", _AT_WORK, None, HANDLERS | DECIDERS),
        clock="不停",
    ),
    Move(
        *("T16", Verb.HAND_ON, "重新移交", frozenset(HANDLING), None, COUNTER),
        clock="不停",
    ),
    Move(
        *("T18", Verb.GRANT, "准予", _from(State.REVIEWING), State.GRANTED, DECIDERS),
        law=_PERMIT_38,
        document="准予决定书、办理结果告知单",
        clock="停止；送达开始",
    ),
    Move(
        *("T18", Verb.GRANT_PARTLY, "部分准予", _from(State.REVIEWING), State.GRANTED, DECIDERS),
        law=_PERMIT_38,
        document="准予决定书（部分）、办理结果告知单",
        clock="停止；送达开始",
    ),
    Move(
        *("T19", Verb.REFUSE, "不予", _from(State.REVIEWING), State.REFUSED, DECIDERS),
        law=_PERMIT_38,
        document="不予决定书、办理结果告知单",
        clock="停止",
    ),
    Move(
        *("T18", Verb.DEEM_GRANTED, "视为准予延续"),
        _from(State.SUBMITTED, State.RECEIVED, *_AT_WORK, State.PAUSED),
        *(State.DEEMED_GRANTED, NOBODY),
        law="《行政许可法》第五十条",
        document="准予延续决定书（视为准予）、办理结果告知单",
        clock="停止；送达开始",
        by_system=True,
    ),
    Move(
        *("T20", Verb.WITHDRAW, "撤回申请", _BEFORE_DECISION, State.WITHDRAWN, COUNTER),
        document="撤回申请确认书",
        clock="停止",
        by_applicant=True,
    ),
    Move(
        *("T21", Verb.TERMINATE, "终止审查", _BEFORE_DECISION, State.TERMINATED, APPROVERS),
        document="终止审查决定书",
        clock="停止",
    ),
    Move(
        *("T18", Verb.ISSUE, "出证", _from(State.GRANTED, State.DEEMED_GRANTED), None),
        *(COUNTER | HANDLERS,),
    ),
    Move(
        *("T22", Verb.HAND_OVER, "送达", frozenset(DECIDED), State.DELIVERED, COUNTER),
        law="《行政许可法》第四十四条",
        document="送达回证",
        clock="送达停止",
    ),
    Move(
        *("T23", Verb.ARCHIVE, "归档", frozenset(ENDED), State.ARCHIVED, COUNTER | HANDLERS),
        document="卷内目录",
    ),
    Move(
        *("T21", Verb.REOPEN, "恢复办理", frozenset(CUT_SHORT), None),
        *(LEADS,),
        clock="停止的继续，中间不计",
    ),
)
MOVE_OF = {move.verb: move for move in MOVES}


class IllegalMove(Conflict):
    """The case is not where this act starts from; often a colleague was faster."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(
            f"办件现为“{state.label}”，不能再“{move.label}”：可能已有同事办理。请刷新页面查看最新进展。"
        )


def target_of(verb: Verb, state: State) -> State:
    """The state after an act. Raises IllegalMove where the table has no row.

    Reopening leads to the state that was left, which the table does not know.
    """
    move = MOVE_OF[verb]
    if state not in move.sources:
        raise IllegalMove(move, state)
    return state if move.target is None or state in move.stays_in else move.target


def moves_from(state: State) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if state in move.sources)
