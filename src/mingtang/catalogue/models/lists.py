"""Tables of lists as they stood on a day: powers, responsibilities, the hall's handbook; and how
many copies were printed."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.base.ids import next_id
from mingtang.catalogue.rules.lists import ListKind


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )


class PowerList(models.Model):
    """A list of one unit for one year, made from what was in force on a day.

    Frozen by a second person; from then on neither it nor its rows change. The hall's handbook
    (办事指南汇编) is a list of the centre over all departments in its hall.
    """

    is_kept = True

    append_only = True
    fills_once = ("frozen_at", "frozen_by_id")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = models.CharField(max_length=16, choices=[(one.value, one.label) for one in ListKind])
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # of the year: 1, 2, …
    as_of_date = models.DateField()
    source = models.CharField(max_length=300, blank=True)  # where it was brought in from
    row_count = models.PositiveIntegerField()
    department_count = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = _person()
    frozen_at = models.DateTimeField(null=True)
    frozen_by = _person()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "organisation", "year", "number"], name="power_list_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in ListKind]), name="power_list_kind"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="power_list_from_one"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=False, made_by__isnull=False),
                name="power_list_made_paired",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None, frozen_by=None)
                | Q(frozen_at__isnull=False, frozen_by__isnull=False) & ~Q(frozen_by=F("made_by")),
                name="power_list_second_person",  # frozen_at and frozen_by in a pair
            ),
        )
        indexes = (
            models.Index(fields=["kind", "organisation", "as_of_date"], name="power_list_listed"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id} {self.year}/{self.number}"


class ListRow(models.Model):
    """One item as the list says it. `content` holds the fields of the list in words."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    power_list = models.ForeignKey(
        "catalogue.PowerList", on_delete=models.PROTECT, related_name="rows"
    )
    position = models.PositiveIntegerField()
    item = models.ForeignKey(
        "catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+"
    )
    edition = models.ForeignKey(
        "catalogue.Edition", null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    content = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["power_list", "position"], name="list_row_place_once"),
            models.UniqueConstraint(fields=["power_list", "code"], name="list_row_code_once"),
            models.CheckConstraint(condition=~Q(name=""), name="list_row_name_given"),
        )
        indexes = (models.Index(fields=["power_list", "organisation"], name="list_row_by_unit"),)

    def __str__(self) -> str:
        return f"{self.power_list_id}/{self.position} {self.name}"


class Printing(models.Model):
    """Copies of printed matter, and for which list."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    power_list = models.ForeignKey(
        "catalogue.PowerList", null=True, on_delete=models.PROTECT, related_name="printings"
    )
    title = models.CharField(max_length=120)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    copies_count = models.PositiveIntegerField()
    printed_date = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = _person()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="printing_title_given"),
            models.CheckConstraint(condition=Q(copies_count__gte=1), name="printing_some_copies"),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="printing_recorded_paired",
            ),
        )
        indexes = (models.Index(fields=["printed_date", "id"], name="printing_listed"),)

    def __str__(self) -> str:
        return f"{self.title} {self.copies_count}"


class PrintingShare(models.Model):
    """To whom how many of the copies went."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    printing = models.ForeignKey(
        "catalogue.Printing", on_delete=models.PROTECT, related_name="shares"
    )
    position = models.PositiveSmallIntegerField()
    recipient = models.CharField(max_length=100)
    copies_count = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["printing", "position"], name="printing_share_once"),
            models.CheckConstraint(condition=~Q(recipient=""), name="printing_share_named"),
            models.CheckConstraint(condition=Q(copies_count__gte=1), name="printing_share_some"),
        )

    def __str__(self) -> str:
        return f"{self.recipient} {self.copies_count}"
