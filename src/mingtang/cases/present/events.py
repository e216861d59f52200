"""What pages show of a case's history: titles, who, and the way from filing to delivery."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.words import said
from mingtang.cases.models import Case, Step
from mingtang.cases.queries import first_level, is_below
from mingtang.cases.rules import (
    DECIDED,
    ENDED,
    UNDECIDED,
    HandOverWay,
    Outcome,
    PauseReason,
    RequestKind,
    State,
    unfinished,
)
from mingtang.cases.rules.fees import yuan
from mingtang.ledger.queries import Event
from mingtang.outage import present as paper
from mingtang.timing.rules import clock_label

EVENT_TITLES = {
    "case.submitted": "提交申请",
    "case.taken_in": "窗口收件",
    "case.received": "收件",
    "case.corrected_on_spot": "当场更正",
    "case.correction_asked": "告知补正",
    "case.supplied": "补正",
    "case.found_incomplete": "补正不全",
    "case.accepted": "受理",
    "case.deemed_accepted": "视为受理",
    "case.deferred_supplied": "补交容缺材料",
    "case.materials_brought": "收到带来的材料",
    "case.deferred_reminded": "提醒补交材料",
    "case.not_required": "告知不需办理",
    "case.declined": "不予受理",
    "case.returned": "退件",
    "case.transferred": "转办",
    "case.step_claimed": "领取办理",
    "case.examined": "审查",
    "case.referred_up": "初审上报",
    "case.bounced": "退回窗口",
    "case.handed_on": "重新移交",
    "case.step_taken_back": "取回环节",
    "case.step_returned": "退回环节",
    "case.step_transferred": "转交环节",
    "case.signer_added": "加签",
    "case.opinion_requested": "征求意见",
    "case.step_cancelled": "取消加签或征求意见",
    "case.mandate_seen": "核对委托书",
    "case.slip_recalled": "收回交接单",
    "case.pause_asked": "申请特别程序",
    "case.paused": "特别程序，暂停计时",
    "case.resumed": "特别程序结束，恢复计时",
    "case.extension_asked": "申请延期",
    "case.extended": "批准延期",
    "case.request_rejected": "不同意申请",
    "case.granted": "决定：准予",
    "case.refused": "决定：不予",
    "case.deemed_granted": "视为准予延续",
    "case.issued": "出证",
    "case.delivered": "送达",
    "case.withdrawn": "撤回申请",
    "case.terminated": "终止审查",
    "case.reopened": "恢复办理",
    "case.archived": "归档",
    **paper.titles("case"),
    "case.part_counted_from": "随并联件改算期限",
    "case.delivery_chosen": "选定领取方式",
    "case.charged": "开缴款通知书",
    "case.waiver_asked": "申请减免",
    "case.waiver_answered": "批复减免",
    "case.paid": "缴费",
    "case.refunded": "退费",
    "case.originals_kept": "收原件",
    "case.originals_sent": "移交原件",
    "case.originals_received": "签收原件",
    "case.originals_returned": "退还原件",
    "document.sealed": "文书盖章",
    "rating.given": "服务评价",
    "rating.corrected": "改评",
    "personal.revealed": "查看遮住的个人信息",
    "clock.recomputed": "日历更新，到期日重算",
}


def title_of(event: Event) -> str:
    return EVENT_TITLES.get(event.kind, event.kind)


def who(event: Event) -> str:
    where = f"{event.organisation_label} · " if event.organisation_label else ""
    other = event.acting_for_label
    instead = _("（顶岗，代%(name)s）") % {"name": other} if other else ""
    return f"{where}{said(event.actor_label)}{instead}"


def _started(facts: dict[str, Any]) -> str:
    started = [op for op in facts.get("clocks", []) if op["op"] == "start"]
    return "；".join(f"{clock_label(op['kind'])}至 {op['due']}" for op in started)


def _moved(facts: dict[str, Any]) -> str:
    return "；".join(f"{op['old_due']} 改为 {op['due']}" for op in facts["clocks"])


def _decided(facts: dict[str, Any]) -> str:
    partly = facts.get("outcome") == Outcome.GRANTED_PARTLY.value
    return (
        f"{said(Outcome.GRANTED_PARTLY.label)} · {facts['reason']}" if partly else facts["reason"]
    )


def _limits_of(facts: dict[str, Any]) -> str:
    kinds = {"promised", "statutory"}
    started = [op for op in facts.get("clocks", []) if op["op"] == "start" and op["kind"] in kinds]
    return "；".join(
        _("%(limit)s至 %(day)s") % {"limit": said(clock_label(op["kind"])), "day": op["due"]}
        for op in started
    )


def _written(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}"


_DETAILS: dict[str, Callable[[dict[str, Any]], str]] = {
    "case.materials_brought": lambda facts: "、".join(facts["materials"]),
    "case.deferred_reminded": lambda facts: "、".join(facts["materials"]),
    "case.delivered": lambda facts: HandOverWay(facts["way"]).label,
    "case.delivery_chosen": lambda facts: HandOverWay(facts["way"]).label,
    "case.granted": _decided,
    "case.refused": _decided,
    "case.accepted": _limits_of,
    "case.deemed_accepted": _limits_of,
    "clock.recomputed": _moved,
    "case.step_claimed": lambda facts: str(facts["step_name"]),
    "case.examined": lambda facts: str(facts["step_name"]),
    "case.referred_up": lambda facts: _("报%(to_label)s决定") % facts,
    "case.bounced": lambda facts: f"第 {facts['count']} 次：{facts['reason']}",
    "case.handed_on": lambda facts: str(facts["note"]),
    "case.step_taken_back": lambda facts: str(facts["step_name"]),
    "case.step_returned": lambda facts: f"{facts['step_name']}：{facts['reason']}",
    "case.step_cancelled": lambda facts: f"{facts['step_name']}：{facts['reason']}",
    "case.step_transferred": lambda facts: str(facts["step_name"]),
    "case.signer_added": lambda facts: str(facts["reason"]),
    "case.opinion_requested": lambda facts: f"{facts['to_label']}，{_started(facts)}",
    "case.correction_asked": lambda facts: "、".join(facts["missing"]),
    "case.found_incomplete": lambda facts: str(facts["note"]),
    "case.not_required": lambda facts: str(facts["reason"]),
    "case.declined": lambda facts: _("%(reason)s（应向%(competent)s申请）") % facts,
    "case.returned": lambda facts: str(facts["reason"]),
    "case.transferred": lambda facts: _("转至%(to_label)s：%(reason)s") % facts,
    "case.pause_asked": lambda facts: (
        f"{PauseReason(facts['why']).label}，预计 {facts['days']} 个工作日"
    ),
    "case.paused": lambda facts: (
        _("%(why)s，预计 %(days)s 个工作日")
        % {"why": said(PauseReason(facts["why"]).label), "days": facts["days"]}
    ),
    "case.resumed": lambda facts: str(facts["result"]),
    "case.extension_asked": lambda facts: f"{facts['days']} 个工作日：{facts['note']}",
    "case.extended": lambda facts: _("%(days)s 个工作日：%(note)s") % facts,
    "case.request_rejected": lambda facts: f"{RequestKind(facts['kind']).label}：{facts['reason']}",
    "case.terminated": lambda facts: str(facts["reason"]),
    "case.reopened": lambda facts: str(facts["reason"]),
    "case.issued": lambda facts: str(facts["licence_number"]),
    "case.charged": lambda facts: yuan(facts["cents"]),
    "case.paid": lambda facts: f"{yuan(facts['cents'])}，收据 {facts['receipt_number']}",
    "case.refunded": lambda facts: yuan(facts["cents"]),
    "case.originals_sent": lambda facts: f"{facts['count']} 份，交{facts['to_label']}",
    "case.paper_receipt_entered": lambda facts: str(facts["receipt"]),
    "case.paper_receipt_confirmed": lambda facts: _written(facts["received_at"]),
    "case.paper_receipt_refused": lambda facts: str(facts["reason"]),
    "case.part_counted_from": lambda facts: str(facts["since"]),
    "case.deferred_supplied": lambda facts: "、".join(facts["materials"]),
}


def detail_of(event: Event) -> str:
    tell = _DETAILS.get(event.kind)
    return tell(event.facts) if tell else ""


WAY = (
    ("filed", "提交申请"),
    ("received", "收件"),
    ("accepted", "受理"),
    ("referred", "初审上报"),
    ("examined", "审查"),
    ("decided", "作出决定"),
    ("delivered", "送达"),
)
_STATIONS = {
    "case.submitted": "filed",
    "case.taken_in": "received",
    "case.received": "received",
    "case.accepted": "accepted",
    "case.deemed_accepted": "accepted",
    "case.referred_up": "referred",
    "case.examined": "examined",
    "case.granted": "decided",
    "case.refused": "decided",
    "case.deemed_granted": "decided",
    "case.delivered": "delivered",
}
# Not on the way of every case: shown between the stations where it happened.
_BETWEEN = frozenset(
    {
        *("case.correction_asked", "case.supplied", "case.found_incomplete", "case.transferred"),
        "case.paper_receipt_confirmed",
        *("case.paused", "case.resumed", "case.extended", "case.reopened"),
        *("case.not_required", "case.declined", "case.returned"),
        *("case.withdrawn", "case.terminated", "rating.given"),
    }
)


def timeline(case: Case, events: Iterable[Event], steps: list[Step]) -> list[dict[str, Any]]:
    """The whole way of a case: done with who and when, where it is now, what is to come."""
    told = list(events)
    last = {_STATIONS[event.kind]: event.seq for event in told if event.kind in _STATIONS}
    current = _current(case, steps)
    reached = [event for event in told if _is_shown(event, last, current)]
    found = [_done(event) for event in reached]
    stations = {_STATIONS.get(event.kind) for event in reached}
    if current:
        titles = dict(_way(case))
        found.append({"title": titles.get(current, current), "status": "current"})
        keys = list(titles)
        ahead = keys[keys.index(current) + 1 :] if current in titles else _ahead(case)
        found += [{"title": titles[key], "status": "todo"} for key in ahead if key not in stations]
    return found


def _way(case: Case) -> list[tuple[str, str]]:
    """Only what a lower level examines first is reported up."""
    is_referred = first_level(case) is not None
    return [(key, title) for key, title in WAY if is_referred or key != "referred"]


def _is_shown(event: Event, last: dict[str, int], current: str) -> bool:
    station = _STATIONS.get(event.kind)
    if station is None:
        return event.kind in _BETWEEN
    return last[station] == event.seq and station != current


def _done(event: Event) -> dict[str, Any]:
    return {
        "title": title_of(event),
        "status": "done",
        "at": event.at,
        "who": who(event),
        "text": detail_of(event),
    }


def _ahead(case: Case) -> list[str]:
    state = State(case.state)
    if state is State.CORRECTING:
        return ["accepted", "examined", "decided", "delivered"]
    return ["decided", "delivered"] if state is State.PAUSED else []


def _current(case: Case, steps: list[Step]) -> str:
    """The station where a case is, or words of its own for where it waits; "" at an end."""
    state = State(case.state)
    if state in ENDED or state is State.ARCHIVED:
        return ""
    if state in DECIDED:
        return "delivered"
    if state in {State.ACCEPTED, State.REVIEWING} and is_below(case):
        return "referred"
    if state is State.REVIEWING:
        return "examined" if unfinished(steps) else "decided"
    assert state in UNDECIDED
    return {
        State.SUBMITTED: "received",
        State.RECEIVED: "accepted",
        State.CORRECTING: _("等待申请人补正"),
        State.ACCEPTED: "examined",
        State.PAUSED: _("特别程序进行中"),
    }[state]


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [
        {
            "seq": event.seq,
            "at": event.at,
            "who": who(event),
            "title": title_of(event),
            "detail": detail_of(event),
            "leaf": event.leaf[:16],
        }
        for event in events
    ]
