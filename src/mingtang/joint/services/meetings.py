"""Commands: units are called to a joint review or a site visit, come or not, speak or are silent.

Nothing here decides anything: a child case still needs its own decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.files.rules.documents import chinese_date
from mingtang.files.services import draw_up
from mingtang.joint.models import JointCase, JointPart, Meeting, MeetingPerson, MeetingUnit
from mingtang.joint.rules import meeting_papers as papers
from mingtang.joint.rules.meetings import (
    AnsweredAlready,
    Attendance,
    MeetingKind,
    NotInvited,
    Opinion,
    Standing,
    check_held,
    check_invitation,
    check_opinion,
    is_agreed,
)
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

Facts = dict[str, Any]


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def _locked(meeting_id: int) -> Meeting:
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("joint", "part")
    found = rows.filter(id=meeting_id).first()
    if found is None:
        raise NotFound
    if not found.is_open:
        raise Conflict("这次会议（踏勘）已经出具记录，或者已经取消，请刷新页面后再看。")
    return found


def _unit(meeting: Meeting, organisation_id: int) -> MeetingUnit:
    rows = meeting.units.select_for_update(of=("self",))
    found = rows.filter(organisation=organisation_id).first()
    if found is None:
        raise NotInvited
    return found


def _told(meeting: Meeting, **facts: Any) -> Facts:
    return {
        "joint_id": str(meeting.joint_id),
        "number": meeting.joint.number,
        "meeting_id": str(meeting.id),
        "meeting": meeting.number,
        "meeting_kind": meeting.kind,
        "organisation_id": str(meeting.joint.lead_id),
        **facts,
    }


def _answer(meeting: Meeting, **more: Any) -> Facts:
    return {"meeting_id": str(meeting.id), "meeting": meeting.number, **more}


def _tell(
    meeting: Meeting, kind: str, facts: list[Facts], actor: Actor, at: datetime, command_id: str
) -> None:
    entries = [Entry(meeting.joint.stream, kind, _told(meeting, **one)) for one in facts]
    record_all(entries, actor=actor, at=at, command_id=command_id)


# ── the invitation ────────────────────────────────────────────────────────────────────────────


@command("meeting.invite")
def invite(
    *,
    joint_id: int,
    kind: str,
    units: Sequence[int],
    held_at: datetime,
    place: str,
    agenda: str,
    answer_by_date: date,
    papers_sent: str = "",
    part_key: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Call units together, in one paper; each one's limit to answer begins. {"meeting_id"}."""
    joint = JointCase.objects.select_for_update(of=("self",)).filter(id=joint_id).first()
    if joint is None:
        raise NotFound
    on, wanted = legal_date(at), sorted(set(units))
    check_invitation(wanted, legal_date(held_at), answer_by_date, on)
    if not place.strip() or not agenda.strip():
        raise DomainError("请写明地点和议题。")
    meeting = Meeting(
        joint=joint,
        part=_part(joint, part_key),
        number=joint.meetings.count() + 1,
        kind=MeetingKind(kind).value,
        held_at=held_at,
        place=place.strip(),
        agenda=agenda.strip(),
        papers=papers_sent.strip(),
        answer_by_date=answer_by_date,
        invited_at=at,
        invited_by_id=_person(actor),
    )
    names = regions.names_of(wanted, on)
    paper = papers.invitation_paper(
        _called(meeting, on), [names[one] for one in wanted], joint.consent
    )
    meeting.invitation = draw_up(
        paper, subject=joint.stream, organisation_id=joint.lead_id, on=on, at=at
    )
    meeting.save(force_insert=True)
    told = [_invited(meeting, one, on) for one in wanted]
    told[0]["document"] = meeting.invitation.facts()
    _tell(meeting, "meeting.invited", told, actor, at, command_id)
    return _answer(meeting)


def _part(joint: JointCase, key: str) -> JointPart | None:
    if not key:
        return None
    found = joint.parts.filter(key=key).first()
    if found is None:
        raise DomainError("并联办件里没有这个环节，请重新选择。")
    return found


def _called(meeting: Meeting, on: date) -> papers.Called:
    lead = meeting.joint.lead_id
    local = meeting.held_at.astimezone(LEGAL_ZONE)
    return papers.Called(
        kind=MeetingKind(meeting.kind),
        unit=regions.short_names_of({lead}, on)[lead],
        joint=f"{meeting.joint.number}“{meeting.joint.title}”",
        part=meeting.part.name if meeting.part else "",
        when=f"{chinese_date(local.date())}{local:%H:%M}",
        place=meeting.place,
        agenda=meeting.agenda,
        papers=meeting.papers,
        answer_by=meeting.answer_by_date,
    )


def _invited(meeting: Meeting, organisation_id: int, on: date) -> Facts:
    """A unit is asked; its own clock runs to the day on which its word is awaited."""
    short = regions.short_names_of({organisation_id}, on)[organisation_id]
    key = f"{meeting.number}-{short}"
    kind = f"{ClockKind.OPINION.value}:{key}"
    clock = timing.start_clock_until(
        stream=meeting.joint.stream, kind=kind, start=on, due_date=meeting.answer_by_date
    )
    MeetingUnit.objects.create(meeting=meeting, organisation_id=organisation_id, clock_kind=kind)
    whose = {"key": key, "organisation_id": str(organisation_id)}
    return {"unit_id": str(organisation_id), "steps": [whose], "clocks": [clock]}


@command("meeting.cancel")
def cancel(*, meeting_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The meeting does not take place; nobody's word is awaited any longer."""
    meeting = _locked(meeting_id)
    if not reason.strip():
        raise DomainError("请写明取消的原因。")
    meeting.cancelled_reason = reason.strip()
    meeting.cancelled_at, meeting.cancelled_by_id = at, _person(actor)
    meeting.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason"])
    clocks = [op for one in meeting.units.order_by("id") for op in _stop(meeting, one, at)]
    facts = {"reason": meeting.cancelled_reason, "clocks": clocks}
    _tell(meeting, "meeting.cancelled", [facts], actor, at, command_id)
    return _answer(meeting)


def _stop(meeting: Meeting, unit: MeetingUnit, at: datetime) -> list[Facts]:
    stream, kind = meeting.joint.stream, unit.clock_kind
    clock = timing_queries.open_clock(stream, kind)
    if clock is None:
        return []
    day = max(legal_date(at), clock.start_date)
    return [timing.stop_clock(stream=stream, kind=kind, on=day)]


# ── who came ──────────────────────────────────────────────────────────────────────────────────


@command("meeting.attend")
def attend(
    *,
    meeting_id: int,
    organisation_id: int,
    present: Sequence[str] = (),
    late: Sequence[str] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Note who came for a unit, on time or late; nobody: absent. Noted anew until the minutes."""
    meeting = _locked(meeting_id)
    if at < meeting.held_at:
        raise DomainError("还没有到会议（踏勘）的时间，不能登记到会。")
    unit = _unit(meeting, organisation_id)
    on_time, behind = _names(present), _names(late)
    if twice := set(on_time) & set(behind):
        raise DomainError(f"“{'、'.join(sorted(twice))}”同时登记了按时和迟到，请更正。")
    how = Attendance.PRESENT if on_time else Attendance.LATE if behind else Attendance.ABSENT
    unit.people.all().delete()
    MeetingPerson.objects.bulk_create(
        MeetingPerson(unit=unit, name=name, is_late=name in behind) for name in on_time + behind
    )
    unit.attendance, unit.attended_at, unit.attended_by_id = how.value, at, _person(actor)
    unit.save(update_fields=["attendance", "attended_at", "attended_by"])
    facts = {"organisation_id": str(organisation_id), "attendance": how.value}
    _tell(meeting, "meeting.attendance_noted", [facts], actor, at, command_id)
    return _answer(meeting, attendance=how.value)


def _names(names: Iterable[str]) -> list[str]:
    """The names once each, in their order."""
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


# ── what was said ─────────────────────────────────────────────────────────────────────────────


@command("meeting.opine")
def opine(
    *,
    meeting_id: int,
    organisation_id: int,
    opinion: str,
    reason: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A unit says its word, once, before the limit or after it; late words are shown as late.

    Only who acts for the unit itself may; not who called the meeting.
    """
    meeting = _locked(meeting_id)
    unit = _unit(meeting, organisation_id)
    if actor.organisation_id != str(organisation_id):
        raise NotAllowed("意见由被邀请的单位自己提出，别的单位不能代填。")
    if unit.opinion is not None:
        raise AnsweredAlready
    said = Opinion(opinion)
    unit.reason, unit.opinion = check_opinion(said, reason), said.value
    unit.opined_date, unit.opined_at, unit.opined_by_id = legal_date(at), at, _person(actor)
    unit.save(update_fields=["opinion", "reason", "opined_date", "opined_at", "opined_by"])
    facts = {
        "organisation_id": str(organisation_id),
        "opinion": said.value,
        "is_late": legal_date(at) > meeting.answer_by_date,
        "clocks": _stop(meeting, unit, at),
    }
    _tell(meeting, "meeting.opined", [facts], actor, at, command_id)
    return _answer(meeting)


# ── the minutes ───────────────────────────────────────────────────────────────────────────────


@command("meeting.minute")
def minute(*, meeting_id: int, summary: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Draw up the one record for all, and tell how each unit came and spoke, one event each.

    Raises TooFewOfficers for a site visit of one, DomainError while a unit's attendance is not
    noted or its limit still runs. Silence counts as consent only by the matter's own document.
    """
    meeting, on = _locked(meeting_id), legal_date(at)
    if not summary.strip():
        raise DomainError("请写明讨论（踏勘）的情况和结论。")
    units = list(meeting.units.select_for_update(of=("self",)).order_by("id"))
    people = {unit.id: [str(one) for one in unit.people.order_by("id")] for unit in units}
    check_held(MeetingKind(meeting.kind), meeting.held_at, at, sum(map(len, people.values())))
    _check_complete(meeting, units, on)
    standings = {unit.id: unit.standing(meeting, on) for unit in units}
    lines = _lines(units, people, standings, on)
    paper = papers.minutes_paper(_called(meeting, on), lines, summary.strip())
    lead, stream = meeting.joint.lead_id, meeting.joint.stream
    meeting.minutes = draw_up(paper, subject=stream, organisation_id=lead, on=on, at=at)
    meeting.is_agreed = is_agreed(standings.values())
    meeting.minuted_at, meeting.minuted_by_id = at, _person(actor)
    meeting.save(update_fields=["minutes", "is_agreed", "minuted_at", "minuted_by"])
    told = [_came(meeting, unit, standings[unit.id], at) for unit in units]
    _tell(meeting, "meeting.attended", told, actor, at, command_id)
    facts = {"document": meeting.minutes.facts(), "is_agreed": meeting.is_agreed}
    _tell(meeting, "meeting.minuted", [facts], actor, at, command_id)
    return _answer(meeting, is_agreed=meeting.is_agreed)


def _check_complete(meeting: Meeting, units: Iterable[MeetingUnit], on: date) -> None:
    listed = list(units)
    if any(unit.attendance is None for unit in listed):
        raise DomainError("还有单位没有登记到会情况；没有来的，登记缺席。")
    if on <= meeting.answer_by_date and any(unit.opinion is None for unit in listed):
        raise DomainError(f"提出意见的期限到 {meeting.answer_by_date}，还有单位没有提出意见。")


def _lines(
    units: Sequence[MeetingUnit],
    people: Mapping[int, Sequence[str]],
    standings: Mapping[int, Standing],
    on: date,
) -> list[papers.UnitLine]:
    names = regions.names_of({unit.organisation_id for unit in units}, on)
    return [
        papers.UnitLine(
            unit=names[unit.organisation_id],
            attendance=Attendance(unit.attendance).label,
            people="、".join(people[unit.id]),
            standing=standings[unit.id].label,
            reason=unit.reason,
        )
        for unit in units
    ]


def _came(meeting: Meeting, unit: MeetingUnit, standing: Standing, at: datetime) -> Facts:
    """How a unit came and spoke, for whoever judges it: one event of its own."""
    return {
        "organisation_id": str(unit.organisation_id),
        "attendance": unit.attendance,
        "attendance_label": Attendance(unit.attendance).label,
        "standing": standing.value,
        "clocks": _stop(meeting, unit, at),
    }
