"""What an applicant is asked to bring: corrections told at once, materials deferred."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import document
from mingtang.base.ids import next_id
from mingtang.cases.models.columns import case_of


class Correction(models.Model):
    """One notice that lists all that is missing (《行政许可法》第三十二条).

    A second round, and one after acceptance, take an approval and are marked.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("corrections")
    round = models.SmallIntegerField()
    missing = models.JSONField(default=list)  # [{"id", "name", "text"}] of the edition's materials
    note = models.TextField(blank=True, default="")
    document = document()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    override_reason = models.TextField(blank=True, default="")
    is_after_acceptance = models.BooleanField(default=False)
    supplied_at = models.DateTimeField(null=True)
    submission = models.ForeignKey(
        "cases.Submission", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "round"], name="correction_round"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False, asked_by__isnull=False),
                name="correction_asked_paired",
            ),
            models.CheckConstraint(
                condition=Q(round=1, is_after_acceptance=False) | ~Q(override_reason=""),
                name="correction_override_reasoned",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} #{self.round}"


class DeferredMaterial(models.Model):
    """容缺: accepted without it, on the promise to bring it before the decision."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("deferred")
    material_id = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    promise = models.CharField(max_length=300)
    due_date = models.DateField()
    supplied_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)  # the applicant, once, by the sweep

    class Meta:
        indexes = (
            models.Index(
                fields=["due_date", "id"],
                condition=Q(supplied_at=None, reminded_at=None),
                name="deferred_to_remind",
            ),
            models.Index(fields=["case"], condition=Q(supplied_at=None), name="deferred_awaited"),
        )
        constraints = (
            models.UniqueConstraint(fields=["case", "material_id"], name="deferred_once"),
            models.CheckConstraint(condition=~Q(promise=""), name="deferred_promised"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"
