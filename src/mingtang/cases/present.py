"""What pages show of a case: its limits, its way so far and ahead, its history."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.masking import mask_identity, mask_person_name, mask_phone
from mingtang.cases.models import Case, Step
from mingtang.cases.rules import REMEDIES, HandOverWay, State, StepStatus
from mingtang.ledger.queries import Event
from mingtang.timing import queries as timing
from mingtang.timing.queries import Clock
from mingtang.timing.rules import ClockKind, ClockStatus, Light

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
CLOCK_LABELS = {
    ClockKind.COMPLETENESS: "材料核对期限",
    ClockKind.PROMISED: "承诺时限",
    ClockKind.STATUTORY: "法定时限",
    ClockKind.DELIVERY: "送达期限",
}
CHANNEL_LABELS = {"online": "网上申报", "counter": "窗口收件"}
NEXT_STEPS = {
    State.SUBMITTED: "窗口将在 5 个工作日内核对材料，缺什么会一次告诉您。",
    State.RECEIVED: "窗口正在核对材料，齐全后即予受理。",
    State.ACCEPTED: "已受理，等待承办人审查。",
    State.REVIEWING: "承办人正在审查，请留意承诺的到期日。",
    State.GRANTED: "已作出准予决定，请凭身份证到窗口领取结果。",
    State.REFUSED: "已作出不予决定，请到窗口领取决定书。" + REMEDIES,
    State.DELIVERED: "本件已办结送达。",
}


def local(at: datetime) -> str:
    return at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")


def masked_applicant(case: Case) -> str:
    """Natural persons are masked; the names of enterprises are public."""
    is_natural = case.applicant_kind == "natural"
    return mask_person_name(case.applicant_name) if is_natural else case.applicant_name


def limit_label(days_left: int, *, is_provisional: bool = False) -> str:
    mark = "（暂定）" if is_provisional else ""
    if days_left < 0:
        return f"超期 {-days_left} 个工作日{mark}"
    if days_left == 0:
        return f"今天到期{mark}"
    return f"剩 {days_left} 个工作日{mark}"


def row(case: Case, on: date, organisation: str) -> dict[str, Any]:
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
        left = timing.days_left(on, case.next_due_date)
        line["limit_label"] = limit_label(left)
        line["light"] = timing.light_of(left).value
    return line


def limit(clock: Clock, on: date, explain: list[str] | None = None) -> dict[str, Any]:
    """One clock as a panel: what is left, until when, under which sign."""
    shown: dict[str, Any] = {
        "label": CLOCK_LABELS[ClockKind(clock.kind)],
        "due": clock.due_date.isoformat(),
        "provisional": clock.is_provisional,
        "note": f"{clock.amount} 个工作日，{clock.start_date.isoformat()} 的次日起算",
        "explain": explain or [],
    }
    if clock.status == ClockStatus.STOPPED.value and clock.stopped_date:
        late = clock.stopped_date > clock.due_date
        shown["headline"] = "超期完成" if late else "按期完成"
        shown["light"] = (Light.RED if late else Light.GREEN).value
    else:
        left = timing.days_left(on, clock.due_date)
        shown["headline"] = limit_label(left, is_provisional=clock.is_provisional)
        shown["light"] = timing.light_of(left).value
    return shown


def limits(clocks: Iterable[Clock], on: date) -> list[dict[str, Any]]:
    return [limit(clock, on, timing.explain_clock(clock)) for clock in clocks]


def promised(clocks: Iterable[Clock], on: date, kind: ClockKind) -> dict[str, Any] | None:
    found = [clock for clock in clocks if clock.kind == kind.value]
    return limit(found[-1], on) if found else None


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
        dues = [f"{CLOCK_LABELS[ClockKind(op['kind'])]}至 {op['due']}" for op in _started(facts)]
        return "；".join(dues)
    if event.kind == "clock.recomputed":
        return "；".join(f"{op['old_due']} 改为 {op['due']}" for op in facts["clocks"])
    return str(facts.get("step_name", ""))


def _started(facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [op for op in facts.get("clocks", []) if op["op"] == "start"]


WAY = (
    ("case.submitted", "提交申请", {State.SUBMITTED}),
    ("case.received", "收件", set[State]()),
    ("case.accepted", "受理", {State.RECEIVED}),
    ("case.examined", "审查", {State.ACCEPTED, State.REVIEWING}),
    ("case.decided", "作出决定", set[State]()),
    ("case.delivered", "送达", {State.GRANTED, State.REFUSED}),
)


def timeline(case: Case, events: Iterable[Event], steps: list[Step]) -> list[dict[str, Any]]:
    """The whole way of a case: done with who and when, where it is now, what is to come."""
    last = {_station(event.kind): event for event in events}
    current = _current_station(State(case.state), steps)
    shown = []
    for key, title, _states in WAY:
        event = last.get(key)
        status = "current" if key == current else "done" if event else "todo"
        shown.append(
            {
                "title": EVENT_TITLES.get(event.kind, title)
                if event and status == "done"
                else title,
                "status": status,
                "at": local(event.at) if event and status == "done" else "",
                "who": _who(event) if event and status == "done" else "",
                "text": _detail(event) if event and status == "done" else "",
            }
        )
    return shown


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
            "at": local(event.at),
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
        "department": organisation,
        "state_label": state.label,
        "state_tone": state.tone,
        "applicant_masked": masked_applicant(case),
        "submitted_at": local(case.submitted_at),
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
            "size": f"{upload.size_bytes / 1024:.0f} KB",
            "url": reverse("cases:attachment", args=[case.number, upload.id]),
        }
        for upload in uploads
    ]
