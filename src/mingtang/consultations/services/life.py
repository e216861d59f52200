"""Commands: an activity is prepared; it opens and is done when its publications become public."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.conf import settings

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.consultations import queries
from mingtang.consultations.models import Activity, SurveyQuestion
from mingtang.consultations.rules.life import Kind, NotNow, Plan, check_plan, in_force
from mingtang.consultations.rules.texts import notice_of
from mingtang.consultations.services.common import Result, locked, person_of, tell
from mingtang.disclosure.services.drafting import begin
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions.queries import name_of
from mingtang.timing import services as timing
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind


@command("consultation.draft")
def draft(
    *, organisation_id: int, plan: Plan, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Prepare an activity: its notice becomes a draft in the review chain, and opens it once it is
    public. Records "consultation.drafted". Returns {"activity_id", "publication_id"}. Raises
    BadPlan, BadContent."""
    on = legal_date(at)
    check_plan(plan, in_force(settings.MINGTANG_CONSULTATION_LEAST_DAYS, on), at)
    by: Result = {"actor": actor, "at": at, "command_id": command_id}
    notice = begin(
        organisation_id=organisation_id,
        content=notice_of(_local(plan), on, name_of(organisation_id, on)),
        **by,
    )
    made = Activity.objects.create(
        kind=plan.kind.value,
        organisation_id=organisation_id,
        title=plan.title.strip(),
        notice_id=notice.id,
        days=None if plan.kind is Kind.INTERVIEW else plan.days,
        short_reason=plan.short_reason.strip()[:200],
        held_at=plan.held_at,
        held_until=plan.held_until,
        guests=plan.guests.strip()[:200],
        drafted_at=at,
        drafted_by_id=person_of(actor),
    )
    for position, one in enumerate(plan.questions, 1):
        SurveyQuestion.objects.create(
            activity=made,
            position=position,
            text=one.text,
            kind=one.kind.value,
            options=list(one.options),
        )
    facts = {"title": made.title, "days": made.days, "publication_id": str(notice.id)}
    tell(made, "consultation.drafted", facts | {"short_reason": made.short_reason}, **by)
    return {"activity_id": str(made.id), "publication_id": str(notice.id)}


def _local(plan: Plan) -> Plan:
    """The moments of a plan as a notice says them: by the clock of the law."""
    if plan.held_at is None or plan.held_until is None:
        return plan
    return replace(
        plan,
        held_at=plan.held_at.astimezone(LEGAL_ZONE),
        held_until=plan.held_until.astimezone(LEGAL_ZONE),
    )


@command("consultation.open")
def open_activity(*, activity_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """The notice is public: the term begins, the day itself not counted, and ends with its last
    day; the limit for the result is reckoned from there. Records "consultation.opened". Raises
    NotNow where the review chain, which is of several people, did not bring the notice out."""
    activity = locked(activity_id)
    if activity.opened_at is not None:
        return {"closes_at": activity.closes_at.isoformat() if activity.closes_at else ""}
    _check_went_out(activity.notice_id, "公告")
    activity.opened_at, activity.closes_at = at, _end(activity, at)
    last = last_day(activity.closes_at)
    limit = in_force(settings.MINGTANG_CONSULTATION_RESULT_DAYS, legal_date(at))
    clocks = [
        timing.start_clock(
            stream=activity.stream,
            kind=ClockKind.FEEDBACK,
            start=last,
            amount=limit or 0,
            unit="working_day",
        )
    ]
    clock = open_clock(activity.stream, ClockKind.FEEDBACK)
    assert clock is not None
    activity.result_due_date = clock.due_date
    activity.save(update_fields=["opened_at", "closes_at", "result_due_date"])
    facts = {
        "title": activity.title,
        "last_day": last.isoformat(),
        "result_due": clock.due_date.isoformat(),
        "clocks": clocks,
    }
    by: Result = {"actor": actor, "at": at, "command_id": command_id}
    tell(activity, "consultation.opened", facts, **by)
    return {"closes_at": activity.closes_at.isoformat()}


def _end(activity: Activity, at: datetime) -> datetime:
    """The moment from which nothing is taken in: of a term, the midnight after its last day."""
    if activity.held_until is not None:
        return max(activity.held_until, at)
    assert activity.days is not None
    day = legal_date(at) + timedelta(days=activity.days + 1)
    return datetime.combine(day, time(), LEGAL_ZONE)


def last_day(closes_at: datetime) -> date:
    """The last day on which something was taken in."""
    return legal_date(closes_at - timedelta(microseconds=1))


@command("consultation.report")
def report(*, activity_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """The result is public: its limit ends. Records "consultation.reported". Raises NotNow where
    it did not go out."""
    activity = locked(activity_id)
    if activity.reported_at is not None:
        return {"reported": False}
    _check_went_out(activity.result_id, "结果")
    activity.reported_at = at
    activity.save(update_fields=["reported_at"])
    clock = open_clock(activity.stream, ClockKind.FEEDBACK)
    assert clock is not None
    on = max(legal_date(at), clock.start_date)
    stopped = timing.stop_clock(stream=activity.stream, kind=ClockKind.FEEDBACK, on=on)
    facts = {"title": activity.title, "publication_id": str(activity.result_id)}
    by: Result = {"actor": actor, "at": at, "command_id": command_id}
    tell(activity, "consultation.reported", facts | {"clocks": [stopped]}, **by)
    return {"reported": True}


def _check_went_out(publication_id: int | None, what: str) -> None:
    if not queries.went_out(publication_id):
        raise NotNow(f"{what}还没有经审核发布，请先在“信息公开”里审核、发布{what}。")


def reckon_due(activity_id: int) -> None:
    """A calendar moved the limit: the day that the lists show follows its clock."""
    activity = Activity.objects.filter(id=activity_id).first()
    clock = open_clock(activity.stream, ClockKind.FEEDBACK) if activity else None
    if activity is not None and clock is not None:
        Activity.objects.filter(id=activity.id).update(result_due_date=clock.due_date)
