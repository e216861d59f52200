"""What everybody may read: the public copy of a letter, and answers that hold for others too."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import organisation, paired, person
from mingtang.base.ids import next_id


class PublicCopy(models.Model):
    """The words of a letter and its answer, without whom they lead to.

    One drafts, another one confirms: only then it is public. Taken down, it may be drafted anew.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = models.OneToOneField(
        "letters.Letter", on_delete=models.PROTECT, related_name="public_copy"
    )
    title = models.CharField(max_length=80)
    question = models.TextField()
    answer = models.TextField()
    drafted_at = models.DateTimeField()
    drafted_by = person()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = person()

    class Meta:
        constraints = (
            paired("drafted", "letter_copy"),
            paired("confirmed", "letter_copy"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("drafted_by")),
                name="letter_copy_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(question="") & ~Q(answer=""),
                name="letter_copy_says_something",
            ),
        )
        indexes = (
            models.Index(
                fields=["confirmed_at", "id"],
                condition=Q(confirmed_at__isnull=False),
                name="letter_copy_public",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Knowledge(models.Model):
    """A question that many ask and the answer that holds. `letter`: the one that it came from."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = models.OneToOneField(
        "letters.Letter", null=True, on_delete=models.PROTECT, related_name="knowledge"
    )
    organisation = organisation()
    question = models.CharField(max_length=200)
    answer = models.TextField()
    promoted_at = models.DateTimeField()
    promoted_by = person()
    retired_at = models.DateTimeField(null=True)
    retired_by = person()

    class Meta:
        constraints = (
            paired("promoted", "letter_knowledge"),
            paired("retired", "letter_knowledge"),
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(answer=""), name="letter_knowledge_says_something"
            ),
        )

    def __str__(self) -> str:
        return self.question
