"""Rules of letters: states, the table of moves. Buttons, guards and tests come from it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import COUNTER_ROLES, Role
from mingtang.base.errors import Conflict


class State(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    HANDLING = "handling"
    ANSWERED = "answered"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]

    @property
    def next_step(self) -> str:
        """What the writer may expect."""
        return _STATES[self][2]

    @property
    def is_ended(self) -> bool:
        return self in ENDED

    @property
    def is_counted(self) -> bool:
        """Whether the limit runs: from the day it came until it is answered. Nothing stops it."""
        return self in COUNTED


_STATES = {
    State.FILED: ("待受理", "info", "工作人员正在看您的来信，会告诉您是否受理。"),
    State.ACCEPTED: ("已受理", "info", "正在确定由哪个单位办理。"),
    State.DISPATCHED: ("已交办", "info", "已交给承办单位。"),
    State.RETURNED: ("重新交办", "info", "承办单位有不同意见，正在指定单位，期限照常计算。"),
    State.HANDLING: ("办理中", "info", "承办单位正在办理，会在期限前答复您。"),
    State.ANSWERED: ("已答复", "ok", "请看答复，并评价办得怎样。不满意的，可以要求重办。"),
    State.CLOSED: ("已办结", "ok", ""),
    State.NOT_ACCEPTED: ("不予受理", "warn", ""),
    State.TRANSFERRED: ("已转出", "info", ""),
    State.WITHDRAWN: ("已撤回", "info", ""),
}
ENDED = (State.CLOSED, State.NOT_ACCEPTED, State.TRANSFERRED, State.WITHDRAWN)
COUNTED = (State.FILED, State.ACCEPTED, State.DISPATCHED, State.RETURNED, State.HANDLING)
DONE = (State.ANSWERED, State.CLOSED)


class Verb(StrEnum):
    """What can be done with a letter that is there."""

    ACCEPT = "accept"
    DECLINE = "decline"
    TRANSFER = "transfer"
    DISPATCH = "dispatch"
    DESIGNATE = "designate"
    RETURN = "return"
    TAKE = "take"
    REPORT = "report"
    ANSWER = "answer"
    EXTEND = "extend"
    URGE = "urge"
    DIRECT = "direct"
    CALL_BACK = "call_back"
    REDO = "redo"
    CLOSE = "close"
    HAND_BACK = "hand_back"
    RECUSE = "recuse"
    NAME_READER = "name_reader"
    ADD = "add"
    RATE = "rate"
    WITHDRAW = "withdraw"


OFFICE = frozenset({Role.LETTER_OFFICE, Role.LETTER_HEAD})
HEADS = frozenset({Role.LETTER_HEAD})
UNIT = frozenset({Role.HANDLER, Role.APPROVER, Role.SECTION_CONTACT, Role.CHIEF_REPRESENTATIVE})
READERS = OFFICE | UNIT
TYPISTS = OFFICE | COUNTER_ROLES
WRITER: frozenset[Role] = frozenset()


class Side(StrEnum):
    """On whose side a move is made."""

    OFFICE = "office"
    LEAD = "lead"
    ASSISTING = "assisting"
    ANYBODY = "anybody"
    WRITER = "writer"


@dataclass(frozen=True)
class Move:
    """One row: who may do what, from where, to where. `target` None: the state is not changed."""

    verb: Verb
    label: str
    sources: frozenset[State]
    target: State | None
    side: Side
    roles: frozenset[Role]
    basis: str = ""
    clock: str = ""


_S, _O, _L = State, Side.OFFICE, Side.LEAD


def _move(
    verb: Verb,
    label: str,
    sources: tuple[State, ...],
    target: State | None,
    side: Side = _O,
    *,
    heads: bool = False,
    basis: str = "",
    clock: str = "",
) -> Move:
    roles = {
        Side.OFFICE: HEADS if heads else OFFICE,
        Side.LEAD: UNIT,
        Side.ASSISTING: UNIT,
        Side.ANYBODY: READERS,
        Side.WRITER: WRITER,
    }[side]
    return Move(verb, label, frozenset(sources), target, side, roles, basis, clock)


_AT_UNIT = (_S.DISPATCHED, _S.HANDLING)
_OPEN = (*COUNTED, _S.ANSWERED)
MOVES = (
    _move(Verb.ACCEPT, "受理", (_S.FILED,), _S.ACCEPTED),
    _move(
        *(Verb.DECLINE, "不予受理", (_S.FILED, _S.ACCEPTED), _S.NOT_ACCEPTED),
        basis="不受理的情形须告知理由和渠道",
        clock="停止",
    ),
    _move(
        *(Verb.TRANSFER, "转其他渠道", (_S.FILED, _S.ACCEPTED), _S.TRANSFERRED),
        clock="停止，按接收方的期限计算",
    ),
    _move(Verb.DISPATCH, "交办", (_S.ACCEPTED,), _S.DISPATCHED, basis="涉及几个单位的，一个牵头"),
    _move(
        *(Verb.DESIGNATE, "指定承办", (_S.RETURNED,), _S.DISPATCHED),
        heads=True,
        basis="退回一次后指定，被指定的不能再退",
    ),
    _move(Verb.RETURN, "退回", (_S.DISPATCHED,), _S.RETURNED, _L, clock="不停"),
    _move(Verb.TAKE, "签收办理", (_S.DISPATCHED,), _S.HANDLING, _L),
    _move(Verb.REPORT, "协办反馈", (*_AT_UNIT,), None, Side.ASSISTING),
    _move(Verb.ANSWER, "答复", (_S.HANDLING,), _S.ANSWERED, _L, clock="停止"),
    _move(Verb.EXTEND, "延期", (_S.HANDLING,), None, heads=True, clock="延长"),
    _move(Verb.URGE, "催办", (*_AT_UNIT,), None),
    _move(Verb.DIRECT, "督办", (*_AT_UNIT,), None, heads=True),
    _move(Verb.CALL_BACK, "登记回访", (_S.ANSWERED,), None),
    _move(
        *(Verb.REDO, "退回重办", (_S.ANSWERED,), _S.HANDLING),
        basis="诉求人不满意且理由成立",
        clock="重新开始",
    ),
    _move(Verb.CLOSE, "办结", (_S.ANSWERED,), _S.CLOSED),
    _move(Verb.HAND_BACK, "反馈 12345 热线", DONE, None),
    _move(Verb.RECUSE, "回避", (*COUNTED, *DONE), None, Side.ANYBODY),
    _move(Verb.NAME_READER, "指定可看的人", (*COUNTED, *DONE), None, heads=True),
    _move(Verb.ADD, "补充", _OPEN, None, Side.WRITER),
    _move(Verb.RATE, "评价", DONE, None, Side.WRITER),
    _move(Verb.WITHDRAW, "撤回", COUNTED, _S.WITHDRAWN, Side.WRITER, clock="停止"),
)
MOVE_OF = {move.verb: move for move in MOVES}


class IllegalMove(Conflict):
    def __init__(self, verb: Verb, state: State) -> None:
        may = "、".join(one.label for one in State if one in MOVE_OF[verb].sources)
        super().__init__(
            f"来信现为“{state.label}”，不能“{MOVE_OF[verb].label}”（须为：{may}）。"
            "请刷新页面后再看。"
        )


def target_of(verb: Verb, state: State) -> State:
    """Where a move leads. Raises IllegalMove."""
    move = MOVE_OF[verb]
    if state not in move.sources:
        raise IllegalMove(verb, state)
    return move.target or state
