"""Tables of reports: editions of the annual report, texts, cells, the register of problems."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import paired, person
from mingtang.base.ids import next_id
from mingtang.reports.rules.figures import CELLS, TEXTS, EditionState, ProblemState, Style


class Edition(models.Model):
    """The annual report of a unit for a year in one form. Frozen, it is a snapshot with a hash."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField()
    style = models.CharField(max_length=4, choices=[(one.value, one.label) for one in Style])
    state = models.CharField(max_length=6, choices=[(one.value, one.label) for one in EditionState])
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    snapshot = models.JSONField(null=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "year", "style"], name="edition_of_year_once"
            ),
            models.CheckConstraint(
                condition=Q(style__in=[one.value for one in Style]), name="report_style"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in EditionState]), name="report_state"
            ),
            models.CheckConstraint(condition=Q(year__gte=2008, year__lte=2100), name="report_year"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False, opened_by__isnull=False),
                name="report_opened_paired",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=EditionState.DRAFT.value,
                    frozen_at=None,
                    frozen_by=None,
                    snapshot=None,
                    snapshot_hash="",
                )
                | Q(
                    state=EditionState.FROZEN.value,
                    frozen_at__isnull=False,
                    frozen_by__isnull=False,
                    snapshot__isnull=False,
                )
                & ~Q(snapshot_hash=""),
                name="report_frozen_whole",
            ),
        )
        indexes = (models.Index(fields=["-year", "id"], name="report_by_year"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"

    @property
    def stream(self) -> str:
        return f"report:{self.id}"


class PastSnapshot(models.Model):
    """What a report said that was final once, and why it was opened again. Never changed."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="past")
    snapshot = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = person()
    reopened_at = models.DateTimeField()
    reopened_by = person()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="report_reopened_with_reason"),
            paired("frozen", "report_past"),
            paired("reopened", "report_past"),
        )

    def __str__(self) -> str:
        return self.snapshot_hash


class TextBlock(models.Model):
    """What the office writes into a part of the report."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="texts")
    key = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["edition", "key"], name="report_text_once"),
            models.CheckConstraint(condition=Q(key__in=list(TEXTS)), name="report_text_key"),
        )

    def __str__(self) -> str:
        return self.key


class EnteredCell(models.Model):
    """A number that no record tells: entered by the office, by whom and when."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="cells")
    key = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["edition", "key"], name="report_cell_once"),
            models.CheckConstraint(condition=Q(key__in=list(CELLS)), name="report_cell_key"),
            models.CheckConstraint(condition=Q(value__gte=0), name="report_cell_not_negative"),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False, entered_by__isnull=False),
                name="report_cell_entered_paired",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Problem(models.Model):
    """存在的问题 with measure and owner; what stays open goes into the next year's report."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="problems")
    text = models.CharField(max_length=300)
    measure = models.CharField(max_length=300)
    owner = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in ProblemState])
    outcome = models.CharField(max_length=300, blank=True)
    since_year = models.PositiveSmallIntegerField()
    carried_from = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="carried_into"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(measure=""), name="report_problem_has_measure"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in ProblemState]),
                name="report_problem_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProblemState.DONE.value) | ~Q(outcome=""),
                name="report_problem_done_says_how",
            ),
        )

    def __str__(self) -> str:
        return self.text
