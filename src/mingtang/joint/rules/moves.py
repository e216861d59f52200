"""Rules: the table of moves of a joint matter. Buttons, guards, the docs and tests come from it."""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import COUNTER_ROLES, Role
from mingtang.base.errors import Conflict
from mingtang.joint.rules.states import JointState


class Verb(StrEnum):
    """What can be done to a joint matter that is there."""

    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    ASK_CORRECTION = "ask_correction"
    SUPPLY = "supply"
    SUPPLY_DEFERRED = "supply_deferred"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    WITHDRAW_PART = "withdraw_part"
    BEGIN_PART = "begin_part"
    END_PART = "end_part"
    SIMULATE = "simulate"
    GIVE_OPINION = "give_opinion"
    CONVERT = "convert"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REJECT_EXTENSION = "reject_extension"
    GO_ON_WITHOUT = "go_on_without"
    TERMINATE = "terminate"
    FINISH = "finish"


# Done to one part of a matter: these name it. Which part is taken back is asked in the form, and
# may be named; all others name none.
OF_PARTS = frozenset(
    {
        *(Verb.BEGIN_PART, Verb.END_PART, Verb.SIMULATE, Verb.GIVE_OPINION),
        *(Verb.CONVERT, Verb.GO_ON_WITHOUT),
    }
)
MAY_NAME_PART = OF_PARTS | {Verb.WITHDRAW_PART}


class Who(StrEnum):
    """Whose people do it: the lead department's, those of the part's own, the government's."""

    LEAD = "lead"
    PART = "part"
    GOVERNMENT = "government"


@dataclass(frozen=True)
class Move:
    """One row: who may do what, from where, to where. `target` None: the state stays."""

    verb: Verb
    label: str
    sources: frozenset[JointState]
    target: JointState | None
    roles: frozenset[Role] = frozenset()
    who: Who = Who.LEAD
    law: str = ""
    document: str = ""
    clock: str = ""
    by_applicant: bool = False
    by_system: bool = False


HANDLERS = frozenset({Role.HANDLER, Role.CHIEF_REPRESENTATIVE})
DECIDERS = frozenset({Role.APPROVER, Role.CHIEF_REPRESENTATIVE})
COUNTER = frozenset(COUNTER_ROLES)
NOTING = COUNTER | HANDLERS | {Role.AGENT, Role.PROJECT_OFFICE}
# 本级人民政府负责人（《行政许可法》第四十二条第二款）: those who sit for the government here.
GOVERNMENT = frozenset({Role.STEERING_GROUP})

_S = JointState
_FILED, _AT_WORK = frozenset({_S.SUBMITTED}), frozenset({_S.ACCEPTED})
_ASKED = frozenset({_S.CORRECTING})
_OPEN = _FILED | _ASKED | _AT_WORK

MOVES = (
    Move(
        *(Verb.ACCEPT, "受理", _FILED, _S.ACCEPTED, COUNTER),
        law="《行政许可法》第二十六条、第三十二条",
        document="并联审批受理通知书",
        clock="材料审核停止，并联时限开始",
    ),
    Move(
        *(Verb.DEEM_ACCEPTED, "视为受理", _FILED, _S.ACCEPTED),
        law="《行政许可法》第三十二条第一款第（四）项",
        document="并联审批受理通知书（视为受理）",
        clock="材料审核停止，并联时限自收件之日起算",
        by_system=True,
    ),
    Move(
        *(Verb.ASK_CORRECTION, "一次告知补正", _FILED, _S.CORRECTING, COUNTER),
        law="《行政许可法》第三十二条第一款第（四）项",
        document="并联申报补正通知书",
        clock="材料审核停止，补正开始",
    ),
    Move(
        *(Verb.SUPPLY, "收到补正", _ASKED, _S.SUBMITTED, COUNTER),
        clock="补正停止，材料审核开始",
        by_applicant=True,
    ),
    Move(
        *(Verb.SUPPLY_DEFERRED, "补交容缺材料", _AT_WORK, None, COUNTER),
        clock="容缺补交停止",
        by_applicant=True,
    ),
    Move(
        *(Verb.SEND_BACK, "退件", _FILED | _ASKED, _S.RETURNED, COUNTER),
        document="退件通知书",
        clock="停止",
    ),
    Move(
        *(Verb.WITHDRAW, "撤回申报", _OPEN, _S.WITHDRAWN, COUNTER),
        document="撤回申报确认书",
        clock="停止",
        by_applicant=True,
    ),
    Move(*(Verb.WITHDRAW_PART, "撤回一个部分", _OPEN, None, COUNTER), by_applicant=True),
    Move(*(Verb.BEGIN_PART, "登记开始", _AT_WORK, None, NOTING), clock="环节开始"),
    Move(*(Verb.END_PART, "登记结束", _AT_WORK, None, NOTING), clock="环节停止"),
    Move(
        *(Verb.SIMULATE, "开始模拟审批", _AT_WORK, None, HANDLERS, Who.PART),
        clock="环节开始",
    ),
    Move(
        *(Verb.GIVE_OPINION, "出具模拟审批意见", _AT_WORK, None, HANDLERS, Who.PART),
        document="模拟审批意见",
        clock="环节停止",
    ),
    Move(*(Verb.CONVERT, "核对后转为正式办件", _AT_WORK, None, HANDLERS, Who.PART)),
    Move(*(Verb.ASK_EXTENSION, "申请延期", _AT_WORK, None, HANDLERS)),
    Move(
        *(Verb.EXTEND, "批准延期", _AT_WORK, None, GOVERNMENT, Who.GOVERNMENT),
        law="《行政许可法》第四十二条第二款",
        document="延期告知书",
        clock="并联时限延长",
    ),
    Move(*(Verb.REJECT_EXTENSION, "不同意延期", _AT_WORK, None, GOVERNMENT, Who.GOVERNMENT)),
    Move(*(Verb.GO_ON_WITHOUT, "去掉这个部分，其余继续", _AT_WORK, None, DECIDERS)),
    Move(
        *(Verb.TERMINATE, "终止", _AT_WORK, _S.TERMINATED, DECIDERS),
        document="并联审批终止告知书",
        clock="停止",
    ),
    Move(
        *(Verb.FINISH, "办结", _AT_WORK, _S.DONE),
        document="并联审批办结告知单",
        clock="停止",
        by_system=True,
    ),
)
MOVE_OF = {move.verb: move for move in MOVES}


class IllegalMove(Conflict):
    """The matter is not where this act starts from; often a colleague was faster."""

    def __init__(self, move: Move, state: JointState) -> None:
        super().__init__(
            f"并联件现为“{state.label}”，不能再“{move.label}”。请刷新页面查看最新进展。"
        )


def target_of(verb: Verb, state: JointState) -> JointState:
    """The state after an act. Raises IllegalMove where the table has no row."""
    move = MOVE_OF[verb]
    if state not in move.sources:
        raise IllegalMove(move, state)
    return move.target or state


def moves_from(state: JointState) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if state in move.sources)
