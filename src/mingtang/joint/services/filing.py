"""Commands: a joint matter comes in, online or across a counter: one filing for all departments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.entropy import salt
from mingtang.base.errors import DomainError
from mingtang.base.sealed import blind_index
from mingtang.cases import services as cases
from mingtang.cases.rules import AnswersWrong, Channel, GivenWay
from mingtang.catalogue import queries as catalogue
from mingtang.files.services import StoredFile, attach, share
from mingtang.joint.models import JointCase, JointMaterial, JointPart, RouteEdition
from mingtang.joint.rules.parts import NotChosen, chosen_nodes
from mingtang.joint.rules.route import Node, NodeKind, Route, Stage, route_of
from mingtang.joint.rules.states import JointState, PartStatus
from mingtang.joint.rules.union import Asked, Union, Wanted, faults_in, materials_of, union_of
from mingtang.joint.services.common import Facts, answer, draw, law_of, lead, part_rows, tell
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.questions.rules import Answers, relevant
from mingtang.regions import queries as regions
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


@dataclass(frozen=True)
class Handed:
    """What an applicant says of one material of the whole, by its key in `rules.union`.

    Uploads are either new (`files`) or already kept under `subject` (a project's, perhaps).
    """

    key: str
    way: GivenWay
    files: tuple[StoredFile, ...] = ()
    upload_ids: tuple[int, ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Silence:
    """Whether silence after the limit counts as consent among departments (超时默许), or that of a
    unit that did not come to the meeting (缺席默认), and the document that says so. It never
    yields a licence by itself."""

    is_consent: bool = False
    basis: str = ""
    of_absent: bool = False


@command("joint.open")
def open_matter(
    *,
    edition_id: int,
    nodes: Sequence[str],
    title: str,
    applicant: cases.Applicant,
    answers: Answers,
    handed: Sequence[Handed] = (),
    project: str = "",
    lead_id: int | None = None,
    silence: Silence = Silence(),
    channel: str = Channel.ONLINE.value,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """File one matter for the chosen nodes of a route (《行政许可法》第二十六条第二款).

    `lead_id`: the department that leads; else that of the route's first stage. `project`: label
    of a project (`project:42`). The editions of today's items are pinned. Starts the check of
    completeness. Returns {"joint_id", "number", "state", "document_id"}. Raises NotChosen,
    AnswersWrong.
    """
    edition = RouteEdition.objects.select_related("route").get(id=edition_id)
    if edition.route.retired_at is not None:
        raise NotChosen(f"路线“{edition.route.name}”已停用，请另选一条路线。")
    joint = _new(edition, title, applicant, project, silence, channel, at)
    parts = _parts(joint, route_of(edition.content), nodes, lead_id)
    joint.answers = _checked(parts, answers, at)
    joint.intake_organisation_id = _counter_of(actor) if channel == Channel.COUNTER else None
    joint.save(force_insert=True)
    JointPart.objects.bulk_create(parts)
    _keep_materials(joint, wanted_of(parts), handed, at)
    return _filed(joint, parts, actor, at, command_id)


def _new(
    edition: RouteEdition,
    title: str,
    applicant: cases.Applicant,
    project: str,
    silence: Silence,
    channel: str,
    at: datetime,
) -> JointCase:
    if not title.strip():
        raise DomainError("请填写申报的名称，例如项目名称。")
    if (silence.is_consent or silence.of_absent) and not silence.basis.strip():
        raise DomainError("“超时默许”“缺席默认”须写明依据的文件。")
    return JointCase(
        edition=edition,
        title=title.strip(),
        project=project,
        state=JointState.SUBMITTED.value,
        channel=channel,
        applicant_kind=applicant.kind.value,
        applicant_name=applicant.name,
        applicant_person_id=applicant.person_id,
        identity_index=blind_index("identity", applicant.identity_number),
        applicant=cases.applicant_content(applicant),
        code_salt=salt(16),
        silence_is_consent=silence.is_consent,
        absence_is_consent=silence.of_absent,
        silence_basis=silence.basis.strip(),
        submitted_at=at,
    )


def _counter_of(clerk: Actor) -> int:
    if clerk.id is None or clerk.organisation_id is None:
        raise DomainError("窗口收件须以窗口岗位办理，请核对您的岗位设置。")
    return int(clerk.organisation_id)


def _parts(
    joint: JointCase, route: Route, nodes: Sequence[str], lead_id: int | None
) -> list[JointPart]:
    """The chosen nodes as parts, and who leads the matter."""
    parts, units = _drawn(joint, route, nodes)
    _led_by(joint, lead_id or _lead(route, parts, units), legal_date(joint.submitted_at))
    return parts


def _lead(route: Route, parts: Sequence[JointPart], units: Mapping[str, int]) -> int:
    """The department of the first stage that names one; else that of the first case."""
    stages = {part.stage_key for part in parts}
    leads = [stage.lead for stage in route.stages if stage.key in stages]
    led = [units[lead] for lead in leads if lead in units]
    first = next(part.organisation_id for part in parts if part.kind == NodeKind.CASE)
    assert first is not None
    return next(iter(led), first)


def _drawn(
    joint: JointCase, route: Route, nodes: Sequence[str]
) -> tuple[list[JointPart], dict[str, int]]:
    """The chosen nodes as parts, and the units that the route names."""
    keys = chosen_nodes(route, nodes)
    picked = [(stage, node) for stage, node in route.nodes() if node.key in keys]
    codes = {node.organisation for _stage, node in picked} | {one.lead for one in route.stages}
    units = regions.ids_of_codes(codes - {""})
    order = {stage.key: place for place, stage in enumerate(route.stages, 1)}
    parts = [
        _part(joint, place, order[stage.key], stage, node, units)
        for place, (stage, node) in enumerate(picked, 1)
    ]
    return parts, units


def _led_by(joint: JointCase, organisation_id: int, on: date) -> None:
    """Who leads, in whose region, under a number of whose series."""
    unit = regions.organisation_card(organisation_id, on)
    joint.lead_id, joint.region_id = organisation_id, unit.region_id
    joint.number = cases.next_number(unit, on)


def _part(
    joint: JointCase,
    place: int,
    stage_number: int,
    stage: Stage,
    node: Node,
    units: Mapping[str, int],
) -> JointPart:
    part = JointPart(
        joint=joint,
        position=place,
        key=node.key,
        name=node.name,
        kind=node.kind.value,
        stage=stage_number,
        stage_key=stage.key,
        stage_name=stage.name,
        is_serial=stage.is_serial,
        organisation_id=units.get(node.organisation),
        days=node.days,
        needs=[{"node": need.node, "tie": need.tie.value} for need in node.needs],
        is_required=node.is_required,
        status=PartStatus.NOT_READY.value,
    )
    if node.kind is NodeKind.CASE:
        pinned = catalogue.edition_for_filing(node.item)
        part.item, part.item_edition = pinned.item, pinned
        part.organisation_id = pinned.item.department_id
    elif node.organisation and part.organisation_id is None:
        raise NotChosen(f"环节“{node.name}”的单位（{node.organisation}）查不到，请先更正路线。")
    return part


def asked_of(parts: Iterable[JointPart]) -> list[Asked]:
    """The forms of the parts that are cases, in their order."""
    return [
        Asked(part.key, part.name, catalogue.form_of(part.item_edition))
        for part in parts
        if part.item_edition is not None
    ]


def wanted_of(parts: Iterable[JointPart]) -> list[Wanted]:
    """The materials of the parts that are cases, each once."""
    return materials_of(
        (part.key, catalogue.materials_of(part.item_edition))
        for part in parts
        if part.item_edition is not None
    )


def _checked(parts: Sequence[JointPart], answers: Answers, at: datetime) -> Answers:
    """The answers to what is asked. Raises AnswersWrong."""
    asked = asked_of(parts)
    union = union_of(asked)
    if faults := faults_in(union, asked, answers, legal_date(at)):
        raise AnswersWrong(faults)
    return relevant(union.form, answers)


def _keep_materials(
    joint: JointCase, wanted: Sequence[Wanted], handed: Sequence[Handed], at: datetime
) -> None:
    names = {one.key: one.name for one in wanted}
    by_key = {one.key: one for one in handed}
    if len(by_key) < len(handed) or by_key.keys() - names.keys():
        raise DomainError("有的材料不在清单里，或者重复了，请刷新页面重选。")
    kept = [_kept(joint, one, names[one.key], at) for one in handed]
    JointMaterial.objects.bulk_create(kept)


def _kept(joint: JointCase, one: Handed, name: str, at: datetime) -> JointMaterial:
    if one.way is GivenWay.DEFERRED:
        raise DomainError(f"材料“{name}”：并联申报的材料要在受理前备齐，请上传或者到窗口带来。")
    uploads = [attach(file, subject=joint.stream, at=at) for file in one.files]
    uploads += share(one.upload_ids, from_subject=one.subject, to_subject=joint.stream)
    if one.way is GivenWay.UPLOADED and not uploads:
        raise DomainError(f"材料“{name}”选了现在上传，还没有文件。请上传，或改选别的方式。")
    return JointMaterial(
        joint=joint,
        key=one.key,
        name=name,
        way=one.way.value,
        upload_ids=[str(upload.id) for upload in uploads],
    )


def _filed(
    joint: JointCase, parts: Sequence[JointPart], actor: Actor, at: datetime, command_id: str
) -> Facts:
    clock = timing.start_clock(
        stream=joint.stream,
        kind=ClockKind.COMPLETENESS,
        start=legal_date(at),
        amount=law_of(joint).completeness_days,
        unit="working_day",
    )
    lead(joint)
    joint.save(update_fields=["next_due_date"])
    words = {"check": str(law_of(joint).completeness_days)}
    document = draw(joint, "joint_receipt", at, words, part_rows(parts, legal_date(at)))
    facts = {
        "route": joint.edition.route.code,
        "route_edition": joint.edition.number,
        "channel": joint.channel,
        "applicant_kind": joint.applicant_kind,
        "lead_organisation_id": str(joint.lead_id),
        "parts": [told_part(part) for part in parts],
        "clocks": [clock],
        "document": document.facts(),
    }
    tell("joint.filed", joint, facts, actor, at, command_id)
    return answer(joint, document_id=str(document.id))


def told_part(part: JointPart) -> dict[str, Any]:
    """A part as the events list it."""
    unit = str(part.organisation_id) if part.organisation_id else None
    return {
        "part_id": str(part.id),
        "key": part.key,
        "name": part.name,
        "kind": part.kind,
        "stage": part.stage_key,
        "organisation_id": unit,
        "days": part.days,
        "is_required": part.is_required,
    }


def wanted_for(edition_id: int, nodes: Sequence[str]) -> list[Wanted]:
    """The materials that a filing for these nodes asks for, each once."""
    return wanted_of(parts_for(edition_id, nodes))


def asked_for(edition_id: int, nodes: Sequence[str]) -> Union:
    """The one form of a filing for these nodes."""
    return union_of(asked_of(parts_for(edition_id, nodes)))


def materials_for(joint: JointCase) -> list[Wanted]:
    """The materials that a matter asks for, each once."""
    return wanted_of(joint.parts.select_related("item_edition__item").order_by("position"))


def parts_for(edition_id: int, nodes: Sequence[str]) -> list[JointPart]:
    """The parts that a filing for these nodes would have; nothing is kept."""
    edition = RouteEdition.objects.select_related("route").get(id=edition_id)
    return _drawn(JointCase(edition=edition), route_of(edition.content), nodes)[0]


def fileable(edition_id: int) -> set[str]:
    """The nodes of a route that may be filed for: not those whose item is not known here, or not
    open."""
    route = route_of(RouteEdition.objects.get(id=edition_id).content)
    return {node.key for _stage, node in route.nodes() if _is_open(node)}


def _is_open(node: Node) -> bool:
    if node.kind is not NodeKind.CASE:
        return True
    try:
        catalogue.edition_for_filing(node.item)
    except DomainError:
        return False
    return True


def names_a_case(edition_id: int, nodes: Sequence[str]) -> bool:
    """Whether something is chosen that is applied for: the rest alone makes no filing."""
    route = route_of(RouteEdition.objects.get(id=edition_id).content)
    return any(node.key in nodes for _stage, node in route.nodes() if node.kind is NodeKind.CASE)


def lead_of(edition_id: int, nodes: Sequence[str]) -> int:
    """The department that would lead a filing for these nodes."""
    edition = RouteEdition.objects.select_related("route").get(id=edition_id)
    route = route_of(edition.content)
    return _lead(route, *_drawn(JointCase(edition=edition), route, nodes))


def matter_by_code(*, number: str, code: str, source: str, at: datetime) -> JointCase:
    """The matter behind a number and its query code; guessing is slowed down as for cases."""
    found = JointCase.objects.filter(number=number).first()
    return cases.by_code(found, number=number, code=code, source=source, at=at)
