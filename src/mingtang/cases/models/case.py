"""A case and what was handed in with it. Its history is in the ledger."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField, SealedJSONField
from mingtang.cases.models.columns import case_of
from mingtang.cases.rules import (
    CUT_SHORT,
    DECIDED,
    HANDLING,
    ApplicantKind,
    Channel,
    HandOverWay,
    Outcome,
    State,
)


def _in(*states: State) -> Q:
    return Q(state__in=[state.value for state in states])


def _only_in(states: tuple[State, ...], column: str) -> models.CheckConstraint:
    """Outside of these states the column is empty."""
    return models.CheckConstraint(
        condition=_in(*states) | Q(**{column: None}), name=f"case_{column}_by_state"
    )


def _filled_in(states: tuple[State, ...], column: str) -> models.CheckConstraint:
    """In these states the column is filled."""
    return models.CheckConstraint(
        condition=~_in(*states) | Q(**{f"{column}__isnull": False}), name=f"case_{column}_in_state"
    )


AFTER_DECISION = (*DECIDED, State.DELIVERED, State.ARCHIVED)
IS_OPEN = _in(*(state for state in State if state.is_open))


class Case(models.Model):
    """One application for one item, from filing to the archive."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=50, unique=True)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    intake_organisation = models.ForeignKey(
        "regions.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )  # whose counter took it in, a township's perhaps; null: filed online
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("catalogue.Edition", on_delete=models.PROTECT, related_name="+")
    variant = models.CharField(max_length=10, blank=True, default="")
    state = models.CharField(max_length=20, choices=[(state.value, state.label) for state in State])
    channel = models.CharField(
        max_length=20, choices=[(channel.value, channel.label) for channel in Channel]
    )
    next_due_date = models.DateField(null=True)

    applicant_kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.label) for kind in ApplicantKind]
    )
    applicant_name = models.CharField(max_length=120)
    applicant_person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    identity_number = SealedField()
    identity_index = models.CharField(max_length=64)
    phone = SealedField()
    address = SealedField(default="")
    proxy_name = models.CharField(max_length=60, blank=True, default="")
    proxy_identity = SealedField(default="")
    proxy_phone = SealedField(default="")
    is_mandate_seen = models.BooleanField(null=True)  # null: no proxy
    code_salt = models.BinaryField(max_length=16)
    wanted_way = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices=[(way.value, way.label) for way in HandOverWay],
    )

    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    received_by = person()
    correction_count = models.SmallIntegerField(default=0)
    complete_date = models.DateField(null=True)  # corrections complete: accepted as of this day
    accepted_at = models.DateTimeField(null=True)
    accepted_by = person()
    is_deemed_accepted = models.BooleanField(default=False)
    extended_at = models.DateTimeField(null=True)
    extended_by = person()
    referred_up_at = models.DateTimeField(null=True)  # examined below, now the next level's
    referred_up_by = person()
    bounced_at = models.DateTimeField(null=True)  # back at the window, which owes the next move
    bounced_by = person()
    bounce_reason = models.CharField(max_length=300, blank=True, default="")
    bounce_count = models.SmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    outcome = models.CharField(  # noqa: DJ001 – null: not decided
        max_length=20, null=True, choices=[(outcome.value, outcome.label) for outcome in Outcome]
    )
    decision_reason = models.TextField(blank=True, default="")
    decision_legal_basis = models.TextField(blank=True, default="")
    decided_under = models.CharField(max_length=60, blank=True, default="")  # letter of authority
    is_decided_alone = models.BooleanField(default=False)  # 即办件: examined and decided by one
    issued_at = models.DateTimeField(null=True)
    issued_by = person()
    licence_number = models.CharField(max_length=100, blank=True, default="")
    licence_expires_on = models.DateField(null=True)
    renews_number = models.CharField(max_length=100, blank=True, default="")
    renews_until_date = models.DateField(null=True)  # when the licence to be renewed expires
    is_renewal_seen = models.BooleanField(null=True)  # the old licence compared; null: no renewal
    delivered_at = models.DateTimeField(null=True)
    delivered_by = person()
    delivered_note = SealedField(default="")
    delivered_way = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices=[(way.value, way.label) for way in HandOverWay],
    )
    ended_at = models.DateTimeField(null=True)  # before a decision
    ended_by = person()
    ended_from = models.CharField(max_length=20, blank=True, default="")  # where it may go on
    end_reason = models.TextField(blank=True, default="")
    archived_at = models.DateTimeField(null=True)
    archived_by = person()

    class Meta:
        constraints = (
            paired("received", "case", unless=Q(is_deemed_accepted=True)),
            paired("accepted", "case", unless=Q(is_deemed_accepted=True)),
            paired("decided", "case", unless=Q(outcome=Outcome.DEEMED_GRANTED.value)),
            paired("extended", "case"),
            paired("referred_up", "case"),
            paired("bounced", "case"),
            paired("issued", "case"),
            paired("delivered", "case"),
            paired("ended", "case", unless=_in(State.WITHDRAWN, State.ARCHIVED)),
            paired("archived", "case"),
            _filled_in((State.RECEIVED, State.CORRECTING, *HANDLING), "received_at"),
            _filled_in(HANDLING, "accepted_at"),
            _filled_in(AFTER_DECISION[:-2], "decided_at"),
            _only_in(AFTER_DECISION, "decided_at"),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome=None)
                | Q(decided_at__isnull=False, outcome__isnull=False),
                name="case_decision_whole",
            ),
            _only_in(HANDLING, "bounced_at"),
            models.CheckConstraint(
                condition=Q(bounced_at=None, bounce_reason="")
                | (~Q(bounce_reason="") & Q(bounced_at__isnull=False, bounce_count__gte=1)),
                name="case_bounce_reasoned",
            ),
            _filled_in((State.DELIVERED,), "delivered_at"),
            _only_in((State.DELIVERED, State.ARCHIVED), "delivered_at"),
            _filled_in((*CUT_SHORT, State.NOT_REQUIRED, State.DECLINED), "ended_at"),
            _filled_in((State.ARCHIVED,), "archived_at"),
            _only_in((State.ARCHIVED,), "archived_at"),
            one_of("state", State, "case"),
            one_of("channel", Channel, "case"),
            models.CheckConstraint(
                condition=Q(outcome=None)
                | Q(outcome__in=[Outcome.GRANTED.value, Outcome.DEEMED_GRANTED.value])
                | (~Q(decision_reason="") & ~Q(decision_legal_basis="")),
                name="case_refusal_reasoned",
            ),
            # Who examined does not decide, but for on-the-spot items under a written authority.
            models.CheckConstraint(
                condition=Q(is_decided_alone=False) | ~Q(decided_under=""),
                name="case_alone_under_authority",
            ),
            models.CheckConstraint(
                condition=Q(proxy_name="", is_mandate_seen=None)
                | (~Q(proxy_name="") & Q(is_mandate_seen__isnull=False)),
                name="case_proxy_has_mandate",
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation", "next_due_date", "id"],
                condition=IS_OPEN,
                name="case_worklist",
            ),
            models.Index(
                fields=["organisation", "state", "id"], condition=IS_OPEN, name="case_states_open"
            ),
            models.Index(fields=["id"], condition=Q(bounced_at__isnull=False), name="case_bounced"),
            models.Index(fields=["region", "state", "next_due_date", "id"], name="case_region"),
            models.Index(
                fields=["region", "next_due_date", "id"],
                condition=IS_OPEN,
                name="case_region_open",
            ),
            models.Index(fields=["next_due_date", "id"], condition=IS_OPEN, name="case_open"),
            models.Index(fields=["applicant_person", "submitted_at"], name="case_mine"),
            models.Index(fields=["identity_index", "submitted_at"], name="case_identity"),
            models.Index(fields=["decided_at", "id"], name="case_decided"),
            models.Index(
                fields=["organisation", "archived_at", "id"],
                condition=Q(archived_at__isnull=False),
                name="case_archive",
            ),
            models.Index(
                fields=["decided_under", "decided_at", "id"],
                condition=~Q(decided_under=""),
                name="case_under_letter",
            ),
            models.Index(
                fields=["renews_until_date"],
                condition=IS_OPEN & Q(renews_until_date__isnull=False),
                name="case_renewals",
            ),
            models.Index(
                fields=["intake_organisation", "next_due_date", "id"],
                condition=IS_OPEN & ~Q(intake_organisation=F("organisation")),
                name="case_taken_in",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return stream_of(self.id)

    @property
    def awaits_papers(self) -> bool:
        """Whether what was to be brought to the window is still waited for. Who accepts settles
        it, the law that deems accepted does not; after the decision nothing is asked for."""
        is_settled = self.accepted_at is not None and not self.is_deemed_accepted
        return not is_settled and self.decided_at is None


def stream_of(case_id: int) -> str:
    """The name of a case's history in the ledger, and of what belongs to it elsewhere."""
    return f"case:{case_id}"


class Submission(models.Model):
    """What the applicant handed in. A correction is a new row; this one stays.

    The ledger's commitment shows any change; the row itself can be erased when the law asks.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = case_of("submissions")
    number = models.SmallIntegerField()
    answers = SealedJSONField()  # names, numbers and circumstances of people
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="submission_number"),
        )

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"
