"""A letter, sealed, and the limits that hold for which kind. Its history is in the ledger."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import chosen, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.letters.rules.kinds import RATINGS, Kind, Refusal, Source, Target
from mingtang.letters.rules.moves import COUNTED, ENDED, State

IS_OPEN = ~Q(state__in=[state.value for state in ENDED])
IS_COUNTED = Q(state__in=[state.value for state in COUNTED])


class Letter(models.Model):
    """One letter, by whatever way it came. What people wrote and who they are is sealed.

    `about`: the unit that it names; with a complaint or a tip-off, the one it is against. `office`
    receives and dispatches, `lead` answers.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    kind = chosen(Kind, 12)
    source = chosen(Source, 12)
    state = chosen(State, 14)
    office = organisation()
    about = organisation(null=True)
    lead = organisation(null=True)
    next_due_date = models.DateField(null=True)
    limit_days = models.SmallIntegerField(null=True)  # null: a day that somebody else fixed
    extension_days = models.SmallIntegerField(default=0)
    limit_basis = models.CharField(max_length=120)

    title = SealedField()
    text = SealedField()
    writer_name = SealedField()
    writer_person = person()
    phone = SealedField(default="")
    phone_index = models.CharField(max_length=64, blank=True, default="")
    email = SealedField(default="")
    email_index = models.CharField(max_length=64, blank=True, default="")
    address = SealedField(default="")
    page_path = models.CharField(max_length=200, blank=True, default="")  # of 找错
    # Its number where it came from: an order of 12345, a request for information.
    reference = models.CharField(max_length=60, blank=True, default="")
    code_salt = models.BinaryField(max_length=16)
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    consented_at = models.DateTimeField(null=True)  # 《个人信息保护法》第二十五条

    submitted_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)  # by a clerk; null: it came by itself
    registered_by = person()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = person()
    refusal = chosen(Refusal, 16, null=True)
    target = chosen(Target, 10, null=True)
    target_reference = models.CharField(max_length=60, blank=True, default="")
    end_note = SealedField(default="")
    dispatched_at = models.DateTimeField(null=True)
    dispatched_by = person()
    is_designated = models.BooleanField(default=False)
    returned_at = models.DateTimeField(null=True)
    returned_by = person()
    returned_from = organisation(null=True)
    return_reason = SealedField(default="")
    taken_at = models.DateTimeField(null=True)
    taken_by = person()
    extended_at = models.DateTimeField(null=True)
    extended_by = person()
    urged_count = models.SmallIntegerField(default=0)
    redone_count = models.SmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    answered_by = person()
    reported_at = models.DateTimeField(null=True)
    reported_by = person()
    ended_at = models.DateTimeField(null=True)
    ended_by = person()  # null: the writer, without an account
    rating = models.SmallIntegerField(null=True)
    rating_words = SealedField(default="")
    rated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("kind", Kind, "letter"),
            one_of("source", Source, "letter"),
            one_of("state", State, "letter"),
            one_of("refusal", Refusal, "letter", null=True),
            one_of("target", Target, "letter", null=True),
            paired("registered", "letter"),
            paired("accepted", "letter"),
            paired("dispatched", "letter"),
            paired("returned", "letter"),
            paired("taken", "letter"),
            paired("extended", "letter"),
            paired("answered", "letter"),
            paired("reported", "letter"),
            paired("ended", "letter", unless=Q(state=State.WITHDRAWN.value)),
            together("letter_rating_whole", "rating", "rated_at"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__in=list(RATINGS)), name="letter_rating_known"
            ),
            models.CheckConstraint(
                condition=IS_OPEN | Q(ended_at__isnull=False), name="letter_ended_in_state"
            ),
            models.CheckConstraint(
                condition=~IS_COUNTED | Q(next_due_date__isnull=False), name="letter_counted_is_due"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DISPATCHED.value, State.HANDLING.value])
                | Q(lead__isnull=False),
                name="letter_at_a_unit",
            ),
        )
        indexes = (
            models.Index(
                fields=["office", "next_due_date", "id"], condition=IS_OPEN, name="letter_worklist"
            ),
            models.Index(
                fields=["lead", "next_due_date", "id"], condition=IS_OPEN, name="letter_at_unit"
            ),
            models.Index(fields=["submitted_at", "id"], name="letter_submitted"),
            models.Index(fields=["answered_at", "id"], name="letter_answered"),
            models.Index(fields=["phone_index", "submitted_at"], name="letter_phone"),
            models.Index(fields=["email_index", "submitted_at"], name="letter_email"),
            models.Index(fields=["writer_person", "submitted_at"], name="letter_mine"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        """The name of its history in the ledger."""
        return f"letter:{self.id}"

    @property
    def accused_id(self) -> int | None:
        """The unit that must not learn who wrote."""
        return self.about_id if Kind(self.kind).is_against else None


class LimitRow(models.Model):
    """A city's own limit, beside the shipped ones; never changed, only followed by a later one."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=12, blank=True)
    since = models.DateField()
    days = models.SmallIntegerField()
    extension_days = models.SmallIntegerField()
    basis = models.CharField(max_length=120)
    set_at = models.DateTimeField()
    set_by = person()

    class Meta:
        constraints = (
            paired("set", "letter_limit"),
            models.UniqueConstraint(
                fields=["kind", "source", "since"], name="letter_limit_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", *(one.value for one in Kind)])
                & Q(source__in=["", *(one.value for one in Source)]),
                name="letter_limit_known",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=0, extension_days__gte=0), name="letter_limit_days"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="letter_limit_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.kind}/{self.source} {self.since}: {self.days}"
