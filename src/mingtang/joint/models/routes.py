"""Routes of joint matters and their editions. No published edition ever changes."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id


class Route(models.Model):
    """A way in which several departments handle one matter: a template that editions fill."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    current_edition = models.ForeignKey(
        "joint.RouteEdition", null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: only a draft so far
    retired_at = models.DateTimeField(null=True)  # takes no new matters any more

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="route_named"),
        )

    def __str__(self) -> str:
        return self.name


class RouteEdition(models.Model):
    """A route as published on a day. Joint cases and projects pin the edition they began under."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    route = models.ForeignKey("joint.Route", on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    content = models.JSONField()  # rules.route.content_of
    content_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)  # why it changed, after which document
    published_at = models.DateTimeField()
    published_by_label = models.CharField(max_length=100)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["route", "number"], name="route_edition_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="route_edition_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.route_id} {self.number}"
