"""Tables of the standard catalogue and of the daily check of the site."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.disclosure.rules import checks


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class CatalogueEntry(models.Model):
    """A line of an organ's standard catalogue (基层政务公开标准目录), its columns as published.

    A line that a later table leaves out ends; what was published under it keeps leading to it.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    serial = models.PositiveIntegerField()
    first = models.CharField(max_length=100)
    second = models.CharField(max_length=200, blank=True)
    content = models.TextField()
    basis = models.TextField()
    limit = models.CharField(max_length=300)
    body = models.CharField(max_length=200)
    carriers = models.JSONField(default=list)
    carrier_other = models.CharField(max_length=100, blank=True)
    is_for_all = models.BooleanField()
    group = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField()
    is_on_request = models.BooleanField()
    at_county = models.BooleanField()
    at_township = models.BooleanField()
    at_village = models.BooleanField()
    entered_at = models.DateTimeField()
    entered_by = _person()  # null: the system
    ended_at = models.DateTimeField(null=True)
    ended_by = _person()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "first", "second"], name="catalogue_entry_once"
            ),
            models.CheckConstraint(
                condition=~Q(first="") & ~Q(content="") & ~Q(basis="") & ~Q(limit=""),
                name="catalogue_entry_filled",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(is_on_request=True),
                name="catalogue_entry_has_a_way",
            ),
            models.CheckConstraint(
                condition=Q(is_for_all=True) | ~Q(group=""), name="catalogue_entry_for_somebody"
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None) | Q(entered_at__isnull=False),
                name="catalogue_entry_entered_paired",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(ended_at__isnull=False),
                name="catalogue_entry_ended_paired",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "serial", "id"], name="catalogue_entry_order"),
        )

    def __str__(self) -> str:
        return f"{self.first} {self.second}".strip()


class CatalogueLink(models.Model):
    """What was published under a line of the catalogue."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    entry = models.ForeignKey(
        "disclosure.CatalogueEntry", on_delete=models.PROTECT, related_name="links"
    )
    publication = models.ForeignKey(
        "disclosure.Publication", on_delete=models.PROTECT, related_name="+"
    )
    linked_at = models.DateTimeField()
    linked_by = _person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "publication"], name="catalogue_link_once"),
            models.CheckConstraint(
                condition=Q(linked_at__isnull=False, linked_by__isnull=False),
                name="catalogue_link_paired",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} {self.publication_id}"


class SiteCheck(models.Model):
    """A result of the daily check of one thing on one day. The day's rows are made anew when the
    check runs again; earlier days stay."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    day = models.DateField()
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=30)
    organisation = models.ForeignKey(
        "regions.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )  # null: the whole site
    target = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=10)
    said = models.CharField(max_length=300)
    days_left = models.IntegerField(null=True)
    address = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "position"], name="site_check_once"),
            models.CheckConstraint(
                condition=Q(result__in=[one.value for one in checks.Result]),
                name="site_check_result_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.code} {self.result}"
