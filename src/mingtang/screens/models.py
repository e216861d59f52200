"""Tables of screens: devices, how long boards were lit, what is put in between."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.screens.rules.board import LONGEST_INSERT, InsertKind
from mingtang.screens.rules.devices import AT_A_WINDOW, LONGEST_SHOWN, Kind, Volume


class Device(models.Model):
    """One screen of a hall. Of the pairing code only its blind index is held; the key is sealed.

    `counter` is that of the last message that counted. `doubted_at`: a message with the right key
    came twice, or from two places.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = chosen(Kind, 10)
    name = models.CharField(max_length=40)
    organisation = organisation()
    window = models.ForeignKey(
        "regions.Window", on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField()
    added_by = person()
    code_index = models.CharField(max_length=64, blank=True, default="")
    code_until = models.DateTimeField(null=True)
    key = SealedField(default="")
    paired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = person()
    counter = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True, default="")
    shows = models.CharField(max_length=LONGEST_SHOWN, blank=True, default="")
    volume = models.PositiveSmallIntegerField(default=Volume.OFF.value)  # of calls, on a board

    class Meta:
        constraints = (
            one_of("kind", Kind, "device"),
            models.CheckConstraint(condition=~Q(name=""), name="device_named"),
            models.CheckConstraint(
                condition=~Q(kind__in=[one.value for one in AT_A_WINDOW]) | Q(window__isnull=False),
                name="device_pad_at_window",
            ),
            models.CheckConstraint(
                condition=Q(added_at__isnull=False, added_by__isnull=False),
                name="device_added_paired",
            ),
            models.CheckConstraint(
                condition=Q(code_index="", code_until=None)
                | (~Q(code_index="") & Q(code_until__isnull=False)),
                name="device_code_ends",
            ),
            models.CheckConstraint(
                condition=Q(key=b"", paired_at=None) | (~Q(key=b"") & Q(paired_at__isnull=False)),
                name="device_key_of_pairing",
            ),
            one_of("volume", Volume, "device"),
            models.CheckConstraint(condition=Q(counter__gte=0), name="device_counter_from_none"),
            paired("revoked", "device"),
            models.UniqueConstraint(
                fields=["code_index"], condition=~Q(code_index=""), name="device_code_once"
            ),
        )
        indexes = (models.Index(fields=["organisation", "kind", "name"], name="device_of_hall"),)

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"device:{self.id}"


class ShownTime(models.Model):
    """How many seconds a board was lit on a legal day, by its beats; counted once it is over."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    device = models.ForeignKey("screens.Device", on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    seconds = models.PositiveIntegerField(default=0)
    is_counted = models.BooleanField(default=False)  # stands in the ledger of releases

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["device", "date"], name="shown_time_once"),
            models.CheckConstraint(condition=Q(seconds__lte=25 * 3600), name="shown_time_of_a_day"),
        )
        indexes = (
            models.Index(
                fields=["date"], condition=Q(is_counted=False), name="shown_time_to_count"
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.seconds}"


class Insert(models.Model):
    """A line at the foot of a hall's boards, or an urgent word all over them; until then."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = organisation()
    kind = chosen(InsertKind, 8)
    text = models.CharField(max_length=LONGEST_INSERT)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    added_by = person()
    ended_at = models.DateTimeField(null=True)  # earlier than thought
    ended_by = person()

    class Meta:
        constraints = (
            one_of("kind", InsertKind, "insert"),
            models.CheckConstraint(condition=~Q(text=""), name="insert_says_something"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="insert_lives"),
            together("insert_ended_paired", "ended_at", "ended_by"),
        )
        indexes = (models.Index(fields=["organisation", "ends_at"], name="insert_of_hall"),)

    def __str__(self) -> str:
        return self.text
