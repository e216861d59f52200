"""Rules of requests: the states of a request. Pure."""

from enum import StrEnum


class State(StrEnum):
    FILED = "filed"
    HANDLING = "handling"
    CORRECTING = "correcting"
    CONSULTING = "consulting"
    AWAITING_FEE = "awaiting_fee"
    DRAFTED = "drafted"
    DECIDED = "decided"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]

    @property
    def next_step(self) -> str:
        """What the applicant may expect."""
        return _STATES[self][2]

    @property
    def is_open(self) -> bool:
        return self not in ENDED


_STATES = {
    State.FILED: ("待确认收到", "info", "工作机构会与您联系确认，确认之日起计算答复期限。"),
    State.HANDLING: ("办理中", "info", "工作机构正在检索和审查，在答复期限前书面答复您。"),
    State.CORRECTING: ("待您补正", "warn", "请在期限内补正。收到补正之日起重新计算答复期限。"),
    State.CONSULTING: ("征求意见中", "info", "正在征求第三方或者其他机关的意见，期间不计入期限。"),
    State.AWAITING_FEE: ("待您缴费", "warn", "请按收费通知缴费。缴费后重新计算答复期限。"),
    State.DRAFTED: ("待审批", "info", "答复已经拟好，正在由负责人审批。"),
    State.DECIDED: ("已答复", "ok", "答复书已经作出，正在送达。"),
    State.DELIVERED: ("已送达", "ok", ""),
    State.WITHDRAWN: ("已撤回", "info", ""),
}
ANSWERED = (State.DECIDED, State.DELIVERED)
DECIDING_EVENTS = ("request.decided", "request.lapsed")
ENDED = (*ANSWERED, State.WITHDRAWN)
# The limit of reply runs, or stands still for a consultation.
COUNTED = (State.HANDLING, State.CONSULTING, State.DRAFTED)
