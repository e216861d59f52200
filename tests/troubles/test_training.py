"""Trainings in the use of the system: a batch, who came, who passed; three people each."""

from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.ledger.models import Event
from mingtang.troubles.models import Attendance, Course
from mingtang.troubles.queries_training import trained
from mingtang.troubles.services_training import note_attendance, note_course
from tests.world import morning, new_command_id

AT = morning(2013, 9, 17)


def course_with(world, *usernames, passed=True) -> int:
    """A training to which these people came."""
    by = {"actor": world.actor(world.manager), "at": AT}
    made = note_course(held_date=AT.date(), topic="收件", command_id=new_command_id(), **by)
    note_attendance(
        course_id=int(made["course_id"]),
        usernames=usernames,
        hours=Decimal(2),
        is_passed=passed,
        command_id=new_command_id(),
        **by,
    )
    return int(made["course_id"])


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(AT, tick=False):
        yield


def of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client, path, **said):
    return client.post(path, {"command_id": new_command_id(), **said})


@pytest.mark.django_db
def test_a_batch_is_noted_and_who_came_and_the_later_word_counts(world):
    keeper, path = of(world.manager), reverse("troubles:courses")
    assert "还没有登记培训" in keeper.get(path).text
    late = send(keeper, path, held_date="2013-09-18", topic="收件")
    assert (late.status_code, "还没有到" in late.text) == (422, True)
    made = send(keeper, path, held_date="2013-09-16", topic="收件，第一批")
    assert made.status_code == 302
    said = {"hours": "2.5", "passed": "no"}
    lost = send(keeper, made.url, usernames="clerk\ncitizen\nnobody", **said)
    assert (lost.status_code, "citizen、nobody" in lost.text) == (422, True)
    assert not Attendance.objects.exists()
    assert send(keeper, made.url, usernames="clerk，handler", **said).status_code == 302
    people = {world.clerk.id, world.handler.id}
    assert trained(people) == set()
    send(keeper, made.url, usernames="clerk", hours="2", passed="yes")
    assert trained(people) == {world.clerk.id}
    assert Attendance.objects.count() == 2
    shown = keeper.get(made.url).text
    assert (shown.count("没有合格"), "clerk先生" in shown) == (1, True)
    one = Course.objects.get()
    told = Event.objects.filter(stream=one.stream).order_by("seq")
    assert [row.kind for row in told] == ["course.noted", "course.attended", "course.attended"]
    assert set(told[1].facts["person_ids"]) == {str(one) for one in people}


@pytest.mark.django_db
def test_a_clerk_and_a_stranger_see_no_trainings(world):
    pages = (reverse("troubles:courses"), reverse("troubles:course", args=[course_with(world)]))
    for path in pages:
        assert of(world.manager).get(path).status_code == 200
        assert of(world.clerk).get(path).status_code == 404
        assert Client().get(path).status_code == 302


@pytest.mark.django_db
def test_lists_of_many_ask_no_more_than_lists_of_few(world):
    keeper, path = of(world.manager), reverse("troubles:courses")

    def statements():
        with CaptureQueriesContext(connection) as asked:
            keeper.get(path)
        return len(asked)

    course_with(world, "clerk")
    few = statements()
    for _ in range(3):
        course_with(world, "clerk", "handler")
    assert statements() == few
