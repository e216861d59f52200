"""Services and commands on the parts of a joint matter: opened when they may, settled when their
cases are, begun and ended by hand where they are no cases; and the whole done when they are."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.cases import queries as case_queries
from mingtang.cases import services as cases
from mingtang.cases.rules import Given, GivenWay
from mingtang.joint.models import JointCase, JointMaterial, JointPart
from mingtang.joint.queries.reading import promise_of
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.parts import NotNow, is_done, now_ready
from mingtang.joint.rules.route import NodeKind
from mingtang.joint.rules.settling import are_delivered, status_of
from mingtang.joint.rules.states import FINISHED, JointState, PartStatus
from mingtang.joint.rules.union import answers_for, union_of
from mingtang.joint.services.common import (
    Facts,
    answer,
    draw,
    is_running,
    locked,
    move,
    part_facts,
    part_of,
    part_rows,
    parts_of,
    said,
    save,
    set_status,
    tell,
)
from mingtang.joint.services.filing import asked_of, wanted_of
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command
from mingtang.timing import services as timing


def open_ready(
    joint: JointCase, actor: Actor, at: datetime, command_id: str, since: date | None = None
) -> list[JointPart]:
    """Open the parts that wait for nothing any more. Returns them."""
    parts = parts_of(joint)
    ready = [part for part in now_ready(parts) if isinstance(part, JointPart)]
    for part in ready:
        if part.kind == NodeKind.CASE:
            open_case(joint, part, parts, actor, at, command_id, since)
        else:
            set_status(part, PartStatus.READY, legal_date(at))
            tell("joint.part_ready", joint, part_facts(part), actor, at, command_id)
    return ready


def open_case(
    joint: JointCase,
    part: JointPart,
    parts: Sequence[JointPart],
    actor: Actor,
    at: datetime,
    command_id: str,
    since: date | None = None,
) -> None:
    """File and accept the case of a part, with its share of the answers and materials. Its limits
    count from `since`; None: from today, as of a part that waited for others."""
    assert part.item is not None
    assert part.item_edition_id is not None
    asked = asked_of(parts)
    mine = next(one for one in asked if one.part == part.key)
    given = given_to(joint, part)
    opened = cases.open_part(
        joint=joint.stream,
        item_code=part.item.code,
        edition_id=part.item_edition_id,
        applicant=cases.applicant_of(joint.applicant),
        answers=answers_for(union_of(asked), mine, joint.answers),
        given=given,
        intake_organisation_id=joint.intake_organisation_id or joint.lead_id,
        lead_organisation_id=joint.lead_id,
        accepted_by_id=joint.accepted_by_id,
        since=since or legal_date(at),
        deferred=_deferred(joint, given),
        actor=actor,
        at=at,
        command_id=derived_command_id("joint_open_part", part.id),
    )
    part.case_id = int(opened["case_id"])
    set_status(part, PartStatus.RUNNING, legal_date(at), "case")
    facts = {**part_facts(part), "case_number": opened["number"]}
    tell("joint.part_opened", joint, facts, actor, at, command_id)


def given_to(joint: JointCase, part: JointPart, keys: Collection[str] | None = None) -> list[Given]:
    """The materials of the whole that a part wants, by its own ids; of `keys` only, if given."""
    kept = {one.key: one for one in JointMaterial.objects.filter(joint=joint)}
    promise = promise_of(joint)
    return [
        Given(
            material_id=line,
            name=wanted.name,
            way=GivenWay(kept[wanted.key].way),
            upload_ids=tuple(int(one) for one in kept[wanted.key].upload_ids),
            promise=promise.words if promise else "",
        )
        for wanted in wanted_of([part])
        for _part, line in wanted.by
        if wanted.key in kept and (keys is None or wanted.key in keys)
    ]


def _deferred(joint: JointCase, given: Iterable[Given]) -> list[cases.Deferred]:
    """What of it was promised for later and has not come."""
    promise = promise_of(joint)
    return [
        cases.Deferred(one.material_id, promise.words, promise.due_date)
        for one in given
        if promise and one.way is GivenWay.DEFERRED
    ]


@command("joint.settle")
def settle(*, case_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Bring a part to where its case stands now, and the whole with it.

    Looks at the case, not at what was told of it: late, twice or out of order comes to the same.
    """
    part = JointPart.objects.get(case_id=case_id)
    joint = locked(part.joint_id)
    part = part_of(joint, part.key)
    now = case_queries.outcome_of(case_id)
    status = status_of(PartStatus(part.status), now.state, now.outcome)
    if status != part.status:
        set_status(part, status, legal_date(now.decided_at or at))
        tell("joint.part_settled", joint, part_facts(part), actor, at, command_id)
    if now.bounce_count > part.bounce_count:
        _count_bounces(joint, part, now.bounce_count, actor, at, command_id)
    go_on(joint, actor, at, command_id)
    return answer(joint, status=part.status)


def _count_bounces(
    joint: JointCase, part: JointPart, count: int, actor: Actor, at: datetime, command_id: str
) -> None:
    """A department sent its case back to the window: counted for the part and for the whole. The
    applicant's limits go on."""
    fresh = count - part.bounce_count
    part.bounce_count, joint.bounce_count = count, joint.bounce_count + fresh
    part.save(update_fields=["bounce_count"])
    save(joint, "bounce_count")
    facts = {**part_facts(part), "bounced": fresh, "count": joint.bounce_count}
    tell("joint.part_bounced", joint, facts, actor, at, command_id)


def go_on(
    joint: JointCase, actor: Actor, at: datetime, command_id: str, since: date | None = None
) -> None:
    """What follows when a part has moved: others open, the whole is done, or delivered."""
    if joint.state == JointState.ACCEPTED:
        open_ready(joint, actor, at, command_id, since)
        if is_done(parts_of(joint)):
            _finish(joint, at, command_id)
    if joint.state == JointState.DONE:
        _deliver(joint, at, command_id)


def _finish(joint: JointCase, at: datetime, command_id: str) -> None:
    move(joint, Verb.FINISH)
    joint.done_at = at
    clocks = timing.stop_open_clocks(stream=joint.stream, on=legal_date(at))
    document = draw(joint, "joint_done", at, rows=part_rows(parts_of(joint), legal_date(at)))
    save(joint, "done_at")
    facts = {"clocks": clocks, "document": document.facts()}
    tell("joint.done", joint, facts, SYSTEM, at, command_id)


def _deliver(joint: JointCase, at: datetime, command_id: str) -> None:
    """Note that the applicant has every result."""
    case_ids = [part.case_id for part in parts_of(joint) if part.case_id]
    if not are_delivered(case_queries.states_of(case_ids).values()):
        return
    joint.state, joint.delivered_at = JointState.DELIVERED.value, at
    save(joint, "delivered_at")
    tell("joint.delivered", joint, {}, SYSTEM, at, command_id)


# ── parts that are no cases ───────────────────────────────────────────────────────────────────


@command("joint.begin_part")
def begin_part(
    *,
    joint_id: int,
    part: str,
    on: date,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Note that the owner, an intermediary, a utility, or a meeting has begun, and on which day."""
    joint = locked(joint_id)
    move(joint, Verb.BEGIN_PART)
    found = _by_hand(joint, part, PartStatus.READY, "还不能开始，或者已经开始")
    _check_day(joint, on, at)
    set_status(found, PartStatus.RUNNING, on, note=note.strip() or None)
    clocks = start_step(joint, found, on)
    save(joint)
    facts = {**part_facts(found), "on": on.isoformat(), "clocks": clocks}
    tell("joint.part_begun", joint, facts, actor, at, command_id)
    return answer(joint)


@command("joint.end_part")
def end_part(
    *,
    joint_id: int,
    part: str,
    on: date,
    result: str,
    is_passed: bool = True,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Note that a part which is no case has ended, with what came of it."""
    joint = locked(joint_id)
    move(joint, Verb.END_PART)
    found = _by_hand(joint, part, PartStatus.RUNNING, "没有在办")
    result = said(result, "办理的结果")
    _check_day(joint, on, at)
    if found.begun_date is not None and on < found.begun_date:
        raise NotNow(f"结束日期 {on} 早于开始日期 {found.begun_date}，请更正。")
    status = PartStatus.DONE if is_passed else PartStatus.REFUSED
    set_status(found, status, on, note=result)
    clocks = stop_step(joint, found, on)
    facts = {**part_facts(found), "on": on.isoformat(), "result": result, "clocks": clocks}
    tell("joint.part_ended", joint, facts, actor, at, command_id)
    go_on(joint, actor, at, command_id)
    return answer(joint)


def _by_hand(joint: JointCase, key: str, status: PartStatus, why: str) -> JointPart:
    part = part_of(joint, key)
    if part.kind == NodeKind.CASE:
        raise NotNow(f"“{part.name}”是审批办件，它的开始和结束以办件为准。")
    if part.status != status:
        raise NotNow(f"“{part.name}”{why}（现为“{PartStatus(part.status).label}”）。请刷新页面。")
    return part


def _check_day(joint: JointCase, on: date, at: datetime) -> None:
    first = legal_date(joint.submitted_at)
    if not first <= on <= legal_date(at):
        raise NotNow(f"日期 {on} 须在申报日 {first} 和今天之间，请更正。")


def start_step(joint: JointCase, part: JointPart, on: date) -> list[Facts]:
    """The clock of a part that has a limit of its own and no case to carry it."""
    if not part.days:
        return []
    kind, amount = f"step:{part.key}", part.days
    return [
        timing.start_clock(
            stream=joint.stream, kind=kind, start=on, amount=amount, unit="working_day"
        )
    ]


def stop_step(joint: JointCase, part: JointPart, on: date) -> list[Facts]:
    kind = f"step:{part.key}"
    if not is_running(joint, kind):
        return []
    return [timing.stop_clock(stream=joint.stream, kind=kind, on=on)]


# ── a part given up ───────────────────────────────────────────────────────────────────────────


def give_up(
    joint: JointCase, part: JointPart, note: str, actor: Actor, at: datetime, command_id: str
) -> list[Facts]:
    """Skip a part for good: its case is withdrawn where it is still open. Returns clock ops."""
    if part.status in FINISHED:
        raise NotNow(f"“{part.name}”已办结或者不再办理，请刷新页面。")
    if part.case_id and case_queries.is_undecided(part.case_id):
        cases.withdraw(
            case_id=part.case_id,
            reason=note,
            actor=actor,
            at=at,
            command_id=derived_command_id("joint_withdraw_part", part.id, command_id),
        )
    clocks = stop_step(joint, part, legal_date(at))
    set_status(part, PartStatus.SKIPPED, legal_date(at), note=note)
    return clocks
