"""What units and the office do about a letter, and who may not, or alone may, see it."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.base.columns import chosen, one_of, organisation, paired
from mingtang.base.columns import person as somebody
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.letters.rules.kinds import CallResult


def letter_of(related_name: str, *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "letters.Letter", null=null, on_delete=models.PROTECT, related_name=related_name
    )


class Assist(models.Model):
    """A unit that helps the lead unit, and what it reported. It is not told who wrote."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = letter_of("assists")
    organisation = organisation()
    asked_at = models.DateTimeField()
    asked_by = somebody()
    words = SealedField(default="")
    reported_at = models.DateTimeField(null=True)
    reported_by = somebody()

    class Meta:
        constraints = (
            paired("asked", "letter_assist"),
            paired("reported", "letter_assist"),
            models.UniqueConstraint(fields=["letter", "organisation"], name="letter_assist_once"),
        )

    def __str__(self) -> str:
        return f"{self.letter_id} {self.organisation_id}"


class Answer(models.Model):
    """What the writer is told. A redo brings another one; the earlier stays."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = letter_of("answers")
    organisation = organisation()
    text = SealedField()
    answered_at = models.DateTimeField()
    answered_by = somebody()

    class Meta:
        constraints = (paired("answered", "letter_answer"),)

    def __str__(self) -> str:
        return f"{self.letter_id} {self.answered_at}"


class Directive(models.Model):
    """督办: the head of the office steps in."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = letter_of("directives")
    words = SealedField()
    directed_at = models.DateTimeField()
    directed_by = somebody()

    class Meta:
        constraints = (paired("directed", "letter_directive"),)

    def __str__(self) -> str:
        return f"{self.letter_id} {self.directed_at}"


class CallBack(models.Model):
    """回访: what the writer said of the answer."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = letter_of("call_backs")
    result = chosen(CallResult, 14)
    words = SealedField(default="")
    called_at = models.DateTimeField()
    called_by = somebody()

    class Meta:
        constraints = (
            paired("called", "letter_call_back"),
            one_of("result", CallResult, "letter_call_back"),
        )

    def __str__(self) -> str:
        return f"{self.letter_id} {self.result}"


class Addition(models.Model):
    """What the writer said later: on the page, or by a mail that answers ours."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = letter_of("additions")
    text = SealedField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter_id} {self.added_at}"


class Recusal(models.Model):
    """回避: who has an interest in a letter does not handle it, and no longer sees it."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = letter_of("recusals")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    reason = SealedField()
    recused_at = models.DateTimeField()
    recused_by = somebody()

    class Meta:
        constraints = (
            paired("recused", "letter_recusal"),
            models.UniqueConstraint(fields=["letter", "person"], name="letter_recused_once"),
        )

    def __str__(self) -> str:
        return f"{self.letter_id} {self.person_id}"


class Reader(models.Model):
    """Who by name may read tip-offs: one of them, or, without a letter, all of an office's."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    letter = letter_of("readers", null=True)
    office = organisation()
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = somebody()
    ended_at = models.DateTimeField(null=True)
    ended_by = somebody()

    class Meta:
        constraints = (
            paired("named", "letter_reader"),
            paired("ended", "letter_reader"),
            models.UniqueConstraint(
                fields=["office", "person"],
                condition=Q(letter=None, ended_at=None),
                name="letter_reader_of_all_once",
            ),
            models.UniqueConstraint(
                fields=["letter", "person"],
                condition=Q(letter__isnull=False, ended_at=None),
                name="letter_reader_of_one_once",
            ),
        )
        indexes = (models.Index(fields=["person", "ended_at"], name="letter_reader_person"),)

    def __str__(self) -> str:
        return f"{self.letter_id} {self.person_id}"
