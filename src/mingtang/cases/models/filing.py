"""Tables of what comes in: applications that are still being written, and materials given."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedJSONField
from mingtang.cases.rules.applying import GivenWay


class FilingDraft(models.Model):
    """An application that somebody is writing. No act yet: the ledger knows nothing of it.

    Who has it: a person who signed in, the browser that began it, whoever knows its resume code.
    Once filed it is empty but for its case, so that a second click finds what the first did.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("catalogue.Edition", on_delete=models.PROTECT, related_name="+")
    person = person()
    code_salt = models.BinaryField()
    code_index = models.CharField(max_length=64, unique=True)
    content = SealedJSONField()  # {"applicant", "answers", "materials", "known"}
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (
            models.Index(fields=["person", "saved_at"], name="filing_draft_mine"),
            models.Index(fields=["saved_at", "id"], name="filing_draft_age"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.saved_at}"

    @property
    def subject(self) -> str:
        """What its uploads belong to until it is filed."""
        return subject_of(self.id)


def subject_of(draft_id: int) -> str:
    return f"filing:{draft_id}"


class GivenMaterial(models.Model):
    """What a submission says of one material of the edition: given, or how it will come."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    submission = models.ForeignKey(
        "cases.Submission", on_delete=models.PROTECT, related_name="materials"
    )
    material_id = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=10)
    upload_ids = models.JSONField(default=list)  # in the order of the pages
    promise = models.CharField(max_length=300, blank=True, default="")
    brought_at = models.DateTimeField(null=True)  # of what was to be brought: a clerk has it
    brought_by = person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["submission", "material_id"], name="material_once"),
            one_of("way", GivenWay, "material"),
            paired("brought", "material"),
            models.CheckConstraint(
                condition=~Q(way=GivenWay.DEFERRED.value) | ~Q(promise=""),
                name="material_deferred_promised",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} {self.name}"
