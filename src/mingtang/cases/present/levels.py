"""What pages show of a case that one level examines and the next decides: both, in plain words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mingtang.base.clock import legal_date
from mingtang.base.words import said
from mingtang.cases.models import Case
from mingtang.cases.present.limits import latest, limit
from mingtang.cases.present.tasks import TaskState
from mingtang.cases.queries import Situation, first_level
from mingtang.cases.rules import StepKind
from mingtang.catalogue import queries as catalogue
from mingtang.timing.rules import ClockKind, WorkingCalendar


def lower_unit(now: Situation) -> int:
    """The unit that examines first: before acceptance it has the case."""
    step = now.step(StepKind.PRE_EXAMINATION.value)
    return step.organisation_id if step else now.case.organisation_id


def levels(
    now: Situation, names: Mapping[int, str], on: date, calendar: WorkingCalendar
) -> list[dict[str, Any]]:
    """The lower and the upper level, who they are, where each stands; nothing where one level
    handles all. `names`: of the units."""
    below = first_level(now.case)
    if below is None:
        return []
    decider = below.decided_by or names.get(now.case.item.department_id, "")
    return [
        _lower(now, names.get(lower_unit(now), ""), below.days, on, calendar),
        _upper(now, decider, on, calendar),
    ]


def _lower(
    now: Situation, unit: str, days: int, on: date, calendar: WorkingCalendar
) -> dict[str, Any]:
    case = now.case
    shown = _level(_("第一级：初审"), unit)
    clock = latest(now.clocks, [ClockKind.PRE_EXAMINATION])
    if case.referred_up_at:
        day = date_format(legal_date(case.referred_up_at))
        shown["text"] = _("已于 %(day)s 初审完毕并上报。") % {"day": day}
        return _stands(shown, TaskState.DONE)
    if not now.state.is_open or case.decided_at:
        return _over(shown)
    if clock is None:
        shown["text"] = _("受理后 %(days)d 个工作日内初审完毕并上报。") % {"days": days}
        return _stands(shown, TaskState.LATER)
    shown["text"] = _("正在初审，审完就上报，由上一级决定。")
    shown["limit"] = limit(clock, on, calendar)
    return _stands(shown, TaskState.OURS)


def _upper(now: Situation, unit: str, on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    case = now.case
    shown = _level(_("第二级：决定"), unit)
    clock = latest(now.clocks, [ClockKind.STATUTORY] if case.extended_at else UPPER)
    if case.decided_at:
        day = date_format(legal_date(case.decided_at))
        shown["text"] = _("已于 %(day)s 作出决定。") % {"day": day}
        return _stands(shown, TaskState.DONE)
    if not now.state.is_open:
        return _over(shown)
    if case.referred_up_at is None or clock is None:
        shown["text"] = _until(case)
        return _stands(shown, TaskState.LATER)
    shown["text"] = _("正在审查。办理期限自上报之日起计算。")
    shown["limit"] = limit(clock, on, calendar)
    return _stands(shown, TaskState.OURS)


UPPER = (ClockKind.PROMISED, ClockKind.STATUTORY)


def _until(case: Case) -> str:
    """How long the next level takes, once it has it."""
    promised = catalogue.limits_of(case.edition).promised
    if promised is None:
        return _("上报以后开始办理。")
    return _("上报以后 %(limit)s内决定。") % {"limit": said(promised.label)}


def _level(title: str, unit: str) -> dict[str, Any]:
    return {"title": title, "unit": unit, "text": "", "limit": None}


def _over(shown: dict[str, Any]) -> dict[str, Any]:
    """A case that has ended comes to this level no more."""
    shown["text"] = _("本件已经结束，没有办到这一级。")
    return _stands(shown, TaskState.DONE)


def _stands(shown: dict[str, Any], state: TaskState) -> dict[str, Any]:
    return shown | {"state": state.value, "label": state.label, "tone": state.tone}
