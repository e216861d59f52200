"""Messages as they were written and how they fared; the office's own wording."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.messages.rules import LONGEST_SMS, MAX_TRIES, OPTIONAL, QUEUED, Audience, State, Way

IS_INBOX = Q(way=Way.INBOX.value)
IS_QUEUED = Q(state__in=[state.value for state in QUEUED])
ON_THE_WAY = [state.value for state in State if state is not State.DELIVERED]


def _exactly_when(condition: Q, filled: str, name: str) -> models.CheckConstraint:
    """The column is filled under this condition and under no other."""
    is_empty = Q(**{filled: None})
    return models.CheckConstraint(
        condition=(condition & ~is_empty) | (~condition & is_empty), name=name
    )


class Message(models.Model):
    """One text to one recipient on one way. Texts may name people: they are sealed.

    `dedupe_key` is a keyed hash of what it is sent for, the way and the recipient: the same
    thing told twice is one row.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    subject = models.CharField(max_length=80)
    event = models.CharField(max_length=60)
    audience = models.CharField(
        max_length=10, choices=[(audience.value, audience.label) for audience in Audience]
    )
    way = models.CharField(max_length=10, choices=[(way.value, way.label) for way in Way])
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recipient = SealedField(default="")
    title = SealedField()
    text = SealedField()
    dedupe_key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(state.value, state.label) for state in State])
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    provider = models.CharField(max_length=100, blank=True, default="")
    provider_reference = models.CharField(max_length=200, blank=True, default="")
    last_error = models.CharField(max_length=300, blank=True, default="")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(way__in=[way.value for way in Way]), name="message_way_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[audience.value for audience in Audience]),
                name="message_audience_known",
            ),
            models.CheckConstraint(
                condition=(IS_INBOX & Q(state=State.DELIVERED.value))
                | (~IS_INBOX & Q(state__in=ON_THE_WAY)),
                name="message_state_of_way",
            ),
            models.CheckConstraint(
                condition=(IS_INBOX & Q(person__isnull=False, recipient=b""))
                | (~IS_INBOX & ~Q(recipient=b"")),
                name="message_has_recipient",
            ),
            _exactly_when(IS_QUEUED, "due_at", "message_due_while_queued"),
            _exactly_when(Q(state=State.SENT.value), "sent_at", "message_sent_at_when_sent"),
            models.CheckConstraint(
                condition=Q(read_at=None) | IS_INBOX, name="message_read_in_inbox"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.FAILED.value, State.GIVEN_UP.value])
                | ~Q(last_error=""),
                name="message_failure_told",
            ),
            models.CheckConstraint(
                condition=Q(attempts__gte=0, attempts__lte=MAX_TRIES), name="message_tries_bounded"
            ),
        )
        indexes = (
            models.Index(
                fields=["person", "created_at", "id"], condition=IS_INBOX, name="message_inbox"
            ),
            models.Index(
                fields=["person"], condition=IS_INBOX & Q(read_at=None), name="message_unread"
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="message_queue"
            ),
            models.Index(
                fields=["created_at", "id"],
                condition=Q(state=State.GIVEN_UP.value),
                name="message_given_up",
            ),
            models.Index(fields=["subject", "created_at", "id"], name="message_subject"),
            models.Index(fields=["created_at", "id"], condition=~IS_INBOX, name="message_sent_out"),
        )

    def __str__(self) -> str:
        return f"{self.way} {self.event} {self.subject}"


class OptOut(models.Model):
    """A way on which a person wants no messages. What they were told stays in their inbox."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    way = models.CharField(max_length=10, choices=[(way.value, way.label) for way in OPTIONAL])
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "way"], name="opt_out_once"),
            models.CheckConstraint(
                condition=Q(way__in=[way.value for way in OPTIONAL]), name="opt_out_way_optional"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.way}"


class MessageTemplate(models.Model):
    """The office's own wording for an event and an audience. Who wrote it is in the ledger."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    event = models.CharField(max_length=60)
    audience = models.CharField(
        max_length=10, choices=[(audience.value, audience.label) for audience in Audience]
    )
    subject = models.CharField(max_length=80)
    body = models.TextField()
    sms = models.CharField(max_length=LONGEST_SMS, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "audience"], name="message_template_once"),
            models.CheckConstraint(
                condition=Q(audience__in=[audience.value for audience in Audience]),
                name="message_template_audience",
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body=""), name="message_template_says_something"
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} → {self.audience}"
