"""Reads of trainings: batches, who came, who of some people has passed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.troubles.models import Attendance, Course

PAGE = 30


@dataclass(frozen=True)
class CoursePage:
    rows: Sequence[Course]  # each with `came` and `passed`, numbers of people
    next: DateCursor | None


def courses(after: DateCursor | None = None) -> CoursePage:
    """Trainings, the latest first; total order (held_date, id)."""
    rows = Course.objects.annotate(
        came=Count("attendances"),
        passed=Count("attendances", filter=Q(attendances__is_passed=True)),
    )
    if after is not None:
        earlier = Q(held_date__lt=after.day) | Q(held_date=after.day, id__lt=after.id)
        rows = rows.filter(earlier)
    found = list(rows.order_by("-held_date", "-id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return CoursePage(found[:PAGE], DateCursor(last.held_date, last.id) if last else None)


def course(course_id: int) -> Course:
    """Raises NotFound."""
    found = Course.objects.filter(id=course_id).first()
    if found is None:
        raise NotFound
    return found


def attendances(course_id: int) -> list[Attendance]:
    """Who came to a training, by name; at most a few hundred."""
    rows = Attendance.objects.filter(course=course_id).select_related("attendee")
    return list(rows.order_by("attendee__name", "id"))


def trained(person_ids: Collection[int]) -> set[int]:
    """Who of these people has passed a training in the use of the system."""
    rows = Attendance.objects.filter(is_passed=True, attendee__in=person_ids)
    return set(rows.order_by("id").values_list("attendee_id", flat=True))
