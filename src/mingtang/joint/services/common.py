"""Commands on a joint matter: what all of them do. They lock it, move it, tell the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.cases.rules.papers import filled
from mingtang.files.rules.documents import chinese_date
from mingtang.files.services import Document, draw_up
from mingtang.joint.models import JointCase, JointPart
from mingtang.joint.rules.law import JointLaw, law_on
from mingtang.joint.rules.moves import Verb, target_of
from mingtang.joint.rules.papers import FORMS
from mingtang.joint.rules.states import JointState, PartStatus
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import record
from mingtang.regions import queries as regions
from mingtang.timing.queries import Clock, clocks_of
from mingtang.timing.rules import ClockKind

Facts = dict[str, Any]
LEADING = {
    JointState.SUBMITTED: (ClockKind.COMPLETENESS,),
    JointState.CORRECTING: (ClockKind.CORRECTION,),
    JointState.ACCEPTED: (ClockKind.PROMISED, ClockKind.STATUTORY),
}


def locked(joint_id: int) -> JointCase:
    """The matter, held until the transaction ends. Raises NotFound."""
    rows = JointCase.objects.select_for_update(of=("self",)).select_related("edition__route")
    found = rows.filter(id=joint_id).first()
    if found is None:
        raise NotFound
    return found


def parts_of(joint: JointCase) -> list[JointPart]:
    """All parts in the order of the route. The matter is locked: so are they."""
    return list(joint.parts.order_by("position"))


def part_of(joint: JointCase, key: str) -> JointPart:
    """Raises NotFound."""
    found = joint.parts.filter(key=key).first()
    if found is None:
        raise NotFound("这件并联件里没有这个部分，请刷新页面重试。")
    return found


def move(joint: JointCase, verb: Verb) -> None:
    """Raises IllegalMove where the table has no row."""
    joint.state = target_of(verb, JointState(joint.state)).value


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def said(text: str, what: str) -> str:
    """Raises DomainError where nothing is said."""
    text = text.strip()
    if not text:
        raise DomainError(f"请写明{what}。")
    return text


def law_of(joint: JointCase) -> JointLaw:
    return law_on(legal_date(joint.submitted_at))


def save(joint: JointCase, *columns: str) -> None:
    """Write the named columns, with state and leading date."""
    lead(joint)
    joint.save(update_fields=["state", "next_due_date", *columns])


def lead(joint: JointCase) -> None:
    """Show on the worklist what the leading clock of the state says. Does not save.

    An approved extension makes the statutory limit the leading one: that is what was told.
    """
    kinds: Sequence[ClockKind] = LEADING.get(JointState(joint.state), ())
    if joint.extended_at is not None and ClockKind.STATUTORY in kinds:
        kinds = (ClockKind.STATUTORY,)
    due = {clock.kind: clock.due_date for clock in running(joint)} if kinds else {}
    joint.next_due_date = next((due[kind.value] for kind in kinds if kind.value in due), None)


def running(joint: JointCase) -> list[Clock]:
    """The clocks of a matter that are not stopped."""
    return [clock for clock in clocks_of(joint.stream) if clock.stopped_date is None]


def is_running(joint: JointCase, kind: str) -> bool:
    return any(clock.kind == kind for clock in running(joint))


def set_status(
    part: JointPart, status: PartStatus, on: date, *columns: str, note: str | None = None
) -> None:
    """Write where a part stands, with the days that belong to it and the named columns."""
    part.status = status.value
    if status in {PartStatus.NOT_READY, PartStatus.READY}:
        part.begun_date, part.ended_date = None, None
    elif status in {PartStatus.SIMULATING, PartStatus.RUNNING}:
        part.begun_date, part.ended_date = part.begun_date or on, None
    else:
        part.ended_date = on
    if note is not None:
        part.note = note[:300]
    part.save(update_fields=["status", "begun_date", "ended_date", "note", *columns])


def part_facts(part: JointPart) -> Facts:
    """What every event about a part says of it. `step_…`: so that supervision knows whose clock
    of a step it is."""
    unit = str(part.organisation_id) if part.organisation_id else None
    return {
        "part_id": str(part.id),
        "part": part.key,
        "part_name": part.name,
        "part_kind": part.kind,
        "stage": part.stage_key,
        "status": part.status,
        "case_id": str(part.case_id) if part.case_id else None,
        "step_key": part.key,
        "step_organisation_id": unit,
    }


def tell(
    kind: str, joint: JointCase, facts: Facts, actor: Actor, at: datetime, command_id: str
) -> None:
    """Every event of a matter says whose it is, so that followers need not ask."""
    common = {
        "joint_id": str(joint.id),
        "number": joint.number,
        "organisation_id": str(joint.lead_id),
        "project": joint.project,
    }
    record(
        stream=joint.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


def answer(joint: JointCase, **more: Any) -> Facts:
    return {"joint_id": str(joint.id), "number": joint.number, "state": joint.state, **more}


def draw(
    joint: JointCase,
    kind: str,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    rows: Iterable[Sequence[str]] = (),
    *,
    legal_basis: str = "",
    organisation_id: int | None = None,
) -> Document:
    """Draw up a paper of the matter, of the lead department or of another that acts."""
    on, unit_id = legal_date(at), organisation_id or joint.lead_id
    unit = regions.short_names_of({unit_id}, on)[unit_id]
    common = {
        "number": joint.number,
        "title": joint.title,
        "unit": unit,
        "day": chinese_date(on),
    }
    told = filled(
        *(FORMS[kind], kind),
        unit=unit,
        addressee=joint.applicant_name,
        facts={**common, **(facts or {})},
        rows=list(rows),
        legal_basis=legal_basis,
    )
    return draw_up(told, subject=joint.stream, organisation_id=unit_id, on=on, at=at)


def part_rows(parts: Iterable[JointPart], on: date) -> list[list[str]]:
    """The parts as rows of a paper: number, name, unit, where it stands."""
    told = list(parts)
    names = regions.names_of({one.organisation_id for one in told if one.organisation_id}, on)
    return [
        [
            *(str(place), part.name),
            names[part.organisation_id] if part.organisation_id else "申请人自办",
            PartStatus(part.status).label,
        ]
        for place, part in enumerate(told, 1)
    ]


def refresh_due_date(stream: str) -> None:
    """Show on the worklist what the leading clock says now, after a calendar moved it."""
    joint = locked(int(stream.removeprefix("joint:")))
    before = joint.next_due_date
    lead(joint)
    if joint.next_due_date != before:
        joint.save(update_fields=["next_due_date"])
