"""Tables of the exchange: batches made and received, what was rejected, own codes, old cases and
how their system is switched off."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField, SealedJSONField
from mingtang.exchange.rules.batches import Origin, Way
from mingtang.exchange.rules.cutover import LONGEST_NOTE, Point
from mingtang.exchange.rules.legacy import OldState


class CodeChange(models.Model):
    """A code that this place has set from a day on, over those that we bring along."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    scheme = models.CharField(max_length=40)
    list = models.CharField(max_length=40)
    ours = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=100)
    valid_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "list", "ours", "valid_from"], name="exchange_code_dated"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(label="") & ~Q(source=""), name="exchange_code_whole"
            ),
        )

    def __str__(self) -> str:
        return f"{self.list} {self.ours} {self.code}"


class Batch(models.Model):
    """A batch made here or received from another place. The same files are one batch."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    way = chosen(Way, 10)
    scheme = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    from_date = models.DateField()
    to_date = models.DateField()
    digest = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    rejected_count = models.PositiveIntegerField(default=0)  # by our own check
    returned_count = models.PositiveIntegerField(default=0)  # by those above
    codes = models.TextField(blank=True, default="")  # what a received one is judged by
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["way", "digest"], name="exchange_batch_once"),
            one_of("way", Way, "exchange_batch"),
            models.CheckConstraint(
                condition=Q(from_date__lte=F("to_date")), name="exchange_batch_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(rejected_count__lte=F("row_count")), name="exchange_batch_counts"
            ),
        )
        indexes = (models.Index(fields=["noted_at", "id"], name="exchange_batch_listed"),)

    def __str__(self) -> str:
        return f"{self.scheme} {self.from_date} {self.to_date}"


class Reject(models.Model):
    """A row, or a file where `line` is 0, that our check or those above did not take."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    batch = models.ForeignKey(
        "exchange.Batch", on_delete=models.CASCADE, related_name="rejects", db_index=False
    )
    origin = chosen(Origin, 10)
    table = models.CharField(max_length=60)
    line = models.PositiveIntegerField()
    row_guid = models.CharField(max_length=128)
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="exchange_reject_reasoned"),
            one_of("origin", Origin, "exchange_reject"),
        )
        indexes = (models.Index(fields=["batch", "id"], name="exchange_reject_of_batch"),)

    def __str__(self) -> str:
        return f"{self.table} {self.row_guid} {self.field}"


class ReceivedRow(models.Model):
    """A row that another place sent, as it was sent. It names people: sealed."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    batch = models.ForeignKey(
        "exchange.Batch", on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    table = models.CharField(max_length=60)
    row_guid = models.CharField(max_length=128)
    content = SealedJSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["batch", "table", "row_guid"], name="exchange_received_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.row_guid}"


class LegacyImport(models.Model):
    """A file of an old system that was taken in: by its digest, with the account of its rows."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    source = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    old_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # null: broken off; the same file goes on with it

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at=None)
                | Q(old_count=F("new_count") + F("known_count") + F("refused_count")),
                name="legacy_import_adds_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.begun_at}"


class LegacyCase(models.Model):
    """A case as an old system left it: to be read, never to be acted on. It is no case of ours, so
    that no clock, count or sweep ever looks at it."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    legacy_import = models.ForeignKey(
        "exchange.LegacyImport", on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=60)
    old_number = models.CharField(max_length=80)
    item_name = models.CharField(max_length=300)
    item_code = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=120, blank=True)  # as the old system called it
    applicant_name = SealedField(default="")
    identity_number = SealedField(default="")
    state = chosen(OldState, 12)
    submitted_date = models.DateField()
    accepted_date = models.DateField(null=True)
    decided_date = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["old_number", "source"], name="legacy_case_once"),
            one_of("state", OldState, "legacy_case"),
            models.CheckConstraint(condition=~Q(old_number=""), name="legacy_case_numbered"),
        )

    def __str__(self) -> str:
        return self.old_number


class LegacyOutcome(models.Model):
    """Where an old case that was open has gone: to a case of ours, or to an end over there."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    legacy_case = models.OneToOneField(
        "exchange.LegacyCase", on_delete=models.PROTECT, related_name="outcome"
    )
    new_number = models.CharField(max_length=50, blank=True, default="")
    ending = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    settled_at = models.DateTimeField()
    settled_by = person()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(new_number="") & ~Q(ending="")) | (~Q(new_number="") & Q(ending="")),
                name="legacy_outcome_one_way",
            ),
            paired("settled", "legacy_outcome"),
        )

    def __str__(self) -> str:
        return self.new_number or self.ending


class CutOver(models.Model):
    """The switching-off of an old system: one says that it is ready, another seals it."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    source = models.CharField(max_length=60, unique=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = person()
    sealed_at = models.DateTimeField(null=True)
    sealed_by = person()

    class Meta:
        constraints = (
            paired("proposed", "cut_over"),
            paired("sealed", "cut_over"),
            models.CheckConstraint(
                condition=Q(sealed_by=None)
                | (Q(proposed_by__isnull=False) & ~Q(sealed_by=F("proposed_by"))),
                name="cut_over_sealed_by_two",
            ),
        )

    def __str__(self) -> str:
        return self.source

    @property
    def stream(self) -> str:
        return f"cut_over:{self.id}"


class CutOverTick(models.Model):
    """What no machine can know: noted by a named person."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    cut_over = models.ForeignKey(
        "exchange.CutOver", on_delete=models.CASCADE, related_name="ticks", db_index=False
    )
    point = chosen(Point, 12)
    note = models.CharField(max_length=LONGEST_NOTE)
    ticked_at = models.DateTimeField()
    ticked_by = person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["cut_over", "point"], name="cut_over_tick_once"),
            models.CheckConstraint(condition=~Q(note=""), name="cut_over_tick_says"),
            one_of("point", Point, "cut_over_tick"),
            paired("ticked", "cut_over_tick"),
        )

    def __str__(self) -> str:
        return str(self.point)


class CalendarFeed(models.Model):
    """The secret address at which somebody's calendar program reads their due days: its hash."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    owner = models.OneToOneField("accounts.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.owner_id)
