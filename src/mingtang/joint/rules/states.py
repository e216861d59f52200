"""Rules: where a joint matter and its parts may stand."""

from enum import StrEnum


class JointState(StrEnum):
    """Where the whole stands. Stored; retired members stay."""

    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    DONE = "done"
    DELIVERED = "delivered"
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
    JointState.SUBMITTED: ("已申报，待受理", "info"),
    JointState.CORRECTING: ("待补正", "warn"),
    JointState.ACCEPTED: ("并联办理中", "info"),
    JointState.DONE: ("已办结，待送达", "ok"),
    JointState.DELIVERED: ("已送达", "ok"),
    JointState.RETURNED: ("已退件", "warn"),
    JointState.WITHDRAWN: ("已撤回", "warn"),
    JointState.TERMINATED: ("已终止", "warn"),
}
OPEN = (JointState.SUBMITTED, JointState.CORRECTING, JointState.ACCEPTED, JointState.DONE)
CUT_SHORT = (JointState.RETURNED, JointState.WITHDRAWN, JointState.TERMINATED)


class PartStatus(StrEnum):
    """Where a part stands. `STOPPED`: its case ended without a decision."""

    NOT_READY = "not_ready"
    READY = "ready"
    SIMULATING = "simulating"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"
    SKIPPED = "skipped"

    @property
    def label(self) -> str:
        return _PART_SHOWN[self][0]

    @property
    def tone(self) -> str:
        return _PART_SHOWN[self][1]


_PART_SHOWN = {
    PartStatus.NOT_READY: ("等前面的环节", "info"),
    PartStatus.READY: ("可以开始", "info"),
    PartStatus.SIMULATING: ("模拟审批中", "warn"),
    PartStatus.RUNNING: ("办理中", "info"),
    PartStatus.DONE: ("已办结", "ok"),
    PartStatus.REFUSED: ("未准予", "warn"),
    PartStatus.STOPPED: ("中途结束", "warn"),
    PartStatus.SKIPPED: ("不再办理", "warn"),
}

WAITING = frozenset({PartStatus.NOT_READY, PartStatus.READY, PartStatus.SIMULATING})
FAILED = frozenset({PartStatus.REFUSED, PartStatus.STOPPED})
FINISHED = frozenset({PartStatus.DONE, PartStatus.SKIPPED})
