"""Table of the shelf: printed guides that lie in a hall to be taken away."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import organisation, paired, person
from mingtang.base.ids import next_id
from mingtang.catalogue.rules.shelf import LONGEST_PLACE


class ShelfGuide(models.Model):
    """取阅架上的办事指南: the guide of one item at one place of a hall, all of one edition.

    `printed_count` and `taken_count` go over its whole life; what was thrown away is neither.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = organisation()
    place = models.CharField(max_length=LONGEST_PLACE)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("catalogue.Edition", on_delete=models.PROTECT, related_name="+")
    stock_count = models.PositiveIntegerField()
    least_count = models.PositiveIntegerField()
    printed_count = models.PositiveIntegerField()
    taken_count = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()
    counted_by = person()
    removed_at = models.DateTimeField(null=True)
    removed_by = person()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(place=""), name="shelf_guide_placed"),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=False, counted_by__isnull=False),
                name="shelf_guide_counted_paired",
            ),
            paired("removed", "shelf_guide"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(stock_count=0), name="shelf_guide_removed_empty"
            ),
            models.UniqueConstraint(
                fields=["organisation", "place", "item"],
                condition=Q(removed_at=None),
                name="shelf_guide_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.item_id}"

    @property
    def stream(self) -> str:
        return f"shelf_guide:{self.id}"
