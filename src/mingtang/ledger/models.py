"""The ledger's tables: commands, events, the tree over them, and what is owed to followers."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id


class Command(models.Model):
    """One accepted command: what makes a repeated request answer the same."""

    command_id = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.command_id}"


class Event(models.Model):
    """What happened. Written once; triggers refuse the rest. A stream is the history of one thing,
    such as `case:42`: its events, numbered from 1; the last of them is its end.

    `at` is when it was done, `effective_on` the legal day it counts for. No foreign keys: ids and
    labels of that moment. (Names of the people and units that act; never of citizens.)
    """

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    stream = models.CharField(max_length=80)
    seq = models.IntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    effective_on = models.DateField()
    actor_id = models.CharField(max_length=20, null=True)  # noqa: DJ001 – null: the system
    actor_label = models.CharField(max_length=100)
    acting_for_id = models.CharField(max_length=20, null=True)  # noqa: DJ001 – null: for no one
    acting_for_label = models.CharField(max_length=100, blank=True)
    organisation_id = models.CharField(max_length=20, null=True)  # noqa: DJ001 – null: none
    organisation_label = models.CharField(max_length=100, blank=True)
    command_id = models.CharField(max_length=64)
    facts = models.JSONField()
    previous_leaf = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stream", "seq"], name="event_stream_seq"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_seq_from_one"),
        )
        # Each index more is felt by every act: what is asked seldom makes do with these.
        indexes = (models.Index(fields=["kind", "effective_on"], name="event_kind_day"),)

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"

    def hashed_row(self) -> dict[str, Any]:
        """What the leaf covers: all but the physical id and the leaf itself."""
        return {name: getattr(self, name) for name in HASHED_FIELDS}


HASHED_FIELDS = (
    *("stream", "seq", "kind", "at", "effective_on", "actor_id", "actor_label"),
    *("acting_for_id", "acting_for_label", "organisation_id", "organisation_label"),
    *("command_id", "facts", "previous_leaf"),
)


class TreeLeaf(models.Model):
    """Where an event stands in the one tree over all streams, from 0. The sequencer writes it."""

    append_only = True

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField("ledger.Event", on_delete=models.PROTECT, related_name="tree_leaf")

    def __str__(self) -> str:
        return f"{self.position}: {self.event_id}"


class TreeNode(models.Model):
    """The root of a full subtree of 256, of 65,536, of 16,777,216 leaves, and so on: what a proof
    is put together of without reading every leaf. What it says can be reckoned anew at any time.
    """

    append_only = True

    place = models.BigIntegerField(primary_key=True)  # see `node_place`
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.place}"


def node_place(level: int, number: int) -> int:
    """The key of the subtree of 2**level leaves that has so many like it before it."""
    return level << 56 | number


class TreeHead(models.Model):
    """What was signed: how many events there were, and the root of the tree over them.

    `peaks` are the roots of its full subtrees, from which the tree grows on.
    """

    append_only = True

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    algorithm = models.CharField(max_length=40)
    public_key = models.CharField(max_length=200)
    signature = models.CharField(max_length=400)
    peaks = models.JSONField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(size__gte=1), name="tree_head_grown"),)

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


class Untold(models.Model):
    """An event that followers are to be told of and were not yet. The row goes when they were."""

    event = models.OneToOneField(
        "ledger.Event", on_delete=models.PROTECT, primary_key=True, related_name="untold"
    )
    due_at = models.DateTimeField()  # when it was done: asked of this table alone, events are many

    def __str__(self) -> str:
        return f"{self.event_id}"


class Delivery(models.Model):
    """An event owed to one follower apart from the others: it failed when it was told, or hears all
    of history again. The row goes when the follower has done its part."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    event = models.ForeignKey(  # found by `delivery_once`, which begins with it
        "ledger.Event", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    follower = models.CharField(max_length=60)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "follower"], name="delivery_once"),)
        indexes = (
            models.Index(
                fields=["due_at", "id"], condition=Q(parked_at=None), name="delivery_owed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.follower} ← {self.event_id}"
