"""What pages show of a case: its limits, its way so far and ahead, its history."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from mingtang.base.ids import parse_id
from mingtang.base.masking import mask_identity, mask_person_name, mask_phone
from mingtang.cases.models import Case, Step
from mingtang.cases.queries import number_of
from mingtang.cases.rules import REMEDIES, HandOverWay, State, StepStatus
from mingtang.ledger.queries import Event
from mingtang.timing import queries as timing
from mingtang.timing.queries import Clock
from mingtang.timing.rules import (
    UNIT_LABELS,
    ClockKind,
    ClockStatus,
    Light,
    Unit,
    WorkingCalendar,
    clock_label,
    light,
    working_days_left,
)

EVENT_TITLES = {
    "case.submitted": "提交申请",
    "case.received": "收件",
    "case.accepted": "受理",
    "case.step_claimed": "领取办理",
    "case.examined": "审查",
    "case.granted": "决定：准予",
    "case.refused": "决定：不予",
    "case.delivered": "送达",
    "clock.recomputed": "日历更新，到期日重算",
}
CHANNEL_LABELS = {"online": "网上申报", "counter": "窗口收件"}
NEXT_STEPS = {
    State.SUBMITTED: "窗口正在安排核对材料，缺什么会一次告诉您。",
    State.RECEIVED: "窗口正在核对材料，齐全后即予受理。",
    State.ACCEPTED: "已受理，等待承办人审查。",
    State.REVIEWING: "承办人正在审查，请留意承诺的到期日。",
    State.GRANTED: "已作出准予决定，请凭身份证到窗口领取结果。",
    State.REFUSED: "已作出不予决定，请到窗口领取决定书。" + REMEDIES,
    State.DELIVERED: "本件已办结送达。",
}


def page_of(key: str, for_staff: bool) -> str | None:
    """The page of the subject `case:KEY`; who may open it is that page's business."""
    case_id = parse_id(key)
    number = None if case_id is None else number_of(case_id)
    route = "cases:detail" if for_staff else "cases:progress_case"
    return reverse(route, args=[number]) if number else None


def masked_applicant(case: Case) -> str:
    """Natural persons are masked; the names of enterprises are public."""
    is_natural = case.applicant_kind == "natural"
    return mask_person_name(case.applicant_name) if is_natural else case.applicant_name


def limit_label(days_left: int) -> str:
    """What is left of a limit, in working days; negative is overdue."""
    if days_left < 0:
        return f"超期 {-days_left} 个工作日"
    return f"剩 {days_left} 个工作日" if days_left else "今天到期"


def row(case: Case, on: date, organisation: str, calendar: WorkingCalendar) -> dict[str, Any]:
    """One line of a list of cases."""
    state = State(case.state)
    line: dict[str, Any] = {
        "number": case.number,
        "item_name": case.edition.name,
        "applicant": masked_applicant(case),
        "department": organisation,
        "state_label": state.label,
        "state_tone": state.tone,
        "light": "",
        "limit_label": "—",
    }
    if case.next_due_date:
        line["limit_label"] = limit_label(working_days_left(calendar, on, case.next_due_date))
        line["light"] = light(calendar, on, case.next_due_date).value
    return line


def limit(clock: Clock, on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """One clock as a panel: what is left, until when, under which sign."""
    unit = UNIT_LABELS[Unit(clock.unit)]
    shown: dict[str, Any] = {
        "label": clock_label(clock.kind),
        "due": clock.due_date,
        "provisional": False,
        "note": f"{clock.amount} {unit}，{clock.start_date.isoformat()} 的次日起算",
        "explain": [],
    }
    if clock.stopped_date:
        is_late = clock.stopped_date > clock.due_date
        shown["headline"] = "超期完成" if is_late else "按期完成"
        shown["light"] = (Light.RED if is_late else Light.GREEN).value
    elif clock.status == ClockStatus.PAUSED.value:
        shown["headline"], shown["light"] = "暂停计时", ""
    else:
        left = working_days_left(calendar, on, clock.due_date)
        shown["headline"], shown["provisional"] = limit_label(left), clock.is_provisional
        shown["light"] = light(calendar, on, clock.due_date).value
    return shown


def limits(clocks: Iterable[Clock], on: date, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """All clocks of a case, running ones first, each with the days that make its date."""
    running_first = sorted(clocks, key=lambda clock: clock.stopped_date is not None)
    return [
        {**limit(clock, on, calendar), "explain": timing.explain_clock(clock)}
        for clock in running_first
    ]


def latest(clocks: Iterable[Clock], kinds: Iterable[ClockKind]) -> Clock | None:
    """The last started clock of the first of these kinds that there is."""
    found = {clock.kind: clock for clock in clocks}
    return next((found[kind.value] for kind in kinds if kind.value in found), None)


def _who(event: Event) -> str:
    where = f"{event.organisation_label} · " if event.organisation_label else ""
    instead = f"（顶岗，代{event.acting_for_label}）" if event.acting_for_label else ""
    return f"{where}{event.actor_label}{instead}"


def _detail(event: Event) -> str:
    facts = event.facts
    if event.kind == "case.delivered":
        return HandOverWay(facts["way"]).label
    if event.kind in {"case.granted", "case.refused"}:
        return str(facts["reason"])
    if event.kind == "case.accepted":
        return "；".join(f"{clock_label(op['kind'])}至 {op['due']}" for op in _started(facts))
    if event.kind == "clock.recomputed":
        return "；".join(f"{op['old_due']} 改为 {op['due']}" for op in facts["clocks"])
    return str(facts["step_name"]) if event.kind == "case.step_claimed" else ""


def _started(facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [op for op in facts.get("clocks", []) if op["op"] == "start"]


WAY = (
    ("case.submitted", "提交申请"),
    ("case.received", "收件"),
    ("case.accepted", "受理"),
    ("case.examined", "审查"),
    ("case.decided", "作出决定"),
    ("case.delivered", "送达"),
)


def timeline(case: Case, events: Iterable[Event], steps: list[Step]) -> list[dict[str, Any]]:
    """The whole way of a case: done with who and when, where it is now, what is to come."""
    last = {_station(event.kind): event for event in events}
    current = _current_station(State(case.state), steps)
    return [_stop(title, key == current, last.get(key)) for key, title in WAY]


def _stop(title: str, is_current: bool, event: Event | None) -> dict[str, Any]:
    if is_current or event is None:
        return {"title": title, "status": "current" if is_current else "todo"}
    return {
        "title": EVENT_TITLES[event.kind],
        "status": "done",
        "at": event.at,
        "who": _who(event),
        "text": _detail(event),
    }


def _station(kind: str) -> str:
    return "case.decided" if kind in {"case.granted", "case.refused"} else kind


def _current_station(state: State, steps: list[Step]) -> str:
    if state is State.REVIEWING and all(step.status == StepStatus.DONE.value for step in steps):
        return "case.decided"
    return {
        State.SUBMITTED: "case.received",
        State.RECEIVED: "case.accepted",
        State.ACCEPTED: "case.examined",
        State.REVIEWING: "case.examined",
        State.GRANTED: "case.delivered",
        State.REFUSED: "case.delivered",
        State.DELIVERED: "",
    }[state]


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [
        {
            "seq": event.seq,
            "at": event.at,
            "who": _who(event),
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "detail": _detail(event),
            "leaf": event.leaf[:16],
        }
        for event in events
    ]


def step_lines(steps: Iterable[Step], organisation: str) -> list[dict[str, Any]]:
    return [
        {
            "name": step.name,
            "organisation": organisation,
            "status_label": StepStatus(step.status).label,
            "tone": StepStatus(step.status).tone,
            "claimed_by": str(step.claimed_by or ""),
            "done_by": str(step.done_by or ""),
            "opinion": step.opinion,
        }
        for step in steps
    ]


def public_case(case: Case, organisation: str) -> dict[str, Any]:
    state = State(case.state)
    return {
        "number": case.number,
        "item_name": case.edition.name,
        "item_code": case.item.code,
        "edition_number": case.edition.number,
        "department": organisation,
        "state_label": state.label,
        "state_tone": state.tone,
        "applicant_masked": masked_applicant(case),
        "submitted_at": case.submitted_at,
    }


def staff_case(case: Case, organisation: str, summary: str) -> dict[str, Any]:
    return {
        **public_case(case, organisation),
        "applicant_name": case.applicant_name,
        "identity_masked": mask_identity(case.identity_number),
        "phone_masked": mask_phone(case.phone),
        "address": case.address,
        "summary": summary,
        "channel_label": CHANNEL_LABELS.get(case.channel, case.channel),
        "delivered_note": case.delivered_note,
    }


def outcome(case: Case) -> dict[str, str] | None:
    if case.is_granted is None:
        return None
    return {
        "label": "准予" if case.is_granted else "不予",
        "reason": case.decision_reason,
        "legal_basis": case.decision_legal_basis,
        "remedies": "" if case.is_granted else REMEDIES,
    }


def attachments(case: Case, uploads: Iterable[Any]) -> list[dict[str, str]]:
    return [
        {
            "name": upload.original_name,
            "size": filesizeformat(upload.size_bytes),
            "url": reverse("cases:attachment", args=[case.number, upload.id]),
        }
        for upload in uploads
    ]
