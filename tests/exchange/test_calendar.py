"""Calendars: a person's due days at a secret address, everybody's at an open one."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.models import Post
from mingtang.exchange.models import CalendarFeed
from mingtang.exchange.rules.calendar import LINE, Entry, calendar, folded
from mingtang.ledger.models import Event
from tests.world import morning, new_command_id

AT = morning(2013, 9, 17)


def read(text: str) -> list[dict[str, str]]:
    """The events of a calendar, by hand: lines end with CRLF, folded ones begin with a blank."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines: list[str] = []
    for raw in text.split("\r\n")[:-1]:
        assert len(raw.encode()) <= LINE
        if raw.startswith(" "):
            lines[-1] += raw[1:]
        else:
            lines.append(raw)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    found: list[dict[str, str]] = []
    for line in lines[2:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            assert name not in found[-1]
            found[-1][name.partition(";")[0]] = value
    return found


def test_long_lines_are_folded_between_letters_and_read_back_whole():
    title = "取水许可；甲,乙;丙\\丁\n" + "水" * 60
    one = Entry("case-1", date(2013, 12, 31), title, datetime(2013, 9, 17, tzinfo=UTC), "https://a")
    (event,) = read(calendar("名", "a.example", [one]))
    assert event["SUMMARY"] == "取水许可；甲\\,乙\\;丙\\\\丁\\n" + "水" * 60
    assert (event["UID"], event["DTSTART"], event["DTEND"]) == (
        *("case-1@a.example", "20131231", "20140101"),
    )
    assert event["DTSTAMP"] == "20130917T000000Z"
    assert list(folded("水" * 26)) == ["水" * 25, " 水"]


@pytest.fixture(autouse=True)
def _that_day(monkeypatch):
    monkeypatch.setattr(settings, "MINGTANG_PROOF_MINUTES", 0)
    with time_machine.travel(AT, tick=False):
        yield


def of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(client: Client) -> str:
    """A new address, as the page shows it this once."""
    shown = client.post(reverse("exchange:calendar"), {"command_id": new_command_id()})
    assert shown.status_code == 200
    assert "<svg" in shown.text
    found = shown.context["address"]
    assert found in shown.text
    assert found not in client.get(reverse("exchange:calendar")).text
    return "/" + found.split("/", 3)[3]


@pytest.fixture
def case(world):
    return world.bring(world.file(world.item(), AT), "accepted", AT)


@pytest.mark.django_db
def test_due_days_stand_under_number_and_item_and_name_nobody(world, case):
    path = address(of(world.handler))
    got = Client().get(path)
    assert got.headers["Content-Type"] == "text/calendar; charset=utf-8"
    case.refresh_from_db()
    (event,) = read(got.content.decode())
    assert event["UID"].startswith(f"case-{case.id}@")
    assert event["DTSTART"] == f"{case.next_due_date:%Y%m%d}"
    assert case.number in event["SUMMARY"]
    assert case.edition.name in event["SUMMARY"]
    assert "毛小明" not in got.content.decode()
    assert Client().get(path).content == got.content  # the same days, the same text
    again = Client().get(path, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    kept = CalendarFeed.objects.get()
    assert path.split("/")[2].removesuffix(".ics") not in kept.digest
    told = Event.objects.filter(kind="calendar.feed_made").get()
    assert kept.digest not in str(told.facts)


@pytest.mark.django_db
def test_an_address_leads_nowhere_once_it_is_ended_or_made_anew(world, case):
    client = of(world.handler)
    first = address(client)
    second = address(client)
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
    ended = client.post(reverse("exchange:calendar_end"), {"command_id": new_command_id()})
    assert ended.status_code == 302
    assert Client().get(second).status_code == 404
    assert Client().get("/calendar/nothing.ics").status_code == 404


@pytest.mark.django_db
def test_rights_are_those_of_the_moment_of_reading(world, case):
    path = address(of(world.handler))
    assert case.number in Client().get(path).content.decode()
    Post.objects.filter(person=world.handler).update(organisation=world.planning)
    moved = Client().get(path)
    assert moved.status_code == 200
    assert case.number not in moved.content.decode()
    Post.objects.filter(person=world.handler).update(valid_to=AT.date() - timedelta(days=1))
    assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_a_closed_account_has_no_calendar(world, case):
    path = address(of(world.handler))
    world.people.close(world.handler.id)
    assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_who_has_no_desk_makes_no_address(world):
    page = reverse("exchange:calendar")
    assert of(world.citizen).get(page).status_code == 404
    assert Client().get(page).status_code == 302


@pytest.mark.django_db
def test_many_due_days_ask_no_more_than_few(world, case):
    path = address(of(world.handler))

    def statements():
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(path).status_code == 200
        return len(asked)

    few = statements()
    for _ in range(3):
        world.bring(world.file(world.item("330881-qs"), AT), "accepted", AT)
    assert statements() == few
