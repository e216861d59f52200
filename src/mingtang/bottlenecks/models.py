"""Tables of bottlenecks: one row for each time a case went through a node.

A cache: the follower writes it from the events of the case, `mingtang replay bottlenecks` anew.
"""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, together
from mingtang.base.ids import next_id
from mingtang.bottlenecks.rules.steps import Status


class StepTime(models.Model):
    """A passage through a node: days on which it was ready, begun and over, and working days net
    of what stood still. Rows of a case never vanish: a redo adds the next attempt."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    stream = models.CharField(max_length=80)
    item_code = models.CharField(max_length=64)
    item_name = models.CharField(max_length=300)
    edition = models.PositiveIntegerField()  # its number; 0: older than such numbers are told
    key = models.CharField(max_length=40)
    attempt = models.SmallIntegerField()
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    stage = models.SmallIntegerField()
    needs = models.JSONField(default=list)
    organisation = models.ForeignKey(
        "regions.Organisation", db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )  # as the event says
    limit_days = models.PositiveSmallIntegerField(null=True)
    status = chosen(Status, 10)
    ready_date = models.DateField(null=True)
    begun_date = models.DateField(null=True)
    over_date = models.DateField(null=True)
    waiting_days = models.PositiveIntegerField(null=True)
    handling_days = models.PositiveIntegerField(null=True)
    paused_days = models.PositiveIntegerField(null=True)
    days = models.PositiveIntegerField(null=True)
    is_overdue = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stream", "key", "attempt"], name="step_time_once"),
            one_of("status", Status, "step_time"),
            together("step_time_days", "waiting_days", "handling_days", "paused_days", "days"),
            models.CheckConstraint(
                condition=Q(days=None) | Q(days=F("waiting_days") + F("handling_days")),
                name="step_time_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(days=None) | Q(ready_date__isnull=False, over_date__isnull=False),
                name="step_time_days_of_what_is_over",
            ),
        )
        indexes = (
            models.Index(fields=["over_date", "organisation"], name="step_time_by_day"),
            models.Index(fields=["item_code", "key", "over_date"], name="step_time_by_node"),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.name}"
