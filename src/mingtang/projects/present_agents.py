"""How agents, their letters and intermediary services are told on pages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingtang.ledger.queries import Event
from mingtang.projects.queries.agency import AgencyAct, AgencyLetter, AgencyStep
from mingtang.projects.queries.intermediaries import Engagement, Listed, days_late_of
from mingtang.projects.rules.agency import Ending, LetterState, Service

Row = dict[str, Any]
EVENT_TITLES = {
    "agency.letter_drawn": "起草委托书",
    "agency.signed": "登记双方签字",
    "agency.lapsed": "委托到期",
    "agency.revoked": "业主撤销委托",
    "agency.planned": "排入代办计划",
    "agency.step_dropped": "移出代办计划",
    "agency.acted": "登记台账",
    "agency.act_settled": "补登结果",
    "agency.handed_over": "提出移交",
    "agency.taken_over": "确认接手",
    "agency.hand_over_called_off": "撤回移交",
    "agency.concluded": "出具办结单",
    "agency.rated": "业主评价",
}


def letter(one: AgencyLetter, on: date) -> Row:
    """A letter: its state as word and tone, what it covers, the days that are left."""
    state = one.mandate.state(on)
    ended = Ending(one.ending).label if one.ending else ""
    return {
        "id": one.id,
        "number": one.number,
        "project": one.project,
        "owner": one.owner_name,
        "agent": one.agent.name,
        "state": ended or state.label,
        "tone": state.tone,
        "is_in_force": state is LetterState.IN_FORCE,
        "services": "、".join(_(service.label) for service in Service if service in one.services),
        "is_whole": one.node_keys is None,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "days_left": (one.valid_to - on).days if state is LetterState.IN_FORCE else None,
        "reason": one.ended_reason,
        "ended": one.ended_date,
    }


def counted(one: AgencyLetter, on: date) -> Row:
    """The same in a list, with its numbers."""
    numbers = ("step_count", "done_count", "late_count", "open_count")
    return letter(one, on) | {name: getattr(one, name) for name in numbers}


def step(one: AgencyStep, on: date) -> Row:
    """A line of the plan: done, overdue or to come."""
    if one.done_date is not None:
        is_late = one.done_date > one.planned_date
        label, tone = (_("办完，晚于计划"), "warn") if is_late else (_("按计划办完"), "ok")
    elif on > one.planned_date:
        label, tone = _("已过计划日期"), "bad"
    else:
        label, tone = _("待办"), "info"
    return {
        "id": one.id,
        "name": one.name,
        "service": Service(one.service).label,
        "planned": one.planned_date,
        "done": one.done_date,
        "label": label,
        "tone": tone,
    }


def due_step(one: AgencyStep, on: date) -> Row:
    return step(one, on) | {"letter_id": one.letter_id, "project": one.letter.project.name}


def act(one: AgencyAct) -> Row:
    return {
        "date": one.acted_date,
        "kind": one.get_kind_display(),
        "step": one.step.name if one.step else "",
        "action": one.action,
        "result": one.result,
        "problem": one.problem,
        "is_open": one.settled_at is None,
        "who": one.noted_by.name if one.noted_by else "",
    }


def history(events: Iterable[Event]) -> list[Row]:
    """What happened to a letter, latest last: who did it, and for whom."""
    return [
        {
            "seq": event.seq,
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "at": event.at,
            "who": _who(event),
        }
        for event in events
    ]


def _who(event: Event) -> str:
    if not event.acting_for_label:
        return f"{event.organisation_label}{event.actor_label}"
    words = {"name": event.actor_label, "other": event.acting_for_label}
    return _("%(name)s代%(other)s") % words


def engagement(one: Engagement, on: date) -> Row:
    """An engagement with its delay and what both sides said."""
    late = days_late_of(one, on)
    if one.ended_date is not None:
        label = _("完成，晚 %d 个工作日") % late if late else _("按约完成")
        tone = "warn" if late else "ok"
    else:
        label = _("已晚 %d 个工作日") % late if late else _("进行中")
        tone = "bad" if late else "info"
    return {
        "id": one.id,
        "name": one.name,
        "firm": one.intermediary.name,
        "commissioner": one.get_commissioner_display(),
        "started": one.started_date,
        "promised": one.promised_date,
        "ended": one.ended_date,
        "price": f"{one.price_cents // 100}.{one.price_cents % 100:02}",
        "result": one.result,
        "label": label,
        "tone": tone,
        "ratings": [
            f"{said.get_side_display()}：{said.get_level_display()}" for said in one.ratings.all()
        ],
    }


def firm(one: Listed, on: date) -> Row:
    """A firm of the register with its figures; a rate of too few says so."""
    told, who = one.figures, one.firm
    is_out = who.struck_off_at is not None
    has_run_out = who.valid_to is not None and on > who.valid_to
    label, tone = _("在册"), "ok"
    if is_out:
        label, tone = _("已移出"), "bad"
    elif has_run_out:
        label, tone = _("资质已过期"), "warn"
    return {
        "id": who.id,
        "name": who.name,
        "code": who.credit_code,
        "trade": who.get_trade_display(),
        "valid_to": who.valid_to,
        "label": label,
        "tone": tone,
        "is_struck_off": is_out,
        "reason": who.struck_off_reason,
        "completed": told.completed,
        "late_now": told.late_now,
        "median": told.median_days,
        "on_time": told.on_time_percent,
    }
