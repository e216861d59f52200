"""Tables of the exchange: batches made and received, what was rejected, own codes."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedJSONField
from mingtang.exchange.rules.batches import Origin, Way


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
    rejected_count = models.PositiveIntegerField(default=0)
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
