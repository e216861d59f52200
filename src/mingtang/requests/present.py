"""What pages show of requests. Where the pages about a request stand."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.base.masking import mask_person_name
from mingtang.files.queries import Document
from mingtang.ledger.queries import Event
from mingtang.outage import present as paper
from mingtang.requests import queries
from mingtang.requests.models import Request
from mingtang.requests.rules.consulting import Answer, PartyRole, meaning_of
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.papers import PaperKind
from mingtang.requests.rules.people import ApplicantKind, Channel
from mingtang.requests.rules.states import State
from mingtang.timing import queries as timing
from mingtang.timing.queries import Clock
from mingtang.timing.rules import ClockKind, WorkingCalendar, clock_label

Row = dict[str, Any]

EVENT_TITLES = {
    "request.filed": "提交申请",
    "request.registered": "登记申请",
    "request.received": "确认收到",
    "request.correction_asked": "告知补正",
    "request.corrected": "收到补正",
    **paper.titles("request"),
    "request.consulted": "征求意见",
    "request.consultation_reached": "对方签收征求意见书",
    "request.consultation_answered": "收到意见",
    "request.reasons_asked": "要求说明理由",
    "request.reasons_given": "说明理由",
    "request.extended": "延期答复",
    "request.charged": "通知缴费",
    "request.paid": "缴费",
    "request.searched": "登记检索",
    "request.assistance_asked": "发协办函",
    "request.drafted": "拟写答复",
    "request.sent_back": "退回重拟",
    "request.decided": "作出答复",
    "request.lapsed": "逾期，不再处理",
    "request.lapse_proposed": "系统提示期限已过",
    "request.delivered": "送达",
    "request.withdrawn": "撤回",
    "request.linked": "关联以前的申请",
    "request.moved_to_active": "移送主动公开",
    "request.transferred_to_letter": "转信访、投诉渠道",
    "request.complained": "登记投诉举报",
    "request.reconsidered": "登记行政复议",
    "request.sued": "登记行政诉讼",
    "request.remedy_closed": "登记复议、诉讼结果",
    "document.sealed": "文书盖章",
    "clock.recomputed": "工作日日历修订，重算期限",
}
# What an applicant is shown of the history; the inner steps are not.
SHOWN_TO_APPLICANT = tuple(
    kind
    for kind in EVENT_TITLES
    if kind
    not in {
        *("request.searched", "request.drafted", "request.sent_back", "document.sealed"),
        *("request.linked", "request.lapse_proposed", "request.assistance_asked"),
        *("request.paper_receipt_entered", "request.paper_receipt_refused"),
    }
)


def page_to_ask(_key: str, _for_staff: bool) -> str:
    """Where one asks for what is not published: the slot of the public section."""
    return reverse("requests:index")


def page_of_request(key: str, for_staff: bool) -> str | None:
    """The page of the subject `request:KEY`; the public finds its own by number."""
    request_id = parse_id(key)
    return reverse("requests:detail", args=[request_id]) if for_staff and request_id else None


def titles_of_requests(keys: Iterable[str]) -> dict[str, str]:
    """What requests are called, by the key of their subject."""
    ids = {key: found for key in keys if (found := parse_id(key)) is not None}
    rows = dict(Request.objects.filter(id__in=ids.values()).values_list("id", "number"))
    return {key: f"{rows[one]} 信息公开申请" for key, one in ids.items() if one in rows}


def state(value: str) -> Row:
    found = State(value)
    return {"label": found.label, "tone": found.tone, "value": value}


def row(request: Request, on: date, unit: str, calendar: WorkingCalendar) -> Row:
    """A request in a list."""
    due = request.next_due_date if State(request.state).is_open else None
    left = calendar.count(on, due) if due else None
    if left is not None and due is not None and on > due:
        left = min(left, -1)
    return {
        "id": request.id,
        "number": request.number,
        "url": reverse("requests:detail", args=[request.id]),
        "what": request.description[:60] + ("…" if len(request.description) > 60 else ""),
        "applicant": request.applicant_name,
        "kind": ApplicantKind(request.applicant_kind).label,
        "channel": Channel(request.channel).label,
        "unit": unit,
        "state": state(request.state),
        "is_lapsed": request.lapse_proposed_at is not None and State(request.state).is_open,
        "due": due,
        "left": left,
        "left_label": _left(left),
        "light": timing.light_of(left).value if left is not None else "",
        "received": request.received_date,
        "submitted": request.submitted_at,
        "result": Kind(request.result).name_in_full if request.result else "",
        "result_date": request.result_date,
    }


def _left(left: int | None) -> str:
    """剩 3 个工作日; 超期 2 个工作日"""
    if left is None:
        return ""
    if left < 0:
        return _("超期 %(days)s 个工作日") % {"days": -left}
    return _("剩 %(days)s 个工作日") % {"days": left}


def public_request(request: Request, unit: str) -> Row:
    """What the progress page says of a request: the name is masked."""
    found = State(request.state)
    name = request.applicant_name
    is_natural = request.applicant_kind == ApplicantKind.NATURAL.value
    return {
        "number": request.number,
        "unit": unit,
        "state": state(request.state),
        "next_step": found.next_step,
        "applicant": mask_person_name(name) if is_natural else name,
        "description": request.description,
        "submitted": request.submitted_at,
        "received": request.received_date,
        "result": Kind(request.result).name_in_full if request.result else "",
        "result_date": request.result_date,
        "can_correct": found is State.CORRECTING,
        "can_give_reasons": request.reasons.filter(given_at=None).exists() and found.is_open,
        "can_withdraw": found.is_open,
    }


def limits(
    clocks: Iterable[Clock], events: list[Event] | None, on: date, calendar: WorkingCalendar
) -> list[Row]:
    """Each clock with why it is due when it is; those that still run first.

    `events` tell staff who did what; the public is told the days alone."""
    listed = sorted(clocks, key=lambda one: (one.stopped_date is not None, one.id))
    return [_limit(clock, events, on, calendar) for clock in listed]


def _limit(clock: Clock, events: list[Event] | None, on: date, calendar: WorkingCalendar) -> Row:
    found = clock.state
    left = timing.days_left_of(clock, on)
    if not found.is_open:
        note, light = _("已停止计时"), ""
    elif found.status == "paused":
        note, light = _("暂停计时，剩 %(days)s 个工作日") % {"days": left}, "yellow"
    else:
        note, light = _left(left), timing.light_of(left).value
    return {
        "label": clock_label(clock.kind),
        "is_open": found.is_open,
        "headline": note,
        "due": found.due,
        "light": light,
        "provisional": found.provisional,
        "explain": timing.explain_clock(clock, calendar)
        if events is None
        else timing.explain_history(clock, events, calendar),
    }


def reply_limit(found: list[Row]) -> Row | None:
    """The limit of reply that counts now; else the last one."""
    label = clock_label(ClockKind.REPLY.value)
    return next((one for one in found if one["label"] == label), None)


def history(events: Iterable[Event], only: Iterable[str] | None = None) -> list[Row]:
    """What happened, latest last; to the applicant no names of staff are told."""
    wanted = None if only is None else set(only)
    return [
        {
            "seq": event.seq,
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "at": event.at,
            "who": event.organisation_label + (event.actor_label if wanted is None else ""),
            "status": "done",
            "text": _told(event.facts),
        }
        for event in events
        if wanted is None or event.kind in wanted
    ]


def _told(facts: Mapping[str, Any]) -> str:
    if result := facts.get("result"):
        return Kind(result).name_in_full if result in set(Kind) else ""
    if answer := facts.get("answer"):
        return Answer(answer).label
    return ""


def documents(
    found: Iterable[Document], route: str, key: object, *, for_applicant: bool
) -> list[Row]:
    """The papers of a request; an applicant sees those made out to them, once sealed or not."""
    return [
        {
            "title": one.title,
            "number": one.number or "",
            "date": one.issued_date,
            "seal": one.seal_state,
            "url": reverse(route, args=[key, one.id]),
        }
        for one in found
        if not for_applicant or PaperKind(one.kind).is_for_applicant
    ]


def consultations(found: queries.File) -> list[Row]:
    return [
        {
            "number": one.number,
            "party": one.party.name,
            "role": PartyRole(one.party.role).label,
            "question": one.question,
            "sent": one.sent_at,
            "reached": one.reached_date,
            "due": one.due_date,
            "days": one.days,
            "answer": Answer(one.answer).label if one.answer else "",
            "text": one.answer_text,
            "meaning": meaning_of(PartyRole(one.party.role), Answer(one.answer)).label
            if one.answer
            else "",
        }
        for one in found.consultations
    ]


def decisions(found: queries.File) -> list[Row]:
    return [
        {
            "drafted": one.drafted_at,
            "drafter": one.drafted_by.name if one.drafted_by else "",
            "approved": one.approved_at,
            "approver": one.approved_by.name if one.approved_by else "",
            "returned": one.returned_at,
            "return_reason": one.return_reason,
            "delivered": one.delivered_date,
            "way": one.get_delivered_way_display(),
            "override": one.override,
            "parts": [
                {
                    "scope": part.scope,
                    "kind": Kind(part.kind).name_in_full,
                    "basis": part.basis or Kind(part.kind).row.legal_basis(_day_of(one)),
                    "reason": part.reason,
                }
                for part in sorted(one.parts.all(), key=lambda part: part.place)
            ],
        }
        for one in found.decisions
    ]


def _day_of(decision: queries.Decision) -> date:
    """The day under whose law its parts stand."""
    at = decision.approved_at or decision.drafted_at
    assert at is not None
    return legal_date(at)
