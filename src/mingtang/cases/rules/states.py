"""Rules: where a case may stand."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands. Stored; retired members stay."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    REVIEWING = "reviewing"
    PAUSED = "paused"
    GRANTED = "granted"
    REFUSED = "refused"
    DEEMED_GRANTED = "deemed_granted"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    NOT_REQUIRED = "not_required"
    DECLINED = "declined"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"

    @property
    def label(self) -> str:
        return _SHOWN[self][0]

    @property
    def tone(self) -> str:
        return _SHOWN[self][1]

    @property
    def is_open(self) -> bool:
        """Somebody still has to act before the applicant is done with it."""
        return self in OPEN


_SHOWN = {
    State.SUBMITTED: ("已提交", "info"),
    State.RECEIVED: ("已收件", "info"),
    State.CORRECTING: ("待补正", "warn"),
    State.ACCEPTED: ("已受理", "info"),
    State.REVIEWING: ("审查中", "info"),
    State.PAUSED: ("特别程序中", "warn"),
    State.GRANTED: ("准予，待送达", "ok"),
    State.REFUSED: ("不予，待送达", "warn"),
    State.DEEMED_GRANTED: ("视为准予延续，待送达", "ok"),
    State.DELIVERED: ("已送达", "ok"),
    State.ARCHIVED: ("已归档", "ok"),
    State.NOT_REQUIRED: ("依法不需要办理", "warn"),
    State.DECLINED: ("不予受理", "warn"),
    State.RETURNED: ("已退件", "warn"),
    State.WITHDRAWN: ("已撤回", "warn"),
    State.TERMINATED: ("已终止审查", "warn"),
}

BEFORE_ACCEPTANCE = (State.SUBMITTED, State.RECEIVED, State.CORRECTING)
HANDLING = (State.ACCEPTED, State.REVIEWING, State.PAUSED)
DECIDED = (State.GRANTED, State.REFUSED, State.DEEMED_GRANTED)
# The events that are decisions: what an applicant may contest.
DECIDING_EVENTS = (
    *("case.granted", "case.refused", "case.deemed_granted"),
    *("case.declined", "case.not_required"),
)
UNDECIDED = (*BEFORE_ACCEPTANCE, *HANDLING)
OPEN = frozenset((*UNDECIDED, *DECIDED))
CUT_SHORT = (State.RETURNED, State.WITHDRAWN, State.TERMINATED)  # may be taken up again
ENDED = (State.DELIVERED, State.NOT_REQUIRED, State.DECLINED, *CUT_SHORT)
