"""Pages of queues: for everyone by telephone, for the manager, for nobody else."""

import re

import pytest
import time_machine
from django.urls import reverse

from mingtang.queues import services
from mingtang.queues.models import Appointment, Queue, Ticket
from tests.queues.hall import Hall
from tests.world import new_command_id


@pytest.fixture
def hall(world, at):
    with time_machine.travel(at, tick=False):
        yield Hall(world, at)


def test_a_number_is_taken_once_and_its_page_tells_the_turn(hall, client):
    form = {"queue": str(hall.a.id), "command_id": new_command_id()}
    hall.take(hall.a)
    answer = client.post(reverse("queues:queue"), form)
    assert client.post(reverse("queues:queue"), form).url == answer.url
    assert Ticket.objects.count() == 2
    page = client.get(answer.url).content.decode()
    assert "A002" in page
    assert "前面还有 1 人" in page
    hall.call()
    hall.move(services.finish, Ticket.objects.get(label="A001"))
    hall.call()
    assert "请到 1 号窗口" in client.get(answer.url).content.decode()
    assert client.get(answer.url + "qr.svg").headers["Content-Type"] == "image/svg+xml"
    assert client.get(reverse("queues:ticket", args=["AAAAA-AAAAA"])).status_code == 404


def test_one_source_takes_no_more_than_six_numbers(hall, client):
    statuses = [
        client.post(reverse("queues:queue"), {"queue": str(hall.a.id)}).status_code
        for _ in range(7)
    ]
    assert statuses == [302] * 6 + [429]


def test_a_half_hour_is_booked_and_given_back(hall, client):
    url = f"{reverse('queues:appointments')}?queue={hall.a.id}"
    page = client.get(url).content.decode()
    slot = re.search(r'name="slot" id="[^"]+" value="([^"]+)"', page)[1]
    form = {"slot": slot, "phone": "138 0000 0007", "command_id": new_command_id()}
    assert client.post(url, {**form, "phone": "12"}).status_code == 422
    assert client.post(url, {**form, "slot": "2013-01-01T00:00:00+00:00"}).status_code == 422
    booked = client.post(url, form).content.decode()
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", booked)[0]
    assert Appointment.objects.get().phone == "13800000007"
    early = client.post(reverse("queues:appointment", args=["check-in"]), {"code": code})
    assert early.status_code == 422
    assert "您约的是" in early.content.decode()
    cancel = reverse("queues:appointment", args=["cancel"])
    assert "预约已取消" in client.post(cancel, {"code": code}).content.decode()
    assert client.post(cancel, {"code": code}).status_code == 422
    assert client.post(reverse("queues:appointment", args=["else"]), {}).status_code == 404


def test_groups_are_the_managers_to_keep(hall, world, client):
    url = reverse("queues:keep")
    assert client.get(url).status_code == 302
    for who, status in (("citizen", 404), ("clerk", 404), ("manager", 200)):
        client.force_login(world.people.made[who])
        assert client.get(url).status_code == status
    form = {
        "letter": "a",
        "name": "营业执照",
        "windows": [str(hall.second.id)],
        "capacity": "3",
        "is_open": "on",
        "command_id": new_command_id(),
    }
    assert client.post(url, form).status_code == 422  # the letter is another group's
    assert client.post(url, {**form, "letter": "c"}).status_code == 302
    made = Queue.objects.get(letter="C")
    assert (made.capacity, list(made.windows.all())) == (3, [hall.second])
    change = {**form, "letter": "C", "name": "证照", "command_id": new_command_id()}
    assert client.post(reverse("queues:keep_one", args=[made.id]), change).status_code == 302
    made.refresh_from_db()
    assert made.name == "证照"
    assert client.get(reverse("queues:keep_one", args=[1])).status_code == 404


def test_more_people_take_no_more_statements(hall, client, django_assert_max_num_queries):
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(40) as seen:
            client.get(reverse("queues:queue"))
        counts.append(len(seen))
        for _ in range(5):
            hall.take(hall.a)
    assert counts[0] == counts[1]
