"""Commands: what an agent does under a letter: plan, ledger of acts, hand-over to another.

Nothing here is wider than the letter, and everything is told as done for the owner.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.base.ids import next_id
from mingtang.joint.rules.route import NodeKind
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import (
    AgencyAct,
    AgencyHandOver,
    AgencyLetter,
    AgencyStep,
    NodePlan,
)
from mingtang.projects.rules import agency_papers as papers
from mingtang.projects.rules.agency import (
    SERVICE_OF,
    ActKind,
    LetterNotInForce,
    LetterState,
    NotTheAgent,
    Service,
    check_past,
)
from mingtang.projects.services.agency import (
    Facts,
    answer,
    check_agent,
    locked,
    on_behalf,
    paper_of,
    tell,
    unit_name,
)
from mingtang.projects.services.common import person_of, said


def _acting(letter_id: int, actor: Actor, on: date) -> AgencyLetter:
    """The letter of an agent, in force. Raises NotTheAgent, LetterNotInForce."""
    letter = locked(letter_id)
    check_agent(letter, actor)
    if (state := letter.mandate.state(on)) is not LetterState.IN_FORCE:
        raise LetterNotInForce(state)
    return letter


# ── the plan (代办计划) ────────────────────────────────────────────────────────────────────────


@command("agency.plan")
def plan(
    *,
    letter_id: int,
    planned_date: date,
    node: str = "",
    name: str = "",
    service: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Add a line to the plan: a node of the project, or a step with its own name and service.

    Raises OutsideLetter for what the letter does not cover.
    """
    letter = _acting(letter_id, actor, legal_date(at))
    step = _node_step(letter, node) if node else _own_step(name, service)
    step.letter, step.planned_date = letter, planned_date
    _check(letter, step)
    step.save(force_insert=True)
    facts = {"steps": [_told(step)]}
    tell("agency.planned", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter, step=str(step.id))


@command("agency.plan_nodes")
def plan_nodes(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Take over all nodes of the project that the letter covers and that have a planned day."""
    letter = _acting(letter_id, actor, legal_date(at))
    known = set(letter.steps.filter(dropped_at=None).values_list("node", flat=True))
    rows = NodePlan.objects.filter(
        project=letter.project_id, planned_end_date__isnull=False, ended_date=None
    )
    made = [
        AgencyStep(
            letter=letter,
            node=row.key,
            name=row.name,
            service=SERVICE_OF[NodeKind(row.kind)].value,
            planned_date=row.planned_end_date,
        )
        for row in rows.order_by("position", "id")
        if row.planned_end_date is not None
        and row.key not in known
        and letter.mandate.covers(SERVICE_OF[NodeKind(row.kind)], row.key)
    ]
    if not made:
        raise Conflict("没有可以排进计划的环节：都已排进，或者项目的环节还没有计划日期。")
    AgencyStep.objects.bulk_create(made)
    facts = {"steps": [_told(step) for step in made]}
    tell("agency.planned", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter, steps=len(made))


def _node_step(letter: AgencyLetter, key: str) -> AgencyStep:
    row = NodePlan.objects.filter(project=letter.project_id, key=key).first()
    if row is None:
        raise DomainError("项目没有这个环节，请重新选择。")
    if letter.steps.filter(node=key, dropped_at=None).exists():
        raise Conflict(f"“{row.name}”已在计划里。要改日期的，先移出再排。")
    return AgencyStep(node=key, name=row.name, service=SERVICE_OF[NodeKind(row.kind)].value)


def _own_step(name: str, service: str) -> AgencyStep:
    if not service:
        raise DomainError("请选这一步属于哪类服务，或者选项目的环节。")
    return AgencyStep(node="", name=said(name, "这一步做什么"), service=Service(service).value)


def _check(letter: AgencyLetter, step: AgencyStep) -> None:
    letter.mandate.check_covers(Service(step.service), step.node, step.name)


def _told(step: AgencyStep) -> Facts:
    return {"step_id": str(step.id), "name": step.name, "planned": step.planned_date.isoformat()}


def _step(letter: AgencyLetter, step_id: int) -> AgencyStep:
    found = letter.steps.select_for_update().filter(id=step_id).first()
    if found is None:
        raise NotFound("计划里没有这一步，请刷新页面后再看。")
    if found.done_at is not None or found.dropped_at is not None:
        raise Conflict("这一步已经完成，或者已移出计划，请刷新页面后再看。")
    return found


@command("agency.drop_step")
def drop_step(
    *, letter_id: int, step_id: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Take a step that is not done out of the plan; what was written down under it stays."""
    letter = _acting(letter_id, actor, legal_date(at))
    step = _step(letter, step_id)
    step.dropped_at, step.dropped_by_id = at, person_of(actor)
    step.save(update_fields=["dropped_at", "dropped_by"])
    tell("agency.step_dropped", letter, _told(step), on_behalf(letter, actor), at, command_id)
    return answer(letter)


# ── the ledger of acts (台账) ─────────────────────────────────────────────────────────────────


@command("agency.note_act")
def note_act(
    *,
    letter_id: int,
    kind: str,
    action: str,
    acted_date: date,
    step_id: int | None = None,
    service: str = "",
    result: str = "",
    problem: str = "",
    is_step_done: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Write down an act, with its step or its kind of service. Without a result it stays open.

    The letter must have held on the day of the act, and cover it. Returns {…, "act"}.
    """
    on = legal_date(at)
    letter = locked(letter_id)
    check_agent(letter, actor)
    step = _step(letter, step_id) if step_id is not None else None
    what = ActKind(kind)
    of = Service(step.service) if step else Service(service) if service else Service.APPROVAL
    day = check_past(acted_date, on, "办理日期")
    letter.mandate.check_act(of, step.node if step else "", step.name if step else of.label, day)
    act = AgencyAct(
        id=next_id(),
        letter=letter,
        step=step,
        kind=what.value,
        service=of.value,
        acted_date=day,
        action=said(action, "办了什么事"),
        problem=problem.strip(),
        noted_at=at,
        noted_by_id=person_of(actor),
        result=result.strip(),
        settled_at=at if result.strip() else None,
        settled_by_id=person_of(actor) if result.strip() else None,
    )
    act.save(force_insert=True)
    facts: Facts = {"act_id": str(act.id), "kind": what.value, "acted": day.isoformat()}
    facts |= {"step": step.name if step else "", "is_open": act.settled_at is None}
    if is_step_done:
        facts |= _finish(step, day, actor, at)
    tell("agency.acted", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter, act=str(act.id))


def _finish(step: AgencyStep | None, day: date, actor: Actor, at: datetime) -> Facts:
    if step is None:
        raise DomainError("请选完成的是计划里的哪一步。")
    step.done_date, step.done_at, step.done_by_id = day, at, person_of(actor)
    step.save(update_fields=["done_date", "done_at", "done_by"])
    planned = step.planned_date
    return {"done": day.isoformat(), "planned": planned.isoformat(), "is_late": day > planned}


@command("agency.settle_act")
def settle_act(
    *, letter_id: int, act_id: int, result: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Fill in the result of an act that had none, once."""
    letter = locked(letter_id)
    check_agent(letter, actor)
    act = letter.acts.select_for_update().filter(id=act_id).first()
    if act is None:
        raise NotFound("台账里没有这一条，请刷新页面后再看。")
    if act.settled_at is not None:
        raise Conflict("这一条已经登记过结果，请刷新页面后再看。")
    act.result, act.settled_at = said(result, "结果"), at
    act.settled_by_id = person_of(actor)
    act.save(update_fields=["result", "settled_at", "settled_by"])
    facts = {"act_id": str(act.id)}
    tell("agency.act_settled", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter)


# ── hand-over (移交) ──────────────────────────────────────────────────────────────────────────


@command("agency.hand_over")
def hand_over(
    *,
    letter_id: int,
    to_agent_id: int,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Offer the letter to another agent, with all acts that have no result yet. The giver confirms
    with this; nothing changes until the other one confirms too."""
    on = legal_date(at)
    letter = _acting(letter_id, actor, on)
    unit = _other_agent(letter, to_agent_id, on)
    if letter.hand_overs.filter(taken_at=None, called_off_at=None).exists():
        raise Conflict("已经提出移交，正在等对方确认。要换人的，先撤回。")
    acts = list(letter.acts.filter(settled_at=None).order_by("acted_date", "id"))
    made = AgencyHandOver.objects.create(
        letter=letter,
        from_agent_id=letter.agent_id,
        to_agent_id=to_agent_id,
        to_organisation_id=unit,
        open_acts=[str(act.id) for act in acts],
        note=note.strip(),
        given_at=at,
        given_by_id=person_of(actor),
    )
    paper = _hand_over_paper(letter, made, acts, on, at)
    facts = {
        "to_agent_id": str(to_agent_id),
        "open_acts": made.open_acts,
        "document": paper.facts(),
    }
    tell("agency.handed_over", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter, open_acts=len(acts))


def _other_agent(letter: AgencyLetter, person_id: int, on: date) -> int:
    """The unit of the agent who is to take over. Raises DomainError for the same one, or none."""
    if person_id == letter.agent_id:
        raise DomainError("移交要给另一位代办员，请另选。")
    held = [post for post in accounts.posts_of(person_id, on) if post.role == Role.AGENT.value]
    if not held:
        raise DomainError("所选的人不是代办员，请从代办员名单里选。")
    return held[0].organisation_id


def _hand_over_paper(
    letter: AgencyLetter,
    made: AgencyHandOver,
    acts: Sequence[AgencyAct],
    on: date,
    at: datetime,
) -> Any:
    names = accounts.person_names([made.from_agent_id, made.to_agent_id])
    paper = papers.hand_over_paper(
        unit=unit_name(letter.organisation_id, on),
        project=letter.project.name,
        giver=names[made.from_agent_id],
        taker=names[made.to_agent_id],
        note=made.note,
        acts=[(act.acted_date.isoformat(), act.action, act.problem) for act in acts],
    )
    return paper_of(letter, paper, on, at)


def _offered(letter: AgencyLetter) -> AgencyHandOver:
    rows = letter.hand_overs.select_for_update(of=("self",))
    found = rows.filter(taken_at=None, called_off_at=None).first()
    if found is None:
        raise Conflict("没有等待确认的移交，请刷新页面后再看。")
    return found


@command("agency.take_over")
def take_over(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The other agent confirms: from now on the letter is theirs, with its open acts."""
    letter = locked(letter_id)
    made = _offered(letter)
    if made.to_agent_id not in {int(one) for one in (actor.id, actor.acting_for_id) if one}:
        raise NotTheAgent
    made.taken_at, made.taken_by_id = at, person_of(actor)
    made.save(update_fields=["taken_at", "taken_by"])
    before = letter.agent_id
    letter.agent_id, letter.organisation_id = made.to_agent_id, made.to_organisation_id
    letter.save(update_fields=["agent", "organisation"])
    facts = {"from_agent_id": str(before), "open_acts": made.open_acts}
    tell("agency.taken_over", letter, facts, on_behalf(letter, actor), at, command_id)
    return answer(letter)


@command("agency.call_off_hand_over")
def call_off_hand_over(*, letter_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The giver takes the offer back, or the other one declines it."""
    letter = locked(letter_id)
    made = _offered(letter)
    people = {int(one) for one in (actor.id, actor.acting_for_id) if one}
    if not people & {made.from_agent_id, made.to_agent_id}:
        raise NotTheAgent
    made.called_off_at, made.called_off_by_id = at, person_of(actor)
    made.save(update_fields=["called_off_at", "called_off_by"])
    facts = {"to_agent_id": str(made.to_agent_id)}
    tell("agency.hand_over_called_off", letter, facts, actor, at, command_id)
    return answer(letter)
