"""Rules of supervision: who opens which page, and what a reader may do about a card. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from mingtang.accounts.rules import REGION_WIDE, SEES_NO_CASES, Role
from mingtang.supervision.rules.codes import Colour
from mingtang.supervision.rules.life import Act, State, acts_from

READERS = tuple(role for role in Role if role not in SEES_NO_CASES)
OVERSEERS = tuple(role for role in Role if role in REGION_WIDE)
INSPECTORS = (Role.INSPECTOR,)


class Deed(StrEnum):
    """What somebody presses on a card's page."""

    EXPLAIN = "explain"
    APPEAL = "appeal"
    ANSWER = "answer"
    APPROVE = "approve"
    REJECT = "reject"
    UPHOLD = "uphold"
    PROPOSE = "propose"
    ORDER = "order"
    CLOSE = "close"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_of_office(self) -> bool:
        """The office that the card concerns does it; the others are an inspector's."""
        return self in OFFICE


class TaskState(StrEnum):
    """How far an inspection task is."""

    GIVEN = "given"
    REPORTED = "reported"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"given": "待报告", "reported": "已报告，待了结", "closed": "已了结"}[self]


class TaskDeed(StrEnum):
    """What somebody presses on a task's page."""

    REPORT = "report"
    CLOSE = "close"

    @property
    def label(self) -> str:
        return {"report": "报告办理情况", "close": "了结"}[self]


_LABELS = {
    Deed.EXPLAIN: "说明情况",
    Deed.APPEAL: "申诉",
    Deed.ANSWER: "反馈督办单",
    Deed.APPROVE: "批准核销",
    Deed.REJECT: "不批准核销",
    Deed.UPHOLD: "维持",
    Deed.PROPOSE: "提出核销",
    Deed.ORDER: "发督办单",
    Deed.CLOSE: "了结",
}
OFFICE = frozenset({Deed.EXPLAIN, Deed.APPEAL, Deed.ANSWER})
_ACTS = {
    Deed.EXPLAIN: Act.EXPLAIN,
    Deed.APPEAL: Act.APPEAL,
    Deed.APPROVE: Act.CANCEL,
    Deed.REJECT: Act.CANCEL,
    Deed.UPHOLD: Act.UPHOLD,
    Deed.PROPOSE: Act.PROPOSE_CANCEL,
    Deed.ORDER: Act.ORDER,
    Deed.CLOSE: Act.CLOSE,
}


def deeds_from(
    state: State,
    colour: Colour,
    *,
    is_proposed: bool,
    is_ordered: bool,
    is_in_time: bool,
) -> list[Deed]:
    """What may be done next, whoever does it. `is_ordered`: a directive waits for its answer;
    `is_in_time`: to appeal. A reminder asks for no answer. While the office may appeal, the card
    is neither upheld nor closed."""
    acts = set(acts_from(state))
    found = [deed for deed, act in _ACTS.items() if act in acts]
    hidden = set(
        _hidden(colour, is_proposed=is_proposed, is_ordered=is_ordered, is_in_time=is_in_time)
    )
    shown = {deed for deed in found if deed not in hidden}
    if Deed.APPEAL in shown:
        shown -= FINAL
    return sorted(shown | ({Deed.ANSWER} if is_ordered else set()), key=list(Deed).index)


def _hidden(
    colour: Colour, *, is_proposed: bool, is_ordered: bool, is_in_time: bool
) -> Iterable[Deed]:
    if colour is Colour.REMIND:
        yield from (Deed.EXPLAIN, Deed.APPEAL)
    if not is_in_time:
        yield Deed.APPEAL
    if is_ordered:
        yield Deed.ORDER
    if is_proposed:
        yield from (Deed.PROPOSE, Deed.CLOSE)
    else:
        yield from (Deed.APPROVE, Deed.REJECT)


FINAL = frozenset({Deed.UPHOLD, Deed.CLOSE})  # ends what the office may say
SECOND = frozenset({Deed.APPROVE, Deed.REJECT})  # not by who proposed
APART = SECOND | {Deed.UPHOLD, Deed.PROPOSE}  # not by who spoke for the office
