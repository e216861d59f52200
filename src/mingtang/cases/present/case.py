"""What pages show of a case: who, what, where it stands, what was decided."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.base.masking import mask_identity, mask_number, mask_person_name, mask_phone
from mingtang.cases.models import Case, Step
from mingtang.cases.queries import Situation, is_below, number_of, numbers_of, titles_of
from mingtang.cases.rules import (
    Channel,
    HandOverWay,
    Outcome,
    State,
    StepStatus,
    is_renewal_in_time,
)
from mingtang.cases.rules.steps import Finding
from mingtang.catalogue import queries as catalogue
from mingtang.timing.rules import WorkingCalendar, light, working_days_left

NEXT_STEPS = {
    State.SUBMITTED: "窗口正在安排核对材料，缺什么会一次告诉您。",
    State.RECEIVED: "窗口正在核对材料，齐全后即予受理。",
    State.CORRECTING: "请按补正通知书一次补齐，可以在网上补，也可以送到窗口。",
    State.ACCEPTED: "已受理，等待承办人审查。",
    State.REVIEWING: "承办人正在审查，请留意承诺的到期日。",
    State.PAUSED: "正在进行特别程序，所需时间不计入办理期限，结束后继续审查。",
    State.GRANTED: "已作出准予决定。结果备好后送达，怎么领取见“要办的事”。",
    State.REFUSED: "已作出不予决定，请到窗口领取决定书。不服的，可依法申请行政复议或提起行政诉讼。",
    State.DEEMED_GRANTED: "原证件到期前没有作出决定，依法视为准予延续。结果备好后送达。",
    State.DELIVERED: "本件已办结送达。",
    State.ARCHIVED: "本件已办结归档。",
    State.NOT_REQUIRED: "这件事依法不需要办理，不用再跑。",
    State.DECLINED: "这件事不归本机关管，请看告知书写明的机关。",
    State.RETURNED: "材料已退回。备齐后可以重新申请。",
    State.WITHDRAWN: "您已撤回申请。需要时可以重新申请。",
    State.TERMINATED: "审查已依法终止。",
}

NEXT_BELOW = "正在初审。初审完毕就上报，由上一级决定，办理期限从上报之日起计算。"

# The same for staff: who has the next move.
STAFF_NEXT = {
    State.SUBMITTED: "窗口收件，然后核对材料。",
    State.RECEIVED: "核对材料：齐全的受理，不齐的一次告知补正。",
    State.CORRECTING: "等申请人补正，补来以后再核对。",
    State.ACCEPTED: "由承办人领取、审查。",
    State.REVIEWING: "各环节审查完毕，由审批人决定。",
    State.PAUSED: "特别程序结束后，由承办人恢复计时。",
    State.GRANTED: "文书盖章，有证照的出证，然后送达。",
    State.REFUSED: "决定书盖章，然后送达。",
    State.DEEMED_GRANTED: "文书盖章，有证照的出证，然后送达。",
    State.DELIVERED: "核对案卷，归档。",
}


def next_step(case: Case) -> str:
    """What comes next, for the applicant."""
    state = State(case.state)
    if is_below(case) and state in {State.ACCEPTED, State.REVIEWING}:
        return NEXT_BELOW
    return NEXT_STEPS[state]


def staff_next(case: Case) -> str:
    """Who has the next move, for staff."""
    if case.bounced_at:
        return "窗口补好移交的内容，重新移交；办理时限不停。"
    if is_below(case) and State(case.state) in {State.ACCEPTED, State.REVIEWING}:
        return "初审后上报，由上一级决定；初审不同意的也要上报。"
    return STAFF_NEXT.get(State(case.state), "")


def done(case: Case, what: str, papers: Iterable[dict[str, Any]], paper_id: str) -> dict[str, Any]:
    """What an act has just done, who has the next move, and the paper that it left."""
    return {
        "what": f"“{what}”已办好，现在是“{State(case.state).label}”",
        "next": staff_next(case),
        "paper": next((one for one in papers if str(one["id"]) == paper_id), None),
    }


def page_of(key: str, for_staff: bool) -> str | None:
    """The page of the subject `case:KEY`; who may open it is that page's business."""
    case_id = parse_id(key)
    number = None if case_id is None else number_of(case_id)
    route = "cases:detail" if for_staff else "cases:progress_case"
    return reverse(route, args=[number]) if number else None


def pages_of(keys: Iterable[str], for_staff: bool) -> dict[str, str]:
    """The pages of many subjects `case:KEY`, in one statement."""
    ids = {key: case_id for key in keys if (case_id := parse_id(key)) is not None}
    numbers = numbers_of(ids.values())
    route = "cases:detail" if for_staff else "cases:progress_case"
    return {key: reverse(route, args=[numbers[one]]) for key, one in ids.items() if one in numbers}


def titles(keys: Iterable[str]) -> dict[str, str]:
    """What the subjects `case:KEY` are called."""
    ids = {key: case_id for key in keys if (case_id := parse_id(key)) is not None}
    found = titles_of(ids.values())
    return {key: found[case_id] for key, case_id in ids.items() if case_id in found}


def masked_applicant(case: Case) -> str:
    """Natural persons are masked; the names of enterprises are public."""
    is_natural = case.applicant_kind == "natural"
    return mask_person_name(case.applicant_name) if is_natural else case.applicant_name


def notice(case: Case, organisation: str) -> dict[str, Any]:
    """One line of the result notices."""
    assert case.decided_at is not None
    assert case.outcome is not None
    decided = Outcome(case.outcome)
    return {
        "number": mask_number(case.number),
        "item_name": case.edition.name,
        "item_code": case.item.code,
        "applicant": masked_applicant(case),
        "outcome": decided.label,
        "tone": "ok" if decided.is_grant else "warn",
        "unit": organisation,
        "decided_on": legal_date(case.decided_at),
    }


def limit_label(days_left: int) -> str:
    """What is left of a limit, in working days; negative is overdue."""
    if days_left < 0:
        return _("超期 %(days)d 个工作日") % {"days": -days_left}
    return _("剩 %(days)d 个工作日") % {"days": days_left} if days_left else _("今天到期")


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
        "is_bounced": case.bounced_at is not None,
        "light": "",
        "limit_label": "—",
    }
    if case.next_due_date:
        line["limit_label"] = limit_label(working_days_left(calendar, on, case.next_due_date))
        line["light"] = light(calendar, on, case.next_due_date).value
    return line


def siblings(steps: Iterable[Step], names: Mapping[int, str]) -> list[dict[str, str]]:
    """How the steps of a case stand, in a line of a list: name, unit, state."""
    return [
        {
            "name": step.name,
            "unit": names.get(step.organisation_id, ""),
            "label": StepStatus(step.status).label,
            "tone": StepStatus(step.status).tone,
        }
        for step in steps
    ]


def step_lines(steps: Iterable[Step], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """All instances of all steps, with the unit of each."""
    return [
        {
            "key": step.key,
            "name": step.name if step.attempt == 1 else f"{step.name}（第 {step.attempt} 次）",
            "organisation": names.get(step.organisation_id, ""),
            "status_label": StepStatus(step.status).label,
            "tone": StepStatus(step.status).tone,
            "claimed_by": str(step.claimed_by or step.assigned_to or ""),
            "done_by": str(step.done_by or ""),
            "finding": Finding(step.finding).label if step.finding else "",
            "opinion": step.opinion,
            "companion": step.companion,
            "note": step.note,
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
        "state": case.state,
        "state_label": state.label,
        "state_tone": state.tone,
        "is_open": state.is_open,
        "applicant_masked": masked_applicant(case),
        "submitted_at": case.submitted_at,
        "wanted_way": HandOverWay(case.wanted_way).label if case.wanted_way else "",
    }


def staff_case(case: Case, organisation: str) -> dict[str, Any]:
    return {
        **public_case(case, organisation),
        "applicant_name": case.applicant_name,
        "identity_masked": mask_identity(case.identity_number),
        "phone_masked": mask_phone(case.phone),
        "address": case.address,
        "channel_label": Channel(case.channel).label,
        "delivered_note": case.delivered_note,
        "proxy": _proxy(case),
        "renewal": _renewal(case),
        "licence": _licence(case),
        "marks": list(_marks(case)),
    }


def _proxy(case: Case) -> str:
    if not case.proxy_name:
        return ""
    seen = "已核对委托书" if case.is_mandate_seen else "委托书待核对"
    return f"{case.proxy_name} {mask_identity(case.proxy_identity)}（{seen}）"


def _renewal(case: Case) -> str:
    if case.renews_until_date is None:
        return ""
    asked = legal_date(case.submitted_at)
    late = "" if is_renewal_in_time(asked, case.renews_until_date) else "（没有提前三十日申请）"
    return f"{case.renews_number}，有效期至 {case.renews_until_date}{late}"


def _licence(case: Case) -> str:
    if case.issued_at is None:
        return ""
    until = f"，有效期至 {case.licence_expires_on}" if case.licence_expires_on else ""
    return f"{case.licence_number}{until}"


def _marks(case: Case) -> Iterable[str]:
    """What supervision looks at, said openly on the case."""
    if case.is_deemed_accepted:
        yield "视为受理"
    if case.extended_at:
        yield "已延期"
    if case.correction_count > 1:
        yield f"补正 {case.correction_count} 次"
    if case.referred_up_at:
        yield f"初审后已于 {legal_date(case.referred_up_at)} 上报"
    if case.bounce_count:
        yield f"退回窗口 {case.bounce_count} 次"
    if case.decided_under:
        yield f"首席代表依 {case.decided_under} 决定"
    if case.is_decided_alone:
        yield "一人审查并决定（即办件，列入抽查）"


def outcome(case: Case, remedies: str = "") -> dict[str, str] | None:
    """The decision, or what ended the case instead; None while it goes on."""
    if case.outcome is not None:
        decided = Outcome(case.outcome)
        told = catalogue.profile_of(case.edition).remedies
        return {
            "label": decided.label,
            "reason": case.decision_reason,
            "legal_basis": case.decision_legal_basis,
            "remedies": "" if decided in {Outcome.GRANTED, Outcome.DEEMED_GRANTED} else told,
        }
    if case.ended_at is not None:
        state = State(case.state)
        return {"label": state.label, "reason": case.end_reason, "legal_basis": "", "remedies": ""}
    return None


def attachments(case: Case, uploads: Iterable[Any]) -> list[dict[str, str]]:
    return [
        {
            "name": upload.original_name,
            "size": filesizeformat(upload.size_bytes),
            "url": reverse("cases:attachment", args=[case.number, upload.id]),
        }
        for upload in uploads
    ]


def proposals(now: Situation, on: date) -> list[str]:
    """What the system proposes and a person decides: nothing ends by itself."""
    case, found = now.case, []
    found += _bounced(case)
    due = next((clock.due_date for clock in now.clocks if clock.kind == "correction"), None)
    if now.state is State.CORRECTING and due and on > due:
        found.append(f"补正期限已于 {due} 届满，可以退件，也可以再等申请人。由您确认。")
    if case.accepted_at and now.state.is_open and now.owed:
        names = "、".join(one.name for one in now.owed)
        found.append(f"申请人说到窗口带来的材料还没有登记收到：{names}。作决定以前请核实。")
    until = case.renews_until_date
    if case.is_renewal_seen is False and until and on > until and now.state.is_open:
        found.append(f"申请延续的原证件已于 {until} 到期，核对属实的依法视为准予延续。请马上核对。")
    if now.state is State.RECEIVED and case.item.status == "abolished":
        found.append("本事项已取消，可能依法不需要办理。请核对后告知申请人。")
    is_elsewhere = case.item.department_id != case.organisation_id and not is_below(case)
    if now.state is State.RECEIVED and is_elsewhere:
        found.append("本事项现由另一单位办理，请核对后转办，或不予受理并写明有权机关。")
    return found


def _bounced(case: Case) -> list[str]:
    """Who owes the next move of what came back to the window, and why."""
    if case.bounced_at is None:
        return []
    day, who = legal_date(case.bounced_at), case.bounced_by
    what = f"已于 {day} 由 {who} 退回窗口：{case.bounce_reason}"
    return [f"{what}　下一步由收件窗口补好，重新移交；办理时限不停。"]
