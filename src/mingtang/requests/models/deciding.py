"""What a request comes to: fees, decisions with their parts, remedies."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, document, one_of, paired, person, together
from mingtang.base.ids import next_id
from mingtang.requests.models.columns import request_of
from mingtang.requests.rules.fees import FeeBasis
from mingtang.requests.rules.kinds import PART_KINDS, Kind
from mingtang.requests.rules.people import WantedWay
from mingtang.requests.rules.remedies import RemedyKind, RemedyResult


class FeeNotice(models.Model):
    """What the handling costs: by count or by volume, never both; one notice at most."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = models.OneToOneField(
        "requests.Request", on_delete=models.PROTECT, related_name="fee_notice"
    )
    basis = chosen(FeeBasis, 10)
    quantity = models.PositiveIntegerField()
    before_count = models.PositiveIntegerField(default=0)  # of the month, by count
    amount_cents = models.BigIntegerField()
    due_date = models.DateField()
    charged_at = models.DateTimeField()
    charged_by = person()
    document = document()
    paid_date = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = person()  # who entered the payment

    class Meta:
        constraints = (
            one_of("basis", FeeBasis, "fee_notice"),
            paired("charged", "fee_notice"),
            paired("paid", "fee_notice"),
            together("fee_notice_paid_whole", "paid_date", "paid_at"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="fee_notice_amount"),
            models.CheckConstraint(
                condition=Q(basis=FeeBasis.COUNT.value) | Q(before_count=0),
                name="fee_notice_one_basis",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.amount_cents}"


class Decision(models.Model):
    """An answer: drafted by one person, approved by another; at most one is not sent back.

    F1 and F2 have no draft: the system proposes a lapse and a person confirms it.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("decisions")
    is_lapse = models.BooleanField(default=False)
    override = models.TextField(blank=True, default="")  # 公共利益, against a third party
    drafted_at = models.DateTimeField(null=True)
    drafted_by = person()
    sheet = document(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = person()
    return_reason = models.TextField(blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    approved_by = person()
    document = document(null=True)
    delivered_date = models.DateField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_by = person()
    delivered_way = chosen(WantedWay, 20, blank=True, default="")

    class Meta:
        constraints = (
            paired("drafted", "decision"),
            paired("returned", "decision"),
            paired("approved", "decision"),
            paired("delivered", "decision"),
            together("decision_delivered_whole", "delivered_date", "delivered_at"),
            models.CheckConstraint(
                condition=Q(is_lapse=True, drafted_at=None)
                | Q(is_lapse=False, drafted_at__isnull=False),
                name="decision_drafted",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(drafted_by=None)
                | ~Q(approved_by=F("drafted_by")),
                name="decision_by_two",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(returned_at=None), name="decision_one_way"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(document__isnull=False),
                name="decision_has_letter",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(returned_at=None), name="decision_one_standing"
            ),
        )

    def __str__(self) -> str:
        return str(self.request_id)


class DecisionPart(models.Model):
    """A part of a decision: what of the request, its kind, basis and reason."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    decision = models.ForeignKey(
        "requests.Decision", on_delete=models.PROTECT, related_name="parts"
    )
    place = models.SmallIntegerField()
    scope = models.CharField(max_length=200)
    kind = chosen(Kind, 4)
    basis = models.CharField(max_length=200, blank=True, default="")
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            one_of("kind", PART_KINDS, "decision_part"),
            models.UniqueConstraint(fields=["decision", "place"], name="decision_part_place"),
            models.CheckConstraint(
                condition=Q(kind=Kind.A.value) | ~Q(reason=""), name="decision_part_reasoned"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}"


class Remedy(models.Model):
    """A complaint, a reconsideration or a suit about a request, and its result."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("remedies")
    kind = chosen(RemedyKind, 20)
    body = models.CharField(max_length=120)
    reference = models.CharField(max_length=120, blank=True, default="")
    note = models.TextField(blank=True, default="")
    raised_date = models.DateField()
    registered_at = models.DateTimeField()
    registered_by = person()
    result = chosen(RemedyResult, 12, null=True)
    closed_date = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = person()
    result_note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            one_of("kind", RemedyKind, "remedy"),
            one_of("result", RemedyResult, "remedy", null=True),
            paired("registered", "remedy"),
            paired("closed", "remedy"),
            together("remedy_result_whole", "result", "closed_date", "closed_at"),
            models.CheckConstraint(
                condition=Q(closed_date=None) | Q(closed_date__gte=F("raised_date")),
                name="remedy_closed_after_raised",
            ),
        )
        indexes = (models.Index(fields=["raised_date", "id"], name="remedy_raised"),)

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"
