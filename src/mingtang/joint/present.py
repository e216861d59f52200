"""What pages show of joint matters. Where the pages about one stand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse

from mingtang.base.ids import parse_id
from mingtang.base.masking import mask_person_name
from mingtang.base.subjects import titles_of as subject_titles
from mingtang.base.subjects import url_of
from mingtang.cases.present.case import limit_label
from mingtang.cases.rules import ApplicantKind, Channel, GivenWay, State
from mingtang.files.queries import Document
from mingtang.joint import queries
from mingtang.joint.models import JointCase, JointMaterial, JointPart, JointPromise
from mingtang.joint.rules.meeting_papers import INVITATION, MINUTES
from mingtang.joint.rules.parts import is_free, may_simulate, open_needs
from mingtang.joint.rules.route import NodeKind, Tie
from mingtang.joint.rules.states import FINISHED, JointState, PartStatus
from mingtang.ledger.queries import Event
from mingtang.outage import present as paper
from mingtang.timing.rules import WorkingCalendar, light, working_days_left

Row = dict[str, Any]
SHOWN = "joint_shown"  # the matters whose code a browser has shown

EVENT_TITLES = {
    "joint.filed": "申报",
    "joint.accepted": "受理",
    "joint.deemed_accepted": "视为受理",
    "joint.correction_asked": "一次告知补正",
    "joint.supplied": "补正",
    **paper.titles("joint"),
    "joint.deferred_supplied": "补交容缺材料",
    "joint.deferred_reminded": "提醒补交材料",
    "joint.returned": "退件",
    "joint.part_opened": "事项开始办理",
    "joint.part_ready": "可以开始",
    "joint.part_begun": "登记开始",
    "joint.part_ended": "登记结束",
    "joint.part_settled": "事项有了结果",
    "joint.part_bounced": "部门把事项退回窗口",
    "joint.part_withdrawn": "撤回一个事项",
    "joint.part_waived": "去掉一个事项，其余继续",
    "joint.simulation_begun": "开始模拟审批",
    "joint.opinion_given": "出具模拟审批意见",
    "joint.converted": "模拟审批转为正式办件",
    "joint.extension_asked": "申请延期",
    "joint.extension_rejected": "不同意延期",
    "joint.extended": "批准延期",
    "joint.done": "全部办结",
    "joint.delivered": "结果全部送达",
    "joint.withdrawn": "撤回申报",
    "joint.terminated": "终止并联办理",
    "meeting.invited": "邀请联审、踏勘",
    "meeting.cancelled": "联审、踏勘取消",
    "meeting.attendance_noted": "登记到会",
    "meeting.opined": "单位提出意见",
    "meeting.attended": "到会和意见入记录",
    "meeting.minuted": "出具会议记录",
    "document.sealed": "文书盖章",
    "clock.recomputed": "工作日日历修订，重算期限",
}
NEXT_STEPS = {
    JointState.SUBMITTED: "窗口正在核对材料，齐全后一次受理，各部门同时开始办理。",
    JointState.CORRECTING: "材料不齐，请按补正通知书一次补齐；补齐以后各部门一起开始办理。",
    JointState.ACCEPTED: "各部门同时在办。要您办的事列在上面，别的不用您跑。",
    JointState.DONE: "全部办完了，请领取结果。",
    JointState.DELIVERED: "结果已经交给您，这件事办完了。",
}
FOR_THE_HOUSE = frozenset({"simulated_opinion", INVITATION, MINUTES})  # handed to no applicant


def page_of_matter(key: str, for_staff: bool) -> str | None:
    """The page of the subject `joint:KEY`; the public finds its own by number."""
    joint_id = parse_id(key)
    return reverse("joint:detail", args=[joint_id]) if for_staff and joint_id else None


def page_for_case(key: str, for_staff: bool) -> str | None:
    """The slot on the page of a case: the matter that it is part of (`joint_of_case:KEY`)."""
    case_id = parse_id(key)
    matter = queries.matter_of_case(case_id) if case_id else None
    if matter is None:
        return None
    if for_staff:
        return reverse("joint:detail", args=[matter.id])
    return reverse("joint:progress_of", args=[matter.number])


def titles(keys: Iterable[str]) -> dict[str, str]:
    """What matters are called, by the key of their subject."""
    ids = {key: found for key in keys if (found := parse_id(key)) is not None}
    known = queries.titles_of(ids.values())
    return {key: known[one] for key, one in ids.items() if one in known}


def state(joint: JointCase) -> Row:
    found = JointState(joint.state)
    return {"label": found.label, "tone": found.tone, "value": joint.state}


def row(
    joint: JointCase, parts: Sequence[JointPart], on: date, unit: str, calendar: WorkingCalendar
) -> Row:
    """A matter in a list."""
    due = joint.next_due_date if JointState(joint.state).is_open else None
    return {
        "number": joint.number,
        "title": joint.title,
        "url": reverse("joint:detail", args=[joint.id]),
        "progress_url": reverse("joint:progress_of", args=[joint.number]),
        "applicant": joint.applicant_name,
        "unit": unit,
        "state": state(joint),
        "due": due,
        "light": light(calendar, on, due).value if due else "",
        "left": limit_label(working_days_left(calendar, on, due)) if due else "",
        "submitted": joint.submitted_at,
        **progress(parts),
    }


def progress(parts: Sequence[JointPart]) -> Row:
    """How many parts are through, and how many need somebody's decision."""
    return {
        "finished": sum(part.status in FINISHED for part in parts),
        "total": len(parts),
        "failed": sum(part.is_required and _has_failed(part) for part in parts),
    }


def _has_failed(part: JointPart) -> bool:
    return part.status in {PartStatus.REFUSED, PartStatus.STOPPED}


def about(joint: JointCase, unit: str) -> Row:
    """What every page of a matter says of it."""
    return {
        "number": joint.number,
        "title": joint.title,
        "unit": unit,
        "state": state(joint),
        "applicant_masked": masked(joint),
        "submitted": joint.submitted_at,
        "route": joint.edition.route.name,
        "channel": Channel(joint.channel).label,
        "project": subject_titles([joint.project])[joint.project] if joint.project else "",
        "project_url": url_of(joint.project, for_staff=True) if joint.project else None,
        "consent": joint.consent,
        "end_reason": joint.end_reason,
        "bounces": joint.bounce_count,
    }


def masked(joint: JointCase) -> str:
    is_firm = joint.applicant_kind == ApplicantKind.LEGAL
    return joint.applicant_name if is_firm else mask_person_name(joint.applicant_name)


def stages(
    parts: Sequence[JointPart],
    names: Mapping[int, str],
    on: date,
    calendar: WorkingCalendar,
    *,
    is_staff: bool,
) -> list[Row]:
    """The parts by stage, each with where it stands and what it waits for. Of a simulated
    examination nobody outside the house is told."""
    rows = [(part.stage_name, _part(part, parts, names, on, calendar)) for part in parts]
    for _name, one in rows:
        if not is_staff and one["status"]["value"] == PartStatus.SIMULATING:
            one["status"] = _status(PartStatus.NOT_READY)
    return [
        {"name": name, "parts": [one for _name, one in some]}
        for name, some in groupby(rows, key=lambda pair: pair[0])
    ]


def _part(
    part: JointPart,
    parts: Sequence[JointPart],
    names: Mapping[int, str],
    on: date,
    calendar: WorkingCalendar,
) -> Row:
    status, case = PartStatus(part.status), part.case
    due = case.next_due_date if case and status is PartStatus.RUNNING else None
    return {
        "key": part.key,
        "name": part.name,
        "kind": NodeKind(part.kind).label,
        "is_case": part.kind == NodeKind.CASE,
        "is_required": part.is_required,
        "unit": names.get(part.organisation_id or 0, ""),
        "status": _status(status),
        "case": _case(case) if case else None,
        "due": due,
        "light": light(calendar, on, due).value if due else "",
        "left": limit_label(working_days_left(calendar, on, due)) if due else "",
        "begun": part.begun_date,
        "ended": part.ended_date,
        "days": part.days,
        "waits": _waits(part, parts),
        "is_yours": part.status == PartStatus.READY and part.kind in _THE_OWNERS,
        "may_simulate": part.kind == NodeKind.CASE and may_simulate(part, parts),
        "note": part.note,
        "simulated": _simulated(part, parts),
        "bounces": part.bounce_count,
    }


def _status(status: PartStatus) -> Row:
    return {"label": status.label, "tone": status.tone, "value": status.value}


_THE_OWNERS = (NodeKind.OWNER, NodeKind.OWNER_INTERMEDIARY)


def _case(case: Any) -> Row:
    return {
        "number": case.number,
        "state": {"label": State(case.state).label, "tone": State(case.state).tone},
        "url": reverse("cases:detail", args=[case.number]),
        "progress_url": reverse("cases:progress_case", args=[case.number]),
    }


def _waits(part: JointPart, parts: Sequence[JointPart]) -> list[Row]:
    """What a part that has not begun waits for."""
    if part.status not in {PartStatus.NOT_READY, PartStatus.SIMULATING}:
        return []
    names = {one.key: one.name for one in parts}
    return [
        {"name": names[need.node], "may_simulate": need.tie is Tie.SIMULATE}
        for need in open_needs(part, parts)
    ]


def _simulated(part: JointPart, parts: Sequence[JointPart]) -> Row | None:
    found = getattr(part, "simulated", None)
    if found is None:
        return None
    return {
        "is_favourable": found.is_favourable,
        "opinion": found.opinion,
        "given": found.given_at,
        "by": str(found.given_by or ""),
        "converted": found.converted_at,
        "document_id": found.document_id,
        "is_convertible": part.status == PartStatus.SIMULATING
        and found.given_at is not None
        and is_free(part, parts),
        "recheck": found.recheck,
    }


def materials(found: Iterable[JointMaterial], names: Mapping[int, str]) -> list[Row]:
    """The materials of the whole, with their files."""
    return [
        {
            "name": one.name,
            "way": GivenWay(one.way).label,
            "is_owed": GivenWay(one.way).is_owed and one.brought_at is None,
            "brought": one.brought_at,
            "files": [
                {"id": int(each), "name": names[int(each)]}
                for each in one.upload_ids
                if int(each) in names
            ],
        }
        for one in found
    ]


def promise(found: JointPromise | None, owed: Sequence[tuple[str, str]], on: date) -> Row | None:
    """What was promised for later, by when, and what of it has not come."""
    if found is None:
        return None
    left = {key for key, _name in owed}
    return {
        "words": found.words,
        "due": found.due_date,
        "is_over": bool(left) and on > found.due_date,
        "owed": [one["name"] for one in found.materials if one["key"] in left],
        "came": [one["name"] for one in found.materials if one["key"] not in left],
    }


def documents(found: Iterable[Document], route: str, key: object, *, is_staff: bool) -> list[Row]:
    """The papers of a matter; what is for the house alone is shown to nobody else."""
    return [
        {
            "title": one.title,
            "number": one.number or "",
            "date": one.issued_date,
            "url": reverse(route, args=[key, one.id]),
        }
        for one in found
        if is_staff or one.kind not in FOR_THE_HOUSE
    ]


def history(events: Iterable[Event], *, is_staff: bool) -> list[Row]:
    """What happened, in order; to the applicant no names of staff and no simulation are told."""
    return [
        {
            "seq": event.seq,
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "text": _told(event.facts),
            "at": event.at,
            "who": event.organisation_label + (event.actor_label if is_staff else ""),
            "status": "done",
        }
        for event in events
        if is_staff or is_for_all(event.kind)
    ]


_INNER = frozenset({
    *("joint.simulation_begun", "joint.opinion_given", "joint.converted", "joint.part_ready"),
    *("joint.extension_asked", "joint.extension_rejected", "document.sealed"),
    *("joint.paper_receipt_entered", "joint.paper_receipt_refused"),
})  # fmt: skip


def is_for_all(kind: str) -> bool:
    """Whether the applicant is told of an event."""
    return kind not in _INNER and not kind.startswith("meeting.")


def _told(facts: Mapping[str, Any]) -> str:
    """The part that an event is about, where it stands, and why."""
    part = facts.get("part_name", "")
    status = PartStatus(facts["status"]).label if facts.get("status") else ""
    words = [part, status if part else "", facts.get("reason", ""), facts.get("note", "")]
    words.append("、".join(facts.get("materials", ())))
    return " · ".join(word for word in words if word)
