"""Rules of supervision: events become cards, cards have a life. Pure."""

from mingtang.supervision.rules.book import Book, RuleVersion, book_of, check_rule
from mingtang.supervision.rules.cards import Due, Look, cards_due, look, next_look
from mingtang.supervision.rules.codes import (
    BadRule,
    CancelReason,
    CardType,
    Colour,
    NotRetroactive,
    NotThisCard,
    SameInspector,
    TaskSource,
    TooLate,
)
from mingtang.supervision.rules.codes import Told as Audience
from mingtang.supervision.rules.life import (
    NEVER_COUNTS,
    OPEN,
    Act,
    State,
    acts_from,
    after,
    check_appeal_in_time,
    check_text,
    check_two,
    state_on,
)
from mingtang.supervision.rules.story import Run, Told, is_running, runs
from mingtang.supervision.rules.triggers import TRIGGERS, faults_of, is_off

__all__ = [
    "NEVER_COUNTS",
    "OPEN",
    "TRIGGERS",
    "Act",
    "Audience",
    "BadRule",
    "Book",
    "CancelReason",
    "CardType",
    "Colour",
    "Due",
    "Look",
    "NotRetroactive",
    "NotThisCard",
    "RuleVersion",
    "Run",
    "SameInspector",
    "State",
    "TaskSource",
    "Told",
    "TooLate",
    "acts_from",
    "after",
    "book_of",
    "cards_due",
    "check_appeal_in_time",
    "check_rule",
    "check_text",
    "check_two",
    "faults_of",
    "is_off",
    "is_running",
    "look",
    "next_look",
    "runs",
    "state_on",
]
