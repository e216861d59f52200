"""Tables of supervision: rules and profiles, what is watched, cards, directives, tasks.

A card is never deleted, and what it says never changes: the database refuses both. Its history is
the stream `card:ID` of the ledger; the columns here are what became of it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.base.clock import legal_date
from mingtang.base.ids import next_id
from mingtang.supervision.rules import (
    NEVER_COUNTS,
    OPEN,
    CancelReason,
    CardType,
    Colour,
    State,
    TaskSource,
    TaskState,
)

COLOURS = [(one.value, one.label) for one in Colour]
IS_OPEN = Q(state__in=[state.value for state in OPEN])
COUNTS = ~Q(state__in=[state.value for state in NEVER_COUNTS])


def a_person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )


def a_unit(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "regions.Organisation", null=null, on_delete=models.PROTECT, related_name="+"
    )


def a_document() -> "models.ForeignKey[Any, Any]":
    """The numbered paper that was drawn up; none for what came before there were any."""
    return models.ForeignKey(
        "files.Document", null=True, on_delete=models.PROTECT, related_name="+"
    )


def paired(prefix: str, *verbs: str) -> tuple[models.CheckConstraint, ...]:
    """`x_at` and `x_by` are both there or both not."""
    return tuple(
        models.CheckConstraint(
            condition=Q(**{f"{verb}_at": None, f"{verb}_by": None})
            | Q(**{f"{verb}_at__isnull": False, f"{verb}_by__isnull": False}),
            name=f"{prefix}_{verb}_paired",
        )
        for verb in verbs
    )


class Rule(models.Model):
    """One version of a rule of a profile. A change is a new version; the old one stays readable."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    profile = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    trigger = models.CharField(max_length=30)
    params = models.JSONField()
    colour = models.CharField(max_length=10, choices=COLOURS)
    type = models.CharField(max_length=10, choices=[(one.value, one.label) for one in CardType])
    subject_kind = models.CharField(max_length=20)  # the first part of the streams it looks at
    score = models.DecimalField(max_digits=5, decimal_places=2)
    region = models.ForeignKey(
        "regions.Region", null=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    is_on = models.BooleanField()
    off_reason = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["profile", "code", "version"],
                condition=Q(region=None),
                name="rule_version",
            ),
            models.UniqueConstraint(
                fields=["profile", "code", "region", "version"],
                condition=Q(region__isnull=False),
                name="rule_version_of_region",
            ),
            models.CheckConstraint(
                condition=Q(colour__in=[one.value for one in Colour]), name="rule_colour_known"
            ),
            models.CheckConstraint(
                condition=Q(type__in=[one.value for one in CardType]), name="rule_type_known"
            ),
            models.CheckConstraint(condition=Q(score__gte=0), name="rule_score_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="rule_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(is_on=True) | ~Q(off_reason=""), name="rule_off_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.profile} {self.code} v{self.version}"


class ProfileChoice(models.Model):
    """Which profile holds, from a day on."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    profile = models.CharField(max_length=20)
    since_date = models.DateField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["since_date"], name="profile_choice_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.profile} {self.since_date}"


class Watch(models.Model):
    """A stream that is watched, and the day on which to look again. A cache: replay fills it."""

    stream = models.CharField(max_length=80, primary_key=True)
    next_date = models.DateField(null=True)
    is_running = models.BooleanField()  # some clock is open: another rule might look at it

    class Meta:
        indexes = (
            models.Index(
                fields=["next_date", "stream"],
                condition=Q(next_date__isnull=False),
                name="watch_next",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} → {self.next_date}"


class Card(models.Model):
    """提醒、黄牌、红牌: issued once for a subject, a thing of it (`key`) and a rule."""

    fixed_columns = (
        *("number", "rule", "rule_code", "subject", "key", "family", "colour", "score"),
        *("raised_date", "raised_at", "organisation", "person", "facts"),
    )

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    rule = models.ForeignKey("supervision.Rule", on_delete=models.PROTECT, related_name="+")
    rule_code = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    key = models.CharField(max_length=100, blank=True)
    family = models.CharField(max_length=100, blank=True)
    colour = models.CharField(max_length=10, choices=COLOURS)
    score = models.DecimalField(max_digits=5, decimal_places=2)
    raised_date = models.DateField()
    raised_at = models.DateTimeField()
    organisation = a_unit(null=True)
    person = a_person()
    facts = models.JSONField()
    document = a_document()
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in State])
    notified_at = models.DateTimeField(null=True)
    explained_at = models.DateTimeField(null=True)
    explained_by = a_person()
    explanation = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    appealed_by = a_person()
    appeal = models.TextField(blank=True)
    upheld_at = models.DateTimeField(null=True)
    upheld_by = a_person()
    finding = models.TextField(blank=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = a_person()
    cancel_reason = models.CharField(max_length=20, blank=True)
    cancel_note = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = a_person()
    closed_at = models.DateTimeField(null=True)
    closed_by = a_person()
    superseded_at = models.DateTimeField(null=True)
    superseded_by_card = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "key", "rule_code"], name="card_once"),
            models.CheckConstraint(
                condition=Q(colour__in=[one.value for one in Colour]), name="card_colour_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="card_state_known"
            ),
            *paired("card", "explained", "appealed", "upheld", "proposed", "cancelled", "closed"),
            models.CheckConstraint(
                condition=Q(superseded_at=None, superseded_by_card=None)
                | Q(superseded_at__isnull=False, superseded_by_card__isnull=False),
                name="card_superseded_paired",
            ),
            models.CheckConstraint(
                condition=Q(cancel_reason="", proposed_at=None)
                | Q(
                    cancel_reason__in=[one.value for one in CancelReason],
                    proposed_at__isnull=False,
                ),
                name="card_cancel_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by=None)
                | (Q(proposed_by__isnull=False) & ~Q(cancelled_by=F("proposed_by"))),
                name="card_cancelled_by_two",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(state=state.value) | Q(**{f"{state.value}_at__isnull": False}),
                    name=f"card_{state.value}_dated",
                )
                for state in State
            ),
        )
        indexes = (
            models.Index(fields=["raised_date", "id"], name="card_by_day"),
            models.Index(fields=["organisation", "raised_date", "id"], name="card_by_unit"),
            models.Index(fields=["subject", "family"], name="card_by_subject"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"card:{self.id}"

    @property
    def counts(self) -> bool:
        """Whether it scores: what was cancelled, or gave way to a higher card, does not."""
        return State(self.state) not in NEVER_COUNTS

    @property
    def days(self) -> Mapping[State, date | None]:
        """The legal day of each thing that became of it."""
        moments = {
            state: getattr(self, f"{state.value}_at")
            for state in State
            if state is not State.RAISED
        }
        return {state: legal_date(at) if at else None for state, at in moments.items()}


class Pace(models.Model):
    """How fast a case was decided: what the public rates count. A cache: replay fills it."""

    stream = models.CharField(max_length=80, primary_key=True)
    organisation = a_unit()
    person = a_person()
    decided_date = models.DateField()
    statutory_days = models.PositiveIntegerField(null=True)  # null: the law names no limit
    used_days = models.PositiveIntegerField()
    is_on_time = models.BooleanField()
    is_early = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=["decided_date", "organisation"], name="pace_by_day"),)

    def __str__(self) -> str:
        return f"{self.stream}: {self.used_days}/{self.statutory_days}"


class Directive(models.Model):
    """督办单: an order about a card to do something by a day. Unanswered, the card becomes red."""

    fixed_columns = (
        *("number", "card", "ordering_unit", "ordered_unit", "ordered_person", "detail"),
        *("suggestion", "due_date", "ordered_at", "ordered_by"),
    )

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    card = models.ForeignKey(
        "supervision.Card", on_delete=models.PROTECT, related_name="directives"
    )
    ordering_unit = a_unit(null=True)
    ordered_unit = a_unit(null=True)
    ordered_person = a_person()
    detail = models.TextField()
    suggestion = models.TextField(blank=True)
    due_date = models.DateField()
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    document = a_document()
    answered_at = models.DateTimeField(null=True)
    answered_by = a_person()
    answer = models.TextField(blank=True)

    class Meta:
        constraints = (
            *paired("directive", "answered"),
            models.CheckConstraint(
                condition=Q(ordered_at__isnull=False, ordered_by__isnull=False),
                name="directive_ordered_paired",
            ),
            models.UniqueConstraint(
                fields=["card"], condition=Q(answered_at=None), name="directive_open_once"
            ),
        )

    def __str__(self) -> str:
        return self.number


class InspectionTask(models.Model):
    """督查件、批示: something to look into beyond cards; source, owner, due, report, close."""

    fixed_columns = (
        *("number", "source", "title", "detail", "owner_unit", "owner_person", "due_date"),
        *("assigned_at", "assigned_by"),
    )

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    source = models.CharField(max_length=20, choices=[(one.value, one.label) for one in TaskSource])
    title = models.CharField(max_length=100)
    detail = models.TextField()
    owner_unit = a_unit()
    owner_person = a_person()
    due_date = models.DateField()
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)
    reported_by = a_person()
    report = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = a_person()
    conclusion = models.TextField(blank=True)

    class Meta:
        constraints = (
            *paired("task", "reported", "closed"),
            models.CheckConstraint(
                condition=Q(assigned_at__isnull=False, assigned_by__isnull=False),
                name="task_assigned_paired",
            ),
            models.CheckConstraint(
                condition=Q(source__in=[one.value for one in TaskSource]), name="task_source_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(reported_at__isnull=False),
                name="task_closed_after_report",
            ),
        )
        indexes = (models.Index(fields=["owner_unit", "due_date", "id"], name="task_by_unit"),)

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"task:{self.id}"

    @property
    def state(self) -> TaskState:
        if self.closed_at is not None:
            return TaskState.CLOSED
        return TaskState.REPORTED if self.reported_at is not None else TaskState.GIVEN
