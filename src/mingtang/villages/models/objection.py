"""异议: what a villager holds against a disclosure, and what was answered."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import paired, person, together
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField


class Objection(models.Model):
    """Raised with a code, or on paper and typed by a clerk. Who raised it stays sealed; the public
    reads the copy that was written for it."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    disclosure = models.ForeignKey(
        "villages.Disclosure", on_delete=models.PROTECT, related_name="objections"
    )
    number = models.CharField(max_length=30, unique=True)
    name = SealedField(default="")
    phone = SealedField(default="")
    text = SealedField(default="")
    code_salt = models.BinaryField()
    is_on_paper = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    raised_by = person()  # the clerk who typed it; null: the villager did
    due_date = models.DateField()
    public_text = models.CharField(max_length=500, blank=True, default="")
    reply = models.CharField(max_length=1000, blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    replied_by = person()
    replied_date = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(is_on_paper=True, raised_by__isnull=False)
                | Q(is_on_paper=False, raised_by=None),
                name="objection_raised_paired",
            ),
            paired("replied", "objection"),
            together("objection_replied_whole", "replied_at", "replied_date"),
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="", public_text="")
                | (Q(replied_at__isnull=False) & ~Q(reply="") & ~Q(public_text="")),
                name="objection_replied_with_copy",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_date", "id"], condition=Q(replied_at=None), name="objection_open"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_late(self) -> bool:
        return bool(self.replied_date and self.replied_date > self.due_date)
