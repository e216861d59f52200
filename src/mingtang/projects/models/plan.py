"""What is planned: the investment of a year, and the days of each node."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, organisation, paired, person
from mingtang.base.ids import next_id
from mingtang.joint.rules.route import NodeKind


class AnnualPlan(models.Model):
    """What a project is to invest in a year, and what is to stand at its end."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="annual_plans"
    )
    year = models.PositiveSmallIntegerField()
    investment_cents = models.PositiveBigIntegerField()
    goal = models.CharField(max_length=500, blank=True, default="")
    planned_at = models.DateTimeField()
    planned_by = person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "year"], name="annual_plan_once"),
            models.CheckConstraint(
                condition=Q(investment_cents__gt=0), name="annual_plan_says_a_sum"
            ),
            paired("planned", "annual_plan"),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.year}"


class NodePlan(models.Model):
    """A node of the project's route, or a milestone of its own: planned days against actual ones.

    `key` is the node's key in the route; a milestone's begins with `own:`. Actual days of a node
    that a joint matter handles come from there; these columns hold what was entered by hand.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="nodes")
    key = models.CharField(max_length=60)
    stage = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    kind = chosen(NodeKind, 30)
    unit = organisation(null=True)
    planned_start_date = models.DateField(null=True)
    planned_end_date = models.DateField(null=True)
    started_date = models.DateField(null=True)
    ended_date = models.DateField(null=True)
    delay_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "key"], name="node_plan_once"),
            one_of("kind", NodeKind, "node_plan"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(name=""), name="node_plan_named"),
            models.CheckConstraint(
                condition=Q(planned_start_date=None)
                | Q(planned_end_date=None)
                | Q(planned_end_date__gte=F("planned_start_date")),
                name="node_plan_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_date=None)
                | Q(started_date__isnull=False, ended_date__gte=F("started_date")),
                name="node_plan_ends_after_start",
            ),
        )
        indexes = (
            models.Index(
                fields=["planned_end_date", "id"],
                condition=Q(ended_date=None, planned_end_date__isnull=False),
                name="node_plan_awaited",
            ),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.key}"
