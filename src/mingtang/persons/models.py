"""Who has looked at what was masked, and why; what people ask about their own data."""

from django.db import models
from django.db.models import F, Q

from mingtang.base import columns
from mingtang.base.columns import one_of, paired
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.persons.rules import Reason, RequestKind


class Reveal(models.Model):
    """Somebody had masked data shown. Which, of what, when, why; never the data themselves.

    The ledger says the same but for the words, which may name people.
    """

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=60, db_index=True)
    field_names = models.JSONField()
    field_count = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=20)
    words = SealedField(default="")
    revealed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reason__in=[one.value for one in Reason]), name="reveal_reason_known"
            ),
            models.CheckConstraint(condition=Q(field_count__gte=1), name="reveal_of_something"),
        )
        indexes = (
            models.Index(fields=["person", "revealed_at"], name="reveal_whose"),
            models.Index(fields=["revealed_at", "id"], name="reveal_when"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.subject} {self.revealed_at}"


class DataRequest(models.Model):
    """Somebody asks for a copy of what is held about them, or to have it erased.

    One person asks, or takes it in at a counter; another one answers.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(one.value, one.label) for one in RequestKind])
    words = SealedField(default="")
    asked_at = models.DateTimeField()
    registered_by = columns.person()  # at a counter; null: themselves
    due_date = models.DateField()
    is_agreed = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = columns.person()
    outcome = models.JSONField(null=True)  # what was erased, by holder; what stayed

    class Meta:
        constraints = (
            one_of("kind", RequestKind, "data_request"),
            paired("decided", "data_request"),
            models.CheckConstraint(
                condition=Q(decided_at=None, is_agreed=None)
                | Q(decided_at__isnull=False, is_agreed__isnull=False),
                name="data_request_decision_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (
                    ~Q(decided_by=F("person"))
                    & (Q(registered_by=None) | ~Q(decided_by=F("registered_by")))
                ),
                name="data_request_by_two",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(decided_at=None),
                name="data_request_one_open",
            ),
        )
        indexes = (models.Index(fields=["asked_at", "id"], name="data_request_when"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Hold(models.Model):
    """A dispute, a case at court: nothing about this person is erased meanwhile."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    placed_at = models.DateTimeField()
    placed_by = columns.person()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = columns.person()

    class Meta:
        constraints = (
            paired("placed", "hold"),
            paired("lifted", "hold"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(lifted_at=None), name="hold_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.placed_at}"
