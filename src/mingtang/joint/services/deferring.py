"""Services and commands on papers of the whole that may come later (容缺): one promise by the
applicant, one list, one day, one reminder. What comes is every part's at once."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id
from mingtang.cases import queries as case_queries
from mingtang.cases import services as cases
from mingtang.cases.rules import GivenWay
from mingtang.files.rules.documents import chinese_date
from mingtang.joint.models import JointCase, JointMaterial, JointPart, JointPromise
from mingtang.joint.queries.reading import owed_later
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.parts import NotNow
from mingtang.joint.rules.states import JointState, PartStatus
from mingtang.joint.services.common import Facts, answer, locked, move, person_of, said, tell
from mingtang.joint.services.filing import Handed, materials_for, wanted_of
from mingtang.joint.services.materials import keep_files, note_brought, row_of
from mingtang.joint.services.parts import given_to
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


def deferrable(joint: JointCase) -> list[tuple[str, str]]:
    """Key and name of what is not there and may come later, as every guide that must have it
    says."""
    kept = {one.key: one for one in joint.materials.all()}
    return [
        (one.key, one.name)
        for one in materials_for(joint)
        if one.may_defer and (one.key not in kept or not _is_there(kept[one.key]))
    ]


def _is_there(row: JointMaterial) -> bool:
    return row.way == GivenWay.UPLOADED or row.brought_at is not None


def keep_promise(
    joint: JointCase,
    keys: Collection[str],
    words: str,
    due_date: date | None,
    actor: Actor,
    at: datetime,
) -> JointPromise | None:
    """Note what the applicant promised to bring later; None where nothing was. Raises DomainError
    for what may not come later, and for a promise without words or day."""
    if not keys:
        return None
    may = dict(deferrable(joint))
    if set(keys) - may.keys():
        raise DomainError("所选材料有的已经收到，或者办事指南没有写明可以容缺。请重选。")
    words = said(words, "申请人的补交承诺")
    if due_date is None or due_date < legal_date(at):
        raise DomainError("请写明最迟补交日期，不能早于今天。")
    chosen = [{"key": key, "name": name} for key, name in may.items() if key in keys]
    for one in chosen:
        row = row_of(joint, one["key"], may)
        row.way = GivenWay.DEFERRED.value
        row.save()
    return JointPromise.objects.create(
        joint=joint,
        materials=chosen,
        words=words[:300],
        due_date=due_date,
        noted_at=at,
        noted_by_id=person_of(actor),
    )


def clock_of(promise: JointPromise | None, stream: str, on: date) -> list[Facts]:
    if promise is None:
        return []
    kind, due = ClockKind.DEFERRED, promise.due_date
    return [timing.start_clock_until(stream=stream, kind=kind, start=on, due_date=due)]


def in_words(promise: JointPromise | None) -> str:
    if promise is None:
        return ""
    names = "、".join(one["name"] for one in promise.materials)
    return f"申请人承诺于{chinese_date(promise.due_date)}前补交：{names}。收到后各部门共用。"


def check_day(joint: JointCase, promise: JointPromise | None) -> None:
    """What is promised comes before anybody who needs it has to decide. Asked of the parts that
    begin with the acceptance; later ones begin as they must, and wait for it to decide."""
    keys = {one["key"] for one in promise.materials} if promise else set()
    for part in _at_work(joint) if promise else ():
        last = part.case.next_due_date if part.case else None
        wants = {one.key for one in wanted_of([part])} & keys
        if promise and wants and last and promise.due_date > last:
            raise DomainError(
                f"“{part.name}”最迟 {last} 办结，所缺的材料须在这天以前补交。请改早补交日期。"
            )


def _at_work(joint: JointCase) -> list[JointPart]:
    rows = joint.parts.filter(status=PartStatus.RUNNING.value, case__isnull=False)
    return list(rows.select_related("case", "item_edition").order_by("position"))


@command("joint.supply_deferred")
def supply_deferred(
    *,
    joint_id: int,
    handed: Sequence[Handed] = (),
    brought: Sequence[str] = (),
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The applicant brings what was promised: files, or paper at the window (`brought`: keys).
    Every part that wants it has it at once."""
    joint = locked(joint_id)
    move(joint, Verb.SUPPLY_DEFERRED)
    owed = dict(owed_later(joint))
    keys = list(dict.fromkeys([*(one.key for one in handed), *brought]))
    if not keys or set(keys) - owed.keys():
        raise DomainError("请选出补交的材料：只收承诺后补、还没有交来的。")
    for one in handed:
        keep_files(joint, one, owed, at)
    note_brought(joint, brought, owed, actor, at)
    clocks = share_out(joint, keys, actor, at, command_id)
    facts = {"materials": [owed[key] for key in keys], "note": note.strip(), "clocks": clocks}
    tell("joint.deferred_supplied", joint, facts, actor, at, command_id)
    return answer(joint)


def share_out(
    joint: JointCase, keys: Collection[str], actor: Actor, at: datetime, command_id: str
) -> list[Facts]:
    """Give what has come to every part that waits for it. The clock stops with the last."""
    for part in _at_work(joint):
        assert part.case_id is not None
        awaited = case_queries.awaited_later(part.case_id)
        given = [one for one in given_to(joint, part, keys) if one.material_id in awaited]
        if given and case_queries.is_undecided(part.case_id):
            cases.supply_part(
                case_id=part.case_id,
                joint=joint.stream,
                given=given,
                actor=actor,
                at=at,
                command_id=derived_command_id("joint_supply_part", part.id, command_id),
            )
    if owed_later(joint):
        return []
    JointPromise.objects.filter(joint=joint).update(supplied_at=at)
    kind, on = ClockKind.DEFERRED, legal_date(at)
    return [timing.stop_clock(stream=joint.stream, kind=kind, on=on)]


@command("joint.remind_deferred")
def remind_deferred(*, joint_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Remind the applicant once of what was promised, where the day is near and not yet over."""
    joint, promise = locked(joint_id), JointPromise.objects.filter(joint_id=joint_id)
    found = promise.filter(
        supplied_at=None,
        reminded_at=None,
        due_date__range=cases.days_to_remind(legal_date(at)),
    )
    if joint.state != JointState.ACCEPTED or not found.update(reminded_at=at):
        raise NotNow("没有要提醒补交的材料。")
    names, due = [name for _key, name in owed_later(joint)], promise.get().due_date
    facts = {"materials": names, "due": due.isoformat()}
    tell("joint.deferred_reminded", joint, facts, actor, at, command_id)
    return answer(joint)
