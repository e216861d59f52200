"""Command: an agent files a joint matter for the owner, within the letter, as the owner's proxy."""

from collections.abc import Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.ids import derived_command_id, next_id
from mingtang.cases.rules import ApplicantKind
from mingtang.cases.rules.applying import Applicant, Proxy
from mingtang.joint import services as joint
from mingtang.joint.rules.route import route_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import AgencyAct, AgencyLetter
from mingtang.projects.rules.agency import SERVICE_OF, ActKind, Service
from mingtang.projects.services.agency import Facts, answer, check_agent, locked, on_behalf, tell
from mingtang.projects.services.common import person_of
from mingtang.projects.services.finding import silence_of
from mingtang.questions.rules import Answers


def fileable_nodes(letter: AgencyLetter) -> list[tuple[str, str]]:
    """Key and name of the nodes that the letter reaches, where what they apply for is open here.
    None where nothing is among them that is applied for."""
    edition = letter.project.route_edition
    if edition is None:
        return []
    open_ = joint.fileable(edition.id)
    nodes = [
        (node.key, node.name)
        for _stage, node in route_of(edition.content).nodes()
        if node.key in open_ and letter.mandate.covers(SERVICE_OF[node.kind], node.key)
    ]
    return nodes if joint.names_a_case(edition.id, [key for key, _name in nodes]) else []


@command("agency.file_matter")
def file_matter(
    *,
    letter_id: int,
    nodes: Sequence[str],
    answers: Answers,
    handed: Sequence[joint.Handed] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """File these nodes of the project's route as one matter: the owner applies, the agent is the
    proxy. It stands in the ledger of acts. Returns {…, "joint_id", "joint_number"}.

    Raises OutsideLetter for a node that the letter does not reach.
    """
    letter, on = locked(letter_id), legal_date(at)
    check_agent(letter, actor)
    project = letter.project
    if project.route_edition_id is None:
        raise Conflict("项目还没有选用流程，不能申报。请项目管理人员先选用流程。")
    _check_nodes(letter, nodes, on)
    made = joint.open_matter(
        edition_id=project.route_edition_id,
        nodes=nodes,
        title=project.name,
        applicant=_owner(letter),
        answers=answers,
        handed=handed,
        project=project.stream,
        silence=silence_of(project),
        actor=on_behalf(letter, actor),
        at=at,
        command_id=derived_command_id("agency.file_matter", command_id),
    )
    act = _noted(letter, made["number"], on, actor, at)
    facts = {"act_id": str(act.id), "kind": act.kind, "acted": on.isoformat()}
    facts |= {"joint_id": made["joint_id"], "joint_number": made["number"]}
    tell("agency.acted", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter, joint_id=made["joint_id"], joint_number=made["number"])


def _check_nodes(letter: AgencyLetter, keys: Sequence[str], on: date) -> None:
    assert letter.project.route_edition is not None
    route = route_of(letter.project.route_edition.content)
    known = {node.key: node for _stage, node in route.nodes()}
    if not keys or set(keys) - known.keys():
        raise DomainError("请选流程里要申报的环节。")
    for key in keys:
        node = known[key]
        letter.mandate.check_act(SERVICE_OF[node.kind], key, node.name, on)


def _owner(letter: AgencyLetter) -> Applicant:
    """The owner as applicant; the letter is the mandate that was seen."""
    project, agent = letter.project, letter.agent
    if not project.owner_credit_code:
        raise DomainError("项目没有填业主的统一社会信用代码，不能代为申报。请先补上。")
    return Applicant(
        kind=ApplicantKind.LEGAL,
        name=project.owner_name,
        identity_number=project.owner_credit_code,
        phone=project.owner_phone,
        proxy=Proxy(agent.name, agent.identity_number, agent.phone, is_registered=True),
    )


def _noted(letter: AgencyLetter, number: str, on: date, actor: Actor, at: datetime) -> AgencyAct:
    act = AgencyAct(
        id=next_id(),
        letter=letter,
        kind=ActKind.FILE.value,
        service=Service.APPROVAL.value,
        acted_date=on,
        action="代业主并联申报",
        noted_at=at,
        noted_by_id=person_of(actor),
        result=f"已提交，编号 {number}",
        settled_at=at,
        settled_by_id=person_of(actor),
    )
    act.save(force_insert=True)
    return act
