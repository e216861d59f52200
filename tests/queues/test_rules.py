"""Queues: opening hours as places write them, half hours, waiting times, moves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.clock import LEGAL_ZONE
from mingtang.queues.rules import (
    SLOT,
    Span,
    TicketMoved,
    TicketState,
    TicketVerb,
    is_due,
    is_open,
    label,
    minutes_to_wait,
    moved,
    slots,
    spans,
)

MORNING = Span(time(8, 30), time(11, 30))
AFTERNOON = Span(time(13, 30), time(17))
DAY = date(2013, 9, 17)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2013, 9, 17, hour, minute, tzinfo=LEGAL_ZONE)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("工作日 8:30–11:30，13:30–17:00", [MORNING, AFTERNOON]),
        ("周一至周五08：30-11：30 下午13:30至17:00", [MORNING, AFTERNOON]),
        ("8:30 ~ 11:30", [MORNING]),
        ("以现场公告为准", []),
        ("25:00-26:00，17:00-8:30", []),
        ("", []),
    ],
)
def test_hours_are_read_as_a_place_writes_them(told, found):
    assert spans(told) == found


@given(st.text(alphabet="0123456789:：-—至 工作日", max_size=40))
def test_no_text_of_hours_breaks_the_reading(told):
    assert all(one.first < one.last for one in spans(told))


def test_half_hours_lie_within_the_hours():
    found = slots(DAY, [MORNING, AFTERNOON], LEGAL_ZONE)
    assert len(found) == 6 + 7
    assert found[0] == datetime(2013, 9, 17, 0, 30, tzinfo=UTC)
    assert max(found) + SLOT == at(17).astimezone(UTC)


def test_numbers_are_given_from_twenty_minutes_before_the_doors_open():
    hours = [MORNING, AFTERNOON]
    asked = [(8, 9), (8, 10), (11, 29), (11, 30), (13, 9), (13, 10), (16, 59), (17, 0)]
    given_now = [is_open(at(*one), hours, LEGAL_ZONE) for one in asked]
    assert given_now == [False, True, True, False, False, True, True, False]
    assert is_open(at(3), [], LEGAL_ZONE)  # a place that tells no hours


def test_an_appointment_is_kept_within_its_time():
    slot = at(9)
    kept = [is_due(slot, slot + timedelta(minutes=one)) for one in (-21, -20, 30, 31)]
    assert kept == [False, True, True, False]


def test_waiting_is_told_in_fives_and_from_todays_services():
    assert minutes_to_wait(0, 1, []) == 0
    assert minutes_to_wait(3, 1, []) == 30  # ten minutes each while nobody knows
    assert minutes_to_wait(3, 2, [4, 4, 4]) == 10
    assert minutes_to_wait(1, 5, [1, 1, 1]) == 5


@given(st.integers(1, 50), st.integers(0, 5), st.lists(st.floats(0.5, 60), max_size=9))
def test_who_stands_further_back_is_never_told_less(ahead, windows, served):
    assert minutes_to_wait(ahead, windows, served) <= minutes_to_wait(ahead + 1, windows, served)


def test_every_state_and_verb():
    allowed = {
        (verb, state)
        for verb in TicketVerb
        for state in TicketState
        if not _is_refused(verb, state)
    }
    called, skipped = TicketState.CALLED, TicketState.SKIPPED
    assert allowed == {
        (TicketVerb.RECALL, called),
        (TicketVerb.RECALL, skipped),
        (TicketVerb.SKIP, called),
        (TicketVerb.FINISH, called),
        (TicketVerb.TRANSFER, called),
        (TicketVerb.TRANSFER, skipped),
    }


def _is_refused(verb: TicketVerb, state: TicketState) -> bool:
    try:
        moved(verb, state)
    except TicketMoved:
        return True
    return False


def test_labels_are_short_and_read_aloud():
    assert [label("A", 1), label("B", 1234)] == ["A001", "B1234"]
