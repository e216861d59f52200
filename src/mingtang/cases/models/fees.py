"""What a case costs, and the cashier window's day."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import document, one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.cases.models.columns import case_of
from mingtang.cases.rules.fees import ChargeState


class Charge(models.Model):
    """A payment notice by the fee schedule of the case's edition. Sums are in cents (分)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("charges")
    lines = models.JSONField()  # [{"name", "standard", "basis", "cents"}]
    cents = models.PositiveBigIntegerField()
    blocks_issue = models.BooleanField(default=True)
    state = models.CharField(
        max_length=16, choices=[(state.value, state.label) for state in ChargeState]
    )
    document = document()
    charged_at = models.DateTimeField()
    charged_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    waiver_asked_at = models.DateTimeField(null=True)
    waiver_asked_by = person()
    waiver_cents = models.PositiveBigIntegerField(default=0)
    waiver_reason = models.TextField(blank=True, default="")
    waived_at = models.DateTimeField(null=True)
    waived_by = person()
    paid_at = models.DateTimeField(null=True)
    paid_by = person()  # who took the money
    paid_cents = models.PositiveBigIntegerField(default=0)
    provider = models.CharField(max_length=40, blank=True, default="")
    reference = models.CharField(max_length=80, blank=True, default="")
    receipt_number = models.CharField(max_length=60, blank=True, default="")
    refunded_at = models.DateTimeField(null=True)
    refunded_by = person()
    refunded_cents = models.PositiveBigIntegerField(default=0)
    refund_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(charged_at__isnull=False, charged_by__isnull=False),
                name="charge_charged_paired",
            ),
            *(paired(one, "charge") for one in ("waiver_asked", "waived", "paid", "refunded")),
            one_of("state", ChargeState, "charge"),
            models.CheckConstraint(
                condition=Q(waived_by=None) | ~Q(waived_by=F("waiver_asked_by")),
                name="charge_waived_by_another",
            ),
            models.CheckConstraint(
                condition=Q(waiver_cents__lte=F("cents")), name="charge_waiver_within"
            ),
            models.CheckConstraint(
                condition=Q(paid_at=None, paid_cents=0, receipt_number="")
                | (Q(paid_at__isnull=False) & ~Q(receipt_number="")),
                name="charge_payment_has_receipt",
            ),
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("paid_cents")), name="charge_refund_within"
            ),
            models.UniqueConstraint(
                fields=["receipt_number"],
                condition=~Q(receipt_number=""),
                name="charge_receipt_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["state", "case"],
                condition=Q(state__in=[ChargeState.DUE.value, ChargeState.WAIVER_ASKED.value]),
                name="charge_awaited",
            ),
            models.Index(fields=["paid_by", "paid_at"], name="charge_cashier"),
            models.Index(fields=["refunded_by", "refunded_at"], name="charge_refunds"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.cents}"


class CashierDay(models.Model):
    """A cashier's day, counted and closed: what the system says, what lay in the drawer."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    date = models.DateField()
    cashier = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    organisation_id = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    refunded_cents = models.BigIntegerField()
    counted_cents = models.BigIntegerField()
    payment_count = models.PositiveIntegerField()
    note = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["date", "cashier"], name="cashier_day_once"),
            models.CheckConstraint(
                condition=Q(counted_cents=F("paid_cents") - F("refunded_cents")) | ~Q(note=""),
                name="cashier_difference_explained",
            ),
        )
        indexes = (
            models.Index(fields=["organisation_id", "date", "id"], name="cashier_days_of_unit"),
            models.Index(fields=["cashier", "date", "id"], name="cashier_days_of_one"),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.cashier_id}"
