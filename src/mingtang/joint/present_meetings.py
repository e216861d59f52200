"""How joint meetings are told on pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mingtang.joint.queries.meetings import Meeting, MeetingUnit
from mingtang.joint.rules.meetings import Attendance

Row = dict[str, Any]


def meeting(one: Meeting, at: datetime) -> Row:
    """A meeting in a list or over its page."""
    state, tone = ("待举行", "info") if at < one.held_at else ("等会议记录", "warn")
    if one.cancelled_at is not None:
        state, tone = "已取消", "warn"
    elif one.minuted_at is not None:
        state, tone = ("意见一致", "ok") if one.is_agreed else ("意见不一致", "warn")
    return {
        "id": one.id,
        "number": one.number,
        "kind": one.get_kind_display(),
        "joint": one.joint,
        "part": one.part.name if one.part else "",
        "held_at": one.held_at,
        "place": one.place,
        "agenda": one.agenda,
        "papers": one.papers,
        "answer_by": one.answer_by_date,
        "state": state,
        "tone": tone,
        "reason": one.cancelled_reason,
    }


def unit(one: MeetingUnit, about: Meeting, names: Mapping[int, str], on: date) -> Row:
    """An invited unit: came or not, its word or its silence."""
    came = Attendance(one.attendance) if one.attendance else None
    standing = one.standing(about, on)
    return {
        "name": names.get(one.organisation_id, ""),
        "attendance": came.label if came else "",
        "attendance_tone": came.tone if came else "info",
        "people": "、".join(
            f"{who.name}（迟到）" if who.is_late else who.name for who in one.people.all()
        ),
        "standing": standing.label,
        "standing_tone": standing.tone,
        "reason": one.reason,
        "opined": one.opined_date,
    }
