"""Tables of troubles: one row each."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import organisation, person
from mingtang.base.ids import next_id
from mingtang.troubles.rules import LONGEST_PAGE, LONGEST_TEXT, LONGEST_VERSION, Stand


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
