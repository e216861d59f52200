"""A clock that starts while a calendar is being loaded must not keep the old due date."""

import threading
import time

import pytest
from django.db import connection, transaction

from mingtang.base.kept import asked_once_writing
from mingtang.timing import queries, services
from mingtang.timing.models import Clock
from tests.timing.test_services import AT, day, load, start

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time"),
]


def in_a_thread(work):
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_load_waits_for_a_clock_that_is_starting():
    services.seed_calendars(at=AT)
    with transaction.atomic():
        start(on="2026-12-28")
        loading = in_a_thread(load)
        time.sleep(0.3)
        assert loading.is_alive()
    loading.join(10)
    assert Clock.objects.get().due_date == day("2027-01-05")


def test_a_clock_waits_for_a_load_and_then_uses_it(monkeypatch):
    services.seed_calendars(at=AT)
    recomputing, go_on = threading.Event(), threading.Event()
    moved_by = queries.moved_by

    def slowly(*args):
        recomputing.set()
        go_on.wait(10)
        return moved_by(*args)

    monkeypatch.setattr(queries, "moved_by", slowly)
    loading = in_a_thread(load)
    assert recomputing.wait(10)

    def start_one():
        with transaction.atomic():
            start(on="2026-12-28")

    starting = in_a_thread(start_one)
    time.sleep(0.3)
    assert starting.is_alive()
    go_on.set()
    loading.join(10)
    starting.join(10)
    assert Clock.objects.get().due_date == day("2027-01-05")


def kept_before():
    """A clock starts in a command that asked for the calendar before one was loaded."""
    services.seed_calendars(at=AT)
    with transaction.atomic(), asked_once_writing():
        assert queries.current_calendar().last_official_year == 2026
        held = queries._calendars._held
        in_a_thread(load).join(10)
        queries._calendars._held = held  # it was loaded by another process
        start(on="2026-12-28")
    return Clock.objects.get().due_date


def test_a_command_that_holds_the_calendar_looks_again_at_it():
    assert kept_before() == day("2027-01-05")


def test_without_looking_again_the_clock_would_keep_the_old_date(monkeypatch):
    """The control."""
    monkeypatch.setattr(services, "look_again", lambda: None)
    assert kept_before() != day("2027-01-05")
