"""The table of licences: one row for each that was made, and what became of it."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.base.clock import legal_date
from mingtang.base.columns import chosen, organisation, paired, person
from mingtang.base.ids import next_id
from mingtang.licences.rules import (
    LONGEST_NAME,
    LONGEST_NUMBER,
    LONGEST_REASON,
    Ending,
    Facts,
    Standing,
)


class Licence(models.Model):
    """A licence that a case brought its applicant. Who holds it stands in the case alone."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="licence")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    organisation = organisation()  # that gave it
    name = models.CharField(max_length=LONGEST_NAME)
    number = models.CharField(max_length=LONGEST_NUMBER)
    issued_at = models.DateTimeField()
    expires_on = models.DateField(null=True)  # the last day; null: no end
    code_index = models.CharField(max_length=64, unique=True)  # blind index of its code
    replaced_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces"
    )
    deemed_renewed_by = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reminded: Any = models.JSONField(default=list)  # days before the end of which it was told
    ending = chosen(Ending, 20, blank=True, default="")  # asked for, or done
    ending_reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    ending_document = models.CharField(max_length=LONGEST_NUMBER, blank=True, default="")
    asked_at = models.DateTimeField(null=True)
    asked_by = person()
    ended_at = models.DateTimeField(null=True)
    ended_by = person()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = (
            paired("asked", "licence"),
            paired("ended", "licence"),
            models.CheckConstraint(
                condition=Q(asked_at=None, ending="")
                | (Q(asked_at__isnull=False) & ~Q(ending="") & ~Q(ending_reason="")),
                name="licence_ending_asked",
            ),
            models.CheckConstraint(  # by two
                condition=Q(ended_at=None, ended_on=None)
                | (Q(ended_on__isnull=False, asked_at__isnull=False) & ~Q(ended_by=F("asked_by"))),
                name="licence_ended_by_two",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "-issued_at", "id"], name="licence_by_unit"),
            models.Index(fields=["number"], name="licence_by_number"),
            models.Index(fields=["expires_on"], name="licence_by_end"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def stream(self) -> str:
        return f"licence:{self.id}"

    @property
    def issued_on(self) -> date:
        return legal_date(self.issued_at)

    def facts(self) -> Facts:
        return Facts(
            self.expires_on,
            self.ended_on,
            self.replaced_by_id is not None,
            self.deemed_renewed_by_id is not None,
        )

    def standing(self, on: date) -> Standing:
        return self.facts().standing(on)

    @property
    def waits(self) -> bool:
        """Whether an ending was asked for that nobody has confirmed."""
        return self.asked_at is not None and self.ended_at is None
