"""What pages show of the history of projects and programmes, with what changed before and after."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingtang.ledger import queries as ledger
from mingtang.ledger.queries import Event
from mingtang.projects.present import Row, money
from mingtang.projects.rules.fields import FIELDS
from mingtang.projects.rules.states import CodeScheme, ProjectType
from mingtang.regions import queries as regions

EVENT_TITLES = {
    "project.entered": "录入草稿",
    "project.changed": "变更项目信息",
    "project.admitted": "审议入库",
    "project.published": "向社会公开",
    "project.unpublished": "撤下公开",
    "project.year_planned": "年度计划",
    "project.month_reported": "报送月报",
    "project.month_amended": "更正月报",
    "project.problem_raised": "提出问题",
    "project.problem_solved": "解决问题",
    "project.paper_added": "添加共享材料",
    "project.route_chosen": "选用流程",
    "project.milestone_added": "添加自定节点",
    "project.node_noted": "登记节点",
    "project.suspended": "暂停",
    "project.resumed": "恢复",
    "project.completed": "完成",
    "project.archived": "归档",
    "programme.loaded": "装入",
    "programme.added": "新增",
    "programme.changed": "改动",
    "programme.archived": "归档",
    "programme.reopened": "重新启用",
}


def history(stream: str) -> list[Row]:
    """A stream, the latest first, with what changed before and after."""
    return [
        {
            "seq": event.seq,
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "at": event.at,
            "who": who(event),
            "text": _text(event),
            "changes": _changes(event),
        }
        for event in reversed(ledger.history(stream))
    ]


def who(event: Event) -> str:
    """Who acted, as labelled at that moment."""
    name = event.actor_label or _("系统")
    if event.acting_for_label:
        name = _("%(name)s代%(other)s") % {"name": name, "other": event.acting_for_label}
    return " ".join(filter(None, (event.organisation_label, name)))


def _text(event: Event) -> str:
    told = event.facts
    said = [
        str(told[name])
        for name in ("reason", "title", "text", "solution", "approval_number", "note", "route")
        if told.get(name)
    ]
    if event.kind == "project.month_reported":
        late = _("，迟报") if told["is_late"] else ""
        said.append(f"{told['year']}年{told['month']}月{late}")
    if event.kind == "project.year_planned":
        said.append(f"{told['year']}年 {money(told['investment_cents'][1])}")
    return "；".join(said)


CHANGE_LABELS = {
    **FIELDS,
    "programmes": "所属计划",
    "tags": "标签",
    "done_cents": "本月完成",
    "year_cents": "本年累计",
    "progress": "形象进度",
    "planned_start_date": "计划开始",
    "planned_end_date": "计划完成",
    "started_date": "实际开始",
    "ended_date": "实际完成",
    "delay_reason": "拖期原因",
    "elements": "要素",
    "stages": "阶段",
    "limits": "时限",
    "year": "年份",
    "entry_rule": "入库条件",
    "note": "说明",
    "is_confirmed": "已核实",
    "absence_is_consent": "缺席默认",
    "silence_is_consent": "超时默许",
    "consent_basis": "依据文号",
    "consent_basis_date": "依据日期",
}


def _changes(event: Event) -> list[Row]:
    return [
        {
            "label": CHANGE_LABELS.get(name, name),
            "before": _value(name, before, event.effective_on),
            "after": _value(name, after, event.effective_on),
        }
        for name, (before, after) in (event.facts.get("changes") or {}).items()
    ]


def _value(name: str, value: Any, on: date) -> str:
    if value is None or value == "":
        return _("（空）") if name not in {"owner_contact", "owner_phone"} else _("（不显示）")
    if name.endswith("_cents"):
        return money(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_part(one) for one in value) or _("（空）")
    return _named(name, value, on)


def _part(one: Any) -> str:
    if isinstance(one, dict):
        return f"{one['name'] or _('（空）')}" + (f" {one['days']}" if "days" in one else "")
    return str(one)


def _named(name: str, value: Any, on: date) -> str:
    """What stands behind a stored code or number."""
    if name == "type":
        return ProjectType(value).label
    if name == "code_scheme":
        return CodeScheme(value).label
    if name == "responsible_id":
        return regions.short_names_of([value], on).get(value, str(value))
    return regions.place_name(value) if name == "place_id" else str(value)
