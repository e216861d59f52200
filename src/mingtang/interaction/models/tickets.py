"""What becomes of a bad rating."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.interaction.rules import BAD, ENDED, Level, TicketState

STATES = [(state.value, state.label) for state in TicketState]
LEVELS = [(level.value, level.label) for level in Level]
IS_ENDED = Q(state__in=[state.value for state in ENDED])


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )


def _paired(name: str) -> models.CheckConstraint:
    at, by = f"{name}_at", f"{name}_by"
    return models.CheckConstraint(
        condition=Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=f"bad_rating_{name}_paired",
    )


def _needs(states: list[TicketState], column: str) -> models.CheckConstraint:
    """In these states the column is filled."""
    return models.CheckConstraint(
        condition=~Q(state__in=[state.value for state in states])
        | Q(**{f"{column}__isnull": False}),
        name=f"bad_rating_{column}_in_state",
    )


class BadRating(models.Model):
    """A ticket (差评工单): one for each service that was rated bad. Notes are sealed: they name
    people."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    subject = models.CharField(max_length=80)
    completed_seq = models.IntegerField()
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    window_id = models.BigIntegerField(default=0)
    level = models.CharField(max_length=20, choices=LEVELS)
    state = models.CharField(max_length=12, choices=STATES, default=TicketState.NEW.value)
    is_complex = models.BooleanField(null=True)  # null: not found to be true
    opened_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)
    contacted_by = _person()
    contact_note = SealedField(default="")
    verified_at = models.DateTimeField(null=True)
    verified_by = _person()
    verify_note = SealedField(default="")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = _person()
    review_note = SealedField(default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = _person()
    answer = SealedField(default="")
    closed_at = models.DateTimeField(null=True)  # by whoever: a person, or the rater's own word
    close_note = SealedField(default="")
    rerated_at = models.DateTimeField(null=True)
    rerated_level = models.CharField(max_length=20, blank=True, default="", choices=LEVELS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "completed_seq"], name="bad_rating_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in TicketState]),
                name="bad_rating_state_known",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in BAD]), name="bad_rating_is_bad"
            ),
            *(_paired(name) for name in ("contacted", "verified", "reviewed", "answered")),
            _needs(
                [TicketState.RECTIFYING, TicketState.DISPUTED, TicketState.UNFOUNDED], "verified_at"
            ),
            _needs([TicketState.RECTIFYING, TicketState.ANSWERED], "is_complex"),
            _needs([TicketState.UNFOUNDED], "reviewed_at"),
            _needs([TicketState.ANSWERED], "answered_at"),
            models.CheckConstraint(
                condition=~Q(state=TicketState.UNFOUNDED.value)
                | ~Q(reviewed_by=models.F("verified_by")),
                name="bad_rating_two_persons",
            ),
            models.CheckConstraint(
                condition=(IS_ENDED & Q(closed_at__isnull=False)) | (~IS_ENDED & Q(closed_at=None)),
                name="bad_rating_closed_at_end",
            ),
            models.CheckConstraint(
                condition=Q(rerated_at=None, rerated_level="")
                | (Q(rerated_at__isnull=False) & ~Q(rerated_level="")),
                name="bad_rating_rerated_whole",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "opened_at"], name="bad_rating_of_unit"),
            models.Index(fields=["opened_at"], condition=~IS_ENDED, name="bad_rating_open"),
        )

    def __str__(self) -> str:
        return f"{self.subject}#{self.completed_seq} {self.state}"

    @property
    def stream(self) -> str:
        return f"bad_rating:{self.id}"


class Concerned(models.Model):
    """Somebody who acted on the case of a bad rating: it is kept from them."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    ticket = models.ForeignKey(
        "interaction.BadRating", on_delete=models.PROTECT, related_name="concerned"
    )
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ticket", "person"], name="concerned_once"),)

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.person_id}"
