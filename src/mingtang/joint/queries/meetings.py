"""Reads of joint meetings: whose they are, who may do what, what waits for somebody's word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import SEES_NO_CASES, Grant, NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.joint.models import JointCase as JointCase
from mingtang.joint.models import JointPart
from mingtang.joint.models import Meeting as Meeting
from mingtang.joint.models import MeetingUnit as MeetingUnit
from mingtang.joint.queries.rights import visible as matters
from mingtang.joint.rules.meetings import Deed, deeds_in
from mingtang.ledger.rules import Actor

PAGE = 30
SPEAKERS = frozenset({Role.HANDLER, Role.APPROVER, Role.CHIEF_REPRESENTATIVE})
READERS = frozenset(Role) - SEES_NO_CASES
OPEN = Q(minuted_at=None, cancelled_at=None)


def visible(scope: Scope) -> "QuerySet[Meeting]":
    """The meetings about matters that somebody's posts open, and those to which their unit was
    called."""
    return Meeting.objects.filter(Q(joint__in=matters(scope)) | _called(scope))


def _called(scope: Scope) -> Exists:
    """To which a unit of somebody's posts was called."""
    asked = MeetingUnit.objects.filter(meeting=OuterRef("id"), organisation__in=_units(scope))
    return Exists(asked)


def _units(scope: Scope) -> set[int]:
    return {unit for one in scope.reading() for unit in one.organisation_ids}


def meeting_for(scope: Scope, meeting_id: int) -> Meeting:
    """One meeting for those concerned. Raises NotFound alike for none and for none of yours."""
    rows = visible(scope).select_related("joint", "part", "invitation", "minutes")
    found = rows.filter(id=meeting_id).first()
    if found is None:
        raise NotFound
    return found


def units_of(meeting: Meeting) -> list[MeetingUnit]:
    """Who was asked, with who came, in the order of the invitation."""
    return list(meeting.units.prefetch_related("people").order_by("id"))


@dataclass(frozen=True)
class MeetingPage:
    rows: list[Meeting]
    next: Cursor | None


def coming(scope: Scope, after: Cursor | None = None) -> MeetingPage:
    """Meetings that somebody's unit called or was called to and that are not written down yet, the
    soonest first; total order (held_at, id)."""
    ours = _called(scope) | Q(joint__lead__in=_units(scope))
    rows = Meeting.objects.filter(OPEN, ours).select_related("joint", "part")
    if after is not None:
        rows = rows.filter(Q(held_at__gt=after.at) | Q(id__gt=after.id), held_at__gte=after.at)
    listed = list(rows.order_by("held_at", "id")[: PAGE + 1])
    last = listed[PAGE - 1] if len(listed) > PAGE else None
    return MeetingPage(listed[:PAGE], Cursor(last.held_at, last.id) if last else None)


def awaited_of(scope: Scope, meetings: Iterable[Meeting]) -> set[int]:
    """Of these meetings those that wait for the word of somebody's own unit."""
    units = {one.organisation_id for one in scope.grants if one.role in SPEAKERS}
    rows = MeetingUnit.objects.filter(
        meeting__in=[one.id for one in meetings], organisation__in=units, opinion=None
    )
    return set(rows.values_list("meeting_id", flat=True))


def meetings_of(joint_id: int) -> list[Meeting]:
    """All meetings about a matter, in their order."""
    rows = Meeting.objects.filter(joint=joint_id).select_related("joint", "part")
    return list(rows.order_by("number", "id"))


def matter_for(scope: Scope, joint_id: int) -> JointCase:
    """A matter that is open to somebody, or to whose meeting their unit was called. Raises
    NotFound."""
    called = visible(scope).filter(joint=joint_id).values("joint")
    found = JointCase.objects.filter(Q(id__in=matters(scope)) | Q(id__in=called), id=joint_id)
    matter = found.first()
    if matter is None:
        raise NotFound
    return matter


def parts_of(joint: JointCase) -> list[JointPart]:
    return list(joint.parts.order_by("position", "id"))


# ── who may do what ───────────────────────────────────────────────────────────────────────────


def _callers(scope: Scope, joint: JointCase) -> list[Grant]:
    """The rights of the lead department, which calls and writes down."""
    return [
        one
        for one in scope.grants
        if one.role in SPEAKERS and joint.lead_id in one.organisation_ids
    ]


def caller(scope: Scope, joint: JointCase, act: str) -> Actor:
    """Who calls a meeting and keeps its record. Raises NotYourPost."""
    return _actor(scope, _callers(scope, joint), act)


def speaker(scope: Scope, organisation_id: int) -> Actor:
    """Who speaks for an invited unit. Raises NotYourPost."""
    return _actor(scope, _speakers(scope, organisation_id), "提出会议意见")


def _speakers(scope: Scope, organisation_id: int) -> list[Grant]:
    return [
        one
        for one in scope.grants
        if one.role in SPEAKERS and one.organisation_id == organisation_id
    ]


def _actor(scope: Scope, fitting: list[Grant], act: str) -> Actor:
    if not fitting:
        raise NotYourPost(act)
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def deeds_of(
    scope: Scope, meeting: Meeting, units: Iterable[MeetingUnit], at: datetime, on: date
) -> list[tuple[Deed, MeetingUnit | None]]:
    """What a reader may do now, with the unit that it concerns."""
    if not meeting.is_open:
        return []
    listed = list(units)
    found: list[tuple[Deed, MeetingUnit | None]] = [
        (Deed.OPINE, one)
        for one in listed
        if one.opinion is None and _speakers(scope, one.organisation_id)
    ]
    if not _callers(scope, meeting.joint):
        return found
    has_spoken = all(one.opinion for one in listed) or on > meeting.answer_by_date
    is_noted = all(one.attendance for one in listed)
    for deed in deeds_in(has_begun=at >= meeting.held_at, is_complete=has_spoken and is_noted):
        found += [(deed, one) for one in listed] if deed is Deed.ATTEND else [(deed, None)]
    return found
