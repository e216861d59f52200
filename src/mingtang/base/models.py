"""The few tables without a business word."""

from django.db import models


class NodeLease(models.Model):
    """A node number of base.ids and until when a process holds it. Rows 0–1023 from migration 1."""

    node = models.SmallIntegerField(primary_key=True)
    leased_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.node} → {self.leased_until}"


class Serial(models.Model):
    """The last number given out in a series that people read. Row-locked while it grows."""

    series = models.CharField(max_length=80, primary_key=True)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class Marker(models.Model):
    """A fact about this installation, such as that it was filled with demo data."""

    name = models.CharField(max_length=80, primary_key=True)
    value = models.CharField(max_length=200)
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
