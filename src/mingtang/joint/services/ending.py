"""Commands: a joint matter ends before it is done, or goes on without one of its parts."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.joint.models import JointCase
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.parts import NotNow, check_skip, failed
from mingtang.joint.rules.states import FAILED, WAITING, PartStatus
from mingtang.joint.services.common import (
    Facts,
    answer,
    draw,
    locked,
    move,
    part_facts,
    part_of,
    parts_of,
    person_of,
    said,
    save,
    set_status,
    tell,
)
from mingtang.joint.services.parts import give_up, go_on
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import services as timing

BY_THEMSELVES = "申请人自愿撤回。"


@command("joint.withdraw")
def withdraw(*, joint_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The applicant takes back the whole: what is decided stays, all else is withdrawn."""
    joint = locked(joint_id)
    move(joint, Verb.WITHDRAW)
    reason = reason.strip() or BY_THEMSELVES
    for part in parts_of(joint):
        if part.status in {*WAITING, PartStatus.RUNNING}:
            give_up(joint, part, reason, actor, at, command_id)
    return _ended(joint, "joint_withdrawn", "joint.withdrawn", reason, actor, at, command_id)


@command("joint.terminate")
def terminate(*, joint_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The lead department ends the joint handling after a required part was not granted.

    Cases that run are their departments' to decide; what has not begun does not begin.
    """
    joint = locked(joint_id)
    move(joint, Verb.TERMINATE)
    reason = said(reason, "终止的理由")
    if not failed(parts_of(joint)):
        raise NotNow("没有未获准予的必办部分，不能终止并联办理。申请人不想办的，请办理撤回。")
    for part in parts_of(joint):
        if part.status in WAITING:
            set_status(part, PartStatus.SKIPPED, legal_date(at), note=reason)
    return _ended(joint, "joint_terminated", "joint.terminated", reason, actor, at, command_id)


def _ended(
    joint: JointCase,
    paper: str,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    clocks = timing.stop_open_clocks(stream=joint.stream, on=legal_date(at))
    joint.ended_at, joint.end_reason = at, reason
    joint.ended_by_id = person_of(actor) if actor.organisation_id else None
    document = draw(joint, paper, at, {"reason": reason})
    save(joint, "ended_at", "ended_by", "end_reason")
    facts = {"reason": reason, "clocks": clocks, "document": document.facts()}
    tell(kind, joint, facts, actor, at, command_id)
    return answer(joint, document_id=str(document.id))


@command("joint.withdraw_part")
def withdraw_part(
    *, joint_id: int, part: str, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The applicant takes back one part, and those that wait for it before it."""
    joint = locked(joint_id)
    move(joint, Verb.WITHDRAW_PART)
    return _without(
        joint, part, reason.strip() or BY_THEMSELVES, "joint.part_withdrawn", actor, at, command_id
    )


@command("joint.go_on_without")
def go_on_without(
    *, joint_id: int, part: str, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The lead department goes on without a part that was not granted, and says why it can."""
    joint = locked(joint_id)
    move(joint, Verb.GO_ON_WITHOUT)
    found = part_of(joint, part)
    if found.status not in FAILED:
        raise NotNow(f"“{found.name}”不是未获准予的部分，不用去掉。请刷新页面。")
    reason = said(reason, "其余部分可以继续办理的理由")
    return _without(joint, part, reason, "joint.part_waived", actor, at, command_id)


def _without(
    joint: JointCase,
    key: str,
    reason: str,
    kind: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    parts = parts_of(joint)
    part = next((one for one in parts if one.key == key), None) or part_of(joint, key)
    check_skip(key, parts, {one.key: one.name for one in parts})
    clocks = give_up(joint, part, reason, actor, at, command_id)
    left = [one for one in parts_of(joint) if one.status != PartStatus.SKIPPED]
    if not left:
        raise NotNow("这是最后一个部分。不办了请撤回整件申报。")
    facts = {**part_facts(part), "reason": reason, "clocks": clocks}
    tell(kind, joint, facts, actor, at, command_id)
    go_on(joint, actor, at, command_id)
    return answer(joint)
