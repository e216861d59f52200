"""Tables of consultations: what is put before the public, and what the public says to it."""

from django.db import models
from django.db.models import F, Q

from mingtang.base import columns
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.consultations.rules.life import CommentState, Kind, Verdict
from mingtang.consultations.rules.survey import QuestionKind

IS_INTERVIEW = Q(kind=Kind.INTERVIEW.value)
IS_KEPT = Q(state=CommentState.KEPT.value)
IS_WAITING = Q(state=CommentState.WAITING.value)


class Activity(models.Model):
    """A consultation, an interview or a survey. What the public reads of it are the two
    publications, each through the review chain; here are its days and its order.

    Where it stands is derived from its moments when it is read (rules.life.state_at).
    """

    is_kept = True

    fixed_columns = ("kind", "organisation", "notice", "drafted_at", "drafted_by")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = columns.chosen(Kind, 10)
    organisation = columns.organisation()
    title = models.CharField(max_length=100)
    notice = models.OneToOneField(
        "disclosure.Publication", on_delete=models.PROTECT, related_name="+"
    )
    result = models.OneToOneField(
        "disclosure.Publication", null=True, on_delete=models.PROTECT, related_name="+"
    )
    days = models.PositiveSmallIntegerField(null=True)
    short_reason = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    guests = models.CharField(max_length=200, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = columns.person()
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    result_due_date = models.DateField(null=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            columns.one_of("kind", Kind, "activity"),
            columns.paired("drafted", "activity"),
            columns.together(
                "activity_opened_together", "opened_at", "closes_at", "result_due_date"
            ),
            columns.together("activity_held_together", "held_at", "held_until"),
            models.CheckConstraint(
                condition=(IS_INTERVIEW & Q(days=None, held_until__gt=F("held_at")))
                | (~IS_INTERVIEW & Q(days__gte=1, held_at=None)),
                name="activity_term_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None) | Q(opened_at__isnull=False, result__isnull=False),
                name="activity_reported_after_all",
            ),
        )
        indexes = (
            models.Index(
                fields=["opened_at", "id"],
                condition=Q(opened_at__isnull=False),
                name="activity_opened",
            ),
            models.Index(fields=["drafted_at", "id"], name="activity_drafted"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def stream(self) -> str:
        return f"consultation:{self.id}"


class Comment(models.Model):
    """An opinion or a question. What was said and by whom is sealed; `public_text` is the copy
    that may be shown, written after a look at it. The identity leaves this table nowhere."""

    fixed_columns = ("activity", "number", "text", "name", "phone", "person", "submitted_at")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    text = SealedField()
    name = SealedField(default="")
    phone = SealedField(default="")
    person = columns.person()  # who signed in to say it; told of the result
    may_publish = models.BooleanField()  # separate consent: 《个人信息保护法》第二十五条
    submitted_at = models.DateTimeField()
    state = columns.chosen(CommentState, 10, default=CommentState.WAITING.value)
    public_text = models.TextField(blank=True)
    set_aside_reason = models.CharField(max_length=200, blank=True)
    moderated_at = models.DateTimeField(null=True)
    moderated_by = columns.person()
    verdict = columns.chosen(Verdict, 12, blank=True, default="")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = columns.person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["activity", "number"], name="comment_number_once"),
            columns.one_of("state", CommentState, "comment"),
            columns.paired("moderated", "comment"),
            columns.paired("answered", "comment"),
            models.CheckConstraint(
                condition=(IS_WAITING & Q(moderated_at=None))
                | (~IS_WAITING & Q(moderated_at__isnull=False)),
                name="comment_moderated_unless_waiting",
            ),
            models.CheckConstraint(
                condition=(IS_KEPT & ~Q(public_text="") & Q(set_aside_reason=""))
                | (~IS_KEPT & Q(public_text="")),
                name="comment_public_text_of_kept",
            ),
            models.CheckConstraint(
                condition=~Q(state=CommentState.SET_ASIDE.value) | ~Q(set_aside_reason=""),
                name="comment_set_aside_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", answer="", answered_at=None)
                | (
                    IS_KEPT
                    & Q(verdict__in=[one.value for one in Verdict], answered_at__isnull=False)
                    & ~Q(answer="")
                ),
                name="comment_verdict_with_reason",
            ),
        )
        indexes = (models.Index(fields=["activity", "state", "number"], name="comment_of_state"),)

    def __str__(self) -> str:
        return f"{self.activity_id}#{self.number}"


class SurveyQuestion(models.Model):
    """A question of a survey. Never changed: it stands in the reviewed notice."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    kind = columns.chosen(QuestionKind, 10)
    options = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["activity", "position"], name="question_once"),
            columns.one_of("kind", QuestionKind, "question"),
        )

    def __str__(self) -> str:
        return self.text


class SurveyToken(models.Model):
    """A code that answers one sheet, given out on paper. Only its keyed hash is kept."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="tokens")
    voter_key = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = columns.person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["activity", "voter_key"], name="survey_token_once"),
            columns.paired("issued", "survey_token"),
        )

    def __str__(self) -> str:
        return f"{self.activity_id} {self.voter_key[:8]}"


class Sheet(models.Model):
    """One answered sheet. `voter_key` is a keyed hash of the person or the code: it says that
    somebody has answered, and not who."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="sheets")
    voter_key = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["activity", "voter_key"], name="sheet_once_a_voter"),
        )

    def __str__(self) -> str:
        return f"{self.activity_id} {self.id}"


class SheetAnswer(models.Model):
    """What a sheet says to a question: the places of the options chosen, or sealed words."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="+")
    choices = models.JSONField(default=list)
    text = SealedField(default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sheet", "question"], name="sheet_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.question_id}"
