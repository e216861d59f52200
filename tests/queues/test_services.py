"""Numbers from the machine to the window; appointments; the case that a number leads to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.codes import spell_code
from mingtang.base.errors import NotFound
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.ledger.queries import history
from mingtang.ledger.services import deliver_all
from mingtang.queues import queries, services
from mingtang.queues.models import Appointment, Ticket, TicketCase
from mingtang.queues.rules import (
    BookingNotDue,
    NobodyWaits,
    NotServedThere,
    QueueClosed,
    SlotGone,
    StillServing,
    TicketMoved,
    TooManyBooked,
    WrongBookingCode,
)
from tests.queues.hall import Hall
from tests.world import new_command_id, plain

PHONE = "13800000007"


@pytest.fixture
def hall(world, at):
    return Hall(world, at)


def test_numbers_are_called_in_the_order_in_which_they_were_taken(hall, at):
    for minute in range(3):
        hall.take(hall.a, at + timedelta(minutes=minute))
    hall.take(hall.b, at)
    assert hall.call() == "A001"
    with pytest.raises(StillServing):
        hall.call()
    serving = queries.served_at(hall.first.id)
    hall.move(services.finish, serving)
    assert [hall.call(), hall.call(hall.second)] == ["A002", "B001"]
    last = Ticket.objects.get(label="A003")
    assert (queries.wait_of(last).ahead, queries.waiting_at(hall.first.id, last.date)) == (0, 1)
    told = history(serving.stream)
    assert [one.kind for one in told] == [
        "queue_ticket.taken",
        "queue_ticket.called",
        "queue_ticket.finished",
    ]
    assert told[1].facts["waited_seconds"] == 0


def test_who_did_not_come_may_be_called_again(hall):
    ticket = hall.take(hall.a)
    hall.call()
    hall.move(services.recall, ticket)
    hall.move(services.skip, ticket)
    assert (ticket.state, ticket.call_count) == ("skipped", 2)
    with pytest.raises(NobodyWaits):
        hall.call()
    with pytest.raises(TicketMoved):
        hall.move(services.finish, ticket)
    hall.move(services.recall, ticket)
    assert (ticket.state, ticket.call_count) == ("called", 3)


def test_sent_on_it_keeps_its_label_and_goes_before_all(hall):
    ticket, other = hall.take(hall.a), hall.take(hall.b)
    hall.call()
    with pytest.raises(NotServedThere):
        hall.move(services.transfer, ticket, to_queue_id=str(hall.b.id), to_window_id=hall.first.id)
    hall.move(services.transfer, ticket, to_queue_id=str(hall.b.id), to_window_id=None)
    assert (ticket.state, ticket.label, ticket.queue_id) == ("waiting", "A001", hall.b.id)
    assert hall.call(hall.second) == "A001"
    hall.move(services.finish, ticket, hall.second)
    assert hall.call(hall.second) == other.label


def test_nobody_moves_the_number_of_another_window(hall):
    ticket = hall.take(hall.a)
    hall.call()
    with pytest.raises(NotFound):
        hall.move(services.finish, ticket, hall.second)


def test_no_numbers_outside_the_hours_nor_on_a_holiday(hall, at):
    for moment in (at.replace(hour=13), at + timedelta(days=2)):  # nine in the evening; 中秋
        with pytest.raises(QueueClosed):
            hall.take(hall.a, moment)
    hall.a.has_all_hours = True
    hall.a.save()
    assert hall.take(hall.a, at.replace(hour=13)).label == "A001"


def test_the_database_itself_lets_one_be_served_at_a_window(hall):
    for _ in range(2):
        hall.take(hall.a)
    hall.call()
    serving = Ticket.objects.get(state="called")
    again = {"state": "called", "window": serving.window_id, "called_at": serving.called_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(state="waiting").update(**again, called_by=serving.called_by_id)


def test_what_is_taken_in_meanwhile_belongs_to_the_number(hall, world, at):
    """Queue, case, clock and rating are one line; told late and twice it is the same."""
    ticket = hall.take(hall.a)
    hall.call(at=at + timedelta(minutes=4))
    item = world.item()
    for _ in range(2):
        cases.take_in(
            item_code=item,
            applicant=world.applicant(),
            answers=plain("取水"),
            actor=world.actor(world.clerk),
            at=at + timedelta(minutes=6),
            command_id=new_command_id(),
        )
    hall.move(services.finish, ticket)
    Ticket.objects.filter(id=ticket.id).update(ended_at=at + timedelta(minutes=9))
    deliver_all(at + timedelta(minutes=20))
    assert set(TicketCase.objects.values_list("ticket", "case")) == {
        (ticket.id, case.id) for case in Case.objects.all()
    }
    assert len(queries.cases_of(ticket.id, hall.first.id)) == 2
    cases.take_in(
        item_code=item,
        applicant=world.applicant(),
        answers=plain("取水"),
        actor=world.actor(world.clerk),
        at=at + timedelta(minutes=30),
        command_id=new_command_id(),
    )
    deliver_all(at + timedelta(minutes=40))
    assert TicketCase.objects.count() == 2


# ── appointments ──────────────────────────────────────────────────────────────────────────────


def _book(hall, slot, phone=PHONE, number=1):
    code = spell_code(number.to_bytes(8))
    services.book(queue_id=str(hall.a.id), slot_at=slot, phone=phone, code=code, **hall.by())
    return code


def test_half_hours_of_working_days_with_what_is_left(hall, at):
    free = queries.slots_of(hall.a, at)
    days = {one.at.astimezone(LEGAL_ZONE).date() for one in free}
    # 17 September is a Tuesday; the 19th to 21st are 中秋, the 22nd is worked instead
    assert sorted(day.day for day in days) == [17, 18, 22, 23, 24]
    assert {one.left for one in free} == {2}
    assert all(one.at > at for one in free)


def test_a_half_hour_holds_so_many_and_a_telephone_two(hall, at):
    first, second, third = [one.at for one in queries.slots_of(hall.a, at)[:3]]
    _book(hall, first, number=1 << 60)
    _book(hall, second, number=2 << 60)
    with pytest.raises(TooManyBooked):
        _book(hall, third, number=3 << 60)
    _book(hall, first, "13800000008", 4 << 60)
    with pytest.raises(SlotGone):
        _book(hall, first, "13800000009", 5 << 60)
    with pytest.raises(SlotGone):
        _book(hall, at + timedelta(days=400), "13800000009", 6 << 60)
    assert PHONE not in str(list(Appointment.objects.values_list("phone_index", "code_index")))


def test_a_code_gives_a_number_before_those_who_walked_in_or_the_place_back(hall, at):
    first = queries.slots_of(hall.a, at)[0].at
    code, other = _book(hall, first, number=7 << 60), _book(hall, first, number=8 << 60)
    walked = hall.take(hall.a)
    with pytest.raises(BookingNotDue):
        services.check_in(code=code, **hall.by(at=first - timedelta(minutes=21)))
    services.check_in(code=code.lower(), **hall.by(at=first))
    assert hall.call(at=first) == "A002"
    assert walked.label == "A001"
    with pytest.raises(WrongBookingCode):
        services.check_in(code=code, **hall.by(at=first))
    services.cancel(code=other, **hall.by())
    with pytest.raises(WrongBookingCode):
        services.cancel(code=other, **hall.by())
    assert queries.slots_of(hall.a, at)[0].left == 1
