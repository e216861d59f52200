"""Titles that name nobody, ways that a person does without, the signed notice to another system,
and the page of what was sent."""

import hashlib
import hmac
import json
import re
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base import privacy
from mingtang.messages import queries, services
from mingtang.messages.models import Message
from mingtang.messages.rules import (
    IN_TITLES,
    MAX_TRIES,
    Audience,
    NotInTitle,
    Occasion,
    Place,
    Template,
    Way,
    masked,
    render,
)
from tests.messages.conftest import EMAIL, PHONE

KEY = "k" * 32
PEOPLE = re.compile("姓名|申请人|代办员|谁|电话|地址|身份证|理由|答复|内容|意见")


# ── titles ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def occasions():
    found = queries.occasions()
    assert len(found) > 80
    return found


def test_no_title_of_any_app_says_who_it_is_about(occasions):
    """Every place that is not the name, number or kind of a thing holds a canary."""
    for one in occasions:
        facts = {name: "thing" if name in IN_TITLES else "CANARY" for name in one.places}
        assert "CANARY" not in render(one.fallback, facts).title, (one.event, one.audience)


def test_what_may_stand_in_a_title_is_no_person_and_no_free_text(occasions):
    wrong = [
        (one.event, name, place.label)
        for one in occasions
        for name, place in one.places.items()
        if name in IN_TITLES
        and f"{{{name}}}" in one.fallback.subject
        and (PEOPLE.search(place.label) or privacy.find(privacy.readable(place.example)))
    ]
    assert wrong == []


def test_a_title_with_a_person_in_it_cannot_be_made():
    places = {"applicant": Place("申请人", "毛小明")}
    with pytest.raises(NotInTitle, match="锁屏"):
        Occasion("x.y", Audience.STAFF, "试", Template("{applicant}来了", "正文"), places)


@pytest.mark.django_db
def test_nor_does_the_office_write_one(client, world, provider):
    client.force_login(world.manager)
    sent = {"subject": "{applicant}，您好", "body": "正文", "sms": "", "save": "1"}
    answer = client.post("/office/messages/templates/case.accepted/applicant/", sent)
    assert answer.status_code == 422
    assert "标题里不能用" in answer.content.decode()


# ── opting out ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_way_that_a_person_does_without_is_left_and_the_inbox_stays(
    client, world, told, provider
):
    client.force_login(world.citizen)
    assert client.post(reverse("messages:ways"), {"sent": "1", "mail": "on"}).status_code == 302
    page = client.get(reverse("messages:ways")).content.decode()
    assert re.search(r'name="mail"[^>]*checked', page)
    assert not re.search(r'name="sms"[^>]*checked', page)
    rows = told(person_id=world.citizen.id, phone=PHONE, email=EMAIL)
    assert [row.way for row in rows] == ["inbox", "mail"]
    other = told(person_id=world.stranger.id, phone="13800000002", dedupe="other")
    assert [row.way for row in other] == ["inbox", "sms"]
    client.post(reverse("messages:ways"), {"sent": "1", "mail": "on", "sms": "on"})
    again = told(person_id=world.citizen.id, phone=PHONE, dedupe="later")
    assert [row.way for row in again] == ["inbox", "sms"]


# ── the webhook ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def other_system(settings):
    """A system that keeps what it gets and answers as it is told to."""

    class Handler(BaseHTTPRequestHandler):
        got: list = []
        answers: list = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.got.append((dict(self.headers), body))
            self.send_response(self.answers.pop(0) if self.answers else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.MINGTANG_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/hook"
    settings.MINGTANG_WEBHOOK_KEY = KEY
    settings.MINGTANG_OUTGOING_NETS = ("127.0.0.0/8",)
    yield Handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
class TestTheWebhook:
    def test_an_event_is_told_once_signed_and_names_nobody(
        self, world, told, provider, other_system, at
    ):
        for person in (world.citizen, world.stranger):
            told(person_id=person.id, phone=PHONE)
        services.send_due(at)
        ((headers, body),) = other_system.got
        said = json.loads(body)
        assert set(said) == {"subject", "event", "audience", "at"}
        assert (said["subject"], said["event"]) == ("case:42", "case.accepted")
        assert "毛小明" not in body.decode()
        assert PHONE not in body.decode()
        seconds, mac = re.fullmatch(
            r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Mingtang-Signature"]
        ).groups()
        wanted = hmac.new(KEY.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
        assert hmac.compare_digest(wanted.hexdigest(), mac)
        row = Message.objects.get(way="webhook")
        assert (row.state, row.person_id) == ("sent", None)
        assert row.provider_reference == headers["X-Mingtang-Delivery"]

    def test_it_is_tried_again_with_patience_and_given_up_where_that_is_vain(
        self, told, provider, other_system, at
    ):
        told()
        other_system.answers[:] = [500, 429, 302, 410]
        for number, hours in enumerate((0, 1, 3, 9)):
            services.send_due(at + timedelta(hours=hours))
            row = Message.objects.get(way="webhook")
            assert row.attempts == number + 1
            assert row.state == ("given_up" if number == 3 else "failed")
        assert "410" in row.last_error
        assert "/hook" not in row.last_error
        assert len(other_system.got) == 4 < MAX_TRIES

    def test_a_subject_is_told_in_order_and_holds_up_no_other(
        self, told, provider, other_system, at
    ):
        told(dedupe="first", at=at)
        other_system.answers[:] = [500]
        services.send_due(at)
        told(dedupe="second", event="case.decided", at=at)
        told(dedupe="elsewhere", subject="case:43", at=at)
        services.send_due(at + timedelta(seconds=1))
        said = [json.loads(body) for _headers, body in other_system.got]
        assert [one["subject"] for one in said] == ["case:42", "case:43"]
        services.send_due(at + timedelta(hours=1))
        said = [json.loads(body) for _headers, body in other_system.got][2:]
        assert [one["event"] for one in said] == ["case.accepted", "case.decided"]


def test_of_another_system_only_its_name_is_shown():
    assert masked(Way.WEBHOOK, "https://hub.example.cn/in?key=1") == "hub.example.cn"


# ── what was sent ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
class TestThePageOfWhatWasSent:
    def test_the_three_people(self, client, world, told, provider, at, monkeypatch):
        monkeypatch.setattr("mingtang.messages.views.now", lambda: at)
        keeper = world.people.post("keeper", Role.SYSTEM_ADMIN, world.centre)
        provider.reset(*[OSError("断线")] * MAX_TRIES)
        told(phone=PHONE)
        for hours in range(0, 60, 12):
            services.send_due(at + timedelta(hours=hours))
        page = reverse("messages:sent")
        assert client.get(page).status_code == 302
        for person in (world.citizen, world.clerk):
            client.force_login(person)
            assert client.get(page).status_code == 404
            assert client.post(reverse("messages:sent_again")).status_code == 404
        client.force_login(keeper)
        shown = client.get(page, {"state": "given_up"}).content.decode()
        assert "138****0001" in shown
        assert PHONE not in shown
        assert "取水许可" not in shown
        assert "断线" in shown
        assert client.post(reverse("messages:sent_again")).status_code == 302
        services.send_due(at + timedelta(days=5))
        assert Message.objects.get(way="sms").state == "sent"

    def test_it_asks_as_often_with_more_rows_and_goes_on_where_it_ended(self, told, provider, at):
        def asked():
            with CaptureQueriesContext(connection) as found:
                queries.sent_counts(at)
                queries.sent_out(at)
            return len(found)

        told(phone=PHONE)
        before = asked()
        for number in range(4):
            told(phone=PHONE, dedupe=str(number))
        assert asked() == before
        first = queries.sent_out(at, size=3)
        rest = queries.sent_out(at, after=first.next, size=3)
        assert (len(first.rows), len(rest.rows), rest.next) == (3, 2, None)
