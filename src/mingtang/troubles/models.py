"""Tables of what comes with using the system: troubles, and trainings with who came."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import organisation, paired, person
from mingtang.base.ids import next_id
from mingtang.troubles.rules import (
    LONGEST_PAGE,
    LONGEST_TEXT,
    LONGEST_TOPIC,
    LONGEST_VERSION,
    Stand,
)


class Trouble(models.Model):
    """What somebody met, on which page; whose it is; how and in which version it was mended."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = organisation()  # of whoever reports
    page = models.CharField(max_length=LONGEST_PAGE, blank=True, default="")
    text = models.CharField(max_length=LONGEST_TEXT)
    reported_at = models.DateTimeField()
    reported_by = person()
    taken_at = models.DateTimeField(null=True)
    taken_by = person()
    settled_at = models.DateTimeField(null=True)
    settled_by = person()
    answer = models.CharField(max_length=LONGEST_TEXT, blank=True, default="")
    fixed_in = models.CharField(max_length=LONGEST_VERSION, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(text="") & Q(reported_at__isnull=False, reported_by__isnull=False),
                name="trouble_reported_paired",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="trouble_taken_paired",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, answer="", fixed_in="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(answer="")),
                name="trouble_settled_paired",
            ),
        )
        indexes = (
            models.Index(fields=["reported_at", "id"], name="trouble_by_day"),
            models.Index(fields=["organisation", "reported_at"], name="trouble_by_unit"),
        )

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def stream(self) -> str:
        return f"trouble:{self.id}"

    @property
    def stand(self) -> Stand:
        return Stand(self.taken_at, self.settled_at)


class Course(models.Model):
    """A training in the use of the system, on a day (培训批次)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    held_date = models.DateField()
    topic = models.CharField(max_length=LONGEST_TOPIC)
    noted_at = models.DateTimeField()
    noted_by = person()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(topic=""), name="course_says_what"),
            paired("noted", "course"),
        )
        indexes = (models.Index(fields=["held_date", "id"], name="course_by_day"),)

    def __str__(self) -> str:
        return self.topic

    @property
    def stream(self) -> str:
        return f"course:{self.id}"


class Attendance(models.Model):
    """That somebody came to a training, for how long, and whether they passed."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    course = models.ForeignKey(
        "troubles.Course", on_delete=models.PROTECT, related_name="attendances", db_index=False
    )
    attendee = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=3, decimal_places=1)
    is_passed = models.BooleanField()
    entered_at = models.DateTimeField()
    entered_by = person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["course", "attendee"], name="attendance_once"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="attendance_lasts"),
            paired("entered", "attendance"),
        )

    def __str__(self) -> str:
        return f"{self.attendee_id} {self.hours}"
