"""Papers that travel: originals, and the slips with which they change hands."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import document, paired, person
from mingtang.base.ids import next_id
from mingtang.cases.models.columns import case_of


class Original(models.Model):
    """An original that an applicant left with us; `place` is the unit that holds it now."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("originals")
    name = models.CharField(max_length=200)
    count = models.PositiveSmallIntegerField(default=1)
    place = models.ForeignKey("regions.Organisation", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)  # to the applicant
    returned_by = person()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(taken_at__isnull=False, taken_by__isnull=False),
                name="original_taken_paired",
            ),
            paired("returned", "original"),
            models.CheckConstraint(condition=Q(count__gte=1), name="original_at_least_one"),
        )
        indexes = (
            models.Index(
                fields=["place", "id"], condition=Q(returned_at=None), name="original_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class HandOverSlip(models.Model):
    """交接单: from whom, to whom, what, when; who received it signs for it."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("slips")
    sender = models.ForeignKey("regions.Organisation", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey("regions.Organisation", on_delete=models.PROTECT, related_name="+")
    originals = models.JSONField()  # [{"id", "name", "count"}]
    document = document()
    due_date = models.DateField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)
    received_by = person()
    is_recalled = models.BooleanField(default=False)  # by the sender: the papers never left

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False, sent_by__isnull=False), name="slip_sent_paired"
            ),
            paired("received", "slip"),
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="slip_between_two_units"
            ),
            models.CheckConstraint(
                condition=Q(received_by=None) | Q(is_recalled=True) | ~Q(received_by=F("sent_by")),
                name="slip_signed_by_another",
            ),
        )
        indexes = (
            models.Index(
                fields=["receiver", "due_date", "id"],
                condition=Q(received_at=None),
                name="slip_awaited",
            ),
            models.Index(
                fields=["sender", "due_date", "id"],
                condition=Q(received_at=None),
                name="slip_on_the_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.sender_id} → {self.receiver_id}"
