"""Tables of queues: what numbers are taken for, tickets, the cases they led to, appointments."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import chosen, one_of, organisation, person
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.queues.rules import Rank, Source, TicketState

OPEN_BOOKING = Q(used_at=None, cancelled_at=None)


class Queue(models.Model):
    """取号类别: a group of items for which numbers are taken, at windows of one hall.

    `capacity`: appointments that each half hour holds; 0: none are given.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = organisation()
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=30)
    hint = models.CharField(max_length=60, blank=True, default="")
    capacity = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    has_all_hours = models.BooleanField(default=False)  # 24 小时自助区: no hours bind it
    windows = models.ManyToManyField("regions.Window", related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "letter"], name="queue_letter_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(letter=""), name="queue_named"),
            models.CheckConstraint(condition=Q(capacity__lte=100), name="queue_capacity_bounded"),
        )

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class Ticket(models.Model):
    """A number that somebody took. It names nobody; `code` opens its page on a telephone."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    queue = models.ForeignKey("queues.Queue", on_delete=models.PROTECT, related_name="tickets")
    date = models.DateField()
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=8)  # as it is called out, also after it was moved
    code = models.CharField(max_length=11, unique=True)
    source = chosen(Source, 12)
    state = chosen(TicketState, 8, default=TicketState.WAITING.value)
    rank = chosen(Rank, 1, default=Rank.WALKED_IN.value)
    taken_at = models.DateTimeField()
    wanted_window = models.ForeignKey(  # sent to this one alone
        "regions.Window", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    window = models.ForeignKey(
        "regions.Window", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    called_at = models.DateTimeField(null=True)
    called_by = person()
    call_count = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            one_of("source", Source, "queue_ticket"),
            one_of("state", TicketState, "queue_ticket"),
            one_of("rank", Rank, "queue_ticket"),
            models.UniqueConstraint(fields=["queue", "date", "number"], name="queue_ticket_once"),
            models.CheckConstraint(
                condition=Q(called_at=None, called_by=None, window=None)
                | Q(called_at__isnull=False, called_by__isnull=False, window__isnull=False),
                name="queue_ticket_called_paired",
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.WAITING.value, called_at=None)
                | (~Q(state=TicketState.WAITING.value) & Q(called_at__isnull=False)),
                name="queue_ticket_waits_uncalled",
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.DONE.value, ended_at__isnull=False)
                | (~Q(state=TicketState.DONE.value) & Q(ended_at=None)),
                name="queue_ticket_done_ends",
            ),
            models.UniqueConstraint(  # one person at a window
                fields=["window"],
                condition=Q(state=TicketState.CALLED.value),
                name="queue_ticket_one_at_window",
            ),
        )
        indexes = (
            models.Index(
                fields=["queue", "date", "rank", "taken_at"],
                condition=Q(state=TicketState.WAITING.value),
                name="queue_ticket_waiting",
            ),
            models.Index(fields=["window", "date"], name="queue_ticket_at_window"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def stream(self) -> str:
        return f"queue_ticket:{self.id}"


class TicketCase(models.Model):
    """What was handed in under a ticket: with it queue, case, clock and rating are one line."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    ticket = models.ForeignKey("queues.Ticket", on_delete=models.PROTECT, related_name="cases")
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.case_id}"


class Appointment(models.Model):
    """A place in a half hour. Its code is told once; the telephone is sealed."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    queue = models.ForeignKey("queues.Queue", on_delete=models.PROTECT, related_name="+")
    slot_at = models.DateTimeField()
    code_index = models.CharField(max_length=64, unique=True)
    phone = SealedField()
    phone_index = models.CharField(max_length=64)
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ticket = models.OneToOneField(
        "queues.Ticket", null=True, on_delete=models.PROTECT, related_name="appointment"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(used_at=None, ticket=None)
                | Q(used_at__isnull=False, ticket__isnull=False, cancelled_at=None),
                name="appointment_used_by_ticket",
            ),
        )
        indexes = (
            models.Index(
                fields=["queue", "slot_at"],
                condition=Q(cancelled_at=None),
                name="appointment_of_slot",
            ),
            models.Index(
                fields=["phone_index", "slot_at"], condition=OPEN_BOOKING, name="appointment_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.queue_id} {self.slot_at}"
