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


class SearchChange(models.Model):
    """A change of the index that no later one has taken the place of: see base.search.keeping.

    `told`: what it did, as JSON.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    kind = models.CharField(max_length=40)
    told = models.TextField(blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class SearchDocument(models.Model):
    """What can be found of a subject; texts as they are compared, without capitals.

    Written once, never changed; numbered from one on. Its tokens lie beside it: see
    base.search.stores.
    """

    id = models.BigAutoField(primary_key=True, editable=False)
    subject = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    key = models.BigIntegerField()
    name = models.CharField(max_length=300)
    main = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=80, blank=True)
    said = models.TextField(blank=True)
    facets = models.TextField(blank=True)
    weight = models.FloatField(default=0.0)

    class Meta:
        indexes = (models.Index(fields=["kind", "key"], name="search_kind_key"),)

    def __str__(self) -> str:
        return self.subject


class Synonym(models.Model):
    """An everyday word and what it means in the names of things. No meaning: ignored."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, editable=False)
    word = models.CharField(max_length=40)
    means = models.CharField(max_length=80, blank=True)
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["word", "means"], name="synonym_once"),
            models.CheckConstraint(condition=~models.Q(word=""), name="synonym_word_given"),
        )

    def __str__(self) -> str:
        return f"{self.word} → {self.means}"
