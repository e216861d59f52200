"""Drafts of the next editions of routes. A second person publishes them, as with items."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.catalogue.rules.drafts import OPEN_STATES, DraftState


class RouteDraft(models.Model):
    """What the next edition of a route is to say. `base_number` is the edition it was written
    against, 0 where there is none yet. Nobody opened what was shipped."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    route = models.ForeignKey("joint.Route", on_delete=models.PROTECT, related_name="drafts")
    state = chosen(DraftState, 10)
    base_number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=100)
    content = models.JSONField()  # rules.route.content_of
    note = models.CharField(max_length=300, blank=True)  # why it changes, after which document
    refused = models.JSONField(default=list)  # what of a BPMN file the content does not hold
    author_ids = models.JSONField(default=list)  # all who wrote in it: none of them reviews
    opened_at = models.DateTimeField()
    opened_by = person()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = person()
    returned_at = models.DateTimeField(null=True)
    returned_by = person()
    return_reason = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = person()
    discarded_at = models.DateTimeField(null=True)
    discarded_by = person()
    edition = models.ForeignKey(
        "joint.RouteEdition", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["route"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="route_draft_one_open",
            ),
            one_of("state", DraftState, "route_draft"),
            *(
                paired(one, "route_draft")
                for one in ("submitted", "returned", "reviewed", "discarded")
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, return_reason="")
                | (Q(returned_at__isnull=False) & ~Q(return_reason="")),
                name="route_draft_return_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_review", "published"]) | Q(submitted_at__isnull=False),
                name="route_draft_submitted_by_state",
            ),
            models.CheckConstraint(
                condition=Q(state="published", reviewed_at__isnull=False, edition__isnull=False)
                | (~Q(state="published") & Q(reviewed_at=None, edition=None)),
                name="route_draft_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="discarded", discarded_at__isnull=False)
                | (~Q(state="discarded") & Q(discarded_at=None)),
                name="route_draft_discarded_by_state",
            ),
            # Every publication is seen by a second person.
            models.CheckConstraint(
                condition=Q(reviewed_by=None)
                | (
                    (Q(opened_by=None) | ~Q(reviewed_by=F("opened_by")))
                    & ~Q(reviewed_by=F("submitted_by"))
                ),
                name="route_draft_second_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.route_id} {self.state}"
