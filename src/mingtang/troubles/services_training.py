"""Commands: trainings in the use of the system are noted, and who came to them."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from mingtang.accounts.queries import Person, current_staff
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Result, command, record
from mingtang.troubles.models import Attendance, Course
from mingtang.troubles.rules import LONGEST_TOPIC, NotHeldYet, NotStaff, SaysNothing
from mingtang.troubles.services import person_of


@command("course.note")
def note_course(
    *, held_date: date, topic: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Note a training that was held. Records "course.noted". Raises NotHeldYet, SaysNothing."""
    if held_date > legal_date(at):
        raise NotHeldYet
    if not topic.strip():
        raise SaysNothing
    made = Course.objects.create(
        held_date=held_date,
        topic=topic.strip()[:LONGEST_TOPIC],
        noted_at=at,
        noted_by_id=person_of(actor),
    )
    record(
        stream=made.stream,
        kind="course.noted",
        facts={"topic": made.topic},
        effective_on=held_date,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"course_id": str(made.id)}


@command("course.note_attendance")
def note_attendance(
    *,
    course_id: int,
    usernames: Collection[str],
    hours: Decimal,
    is_passed: bool,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Note who came, for how many hours, whether they passed; said again of somebody, the later
    counts. Records "course.attended". Raises NotStaff for one name that is none: then nothing is
    noted."""
    course = Course.objects.select_for_update(of=("self",)).filter(id=course_id).first()
    if course is None:
        raise NotFound
    people = _staff(usernames, legal_date(at))
    rows = [
        Attendance(
            course=course,
            attendee=one,
            hours=hours,
            is_passed=is_passed,
            entered_at=at,
            entered_by_id=person_of(actor),
        )
        for one in people
    ]
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["course", "attendee"],
        update_fields=["hours", "is_passed", "entered_at", "entered_by"],
    )
    facts = {"hours": str(hours), "is_passed": is_passed}
    record(
        stream=course.stream,
        kind="course.attended",
        facts=facts | {"person_ids": [str(one.id) for one in people]},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"course_id": str(course.id), "count": len(people)}


def _staff(usernames: Collection[str], on: date) -> list[Person]:
    found = current_staff(usernames, on)
    if missing := [one for one in usernames if one not in found]:
        raise NotStaff(missing)
    return [found[one] for one in usernames]
