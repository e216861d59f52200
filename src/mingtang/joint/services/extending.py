"""Commands: more time for the whole. The lead department asks, the head of the government of the
same level approves (《行政许可法》第四十二条第二款)."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.cases.rules import SamePerson
from mingtang.files.rules.documents import chinese_date
from mingtang.joint.models import JointCase
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.parts import NotNow
from mingtang.joint.services.common import (
    Facts,
    answer,
    draw,
    law_of,
    locked,
    move,
    person_of,
    said,
    save,
    tell,
)
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

ASKED = ("extension_days", "extension_note", "extension_asked_at", "extension_asked_by")


@command("joint.ask_extension")
def ask_extension(
    *, joint_id: int, days: int, note: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Ask for more time: before the limit is over, once, and no more than the law allows."""
    joint = locked(joint_id)
    move(joint, Verb.ASK_EXTENSION)
    if joint.extension_asked_at is not None and joint.extended_at is None:
        raise NotNow("已有一份延期申请在等批准。")
    note = said(note, "延期的理由")
    _check(joint, days, at)
    joint.extension_days, joint.extension_note = days, note
    joint.extension_asked_at, joint.extension_asked_by_id = at, person_of(actor)
    save(joint, *ASKED)
    facts = {"days": days, "note": note}
    tell("joint.extension_asked", joint, facts, actor, at, command_id)
    return answer(joint)


def _check(joint: JointCase, days: int, at: datetime) -> None:
    most = law_of(joint).extension_days
    clock = timing_queries.open_clock(joint.stream, ClockKind.STATUTORY)
    if joint.extended_at is not None:
        raise NotNow("本件已经延期一次，不能再延。")
    if not 1 <= days <= most:
        raise DomainError(f"延期须在 1 到 {most} 个工作日之间，请更正。")
    if clock is None or legal_date(at) > clock.due_date:
        raise NotNow("法定时限已经届满，不能再申请延期。")


@command("joint.extend")
def extend(*, joint_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Approve the extension: the limit by law becomes longer, and the applicant is told why.

    The promised limit stays as it was. Returns … "document_id", "due".
    """
    joint = locked(joint_id)
    move(joint, Verb.EXTEND)
    days = _asked_by_another(joint, actor)
    _check(joint, days, at)
    clock = timing.extend_clock(stream=joint.stream, kind=ClockKind.STATUTORY, amount=days)
    due = date.fromisoformat(clock["due"])
    words = {"days": str(days), "reason": joint.extension_note, "due": chinese_date(due)}
    law = law_of(joint).extension_article
    document = draw(joint, "joint_extension", at, words, legal_basis=law)
    joint.extended_at, joint.extended_by_id = at, person_of(actor)
    save(joint, "extended_at", "extended_by")
    facts = {
        "days": days,
        "note": joint.extension_note,
        "asked_by": str(joint.extension_asked_by_id),
        "clocks": [clock],
        "document": document.facts(),
    }
    tell("joint.extended", joint, facts, actor, at, command_id)
    return answer(joint, document_id=str(document.id), due=due.isoformat())


def _asked_by_another(joint: JointCase, actor: Actor) -> int:
    """The days that somebody else asked for. Raises NotNow, SamePerson."""
    if joint.extension_days is None or joint.extended_at is not None:
        raise NotNow("没有等待批准的延期申请，请牵头部门先提出。")
    if joint.extension_asked_by_id == person_of(actor):
        raise SamePerson
    return joint.extension_days


@command("joint.reject_extension")
def reject_extension(
    *, joint_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Do not approve it; the reason goes back to the lead department."""
    joint = locked(joint_id)
    move(joint, Verb.REJECT_EXTENSION)
    reason = said(reason, "不同意的理由")
    days = _asked_by_another(joint, actor)
    joint.extension_days, joint.extension_note = None, ""
    joint.extension_asked_at, joint.extension_asked_by = None, None
    save(joint, *ASKED)
    facts = {"days": days, "reason": reason}
    tell("joint.extension_rejected", joint, facts, actor, at, command_id)
    return answer(joint)
