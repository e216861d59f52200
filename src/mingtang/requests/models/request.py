"""A request for information, and who else it concerns. Its history is in the ledger."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, document, one_of, paired, person, together
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.requests.models.columns import request_of
from mingtang.requests.rules.consulting import Answer, PartyRole
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.people import ApplicantKind, Channel, WantedForm, WantedWay
from mingtang.requests.rules.states import ANSWERED, State

IS_OPEN = Q(state__in=[state.value for state in State if state.is_open])
IS_FILED = Q(state=State.FILED.value)
IS_WITHDRAWN = Q(state=State.WITHDRAWN.value)
IS_ANSWERED = Q(state__in=[state.value for state in ANSWERED])


class Request(models.Model):
    """One request to one organ, from filing to the answer and what is done against it.

    `received_date` is the legal day (R1–R5), `counted_from_date` that from which the limit counts
    now: a correction or a fee that was paid begins it anew.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    state = chosen(State, 20)
    channel = chosen(Channel, 20)
    next_due_date = models.DateField(null=True)

    applicant_kind = chosen(ApplicantKind, 20)
    applicant_name = models.CharField(max_length=120)
    applicant_person = person()
    identity_number = SealedField(default="")
    identity_index = models.CharField(max_length=64, blank=True, default="")
    phone = SealedField(default="")
    address = SealedField(default="")
    email = SealedField(default="")
    code_salt = models.BinaryField(max_length=16)

    description = models.TextField()
    purpose = models.TextField(blank=True, default="")
    wanted_form = chosen(WantedForm, 20)
    wanted_way = chosen(WantedWay, 20)
    help_note = models.CharField(max_length=200, blank=True, default="")  # 第二十九、四十三条
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)

    submitted_at = models.DateTimeField()
    arrived_date = models.DateField()
    registered_at = models.DateTimeField(null=True)  # by a clerk; null: filed online
    registered_by = person()
    confirmed_date = models.DateField(null=True)
    received_date = models.DateField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = person()
    counted_from_date = models.DateField(null=True)
    correction_count = models.SmallIntegerField(default=0)
    extended_at = models.DateTimeField(null=True)
    extended_by = person()
    lapse_proposed_at = models.DateTimeField(null=True)
    result = chosen(Kind, 4, null=True)
    result_date = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = person()  # null: the applicant, without an account
    end_reason = models.TextField(blank=True, default="")
    earlier = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="repeated_by"
    )
    moved_at = models.DateTimeField(null=True)
    moved_by = person()
    moved_reference = models.CharField(max_length=120, blank=True, default="")
    transferred_at = models.DateTimeField(null=True)
    transferred_by = person()

    class Meta:
        constraints = (
            one_of("state", State, "request"),
            one_of("channel", Channel, "request"),
            one_of("applicant_kind", ApplicantKind, "request"),
            one_of("result", Kind, "request", null=True),
            paired("registered", "request"),
            paired("received", "request"),
            paired("extended", "request"),
            paired("moved", "request"),
            paired("transferred", "request"),
            paired("ended", "request", unless=IS_WITHDRAWN),
            together("request_result_whole", "result", "result_date"),
            together("request_receipt_whole", "received_date", "counted_from_date", "received_at"),
            # What table 3 leans on: no result before receipt, none while it is open.
            models.CheckConstraint(
                condition=Q(result_date=None)
                | Q(received_date__isnull=False, result_date__gte=F("received_date")),
                name="request_result_after_receipt",
            ),
            models.CheckConstraint(
                condition=(IS_OPEN & Q(result=None))
                | (IS_ANSWERED & Q(result__isnull=False))
                | (IS_WITHDRAWN & (Q(received_date=None, result=None) | Q(result=Kind.F3.value))),
                name="request_result_by_state",
            ),
            models.CheckConstraint(
                condition=IS_FILED | IS_WITHDRAWN | Q(received_date__isnull=False),
                name="request_received_in_state",
            ),
            models.CheckConstraint(
                condition=IS_OPEN | Q(ended_at__isnull=False), name="request_ended_in_state"
            ),
            models.CheckConstraint(condition=~Q(earlier=F("id")), name="request_not_its_earlier"),
            models.CheckConstraint(condition=~Q(description=""), name="request_says_what"),
        )
        indexes = (
            models.Index(
                fields=["organisation", "next_due_date", "id"],
                condition=IS_OPEN,
                name="request_worklist",
            ),
            models.Index(fields=["organisation", "submitted_at", "id"], name="request_register"),
            models.Index(
                fields=["organisation", "received_date", "id"],
                condition=Q(received_date__isnull=False),
                name="request_received",
            ),
            models.Index(fields=["applicant_person", "submitted_at"], name="request_mine"),
            models.Index(fields=["identity_index", "submitted_at"], name="request_identity"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        """The name of its history in the ledger."""
        return f"request:{self.id}"


class Party(models.Model):
    """Somebody else whom a request concerns: an agent, a third party, a joint organ."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("parties")
    role = chosen(PartyRole, 10)
    name = models.CharField(max_length=120)
    phone = SealedField(default="")
    address = SealedField(default="")

    class Meta:
        constraints = (one_of("role", PartyRole, "party"),)
        indexes = (models.Index(fields=["request", "id"], name="party_request"),)

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """What was asked for once, by when, and what came (R7)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("corrections")
    wanted = models.TextField()
    due_date = models.DateField()
    is_late = models.BooleanField()  # asked after the seven working days
    asked_at = models.DateTimeField()
    asked_by = person()
    document = document()
    answer = models.TextField(blank=True, default="")
    corrected_date = models.DateField(null=True)
    corrected_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            paired("asked", "request_correction"),
            together("request_correction_answered", "corrected_date", "corrected_at"),
        )
        indexes = (models.Index(fields=["request", "id"], name="request_correction_of"),)

    def __str__(self) -> str:
        return f"{self.request_id} {self.due_date}"


class Reasons(models.Model):
    """Why so many requests, as asked and as answered (R12)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("reasons")
    wanted = models.TextField()
    due_date = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = person()
    document = document()
    answer = models.TextField(blank=True, default="")
    given_at = models.DateTimeField(null=True)
    is_reasonable = models.BooleanField(null=True)

    class Meta:
        constraints = (paired("asked", "request_reasons"),)
        indexes = (models.Index(fields=["request", "id"], name="request_reasons_of"),)

    def __str__(self) -> str:
        return f"{self.request_id} {self.due_date}"


class Extension(models.Model):
    """A longer limit, approved by the head of the office and told to the applicant (R11, R12)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("extensions")
    is_delay = models.BooleanField(default=False)  # agreed for a heavy request, 第三十五条
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    old_due_date = models.DateField()
    due_date = models.DateField()
    approved_at = models.DateTimeField()
    approved_by = person()
    document = document()

    class Meta:
        constraints = (
            paired("approved", "request_extension"),
            models.CheckConstraint(condition=Q(days__gte=1), name="request_extension_days"),
            models.UniqueConstraint(fields=["request", "is_delay"], name="request_extended_once"),
        )

    def __str__(self) -> str:
        return f"{self.request_id} +{self.days}"


class Consultation(models.Model):
    """A third party or a joint organ was asked in writing (R8, R9)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("consultations")
    party = models.ForeignKey("requests.Party", on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()  # within its request, from 1
    question = models.TextField()
    days = models.SmallIntegerField()
    sent_at = models.DateTimeField()
    sent_by = person()
    document = document()
    reached_date = models.DateField(null=True)  # when the party received it: its time runs
    due_date = models.DateField(null=True)
    answer = chosen(Answer, 10, null=True)
    answer_text = models.TextField(blank=True, default="")
    answered_date = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = person()

    class Meta:
        constraints = (
            paired("sent", "consultation"),
            paired("answered", "consultation"),
            together("consultation_reached", "reached_date", "due_date"),
            together("consultation_answered_whole", "answer", "answered_date", "answered_at"),
            models.UniqueConstraint(fields=["request", "number"], name="consultation_number"),
        )

    def __str__(self) -> str:
        return f"{self.request_id}/{self.number}"

    @property
    def clock_kind(self) -> str:
        return f"consultation:{self.number}"


class Search(models.Model):
    """Where the office looked, for what, and what it found: the evidence for 不掌握."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    request = request_of("searches")
    place = models.CharField(max_length=120)
    words = models.CharField(max_length=200)
    found = models.TextField()
    searched_at = models.DateTimeField()
    searched_by = person()

    class Meta:
        constraints = (paired("searched", "request_search"),)
        indexes = (models.Index(fields=["request", "id"], name="request_search_of"),)

    def __str__(self) -> str:
        return f"{self.place}：{self.words}"
