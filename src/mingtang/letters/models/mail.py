"""Every mail that came, with its bytes, and what became of it."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import chosen, one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.letters.models.handling import letter_of
from mingtang.letters.rules.mail import Outcome, Trouble


class Mail(models.Model):
    """One mail. `raw`: its bytes, each as the character of that number, sealed.

    A mail that is too large is not read: `kept_as` names the file where its bytes lie.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    message_index = models.CharField(max_length=64, blank=True, default="")
    content_index = models.CharField(max_length=64, blank=True, default="")
    sender_index = models.CharField(max_length=64, blank=True, default="")
    raw = SealedField(default="")
    kept_as = models.CharField(max_length=120, blank=True, default="")
    size_bytes = models.BigIntegerField()
    outcome = chosen(Outcome, 12)
    trouble = chosen(Trouble, 16, null=True)
    refused_count = models.SmallIntegerField(default=0)  # attachments that were not taken over
    letter = letter_of("mails", null=True)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = person()

    class Meta:
        constraints = (
            one_of("outcome", Outcome, "letter_mail"),
            one_of("trouble", Trouble, "letter_mail", null=True),
            paired("settled", "letter_mail"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.QUARANTINED.value, trouble__isnull=False)
                | Q(outcome=Outcome.DUPLICATE.value)
                | Q(letter__isnull=False),
                name="letter_mail_became_something",
            ),
        )
        indexes = (
            models.Index(fields=["message_index"], name="letter_mail_message"),
            models.Index(fields=["sender_index", "received_at"], name="letter_mail_sender"),
            models.Index(fields=["content_index", "received_at"], name="letter_mail_content"),
            models.Index(
                fields=["received_at", "id"],
                condition=Q(outcome=Outcome.QUARANTINED.value, settled_at=None),
                name="letter_mail_quarantine",
            ),
        )

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.outcome}"
