"""Rules of supervision: the life of a card, who may speak, what still counts. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from mingtang.base.errors import DomainError
from mingtang.supervision.rules.codes import NotThisCard, SameInspector, TooEarly, TooLate


class State(StrEnum):
    RAISED = "raised"
    NOTIFIED = "notified"
    EXPLAINED = "explained"
    APPEALED = "appealed"
    UPHELD = "upheld"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    State.RAISED: "已发出",
    State.NOTIFIED: "已通知",
    State.EXPLAINED: "已说明",
    State.APPEALED: "已申诉",
    State.UPHELD: "维持",
    State.CANCELLED: "已核销",
    State.CLOSED: "已了结",
    State.SUPERSEDED: "已被更高的牌取代",
}


class Act(StrEnum):
    NOTIFY = "notify"
    EXPLAIN = "explain"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    PROPOSE_CANCEL = "propose_cancel"
    CANCEL = "cancel"
    ORDER = "order"
    CLOSE = "close"
    SUPERSEDE = "supersede"

    @property
    def label(self) -> str:
        return {
            "notify": "通知",
            "explain": "说明",
            "appeal": "申诉",
            "uphold": "维持",
            "propose_cancel": "提出核销",
            "cancel": "批准核销",
            "order": "督办",
            "close": "了结",
            "supersede": "取代",
        }[self]


OPEN = (State.RAISED, State.NOTIFIED, State.EXPLAINED, State.APPEALED, State.UPHELD)
NEVER_COUNTS = (State.CANCELLED, State.SUPERSEDED)
MOVES: Mapping[Act, tuple[tuple[State, ...], State | None]] = {
    Act.NOTIFY: ((State.RAISED,), State.NOTIFIED),
    Act.EXPLAIN: ((State.NOTIFIED,), State.EXPLAINED),
    Act.APPEAL: ((State.NOTIFIED, State.EXPLAINED), State.APPEALED),
    Act.UPHOLD: ((State.NOTIFIED, State.EXPLAINED, State.APPEALED), State.UPHELD),
    Act.PROPOSE_CANCEL: (OPEN, None),
    Act.CANCEL: (OPEN, State.CANCELLED),
    Act.ORDER: (OPEN, None),
    Act.CLOSE: ((State.NOTIFIED, State.EXPLAINED, State.UPHELD), State.CLOSED),
    Act.SUPERSEDE: (OPEN, State.SUPERSEDED),
}
LEAST_TEXT = 5


def after(act: Act, state: State) -> State:
    """Where an act leads. Raises NotThisCard."""
    sources, target = MOVES[act]
    if state not in sources:
        may = "、".join(one.label for one in sources)
        raise NotThisCard(
            f"这张牌现为“{state.label}”，不能{act.label}（须为：{may}）。请刷新页面后再看。"
        )
    return target or state


def acts_from(state: State) -> list[Act]:
    return [act for act, (sources, _target) in MOVES.items() if state in sources]


def check_text(text: str, what: str) -> str:
    """Raises DomainError where nothing is said."""
    text = text.strip()
    if len(text) < LEAST_TEXT:
        raise DomainError(f"请写明{what}（至少 {LEAST_TEXT} 个字）。")
    return text


def check_two(first: int | None, *others: int | None) -> None:
    """Who approves is nobody who proposed. Raises SameInspector."""
    if first is not None and first in others:
        raise SameInspector


def check_appeal_in_time(due: date | None, on: date) -> None:
    if due is not None and on > due:
        raise TooLate(f"申诉期限已于 {due} 届满。确有错误的，请监察人员依职权提出核销。")


def check_heard(due: date | None, on: date) -> None:
    """Nobody upholds or closes a card while its office may still appeal. Raises TooEarly."""
    if due is not None and on <= due:
        raise TooEarly(f"当事单位在 {due} 前（含当日）还可以申诉，期满后再维持或者了结。")


class Dated(Protocol):
    """A card as `state_on` reads it: the legal days of what became of it."""

    @property
    def days(self) -> Mapping[State, date | None]: ...


_LAST_FIRST = (
    *(State.CANCELLED, State.SUPERSEDED, State.CLOSED, State.UPHELD),
    *(State.APPEALED, State.EXPLAINED, State.NOTIFIED),
)


def state_on(card: Dated, on: date) -> State:
    """What state a card was in at the end of a day."""
    for state in _LAST_FIRST:
        day = card.days.get(state)
        if day is not None and day <= on:
            return state
    return State.RAISED
