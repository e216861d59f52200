"""What queues hold about a person: places booked with the phone of their account."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import QuerySet

from mingtang.accounts.queries import person_with_posts
from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.sealed import blind_index
from mingtang.persons.holdings import Holder
from mingtang.persons.retention import Kind
from mingtang.persons.rules import Held, Who
from mingtang.queues.models import Appointment
from mingtang.queues.services import forget_phones


def _of(who: Who) -> QuerySet[Appointment]:
    phone = person_with_posts(who.person_id).phone
    if not phone:
        return Appointment.objects.none()
    return Appointment.objects.filter(phone_index=blind_index("appointment_phone", phone))


def tell(who: Who) -> Iterator[Held]:
    for one in _of(who).order_by("slot_at", "id"):
        slot = one.slot_at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")
        yield Held("预约取号", (("时间", slot), ("电话", one.phone)))


def erase(who: Who, at: datetime) -> int:
    return forget_phones(_of(who).filter(slot_at__lt=at))


HOLDER = Holder("queues", "预约取号", tell, erase, models=("queues.Appointment",))


def _over(before: datetime, held: Collection[int]) -> "QuerySet[Appointment]":
    rows = Appointment.objects.filter(slot_at__lt=before)
    return rows.exclude(phone_index="").order_by("slot_at", "id")


KIND = Kind("appointments", "预约取号的电话", 90, _over, forget_phones)
