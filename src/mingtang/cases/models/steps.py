"""The steps of a case, its pauses, and what a handler asks an approver for."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import document, one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.cases.models.columns import case_of
from mingtang.cases.rules import Finding, PauseReason, RequestKind, StepKind, StepStatus


class Step(models.Model):
    """One piece of work on a case, at one organisation. A redo is the next `attempt` of a key."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("steps")
    key = models.CharField(max_length=40)
    attempt = models.SmallIntegerField(default=1)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, default=StepKind.REVIEW.value)
    stage = models.SmallIntegerField(default=1)
    needs = models.JSONField(default=list)
    limit_days = models.PositiveSmallIntegerField(null=True)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    assigned_to = person()  # only this person may claim it; null: whoever has the post
    status = models.CharField(
        max_length=10, choices=[(status.value, status.label) for status in StepStatus]
    )
    claimed_at = models.DateTimeField(null=True)
    claimed_by = person()
    done_at = models.DateTimeField(null=True)
    done_by = person()
    done_for = person()
    companion = models.CharField(max_length=60, blank=True, default="")  # second officer on site
    finding = models.CharField(max_length=10, blank=True, default="")
    opinion = models.TextField(blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")  # why it is here, or came back

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "key", "attempt"], name="step_attempt"),
            models.UniqueConstraint(
                fields=["case", "key"],
                condition=~Q(status__in=["returned", "cancelled"]),
                name="step_key_in_force",
            ),
            paired("claimed", "step"),
            paired("done", "step"),
            one_of("status", StepStatus, "step"),
            one_of("kind", StepKind, "step"),
            models.CheckConstraint(
                condition=Q(status__in=["not_ready", "ready"], claimed_at=None, done_at=None)
                | Q(status="claimed", claimed_at__isnull=False, done_at=None)
                | (
                    Q(status="done", claimed_at__isnull=False, done_at__isnull=False)
                    & Q(finding__in=[finding.value for finding in Finding])
                )
                | Q(status__in=["skipped", "returned", "cancelled"]),
                name="step_status_and_dates",
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation", "status", "id"],
                condition=Q(status__in=["ready", "claimed"]),
                name="step_worklist",
            ),
            models.Index(
                fields=["claimed_by", "id"], condition=Q(status="claimed"), name="step_mine"
            ),
            models.Index(fields=["organisation", "case"], name="step_readers"),
            models.Index(
                fields=["organisation", "status"],
                condition=Q(kind=StepKind.PRE_EXAMINATION.value, status__in=["ready", "claimed"]),
                name="step_pre_examined",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Pause(models.Model):
    """A special procedure during which the limits stand still. There is none without its notice
    (《行政许可法》第四十五条)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("pauses")
    reason = models.CharField(
        max_length=20, choices=[(reason.value, reason.label) for reason in PauseReason]
    )
    note = models.TextField()
    expected_days = models.PositiveSmallIntegerField()
    document = document()
    paused_at = models.DateTimeField()
    paused_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    resumed_at = models.DateTimeField(null=True)
    resumed_by = person()
    result = models.TextField(blank=True, default="")  # nobody in resumed_by: the case ended

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(resumed_at=None), name="pause_open_once"
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=False, paused_by__isnull=False),
                name="pause_paused_paired",
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None, result="")
                | Q(resumed_at__isnull=False) & ~Q(result=""),
                name="pause_has_result",
            ),
            models.CheckConstraint(
                condition=Q(resumed_by=None) | Q(resumed_at__isnull=False),
                name="pause_resumed_paired",
            ),
            one_of("reason", PauseReason, "pause"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"


class Request(models.Model):
    """What a handler asks for and an approver answers: a special procedure, an extension."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("requests")
    kind = models.CharField(max_length=12, choices=[(k.value, k.label) for k in RequestKind])
    reason = models.CharField(max_length=20, blank=True, default="")  # of a special procedure
    note = models.TextField()
    days = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    asked_for = person()
    answered_at = models.DateTimeField(null=True)
    answered_by = person()
    is_approved = models.BooleanField(null=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(is_approved=None), name="request_open_once"
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False, asked_by__isnull=False),
                name="request_asked_paired",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_approved=None)
                | Q(answered_at__isnull=False, is_approved__isnull=False),
                name="request_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("asked_by")),
                name="request_answered_by_another",
            ),
            one_of("kind", RequestKind, "request"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
