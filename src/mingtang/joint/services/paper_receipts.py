"""Commands: the paper receipt of a joint matter that was handed in while the system stood still.
The whole counts from the time of the paper once a second person has confirmed it, and so do the
cases that began with its acceptance."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id
from mingtang.cases import services as cases
from mingtang.joint.models import JointCase
from mingtang.joint.rules.states import OPEN, JointState
from mingtang.joint.services.common import (
    Facts,
    answer,
    law_of,
    locked,
    parts_of,
    running,
    save,
    tell,
)
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.outage.services import (
    Entered,
    PaperClaim,
    confirmed,
    facts_of,
    held,
    note_claim,
    refused,
    subject_of,
)
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

KIND = "joint"
LIMITS = (ClockKind.PROMISED.value, ClockKind.STATUTORY.value)


@command("joint.enter_paper_receipt")
def enter_paper_receipt(
    *, joint_id: int, claim: PaperClaim, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Note the paper receipt of a matter that a counter took in afterwards. Nothing counts from it
    yet. Raises WrongNumber, WrongTime, Conflict."""
    joint = locked(joint_id)
    if joint.intake_organisation_id is None:
        raise DomainError("这一件不是窗口收的，没有停机时的纸质回执。")
    thing = Entered(
        kind=KIND,
        subject_id=joint.id,
        entered_at=joint.submitted_at,
        organisation_id=joint.intake_organisation_id,
        region_id=joint.region_id,
    )
    receipt = note_claim(thing, claim, actor, at)
    tell("joint.paper_receipt_entered", joint, facts_of(receipt), actor, at, command_id)
    return answer(joint, receipt_id=str(receipt.id))


@command("joint.confirm_paper_receipt")
def confirm_paper_receipt(*, receipt_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person has compared it with the scan: the matter was received then. The check of
    completeness counts from that day; what was accepted only after it had run out, without a
    correction, counts from it, and so do its cases (《行政许可法》第三十二条第一款第（四）项)."""
    joint = locked(subject_of(receipt_id, KIND))
    receipt = held(receipt_id, actor)
    before, since = joint.submitted_at, legal_date(receipt.received_at)
    clocks = _reckoned_anew(joint, legal_date(before), since, legal_date(at))
    joint.submitted_at = receipt.received_at
    save(joint, "submitted_at")
    facts = confirmed(receipt, actor, at)
    facts |= {"before": before.isoformat(), "clocks": clocks}
    tell("joint.paper_receipt_confirmed", joint, facts, actor, at, command_id)
    if _accepted_too_late(joint, since):
        _tell_parts(joint, since, actor, at, command_id)
    return answer(joint)


@command("joint.refuse_paper_receipt")
def refuse_paper_receipt(
    *, receipt_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """What was entered is not what the scan says. The matter stays as it is."""
    joint = locked(subject_of(receipt_id, KIND))
    facts = refused(held(receipt_id, actor), reason, actor, at)
    tell("joint.paper_receipt_refused", joint, facts, actor, at, command_id)
    return answer(joint)


def _reckoned_anew(joint: JointCase, before: date, since: date, on: date) -> list[Facts]:
    clocks: list[Facts] = []
    if JointState(joint.state) not in OPEN or since == before:
        return clocks
    wanted = LIMITS if _accepted_too_late(joint, since) else ()
    for clock in running(joint):
        is_check = clock.kind == ClockKind.COMPLETENESS and clock.start_date == before
        if is_check or (clock.kind in wanted and clock.start_date > since):
            clocks += timing.count_from_earlier(
                stream=joint.stream, kind=clock.kind, start=since, on=on
            )
    return clocks


def _accepted_too_late(joint: JointCase, since: date) -> bool:
    """Whether it was accepted, without a correction, only after the check of completeness from a
    day of receipt had run out."""
    if joint.accepted_at is None or joint.corrections.exists():
        return False
    last = timing_queries.working_days_later(since, law_of(joint).completeness_days)
    return legal_date(joint.accepted_at) > last


def _tell_parts(joint: JointCase, since: date, actor: Actor, at: datetime, command_id: str) -> None:
    """The cases that began with the acceptance; those that waited for others keep their days."""
    assert joint.accepted_at is not None
    begun = legal_date(joint.accepted_at)
    for part in parts_of(joint):
        if part.case_id is not None and part.begun_date == begun:
            cases.count_part_from(
                case_id=part.case_id,
                joint=joint.stream,
                accepted_at=joint.accepted_at,
                since=since,
                actor=actor,
                at=at,
                command_id=derived_command_id("joint_count_part", part.id, command_id),
            )
