"""Commands: the register of intermediaries, engagements on projects, what both sides say."""

from datetime import date, datetime
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.cases.rules.satisfaction import Level
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.projects.models import (
    AgencyLetter,
    Engagement,
    EngagementRating,
    Intermediary,
    NodePlan,
    Project,
)
from mingtang.projects.rules.agency import AgentDoesNotDecide, check_past
from mingtang.projects.rules.intermediaries import (
    Commissioner,
    RatedAlready,
    Side,
    Trade,
    check_dates,
    check_on_register,
)
from mingtang.projects.services.agency import Facts
from mingtang.projects.services.common import person_of, said
from mingtang.regions.rules import check_credit_code

# ── the register ──────────────────────────────────────────────────────────────────────────────


@command("intermediary.register")
def register(
    *,
    name: str,
    credit_code: str,
    trade: str,
    valid_to: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Put a firm on the register, for one kind of service. Returns {"intermediary_id"}.

    Raises CreditCodeError, and Conflict where it stands there already.
    """
    what, code = Trade(trade), check_credit_code(credit_code).code
    if valid_to is not None and valid_to < legal_date(at):
        raise DomainError(f"资质有效期 {valid_to} 已经过去，不能登记。请核对资质证书。")
    if Intermediary.objects.filter(credit_code=code, trade=what.value, struck_off_at=None).exists():
        raise Conflict(f"这家机构的“{what.label}”已在名录里，不用再登记。")
    made = Intermediary.objects.create(
        name=said(name, "机构名称"),
        credit_code=code,
        trade=what.value,
        valid_to=valid_to,
        registered_at=at,
        registered_by_id=person_of(actor),
    )
    _tell_of(made, "intermediary.registered", {}, actor, at, command_id)
    return {"intermediary_id": str(made.id)}


@command("intermediary.strike_off")
def strike_off(
    *, intermediary_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Take a firm off the register: no new engagement; what runs is finished."""
    found = _firm(intermediary_id)
    if found.struck_off_at is not None:
        raise Conflict("这家机构已经移出名录，请刷新页面后再看。")
    found.struck_off_reason = said(reason, "移出名录的原因")
    found.struck_off_at, found.struck_off_by_id = at, person_of(actor)
    found.save(update_fields=["struck_off_at", "struck_off_by", "struck_off_reason"])
    facts = {"reason": found.struck_off_reason}
    _tell_of(found, "intermediary.struck_off", facts, actor, at, command_id)
    return {"intermediary_id": str(found.id)}


@command("intermediary.renew")
def renew(
    *, intermediary_id: int, valid_to: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """A qualification was renewed: it holds until another day."""
    found = _firm(intermediary_id)
    if found.struck_off_at is not None:
        raise Conflict("这家机构已经移出名录；重新进入的，请另行登记。")
    if valid_to < legal_date(at):
        raise DomainError(f"资质有效期 {valid_to} 已经过去，请核对资质证书。")
    found.valid_to = valid_to
    found.save(update_fields=["valid_to"])
    facts = {"valid_to": valid_to.isoformat()}
    _tell_of(found, "intermediary.renewed", facts, actor, at, command_id)
    return {"intermediary_id": str(found.id)}


def _firm(intermediary_id: int) -> Intermediary:
    found = Intermediary.objects.select_for_update(of=("self",)).filter(id=intermediary_id).first()
    if found is None:
        raise NotFound("名录里没有这家机构，请刷新页面后再看。")
    return found


def _tell_of(
    found: Intermediary, kind: str, facts: Facts, actor: Actor, at: datetime, command_id: str
) -> None:
    common = {
        "intermediary_id": str(found.id),
        "name": found.name,
        "credit_code": found.credit_code,
        "trade": found.trade,
    }
    record(
        stream=found.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


# ── engagements ───────────────────────────────────────────────────────────────────────────────


@command("engagement.begin")
def engage(
    *,
    project_id: int,
    intermediary_id: int,
    commissioner: str,
    organisation_id: int,
    started_date: date,
    promised_date: date,
    price_cents: int,
    node: str = "",
    name: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Note that a firm was engaged on a project: by whom, since when, until when, for how much.

    `organisation_id`: the department that commissions it, or whose matter it is. Raises
    NotOnRegister for who was not on the register on the first day. Returns {"engagement_id"}.
    """
    on, firm = legal_date(at), _firm(intermediary_id)
    project = Project.objects.filter(id=project_id).first()
    if project is None:
        raise NotFound
    check_past(started_date, on, "开始日期")
    check_dates(started_date, promised_date)
    is_out = firm.struck_off_at is not None and legal_date(firm.struck_off_at) <= started_date
    check_on_register(firm.name, Trade(firm.trade), firm.valid_to, is_out, started_date)
    made = Engagement(
        project=project,
        intermediary=firm,
        node=node,
        name=_node_name(project, node) if node else said(name, "委托做什么"),
        commissioner=Commissioner(commissioner).value,
        organisation_id=organisation_id,
        started_date=started_date,
        promised_date=promised_date,
        price_cents=price_cents,
        engaged_at=at,
        engaged_by_id=person_of(actor),
    )
    made.save(force_insert=True)
    facts = {
        "started": started_date.isoformat(),
        "promised": promised_date.isoformat(),
        "price_cents": price_cents,
    }
    _tell(made, "engagement.begun", facts, actor, at, command_id)
    return {"engagement_id": str(made.id)}


def _node_name(project: Project, key: str) -> str:
    name = NodePlan.objects.filter(project=project, key=key).values_list("name", flat=True).first()
    if name is None:
        raise DomainError("项目没有这个环节，请重新选择。")
    return name


@command("engagement.complete")
def complete(
    *,
    engagement_id: int,
    ended_date: date,
    result: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The firm has delivered: the time of the engagement ends with this day."""
    made = _engagement(engagement_id)
    if made.completed_at is not None:
        raise Conflict("这次委托已经登记完成，请刷新页面后再看。")
    check_past(ended_date, legal_date(at), "完成日期")
    check_dates(made.started_date, made.promised_date, ended_date)
    made.ended_date, made.result = ended_date, said(result, "成果")
    made.completed_at, made.completed_by_id = at, person_of(actor)
    made.save(update_fields=["ended_date", "result", "completed_at", "completed_by"])
    facts = {
        "ended": ended_date.isoformat(),
        "promised": made.promised_date.isoformat(),
        "is_late": ended_date > made.promised_date,
    }
    _tell(made, "engagement.completed", facts, actor, at, command_id)
    return {"engagement_id": str(made.id)}


@command("engagement.rate")
def rate_engagement(
    *,
    engagement_id: int,
    side: str,
    level: str,
    text: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Owner and department each say once how content they are with what was delivered.

    The agent of the project speaks for neither (AgentDoesNotDecide).
    """
    made, who, said_so = _engagement(engagement_id), Side(side), Level(level)
    if made.completed_at is None:
        raise Conflict("这次委托还没有完成，完成以后再评价。")
    _check_side(made, who, actor, legal_date(at))
    if made.ratings.filter(side=who.value).exists():
        raise RatedAlready
    EngagementRating.objects.create(
        engagement=made,
        side=who.value,
        level=said_so.value,
        text=text.strip(),
        rated_at=at,
        rated_by_id=person_of(actor),
    )
    facts = {"side": who.value, "level": said_so.value, "level_label": said_so.label}
    _tell(made, "engagement.rated", facts, actor, at, command_id)
    return {"engagement_id": str(made.id)}


def _check_side(made: Engagement, side: Side, actor: Actor, on: date) -> None:
    people = {int(one) for one in (actor.id, actor.acting_for_id) if one}
    if AgencyLetter.objects.filter(
        project=made.project_id, agent__in=people, ended_at=None
    ).exists():
        raise AgentDoesNotDecide
    if side is Side.DEPARTMENT:
        if actor.organisation_id != str(made.organisation_id):
            raise NotAllowed("部门评价由委托或者主管这件事的部门来做，请转给该部门。")
        return
    person = person_of(actor)
    code = made.project.owner_credit_code
    if accounts.posts_of(person, on) or not code:
        raise NotAllowed("业主评价由业主来做，工作人员的账号不能评价。")
    if code not in accounts.mandated_codes(person, on):
        raise NotFound


def _engagement(engagement_id: int) -> Engagement:
    rows = Engagement.objects.select_for_update(of=("self",))
    found = rows.select_related("project", "intermediary").filter(id=engagement_id).first()
    if found is None:
        raise NotFound("没有这次委托，请刷新页面后再看。")
    return found


def _tell(
    made: Engagement, kind: str, facts: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> None:
    common = {
        "engagement_id": str(made.id),
        "project_id": str(made.project_id),
        "intermediary_id": str(made.intermediary_id),
        "organisation_id": str(made.organisation_id),
        "name": made.name,
        "commissioner": made.commissioner,
    }
    record(
        stream=made.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )
