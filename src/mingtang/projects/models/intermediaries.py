"""Intermediary services (中介服务): the register, engagements, and what both sides say of them."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.cases.rules.satisfaction import Level
from mingtang.projects.rules.intermediaries import Commissioner, Engaged, Side, Trade


class Intermediary(models.Model):
    """A firm on the register, for one kind of service."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18)
    trade = chosen(Trade, 20)
    valid_to = models.DateField(null=True)  # of its qualification; null: no end
    registered_at = models.DateTimeField()
    registered_by = person()
    struck_off_at = models.DateTimeField(null=True)
    struck_off_by = person()
    struck_off_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            one_of("trade", Trade, "intermediary"),
            paired("registered", "intermediary"),
            paired("struck_off", "intermediary"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(credit_code=""), name="intermediary_named"
            ),
            models.CheckConstraint(
                condition=Q(struck_off_at=None) | ~Q(struck_off_reason=""),
                name="intermediary_struck_off_why",
            ),
            models.UniqueConstraint(
                fields=["credit_code", "trade"],
                condition=Q(struck_off_at=None),
                name="intermediary_once",
            ),
        )
        indexes = (models.Index(fields=["trade", "name", "id"], name="intermediary_listed"),)

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"intermediary:{self.id}"


class Engagement(models.Model):
    """A firm works on a node of a project, for the owner or for a department."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="engagements"
    )
    intermediary = models.ForeignKey(
        "projects.Intermediary", on_delete=models.PROTECT, related_name="engagements"
    )
    node = models.CharField(max_length=60, blank=True, default="")  # blank: of no node
    name = models.CharField(max_length=100)
    commissioner = chosen(Commissioner, 12)
    organisation = organisation()  # which commissions, or whose matter it is: it rates too
    started_date = models.DateField()
    promised_date = models.DateField()
    price_cents = models.PositiveBigIntegerField()
    engaged_at = models.DateTimeField()
    engaged_by = person()
    ended_date = models.DateField(null=True)
    result = models.CharField(max_length=500, blank=True, default="")
    completed_at = models.DateTimeField(null=True)
    completed_by = person()

    class Meta:
        constraints = (
            one_of("commissioner", Commissioner, "engagement"),
            paired("engaged", "engagement"),
            paired("completed", "engagement"),
            together("engagement_completed_whole", "ended_date", "completed_at"),
            models.CheckConstraint(
                condition=Q(completed_at=None, result="")
                | (Q(completed_at__isnull=False) & ~Q(result="")),
                name="engagement_completed_how",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="engagement_named"),
            models.CheckConstraint(
                condition=Q(promised_date__gte=F("started_date"))
                & (Q(ended_date=None) | Q(ended_date__gte=F("started_date"))),
                name="engagement_in_order",
            ),
        )
        indexes = (
            models.Index(fields=["project", "started_date", "id"], name="engagement_of_project"),
            models.Index(fields=["intermediary", "-started_date", "-id"], name="engagement_of"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"engagement:{self.id}"

    @property
    def engaged(self) -> Engaged:
        """Its days as the rules read them."""
        return Engaged(self.started_date, self.promised_date, self.ended_date)


class EngagementRating(models.Model):
    """What the owner or the department says of a finished engagement: once each, never changed."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    engagement = models.ForeignKey(
        "projects.Engagement", on_delete=models.PROTECT, related_name="ratings"
    )
    side = chosen(Side, 12)
    level = chosen(Level, 20)
    text = models.CharField(max_length=500, blank=True, default="")
    rated_at = models.DateTimeField()
    rated_by = person()

    class Meta:
        constraints = (
            one_of("side", Side, "engagement_rating"),
            one_of("level", Level, "engagement_rating"),
            paired("rated", "engagement_rating"),
            models.UniqueConstraint(fields=["engagement", "side"], name="engagement_rating_once"),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.level}"
