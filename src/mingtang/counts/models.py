"""Day counts: how often something happened, by day, organisation and window."""

from django.db import models

from mingtang.base.ids import next_id


class DayCount(models.Model):
    """One number. Kept by a follower; the ledger can always fill it anew."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    date = models.DateField()
    measure = models.CharField(max_length=60)
    organisation_id = models.BigIntegerField()
    window_id = models.BigIntegerField(default=0)  # 0: at no window, or by nobody of the hall
    count = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["measure", "date", "organisation_id", "window_id"], name="day_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.measure} {self.count}"
