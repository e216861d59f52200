"""A case, what was handed in with it, and its steps."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.cases.rules import ApplicantKind, HandOverWay, State, StepStatus


def _paired(name: str) -> models.CheckConstraint:
    """`x_at` and `x_by` are set together or not at all."""
    at, by = f"{name}_at", f"{name}_by"
    return models.CheckConstraint(
        condition=Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=f"case_{name}_paired",
    )


def _reached(states: tuple[State, ...], column: str) -> models.CheckConstraint:
    """In these states, and in no other, the column is filled."""
    inside, filled = Q(state__in=[state.value for state in states]), Q(**{column: None})
    return models.CheckConstraint(
        condition=(inside & ~filled) | (~inside & filled), name=f"case_{column}_by_state"
    )


AFTER_RECEIPT = tuple(state for state in State if state is not State.SUBMITTED)
AFTER_ACCEPTANCE = tuple(state for state in AFTER_RECEIPT if state is not State.RECEIVED)
AFTER_DECISION = (State.GRANTED, State.REFUSED, State.DELIVERED)


class Case(models.Model):
    """One application for one item, from filing to delivery. Its history is in the ledger."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=50, unique=True)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("catalogue.Edition", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=[(state.value, state.label) for state in State])
    channel = models.CharField(max_length=20)
    next_due_date = models.DateField(null=True)

    applicant_kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.value) for kind in ApplicantKind]
    )
    applicant_name = models.CharField(max_length=120)
    applicant_person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    identity_number = SealedField()
    identity_index = models.CharField(max_length=64, db_index=True)
    phone = SealedField()
    address = SealedField(default="")
    code_salt = models.BinaryField(max_length=16)

    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(null=True)
    decision_reason = models.TextField(blank=True, default="")
    decision_legal_basis = models.TextField(blank=True, default="")
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    delivered_note = SealedField(default="")
    delivered_way = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices=[(way.value, way.label) for way in HandOverWay],
    )

    class Meta:
        constraints = (
            *(_paired(name) for name in ("received", "accepted", "decided", "delivered")),
            _reached(AFTER_RECEIPT, "received_at"),
            _reached(AFTER_ACCEPTANCE, "accepted_at"),
            _reached(AFTER_DECISION, "decided_at"),
            _reached(AFTER_DECISION, "is_granted"),
            _reached((State.DELIVERED,), "delivered_at"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(is_granted=False)
                | (~Q(decision_reason="") & ~Q(decision_legal_basis="")),
                name="case_refusal_reasoned",
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation", "next_due_date", "id"],
                condition=~Q(state="delivered"),
                name="case_worklist",
            ),
            models.Index(fields=["region", "state", "next_due_date", "id"], name="case_region"),
            models.Index(fields=["applicant_person", "submitted_at"], name="case_mine"),
            models.Index(fields=["decided_at", "id"], name="case_decided"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return stream_of(self.id)


def stream_of(case_id: int) -> str:
    """The name of a case's history in the ledger, and of what belongs to it elsewhere."""
    return f"case:{case_id}"


class Submission(models.Model):
    """What the applicant handed in. A correction will be a new row; this one stays.

    The ledger's commitment shows any change; the row itself can be erased when the law asks.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="submissions")
    number = models.SmallIntegerField()
    answers = models.JSONField()
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="submission_number"),
        )

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class Step(models.Model):
    """One piece of work on a case, at one organisation."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="steps")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        max_length=10, choices=[(status.value, status.label) for status in StepStatus]
    )
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    done_for = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    opinion = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "key"], name="step_key"),
            models.CheckConstraint(
                condition=Q(claimed_at=None, claimed_by=None)
                | Q(claimed_at__isnull=False, claimed_by__isnull=False),
                name="step_claimed_paired",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="step_done_paired",
            ),
            models.CheckConstraint(
                condition=Q(status="ready", claimed_at=None, done_at=None)
                | Q(status="claimed", claimed_at__isnull=False, done_at=None)
                | Q(status="done", claimed_at__isnull=False, done_at__isnull=False),
                name="step_status_and_dates",
            ),
        )
        indexes = (models.Index(fields=["organisation", "status", "id"], name="step_worklist"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"
