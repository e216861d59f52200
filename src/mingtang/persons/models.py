"""Who has looked at what was masked, and why."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.persons.rules import Reason


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
