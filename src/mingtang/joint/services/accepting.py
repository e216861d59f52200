"""Commands: the lead department's window accepts the whole, or sends it back."""

from collections.abc import Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.cases import services as cases
from mingtang.cases.rules import GivenWay
from mingtang.files.rules.documents import chinese_date
from mingtang.joint.models import JointCase, JointMaterial, JointPart, JointPromise
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.parts import promised_days
from mingtang.joint.rules.route import route_of
from mingtang.joint.services.common import (
    Facts,
    answer,
    draw,
    law_of,
    locked,
    move,
    part_rows,
    parts_of,
    person_of,
    said,
    save,
    tell,
)
from mingtang.joint.services.deferring import check_day, clock_of, in_words, keep_promise
from mingtang.joint.services.filing import told_part, wanted_of
from mingtang.joint.services.parts import go_on
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


@command("joint.accept")
def accept(
    *,
    joint_id: int,
    brought: Sequence[str] = (),
    deferred: Sequence[str] = (),
    promise: str = "",
    due_date: date | None = None,
    is_mandate_seen: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Accept the whole: the joint clock of forty-five working days begins, and every part that
    waits for nothing is filed and accepted with its own department.

    (《行政许可法》第四十二条第二款.) `brought`: keys of materials that were to be brought and are
    there. `deferred`: keys of those that may come later (容缺), all on the applicant's one
    `promise` and by its one day `due_date`. Returns … "document_id". Raises DomainError where a
    material is still missing.
    """
    joint = locked(joint_id)
    move(joint, Verb.ACCEPT)
    parts = parts_of(joint)
    if cases.applicant_of(joint.applicant).proxy and not is_mandate_seen:
        raise DomainError("代理人的委托书还没有核对。请核对委托书，登记“已核对委托书”后再办。")
    _mark_brought(joint, brought, actor, at)
    promised = keep_promise(joint, deferred, promise, due_date, actor, at)
    _check_complete(joint, parts)
    joint.accepted_at, joint.accepted_by_id = at, person_of(actor)
    since = _accepted_as_of(joint, legal_date(at))
    found = begin(joint, "joint.accepted", since, actor, at, command_id, promised)
    check_day(joint, promised)
    return found


def _accepted_as_of(joint: JointCase, on: date) -> date:
    """From which day the limits count: after a correction from the day on which it was complete,
    after five silent days from the filing, as the law would have it
    (《行政许可法》第三十二条第一款第（四）、（五）项)."""
    asked = joint.corrections.first()
    if asked is not None and asked.supplied_at is not None:
        return legal_date(asked.supplied_at)
    clock = timing_queries.open_clock(joint.stream, ClockKind.COMPLETENESS)
    is_late = clock is not None and on > clock.due_date
    return legal_date(joint.submitted_at) if is_late else on


def begin(
    joint: JointCase,
    kind: str,
    since: date,
    actor: Actor,
    at: datetime,
    command_id: str,
    promised: JointPromise | None = None,
) -> Facts:
    """The limits of the whole count from a day on, and so do those of the parts that begin now,
    for they wait for nothing."""
    parts, on = parts_of(joint), legal_date(at)
    clocks, words = _limits(joint, since, on)
    clocks += clock_of(promised, joint.stream, on)
    words["deferred"] = in_words(promised)
    paper = kind.replace(".", "_")
    rows, law = part_rows(parts, on), law_of(joint).article
    document = draw(joint, paper, at, words, rows, legal_basis=law)
    save(joint, "accepted_at", "accepted_by", "is_deemed_accepted")
    facts = {
        "clocks": clocks,
        "since": since.isoformat(),
        "document": document.facts(),
        "parts": [told_part(part) for part in parts],
        "deferred": [one["name"] for one in promised.materials] if promised else [],
    }
    tell(kind, joint, facts, actor, at, command_id)
    go_on(joint, actor, at, command_id, since)
    return answer(joint, document_id=str(document.id))


def _mark_brought(joint: JointCase, keys: Sequence[str], actor: Actor, at: datetime) -> None:
    rows = JointMaterial.objects.filter(joint=joint, way=GivenWay.TO_BRING.value, brought_at=None)
    changed = rows.filter(key__in=list(keys)).update(brought_at=at, brought_by_id=person_of(actor))
    if changed != len(set(keys)):
        raise DomainError("所选材料不在“到窗口带来”的清单里，或者已经登记收到。请刷新页面核对。")


def missing_of(joint: JointCase, parts: Sequence[JointPart]) -> list[str]:
    """Names of what must be there before the whole is accepted, and is not."""
    kept = {one.key: one for one in JointMaterial.objects.filter(joint=joint)}
    awaited = [
        one.name for one in kept.values() if one.way == GivenWay.TO_BRING and not one.brought_at
    ]
    silent = [
        one.name
        for one in wanted_of(parts)
        if one.is_required
        and (one.key not in kept or kept[one.key].way == GivenWay.NOT_NEEDED.value)
    ]
    return [*awaited, *silent]


def _check_complete(joint: JointCase, parts: Sequence[JointPart]) -> None:
    """An application is accepted when it is complete (《行政许可法》第三十二条第一款第（五）项)."""
    if missing := missing_of(joint, parts):
        raise DomainError(f"还缺材料：{'、'.join(missing)}。收到的请打勾；没有的请申请人补齐。")


def _limits(joint: JointCase, since: date, on: date) -> tuple[list[Facts], dict[str, str]]:
    """The joint limit by law, the promised one where the route promises less; told in words."""
    law = law_of(joint)
    chosen = [part.key for part in parts_of(joint)]
    promised = promised_days(route_of(joint.edition.content), chosen)
    wanted = [(ClockKind.STATUTORY, law.days)]
    if promised is not None and promised <= law.days:
        wanted.append((ClockKind.PROMISED, promised))
    clocks = [timing.stop_clock(stream=joint.stream, kind=ClockKind.COMPLETENESS, on=on)]
    dues = {}
    for kind, amount in wanted:
        op = timing.start_clock(
            stream=joint.stream, kind=kind, start=since, amount=amount, unit="working_day"
        )
        clocks.append(op)
        dues[kind] = chinese_date(date.fromisoformat(op["due"]))
    told = dues.get(ClockKind.PROMISED)
    words = {"promised": f"承诺办结日期：{told}。" if told else ""}
    words["since"] = chinese_date(since)
    return clocks, {**words, "statutory": dues[ClockKind.STATUTORY]}


@command("joint.send_back")
def send_back(*, joint_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Give the materials back before acceptance: not a refusal, and no decision."""
    joint = locked(joint_id)
    move(joint, Verb.SEND_BACK)
    reason = said(reason, "退件的理由")
    clocks = timing.stop_open_clocks(stream=joint.stream, on=legal_date(at))
    joint.ended_at, joint.ended_by_id, joint.end_reason = at, person_of(actor), reason
    document = draw(joint, "joint_returned", at, {"reason": reason})
    save(joint, "ended_at", "ended_by", "end_reason")
    facts = {"reason": reason, "clocks": clocks, "document": document.facts()}
    tell("joint.returned", joint, facts, actor, at, command_id)
    return answer(joint, document_id=str(document.id))
