"""What telling applicants and telling colleagues share: a note, and the dates that an event set."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mingtang.cases.models import Case
from mingtang.cases.queries import is_below
from mingtang.cases.rules import State
from mingtang.cases.services.common import chinese
from mingtang.ledger.queries import Event
from mingtang.timing.rules import ClockKind

Words = dict[str, str]
IN_TIME = "按规定的期限"
SHOWN = {
    ClockKind.PRE_EXAMINATION: "初审上报的最后日期",
    ClockKind.PROMISED: "承诺办结日期",
    ClockKind.STATUTORY: "法定办结日期",
    ClockKind.CORRECTION: "补正的最后日期",
    ClockKind.DELIVERY: "结果送达的最后日期",
}
_HANDLING = (ClockKind.PRE_EXAMINATION, ClockKind.PROMISED, ClockKind.STATUTORY)


@dataclass(frozen=True)
class Note:
    """One thing to say: the occasion and what its places hold. `part` tells apart what one event
    says twice; what is not urgent goes out by no SMS."""

    occasion: str
    words: Words
    part: str = ""
    is_urgent: bool = True


def dues(event: Event) -> dict[str, date]:
    """The due dates that an event set, by kind of clock: as they were told then, not as they are
    by now."""
    clocks = event.facts.get("clocks") or []
    return {op["kind"]: date.fromisoformat(op["due"]) for op in clocks if op.get("due")}


def before(day: date | None, otherwise: str = IN_TIME) -> str:
    """2013年9月17日前"""
    return f"{chinese(day)}前" if day else otherwise


def handling_kind(case: Case) -> ClockKind:
    """The limit by which a case is handled: the promised one, after an extension the statutory;
    while a lower level has it, that of its examination."""
    if is_below(case):
        return ClockKind.PRE_EXAMINATION
    return ClockKind.STATUTORY if case.extended_at else ClockKind.PROMISED


def handled_before(case: Case, event: Event) -> str:
    found = dues(event)
    below = found.get(ClockKind.PRE_EXAMINATION)  # as it was told, even where it has gone up since
    return before(below or found.get(handling_kind(case)) or found.get(ClockKind.STATUTORY))


def moved(case: Case, event: Event) -> Iterator[tuple[ClockKind, Words]]:
    """The dates shown to applicants that a revised calendar moved. While a case is paused, its
    limits have no date to show."""
    for op in event.facts["clocks"]:
        kind = next((kind for kind in SHOWN if kind == op["kind"]), None)
        is_paused = case.state == State.PAUSED and kind in _HANDLING
        if kind is None or is_paused or op["old_due"] == op["due"]:
            continue
        old, new = (chinese(date.fromisoformat(op[key])) for key in ("old_due", "due"))
        yield kind, {"limit": SHOWN[kind], "old": old, "new": new}


def is_leading(case: Case, kind: ClockKind) -> bool:
    """Whether people go by this limit: of two that run side by side only one is worth an SMS."""
    return kind not in _HANDLING or kind == handling_kind(case)
