"""Joint review meetings and joint site visits: who was asked, came, and said what."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, document, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.joint.rules.meetings import Attendance, MeetingKind, Opinion, Standing, Word


class Meeting(models.Model):
    """An invitation of several units about a joint matter or a part of it, and its one record."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    joint = models.ForeignKey("joint.JointCase", on_delete=models.PROTECT, related_name="meetings")
    part = models.ForeignKey(
        "joint.JointPart", null=True, on_delete=models.PROTECT, related_name="meetings"
    )  # null: about the whole
    number = models.PositiveSmallIntegerField()  # within the matter
    kind = chosen(MeetingKind, 12)
    held_at = models.DateTimeField()  # as appointed
    place = models.CharField(max_length=200)
    agenda = models.CharField(max_length=1000)
    papers = models.CharField(max_length=500, blank=True, default="")  # what goes with it
    answer_by_date = models.DateField()
    invitation = document()
    invited_at = models.DateTimeField()
    invited_by = person()
    minutes = document(null=True)
    is_agreed = models.BooleanField(null=True)  # what the minutes say; no permission
    minuted_at = models.DateTimeField(null=True)
    minuted_by = person()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = person()
    cancelled_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            one_of("kind", MeetingKind, "meeting"),
            *(paired(verb, "meeting") for verb in ("invited", "minuted", "cancelled")),
            together("meeting_minuted_whole", "minuted_at", "minutes", "is_agreed"),
            models.CheckConstraint(
                condition=~Q(place="") & ~Q(agenda=""), name="meeting_says_where_and_what"
            ),
            models.CheckConstraint(
                condition=Q(minuted_at=None) | Q(cancelled_at=None), name="meeting_one_end"
            ),
            models.CheckConstraint(
                condition=Q(minuted_at=None) | Q(minuted_at__gte=F("held_at")),
                name="meeting_minuted_after",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancelled_reason=""),
                name="meeting_cancelled_why",
            ),
            models.UniqueConstraint(fields=["joint", "number"], name="meeting_number_once"),
        )
        indexes = (
            models.Index(
                fields=["held_at", "id"],
                condition=Q(minuted_at=None, cancelled_at=None),
                name="meeting_coming",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.minuted_at is None and self.cancelled_at is None


class MeetingUnit(models.Model):
    """An invited unit: whether it came, and what it said. Silence has no opinion here."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    meeting = models.ForeignKey("joint.Meeting", on_delete=models.PROTECT, related_name="units")
    organisation = organisation()
    clock_kind = models.CharField(max_length=60)  # of its limit to answer
    attendance = chosen(Attendance, 8, null=True)
    attended_at = models.DateTimeField(null=True)  # when that was noted
    attended_by = person()
    opinion = chosen(Opinion, 10, null=True)
    reason = models.CharField(max_length=1000, blank=True, default="")
    opined_date = models.DateField(null=True)
    opined_at = models.DateTimeField(null=True)
    opined_by = person()

    class Meta:
        constraints = (
            one_of("attendance", Attendance, "meeting_unit", null=True),
            one_of("opinion", Opinion, "meeting_unit", null=True),
            paired("attended", "meeting_unit"),
            paired("opined", "meeting_unit"),
            together("meeting_unit_attended_whole", "attendance", "attended_at"),
            together("meeting_unit_opined_whole", "opinion", "opined_date", "opined_at"),
            models.CheckConstraint(
                condition=~Q(opinion__in=[Opinion.AGREE_IF.value, Opinion.DISAGREE.value])
                | ~Q(reason=""),
                name="meeting_unit_reasoned",
            ),
            models.UniqueConstraint(fields=["meeting", "organisation"], name="meeting_unit_once"),
        )
        indexes = (models.Index(fields=["organisation", "id"], name="meeting_unit_of"),)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.organisation_id}"

    def standing(self, meeting: Meeting, on: date) -> Standing:
        """Where its word stands on a day, by the matter's own setting about silence."""
        opinion = Opinion(self.opinion) if self.opinion else None
        is_absent = self.attendance == Attendance.ABSENT.value
        word = Word(meeting.answer_by_date, opinion, is_absent)
        return word.standing(on, meeting.joint.consent)


class MeetingPerson(models.Model):
    """Somebody who came for a unit, on time or late."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    unit = models.ForeignKey("joint.MeetingUnit", on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=60)
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "name"], name="meeting_person_once"),
            models.CheckConstraint(condition=~Q(name=""), name="meeting_person_named"),
        )

    def __str__(self) -> str:
        return self.name
