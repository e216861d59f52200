"""Commands: letters of agency: drawn up, signed, revoked, concluded; the owner's word at the end.

Whatever is done under a letter is told as done on behalf of the owner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings

from mingtang.accounts import queries as accounts
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.cases.rules.satisfaction import Level
from mingtang.files.rules.documents import Paper
from mingtang.files.services import Document, draw_up
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.projects.models import AgencyLetter, AgencyRating, NodePlan, Project
from mingtang.projects.rules import agency_papers as papers
from mingtang.projects.rules.agency import (
    Ending,
    LetterNotInForce,
    LetterState,
    NotTheAgent,
    OpenActsLeft,
    Service,
    check_industry,
    check_letter,
    check_past,
)
from mingtang.projects.rules.states import ProjectState
from mingtang.projects.services.common import person_of, said
from mingtang.regions import queries as regions

Facts = dict[str, Any]


def locked(letter_id: int) -> AgencyLetter:
    """The letter, held until the transaction ends. Raises NotFound."""
    rows = AgencyLetter.objects.select_for_update(of=("self",)).select_related("project", "agent")
    found = rows.filter(id=letter_id).first()
    if found is None:
        raise NotFound
    return found


def check_agent(letter: AgencyLetter, actor: Actor) -> None:
    """Only the agent of the letter, or who stands in for them. Raises NotTheAgent."""
    if letter.agent_id not in {int(one) for one in (actor.id, actor.acting_for_id) if one}:
        raise NotTheAgent


def on_behalf(letter: AgencyLetter, actor: Actor) -> Actor:
    """The agent, marked as acting for the owner; who stands in for an agent keeps that mark too."""
    absent = f"{actor.acting_for_label}（受{letter.owner_name}委托）"
    return replace(actor, acting_for_label=absent if actor.acting_for_id else letter.owner_name)


def tell(
    kind: str, letter: AgencyLetter, facts: Facts, actor: Actor, at: datetime, command_id: str
) -> None:
    """Every event of a letter says whose it is: project, owner, agent, the agent's unit."""
    common = {
        "letter_id": str(letter.id),
        "number": letter.number,
        "project_id": str(letter.project_id),
        "owner": letter.owner_name,
        "agent_id": str(letter.agent_id),
        "organisation_id": str(letter.organisation_id),
    }
    record(
        stream=letter.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


def answer(letter: AgencyLetter, **more: Any) -> Facts:
    return {"letter_id": str(letter.id), "number": letter.number, **more}


def paper_of(letter: AgencyLetter, paper: Paper, on: date, at: datetime) -> Document:
    return draw_up(
        paper, subject=letter.stream, organisation_id=letter.organisation_id, on=on, at=at
    )


def unit_name(organisation_id: int, on: date) -> str:
    return regions.short_names_of({organisation_id}, on)[organisation_id]


@command("agency.draw_letter")
def draw_letter(
    *,
    project_id: int,
    agent_id: int,
    services: Sequence[str],
    valid_from: date,
    valid_to: date,
    node_keys: Sequence[str] | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Draw up a letter of agency for both to sign; `node_keys`: None for the whole project.

    Raises IndustryExcluded, Conflict where another letter stands. Returns {"letter_id", "number"}.
    """
    on, wanted = legal_date(at), frozenset(Service(one) for one in services)
    project = _project(project_id)
    check_industry(project.industry, settings.MINGTANG_AGENCY_EXCLUDES)
    check_letter(wanted, valid_from, valid_to)
    if valid_to < on:
        raise DomainError(f"委托期限的最后一天 {valid_to} 已经过去，请更正。")
    unit_id, agent = _agent(agent_id, on)
    names = _node_names(project, node_keys)
    _make_room(project, on, actor, at, command_id)
    letter = AgencyLetter(
        project=project,
        owner_name=project.owner_name,
        agent_id=agent_id,
        organisation_id=unit_id,
        **{f"covers_{one.value}": one in wanted for one in Service},
        node_keys=None if names is None else list(names),
        valid_from=valid_from,
        valid_to=valid_to,
        drawn_at=at,
        drawn_by_id=person_of(actor),
    )
    _draw(letter, agent, None if names is None else list(names.values()), at)
    letter.save(force_insert=True)
    facts = {
        "services": [one.value for one in Service if one in wanted],
        "nodes": letter.node_keys,
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat(),
        "document": letter.paper.facts(),
    }
    tell("agency.letter_drawn", letter, facts, actor, at, command_id)
    return answer(letter)


def _draw(letter: AgencyLetter, agent: str, nodes: Sequence[str] | None, at: datetime) -> None:
    """The paper that both sign; its number is the letter's."""
    on = legal_date(at)
    told = papers.letter_paper(
        unit=unit_name(letter.organisation_id, on),
        owner=letter.owner_name,
        project=letter.project.name,
        agent=agent,
        services=letter.services,
        nodes=nodes,
        valid_from=letter.valid_from,
        valid_to=letter.valid_to,
    )
    letter.paper = paper_of(letter, told, on, at)
    letter.number = letter.paper.number or ""


def _project(project_id: int) -> Project:
    found = Project.objects.select_for_update(of=("self",)).filter(id=project_id).first()
    if found is None:
        raise NotFound
    if not ProjectState(found.state).is_running:
        raise Conflict("项目还没有入库，或者已经完成，不能签委托书。")
    return found


def _agent(agent_id: int, on: date) -> tuple[int, str]:
    """The unit and the name of an agent. Raises DomainError for who is none."""
    held = [post for post in accounts.posts_of(agent_id, on) if post.role == Role.AGENT.value]
    if not held:
        raise DomainError("所选的人不是代办员，请从代办员名单里选。")
    return held[0].organisation_id, accounts.person_names([agent_id])[agent_id]


def _node_names(project: Project, keys: Sequence[str] | None) -> dict[str, str] | None:
    """Key and name of the nodes of a letter for a part. Raises DomainError for unknown ones."""
    if keys is None:
        return None
    rows = NodePlan.objects.filter(project=project, key__in=list(keys)).order_by("position", "id")
    found = dict(rows.values_list("key", "name"))
    if not found or set(keys) - found.keys():
        raise DomainError("委托的环节不在项目的环节里，请重新选择；委托全程的选“全程”。")
    return found


def _make_room(project: Project, on: date, actor: Actor, at: datetime, command_id: str) -> None:
    """A letter that ran out gives way to the next; one that stands does not."""
    standing = AgencyLetter.objects.select_for_update(of=("self",)).filter(
        project=project, ended_at=None
    )
    for letter in standing.order_by("id"):
        if letter.mandate.state(on) is not LetterState.EXPIRED:
            raise Conflict(
                f"这个项目已有委托书 {letter.number}。先撤销或者办结，再签新的；要换人就办移交。"
            )
        end(letter, Ending.LAPSED, letter.valid_to, "", actor, at)
        tell("agency.lapsed", letter, {}, actor, at, command_id)


def end(
    letter: AgencyLetter, how: Ending, on: date, reason: str, actor: Actor, at: datetime
) -> None:
    """Bring a letter to its end. Raises Conflict where that has been done."""
    if letter.ended_at is not None:
        raise Conflict("这份委托书已经结束，请刷新页面后再看。")
    letter.ending, letter.ended_date, letter.ended_reason = how.value, on, reason
    letter.ended_at, letter.ended_by_id = at, person_of(actor)
    columns = ["ending", "ended_date", "ended_reason", "ended_at", "ended_by", "completion"]
    letter.save(update_fields=columns)


@command("agency.sign")
def sign(
    *,
    letter_id: int,
    owner_signer: str,
    owner_signed_date: date,
    agent_signed_date: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Note both signatures on the paper: from then on the letter holds."""
    letter, on = locked(letter_id), legal_date(at)
    if letter.signed_at is not None or letter.ended_at is not None:
        raise Conflict("这份委托书已经登记过签字，或者已经结束，请刷新页面后再看。")
    letter.owner_signer = said(owner_signer, "业主方签字的人")
    letter.owner_signed_date = check_past(owner_signed_date, on, "业主签字的日期")
    letter.agent_signed_date = check_past(agent_signed_date, on, "代办员签字的日期")
    letter.signed_at, letter.signed_by_id = at, person_of(actor)
    columns = ("owner_signer", "owner_signed_date", "agent_signed_date", "signed_at", "signed_by")
    letter.save(update_fields=columns)
    facts = {
        "owner_signed": owner_signed_date.isoformat(),
        "agent_signed": agent_signed_date.isoformat(),
    }
    tell("agency.signed", letter, facts, actor, at, command_id)
    return answer(letter)


@command("agency.revoke")
def revoke(*, letter_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The owner takes the letter back, whenever they want; the project office notes it."""
    letter, why = locked(letter_id), said(reason, "业主撤销委托的原因或者来文")
    end(letter, Ending.REVOKED, legal_date(at), why, actor, at)
    tell("agency.revoked", letter, {"reason": why}, actor, at, command_id)
    return answer(letter)


@command("agency.conclude")
def conclude(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """All is done that was asked: the paper of completion (办结单), the owner is asked to rate.

    Raises OpenActsLeft while an act has no result.
    """
    letter, on = locked(letter_id), legal_date(at)
    check_agent(letter, actor)
    if letter.signed_at is None:
        raise LetterNotInForce(letter.mandate.state(on))
    if left := letter.acts.filter(settled_at=None).count():
        raise OpenActsLeft(left)
    act_count = letter.acts.count()
    paper = papers.completion_paper(
        unit=unit_name(letter.organisation_id, on),
        owner=letter.owner_name,
        project=letter.project.name,
        agent=letter.agent.name,
        letter=letter.number,
        on=on,
        act_count=act_count,
        steps=list(_step_rows(letter)),
    )
    letter.completion = paper_of(letter, paper, on, at)
    end(letter, Ending.CONCLUDED, on, "", actor, at)
    facts = {"document": letter.completion.facts(), "acts": act_count}
    tell("agency.concluded", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter)


def _step_rows(letter: AgencyLetter) -> Iterable[tuple[str, str, str]]:
    for step in letter.steps.filter(dropped_at=None).order_by("planned_date", "id"):
        done = step.done_date.isoformat() if step.done_date else "未办"
        yield step.name, step.planned_date.isoformat(), done


@command("agency.rate")
def rate(
    *, letter_id: int, level: str, text: str = "", actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The owner rates the agent's work, once, after it is concluded; no member of staff does.

    The ledger is told the level, not the words.
    """
    letter, rater = locked(letter_id), person_of(actor)
    _check_owner(letter, rater, legal_date(at))
    if letter.ending != Ending.CONCLUDED.value:
        raise Conflict("代办还没有办结，办结以后再来评价。")
    if AgencyRating.objects.filter(letter=letter).exists():
        raise Conflict("这次代办已经评价过了，只评一次。您刚才填的没有提交。")
    said_so = Level(level)
    AgencyRating.objects.create(
        letter=letter, level=said_so.value, text=text.strip(), rated_at=at, rated_by_id=rater
    )
    facts = {"level": said_so.value, "level_label": said_so.label}
    tell("agency.rated", letter, facts, actor, at, command_id)
    return answer(letter)


def _check_owner(letter: AgencyLetter, person_id: int, on: date) -> None:
    """Who speaks for the owner: an account with its mandate, that holds no post."""
    if accounts.posts_of(person_id, on):
        raise NotAllowed("评价由业主来做，工作人员的账号不能评价。")
    code = letter.project.owner_credit_code
    if not code or code not in accounts.mandated_codes(person_id, on):
        raise NotFound
