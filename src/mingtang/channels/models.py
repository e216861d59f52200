"""Tables of channels: the channels, each release on one, to whom printed matter went."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.channels.rules import LONGEST_EVIDENCE, Carrier, Line, Measure, Proof

_CARRIERS = [(one.value, one.label) for one in Carrier]
_LINES = [(one.value, one.label) for one in Line]
_MEASURES = [(one.value, one.label) for one in Measure]
_PROOFS = [(one.value, one.label) for one in Proof]


class Channel(models.Model):
    """Where something is made public. Without an organisation it is every unit's."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    carrier = models.CharField(max_length=20, choices=_CARRIERS)
    line = models.CharField(max_length=12, choices=_LINES)
    measure = models.CharField(max_length=4, choices=_MEASURES)
    proof = models.CharField(max_length=8, choices=_PROOFS)
    organisation = models.ForeignKey(
        "regions.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_automatic = models.BooleanField(default=False)  # the system itself publishes there
    is_open = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="channel_named"),
            models.CheckConstraint(
                condition=Q(carrier__in=[one.value for one in Carrier]), name="channel_carrier"
            ),
            models.CheckConstraint(
                condition=Q(line__in=[one.value for one in Line]), name="channel_line"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=[one.value for one in Measure]), name="channel_measure"
            ),
            models.CheckConstraint(
                condition=Q(proof__in=[one.value for one in Proof]), name="channel_proof"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """发布: something went out on a channel. Written once; only its withdrawal comes later.

    `subject` names what it was ("publication:42"); blank: it has no record here, and `item_count`
    says how many different ones the row holds; null: nobody knows. `quantity` is what went out, in
    the unit of the channel. The database refuses a publication that is not public with this hash.
    """

    append_only = True
    fills_once = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.PROTECT, related_name="releases", db_index=False
    )
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        "regions.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        "regions.Region", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64, blank=True)
    item_count = models.PositiveIntegerField(null=True)
    quantity = models.PositiveIntegerField()
    measure = models.CharField(max_length=4, choices=_MEASURES)  # the channel's, on that day
    is_automatic = models.BooleanField()
    released_at = models.DateTimeField()
    released_date = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(  # null: the system
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_in_time = models.BooleanField()  # entered within one working day
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="release_titled"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="release_quantity_from_one"),
            models.CheckConstraint(
                condition=Q(item_count=None) | Q(item_count__gte=1), name="release_items_from_one"
            ),
            models.CheckConstraint(
                condition=Q(subject="") | Q(item_count=1), name="release_subject_is_one_item"
            ),
            models.CheckConstraint(
                condition=~Q(subject__startswith="publication:") | ~Q(content_hash=""),
                name="release_publication_hashed",
            ),
            models.CheckConstraint(
                condition=Q(measure__in=[one.value for one in Measure]), name="release_measure"
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False)
                & (Q(entered_by__isnull=False) | Q(is_automatic=True)),
                name="release_entered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
                name="release_withdrawn_paired",
            ),
            models.UniqueConstraint(  # once per item and channel, however often it is looked at
                fields=["channel", "subject", "content_hash"],
                condition=Q(is_automatic=True, withdrawn_at=None) & ~Q(subject=""),
                name="release_automatic_once",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "released_date", "id"], name="release_of_unit"),
            models.Index(fields=["channel", "released_date", "id"], name="release_on_channel"),
            models.Index(
                fields=["subject", "id"], condition=~Q(subject=""), name="release_of_subject"
            ),
        )

    def __str__(self) -> str:
        return f"{self.released_date} {self.title}"

    @property
    def stream(self) -> str:
        """What a photograph that proves it belongs to."""
        return f"release:{self.id}"


class Evidence(models.Model):
    """凭证: what shows that a release took place: an address, an issue, the name of a photograph.

    It may come later than the release: who hangs up a sheet has no picture of it yet.
    """

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    release = models.ForeignKey(
        "channels.Release", on_delete=models.PROTECT, related_name="evidence"
    )
    text = models.CharField(max_length=LONGEST_EVIDENCE)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="evidence_given"),
            models.CheckConstraint(
                condition=Q(added_at__isnull=False, added_by__isnull=False),
                name="evidence_added_paired",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Distribution(models.Model):
    """分发清单: to whom how many copies of a printed release went."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    release = models.ForeignKey(
        "channels.Release", on_delete=models.PROTECT, related_name="distribution"
    )
    position = models.PositiveSmallIntegerField()
    recipient = models.CharField(max_length=100)
    copies = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["release", "position"], name="distribution_position"),
            models.CheckConstraint(condition=~Q(recipient=""), name="distribution_recipient_given"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="distribution_copies_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.recipient} {self.copies}"
