"""What people say to the office: ratings of a service, tokens that ask for one, the services."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.interaction.rules import Indicator, Level, RatingChannel

BY_ACCOUNT = Q(channel=RatingChannel.ACCOUNT.value)
BY_PHONE = Q(channel=RatingChannel.PHONE.value)
BY_SMS = Q(channel=RatingChannel.SMS.value)
LEVELS = [(level.value, level.label) for level in Level]
CHANNELS = [(channel.value, channel.label) for channel in RatingChannel]
TOKEN_CHANNELS = [
    channel.value for channel in (RatingChannel.PAD, RatingChannel.RECEIPT, RatingChannel.SMS)
]


class Rating(models.Model):
    """What the applicant's side says of one completed service. Never changed.

    `subject` is the stream of the case, `completed_seq` the event of it that completed the
    service. A correction is a second row that names the first; the later one counts. People write
    names and numbers: the text is sealed. No row: unrated.
    """

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    subject = models.CharField(max_length=80)
    completed_seq = models.IntegerField()
    level = models.CharField(max_length=20, choices=LEVELS)
    text = SealedField(default="")
    channel = models.CharField(max_length=10, choices=CHANNELS)
    rated_at = models.DateTimeField()
    rated_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # null: whoever held the code or the token, or spoke on the telephone
    typed_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # who wrote down what was said on the telephone
    window = models.ForeignKey(
        "regions.Window", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # of the token; null: on no window's account
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="correction"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "completed_seq"],
                condition=Q(corrects=None),
                name="rating_first_once",
            ),
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
                condition=(BY_PHONE & Q(typed_by__isnull=False)) | (~BY_PHONE & Q(typed_by=None)),
                name="rating_typed_by_of_channel",
            ),
            models.CheckConstraint(
                condition=Q(completed_seq__gte=1), name="rating_completed_seq_from_one"
            ),
        )
        indexes = (
            models.Index(fields=["subject", "completed_seq", "id"], name="rating_of_service"),
            models.Index(
                fields=["window", "rated_at"], condition=~Q(window=None), name="rating_at_window"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}#{self.completed_seq} {self.level}"


class RatingDetail(models.Model):
    """What was said of one side of a service, by who wanted to."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    rating = models.ForeignKey(
        "interaction.Rating", on_delete=models.PROTECT, related_name="details"
    )
    indicator = models.CharField(
        max_length=20, choices=[(indicator.value, indicator.label) for indicator in Indicator]
    )
    level = models.CharField(max_length=20, choices=LEVELS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rating", "indicator"], name="rating_detail_once"),
            models.CheckConstraint(
                condition=Q(indicator__in=[indicator.value for indicator in Indicator]),
                name="rating_detail_indicator_known",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]),
                name="rating_detail_level_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.level}"


class RatingToken(models.Model):
    """A question put to somebody: rate this service, once, until then.

    The token that is sent holds the row's number and a message code over the row: nothing that
    opens anything is stored here.
    """

    append_only = True
    fills_once = ("used_at",)

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    subject = models.CharField(max_length=80)
    completed_seq = models.IntegerField()
    channel = models.CharField(max_length=10, choices=CHANNELS)
    window = models.ForeignKey(
        "regions.Window", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(channel__in=TOKEN_CHANNELS), name="rating_token_channel_known"
            ),
            models.CheckConstraint(
                condition=(BY_SMS & Q(issued_by=None)) | (~BY_SMS & Q(issued_by__isnull=False)),
                name="rating_token_issued_by_of_channel",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("issued_at")), name="rating_token_lives"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__lte=models.F("expires_at")),
                name="rating_token_used_in_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}#{self.completed_seq} {self.channel}"


class Service(models.Model):
    """One completed service, whether rated or not: what rates are counted from.

    Kept by a follower; the ledger can always fill it anew. `level` is the word that counts, ""
    where nobody rated.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    subject = models.CharField(max_length=80)
    completed_seq = models.IntegerField()
    completed_date = models.DateField()
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    window_id = models.BigIntegerField(default=0)  # 0: at no window
    is_online = models.BooleanField()
    level = models.CharField(max_length=20, blank=True, default="", choices=LEVELS)
    is_unfounded = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "completed_seq"], name="service_once"),
            models.CheckConstraint(
                condition=Q(level__in=["", *(level.value for level in Level)]),
                name="service_level_known",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "completed_date"], name="service_of_unit"),
            models.Index(fields=["completed_date"], name="service_completed"),
        )

    def __str__(self) -> str:
        return f"{self.subject}#{self.completed_seq}"


class PublishedText(models.Model):
    """Words of a rating that somebody read, found fit for everyone, and published: what is left
    of them after the privacy filter."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    rating = models.OneToOneField(
        "interaction.Rating", on_delete=models.PROTECT, related_name="published"
    )
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    level = models.CharField(max_length=20, choices=LEVELS)
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(published_at__isnull=False, published_by__isnull=False),
                name="published_text_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="published_text_says_something"),
        )
        indexes = (
            models.Index(fields=["organisation", "published_at"], name="published_text_of_unit"),
        )

    def __str__(self) -> str:
        return self.text[:40]
