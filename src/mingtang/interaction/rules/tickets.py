"""Rules of bad ratings (差评): their life, who may do what. Pure.

Called back within one working day, verified, rectified within 5 or 15 working days (settings),
answered, rated again or closed. Unfounded only with proof and a second person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed

LONGEST_NOTE = 1000
# The unit's lead, and whoever watches over the hall. A colleague at the counter learns nothing.
UNIT_LEADS = frozenset({Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE, Role.APPROVER})
CENTRE = frozenset({Role.CENTRE_MANAGER, Role.INSPECTOR})
READERS = UNIT_LEADS | CENTRE
# Who types what somebody said on the telephone.
CALLERS = frozenset(
    {Role.CLERK, Role.GENERAL_CLERK, Role.WINDOW_LEAD, Role.CENTRE_MANAGER, Role.INSPECTOR}
)


class TicketState(StrEnum):
    NEW = "new"
    CONTACTED = "contacted"
    RECTIFYING = "rectifying"
    DISPUTED = "disputed"
    ANSWERED = "answered"
    CLOSED = "closed"
    UNFOUNDED = "unfounded"
    CORRECTED = "corrected"

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]

    @property
    def is_open(self) -> bool:
        return self not in ENDED


_STATES = {
    TicketState.NEW: ("待回访", "warn"),
    TicketState.CONTACTED: ("已回访，待核实", "info"),
    TicketState.RECTIFYING: ("属实，整改中", "warn"),
    TicketState.DISPUTED: ("认为不实，待复核", "warn"),
    TicketState.ANSWERED: ("已答复", "info"),
    TicketState.CLOSED: ("已办结", "ok"),
    TicketState.UNFOUNDED: ("复核不实", "info"),
    TicketState.CORRECTED: ("评价人已改评", "info"),
}
ENDED = (TicketState.CLOSED, TicketState.UNFOUNDED, TicketState.CORRECTED)


class TicketVerb(StrEnum):
    CONTACT = "contact"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    APPROVE = "approve"
    REJECT = "reject"
    ANSWER = "answer"
    CLOSE = "close"


@dataclass(frozen=True)
class TicketMove:
    verb: TicketVerb
    source: TicketState
    target: TicketState
    label: str
    roles: frozenset[Role]
    note_label: str
    help: str = ""


MOVES = (
    TicketMove(
        TicketVerb.CONTACT, TicketState.NEW, TicketState.CONTACTED,
        "登记回访", READERS, "回访情况", "写明何时联系、对方说了什么。",
    ),
    TicketMove(
        TicketVerb.CONFIRM, TicketState.CONTACTED, TicketState.RECTIFYING,
        "核实属实，开始整改", READERS, "核实情况和整改打算",
    ),
    TicketMove(
        TicketVerb.DISPUTE, TicketState.CONTACTED, TicketState.DISPUTED,
        "认为不实，报请复核", READERS, "证明", "写明凭什么认为不实，例如监控、叫号记录、文书。",
    ),
    TicketMove(
        TicketVerb.APPROVE, TicketState.DISPUTED, TicketState.UNFOUNDED,
        "复核：不实", CENTRE, "复核意见",
    ),
    TicketMove(
        TicketVerb.REJECT, TicketState.DISPUTED, TicketState.CONTACTED,
        "复核：证明不足", CENTRE, "复核意见",
    ),
    TicketMove(
        TicketVerb.ANSWER, TicketState.RECTIFYING, TicketState.ANSWERED,
        "整改完成，答复评价人", READERS, "给评价人的答复", "评价人会看到这段话。",
    ),
    TicketMove(
        TicketVerb.CLOSE, TicketState.ANSWERED, TicketState.CLOSED,
        "办结", READERS, "办结说明",
    ),
)  # fmt: skip
MOVE_OF = {move.verb: move for move in MOVES}


def moves_from(state: TicketState, roles: Iterable[Role]) -> list[TicketMove]:
    """What somebody with these roles may do next."""
    held = frozenset(roles)
    return [move for move in MOVES if move.source is state and move.roles & held]


def check_move(verb: TicketVerb, state: TicketState) -> TicketMove:
    """Raises TicketMoved."""
    move = MOVE_OF[verb]
    if move.source is not state:
        raise TicketMoved(state)
    return move


def check_second(proposer: int | None, person: int) -> None:
    """Two persons find a rating unfounded. Raises SamePerson."""
    if proposer == person:
        raise SamePerson


class TicketMoved(Conflict):
    def __init__(self, state: TicketState) -> None:
        super().__init__(f"这条差评现在是“{state.label}”，不能这样办。请刷新页面再看。")


class SamePerson(NotAllowed):
    def __init__(self) -> None:
        super().__init__("认定不实要由第二个人复核，报请的人不能自己复核。")


class TookPart(NotAllowed):
    def __init__(self) -> None:
        super().__init__("您办过这件事，不能处理对它的评价。请交给别的负责人或中心管理人员。")


class NoteMissing(DomainError):
    def __init__(self, what: str) -> None:
        super().__init__(f"“{what}”不能空着，请写明。")
