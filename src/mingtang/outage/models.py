"""Numbered paper receipts of an outage: the blocks that were printed, and what was entered of
them. Nothing counts from the time on a receipt until a second person has confirmed it."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, organisation, paired, person
from mingtang.base.ids import next_id
from mingtang.outage.rules import Stage

REFUSED, WAITING = Stage.REFUSED.value, Stage.WAITING.value


class PaperBlock(models.Model):
    """Numbers that were printed together, from one to another."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    first = models.IntegerField(unique=True)
    last = models.IntegerField(unique=True)
    printed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="paper_block_some"),
        )

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class PaperReceipt(models.Model):
    """A receipt as somebody entered it: number, when a thing was received, a scan. `organisation`
    answers for it, `region`: where that is; both as they were when it was entered."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = models.CharField(max_length=20)  # with subject_id the stream of the thing: case:42
    subject_id = models.BigIntegerField()
    organisation = organisation()
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    received_at = models.DateTimeField()  # as the paper says
    scan = models.ForeignKey("files.Upload", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    entered_for = person()
    stage = chosen(Stage, 10, default=WAITING)
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["number"], condition=~Q(stage=REFUSED), name="paper_number_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=~Q(stage=REFUSED),
                name="paper_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(received_at__lte=F("entered_at")), name="paper_receipt_past"
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False, entered_by__isnull=False),
                name="paper_receipt_entered_paired",
            ),
            paired("decided", "paper_receipt"),
            models.CheckConstraint(
                condition=Q(stage=WAITING, decided_at=None)
                | (~Q(stage=WAITING) & Q(decided_at__isnull=False)),
                name="paper_receipt_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="paper_receipt_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(stage=REFUSED) | ~Q(reason=""), name="paper_receipt_refused_why"
            ),
            one_of("stage", Stage, "paper_receipt"),
        )
        indexes = (models.Index(fields=["id"], condition=Q(stage=WAITING), name="paper_waiting"),)

    def __str__(self) -> str:
        return f"{self.stream}: {self.number}"

    @property
    def stream(self) -> str:
        """The history of the thing in the ledger."""
        return f"{self.kind}:{self.subject_id}"
