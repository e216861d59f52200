"""Rules: where a part of a joint matter stands by where its case stands. Pure."""

from collections.abc import Iterable

from mingtang.cases.rules import CUT_SHORT, Outcome, State
from mingtang.joint.rules.states import PartStatus

_GONE = frozenset({*CUT_SHORT, State.NOT_REQUIRED, State.DECLINED})
_WITH_THE_APPLICANT = frozenset({State.DELIVERED, State.ARCHIVED})


def status_of(before: PartStatus, state: State, outcome: Outcome | None) -> PartStatus:
    """The status of a part whose case is in this state. What was given up stays given up."""
    if before is PartStatus.SKIPPED:
        return before
    if outcome is not None:
        return PartStatus.DONE if outcome.is_grant else PartStatus.REFUSED
    if state in _GONE or state is State.ARCHIVED:
        return PartStatus.STOPPED
    return PartStatus.RUNNING


def are_delivered(states: Iterable[State]) -> bool:
    """Whether nothing more is to be handed over of the cases of a matter that is done."""
    return all(state in _WITH_THE_APPLICANT or state in _GONE for state in states)
