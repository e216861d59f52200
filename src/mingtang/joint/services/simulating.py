"""Commands: examination against a result that is not there yet (模拟审批), and its conversion.

A simulated opinion is for the house alone: no case, no decision, no licence. When what the part
waited for is granted, each material and condition is looked at again, and only then a case is
filed and accepted, with the opinion at hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.cases.rules import GivenWay
from mingtang.files.services import StoredFile, attach
from mingtang.joint.models import JointCase, JointMaterial, JointPart, SimulatedOpinion
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.parts import NotNow, is_free, may_simulate, open_needs
from mingtang.joint.rules.route import NodeKind
from mingtang.joint.rules.states import PartStatus
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
from mingtang.joint.services.deferring import share_out
from mingtang.joint.services.filing import wanted_of
from mingtang.joint.services.parts import open_case, start_step, stop_step
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command

MATERIAL = "材料："  # how the lines of the list that are materials begin


@dataclass(frozen=True)
class Rechecked:
    """One material or condition looked at again: the same as before, or what is new about it, with
    the new `files` of a material."""

    what: str
    is_same: bool
    note: str = ""
    files: tuple[StoredFile, ...] = ()


@command("joint.simulate")
def simulate(*, joint_id: int, part: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Begin to examine a part against a simulated result: only where all that it waits for may be
    simulated by the route."""
    joint = locked(joint_id)
    move(joint, Verb.SIMULATE)
    found, parts = part_of(joint, part), parts_of(joint)
    if found.kind != NodeKind.CASE or not may_simulate(found, parts):
        raise NotNow(
            f"“{found.name}”不能模拟审批：它等待的前置事项须先批准，或者它已经可以正式办理。"
        )
    assert found.organisation_id is not None
    on = legal_date(at)
    SimulatedOpinion.objects.create(
        part=found,
        organisation_id=found.organisation_id,
        begun_at=at,
        begun_by_id=person_of(actor),
    )
    set_status(found, PartStatus.SIMULATING, on)
    clocks = start_step(joint, found, on)
    save(joint)
    waits = [need.node for need in open_needs(found, parts)]
    facts = {**part_facts(found), "waits": waits, "clocks": clocks}
    tell("joint.simulation_begun", joint, facts, actor, at, command_id)
    return answer(joint)


@command("joint.give_opinion")
def give_opinion(
    *,
    joint_id: int,
    part: str,
    is_favourable: bool,
    opinion: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Write down the simulated opinion. Its paper is marked as internal and has neither number
    nor seal. Returns … "document_id"."""
    joint = locked(joint_id)
    move(joint, Verb.GIVE_OPINION)
    found = part_of(joint, part)
    row = _simulated(found)
    if row.given_at is not None:
        raise NotNow(f"“{found.name}”的模拟审批意见已经出具，请刷新页面。")
    row.opinion, row.is_favourable = said(opinion, "模拟审批意见"), is_favourable
    row.document = draw(
        *(joint, "simulated_opinion", at),
        {
            "part": found.name,
            "waits": _waits(found, parts_of(joint)),
            "finding": "符合条件" if is_favourable else "尚不符合条件",
            "opinion": row.opinion,
        },
        organisation_id=row.organisation_id,
    )
    row.given_at, row.given_by_id = at, person_of(actor)
    row.save(update_fields=["opinion", "is_favourable", "document", "given_at", "given_by"])
    clocks = stop_step(joint, found, legal_date(at))
    facts = {"is_favourable": is_favourable, "clocks": clocks, "document": row.document.facts()}
    tell("joint.opinion_given", joint, part_facts(found) | facts, actor, at, command_id)
    return answer(joint, document_id=str(row.document.id))


def _simulated(part: JointPart) -> SimulatedOpinion:
    found = SimulatedOpinion.objects.select_for_update(of=("self",)).filter(part=part).first()
    if found is None or part.status != PartStatus.SIMULATING:
        raise NotNow(f"“{part.name}”没有在模拟审批。请刷新页面。")
    return found


def _waits(part: JointPart, parts: Sequence[JointPart]) -> str:
    names = {one.key: one.name for one in parts}
    return "、".join(names[need.node] for need in open_needs(part, parts)) or "无"


def to_recheck(part: JointPart) -> list[str]:
    """What is looked at again before a simulated opinion becomes a case: each material and each
    condition of the item."""
    assert part.item_edition is not None
    materials = [f"{MATERIAL}{one.name}" for one in wanted_of([part])]
    conditions = part.item_edition.conditions
    lines = conditions.splitlines() if isinstance(conditions, str) else list(conditions)
    return [*materials, *(f"条件：{one.strip()}" for one in lines if one.strip())]


@command("joint.convert")
def convert(
    *,
    joint_id: int,
    part: str,
    rechecked: Sequence[Rechecked],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Make the real case of a part that was simulated: what it waited for is granted, and every
    material and condition was looked at again. What is no longer the same says what is new."""
    joint = locked(joint_id)
    move(joint, Verb.CONVERT)
    found, parts = part_of(joint, part), parts_of(joint)
    row = _simulated(found)
    if row.given_at is None:
        raise NotNow(f"“{found.name}”的模拟审批意见还没有出具，请先出具。")
    if not is_free(found, parts):
        raise NotNow(f"前置事项还没有批准：{_waits(found, parts)}。批准后才能转为正式办件。")
    _check_list(found, rechecked)
    row.recheck = [
        {"what": one.what, "is_same": one.is_same, "note": one.note} for one in rechecked
    ]
    row.converted_at, row.converted_by_id = at, person_of(actor)
    row.save(update_fields=["recheck", "converted_at", "converted_by"])
    found.begun_date = legal_date(at)
    came = _keep_new(joint, found, rechecked, at)
    open_case(joint, found, parts, actor, at, command_id)
    clocks = share_out(joint, came, actor, at, command_id) if came else []
    changed = [one.what for one in rechecked if not one.is_same]
    facts = {**part_facts(found), "rechecked": len(rechecked), "changed": changed, "clocks": clocks}
    tell("joint.converted", joint, facts, actor, at, command_id)
    return answer(joint, case_id=str(found.case_id))


def _keep_new(
    joint: JointCase, part: JointPart, seen: Sequence[Rechecked], at: datetime
) -> list[str]:
    """New files of a material stand beside the old ones: for the whole, and for the case that
    begins now. Cases that have begun keep what they were decided by. Returns the keys of what had
    been promised for later, and has now come."""
    came: list[str] = []
    keys = {f"{MATERIAL}{one.name}": one.key for one in wanted_of([part])}
    for one in seen:
        if not one.files:
            continue
        if one.what not in keys:
            raise DomainError(f"“{one.what}”不是材料，不能附文件。请附在材料下面。")
        row = JointMaterial(joint=joint, key=keys[one.what], name=one.what.removeprefix(MATERIAL))
        row = joint.materials.filter(key=row.key).first() or row
        uploads = [attach(file, subject=joint.stream, at=at) for file in one.files]
        row.upload_ids = [*row.upload_ids, *(str(upload.id) for upload in uploads)]
        came += [row.key] if row.way == GivenWay.DEFERRED else []
        row.way = GivenWay.UPLOADED.value
        row.save()
    return came


def _check_list(part: JointPart, rechecked: Sequence[Rechecked]) -> None:
    seen = {one.what for one in rechecked}
    if left := [what for what in to_recheck(part) if what not in seen]:
        raise DomainError(f"还没有核对：{'、'.join(left)}。请逐项核对，再转为正式办件。")
    if silent := [one.what for one in rechecked if not one.is_same and not one.note.strip()]:
        raise DomainError(f"有变化的请写明变化和新的材料：{'、'.join(silent)}。")
