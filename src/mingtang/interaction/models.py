"""What people say to the office: ratings of a service."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.interaction.rules import Level, RatingChannel

BY_ACCOUNT = Q(channel=RatingChannel.ACCOUNT.value)


class Rating(models.Model):
    """What the applicant's side says of one completed service. Once, and never changed.

    `subject` is the stream of the case, `completed_seq` the event of it that completed the
    service. People write names and numbers: the text is sealed. No row: unrated.
    """

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    subject = models.CharField(max_length=80)
    completed_seq = models.IntegerField()
    level = models.CharField(max_length=20, choices=[(level.value, level.label) for level in Level])
    text = SealedField(default="")
    channel = models.CharField(
        max_length=10, choices=[(channel.value, channel.label) for channel in RatingChannel]
    )
    rated_at = models.DateTimeField()
    rated_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # null: by the query code

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "completed_seq"], name="rating_once"),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="rating_level_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in RatingChannel]),
                name="rating_channel_known",
            ),
            models.CheckConstraint(
                condition=(BY_ACCOUNT & Q(rated_by__isnull=False))
                | (~BY_ACCOUNT & Q(rated_by=None)),
                name="rating_rated_by_of_channel",
            ),
            models.CheckConstraint(
                condition=Q(completed_seq__gte=1), name="rating_completed_seq_from_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}#{self.completed_seq} {self.level}"
