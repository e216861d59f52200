"""Tables of time: calendar editions and their days, and the clocks."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.ids import next_id
from mingtang.timing import rules
from mingtang.timing.rules import ClockState, ClockStatus, Unit

CLOCK_STATUSES = {
    ClockStatus.RUNNING.value: _("计时中"),
    ClockStatus.PAUSED.value: _("暂停"),
    ClockStatus.STOPPED.value: _("已停止"),
}
UNITS = {
    Unit.WORKING_DAY.value: _("工作日"),
    Unit.CALENDAR_DAY.value: _("自然日"),
    Unit.MONTH.value: _("月"),
    Unit.OFFICE_HOUR.value: _("办公小时"),
}
IS_STOPPED = Q(status=ClockStatus.STOPPED.value)
IN_OFFICE_HOURS = Q(unit=Unit.OFFICE_HOUR.value)


class CalendarEdition(models.Model):
    """A year's holiday notice as loaded. A correction is a new version; the latest one counts."""

    is_kept = True

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    published_on = models.DateField(null=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["year", "version"], name="calendar_year_version"),
            models.CheckConstraint(
                condition=Q(year__gte=rules.FIRST_DAY.year), name="calendar_year_in_range"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="calendar_version_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"


class DayOff(models.Model):
    """A day of an edition that breaks the weekday rule: a holiday, or a make-up working day."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    edition = models.ForeignKey(
        "timing.CalendarEdition", on_delete=models.PROTECT, related_name="days_off"
    )
    date = models.DateField()
    works = models.BooleanField()
    name = models.CharField(max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["edition", "date"], name="day_off_once"),)

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Clock(models.Model):
    """A limit of one thing, such as the promised limit of `case:42`.

    A cache of the operations in the events of `stream`: rules.fold gives the same. One at most of
    each kind is open. `due_at` is the moment within the day, for office hours only.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    stream = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=CLOCK_STATUSES)
    start_date = models.DateField()
    start_at = models.DateTimeField(null=True)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=20, choices=UNITS)
    rolls = models.BooleanField(default=False)
    pauses = models.JSONField(default=list)
    due_date = models.DateField()
    due_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField()
    stopped_date = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=list(CLOCK_STATUSES)), name="clock_status_known"
            ),
            models.CheckConstraint(condition=Q(unit__in=list(UNITS)), name="clock_unit_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="clock_amount_not_negative"),
            models.CheckConstraint(
                condition=(IS_STOPPED & Q(stopped_date__isnull=False))
                | (~IS_STOPPED & Q(stopped_date__isnull=True)),
                name="clock_stopped_has_date",
            ),
            models.CheckConstraint(
                condition=Q(stopped_date=None) | Q(stopped_date__gte=F("start_date")),
                name="clock_stopped_after_start",
            ),
            models.CheckConstraint(
                condition=Q(due_date__gte=F("start_date")), name="clock_due_after_start"
            ),
            models.CheckConstraint(
                condition=(IN_OFFICE_HOURS & Q(start_at__isnull=False, due_at__isnull=False))
                | (~IN_OFFICE_HOURS & Q(start_at__isnull=True, due_at__isnull=True)),
                name="clock_hours_have_moments",
            ),
            models.UniqueConstraint(
                fields=["stream", "kind"], condition=~IS_STOPPED, name="clock_open_once"
            ),
        )
        indexes = (
            models.Index(fields=["due_date"], condition=~IS_STOPPED, name="clock_due_open"),
            models.Index(fields=["stream", "kind", "id"], name="clock_stream"),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.kind} → {self.due_date}"

    @property
    def state(self) -> ClockState:
        """The row as the rules know it."""
        return ClockState(
            kind=self.kind,
            status=ClockStatus(self.status),
            start=self.start_at.astimezone(LEGAL_ZONE) if self.start_at else self.start_date,
            amount=self.amount,
            unit=Unit(self.unit),
            pauses=tuple(rules.read_pause(pair) for pair in self.pauses),
            due=self.due_date,
            provisional=self.is_provisional,
            stopped_on=self.stopped_date,
            due_at=self.due_at.astimezone(LEGAL_ZONE) if self.due_at else None,
            roll=self.rolls,
        )

    def take(self, state: ClockState) -> None:
        """Make the row say what the rules found. Does not save."""
        self.kind = state.kind
        self.status = state.status.value
        self.start_date = state.start_date
        self.start_at = state.start if isinstance(state.start, dt.datetime) else None
        self.amount, self.unit, self.rolls = state.amount, state.unit.value, state.roll
        self.pauses = rules.written_pauses(state.pauses)
        self.due_date, self.due_at = state.due, state.due_at
        self.is_provisional, self.stopped_date = state.provisional, state.stopped_on
