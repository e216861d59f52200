"""Sessions are read by a statement of our own: one that is over lets nobody in."""

import re
from datetime import timedelta
from typing import ClassVar

import pytest
import time_machine
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from mingtang.accounts.sessions import ENDS, SessionStore, end_sessions
from mingtang.base.clock import now
from tests.world import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _desk(client):
    return client.get(reverse("cases:desk")).status_code


def test_a_session_lets_in_until_it_is_over(world):
    client = Client()
    client.force_login(world.clerk)
    assert _desk(client) == 200
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert _desk(client) == 302


def test_a_closed_account_loses_its_session_at_once(world):
    client = Client()
    client.force_login(world.clerk)
    assert _desk(client) == 200
    type(world.clerk).objects.filter(pk=world.clerk.pk).update(is_active=False)
    assert _desk(client) == 302


def test_were_the_end_not_looked_at_this_would_tell(world, monkeypatch):
    """The control: a store that takes every row lets in with a session that is over."""
    from mingtang.accounts import sessions

    client = Client()
    client.force_login(world.clerk)
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    monkeypatch.setattr(sessions, "now", lambda: now() - timedelta(days=1))
    assert _desk(client) == 200


def test_all_sessions_of_a_person_end_but_the_one_they_sit_at(world):
    here, there, other = Client(), Client(), Client()
    for client, person in ((here, world.clerk), (there, world.clerk), (other, world.handler)):
        client.force_login(person)
    assert end_sessions(str(world.clerk.pk), but=here.session.session_key) == 1
    assert [_desk(client) for client in (here, there, other)] == [200, 302, 200]
    assert end_sessions(str(world.clerk.pk)) == 1
    assert _desk(here) == 302


class TestHowLongAtMost:
    """ASVS 7.3.2: whatever is done in it, a session ends so many hours after the sign-in."""

    @pytest.fixture(autouse=True)
    def _hours(self, world, settings, at):
        settings.MINGTANG_SESSION_HOURS, settings.MINGTANG_CITIZEN_SESSION_HOURS = 12, 5
        settings.MINGTANG_IDLE_MINUTES = 720
        self.begun = at

    def hour(self, hours, seconds=0):
        return time_machine.travel(self.begun + timedelta(hours=hours, seconds=seconds), tick=False)

    def sign_in(self, username):
        client = Client()
        with self.hour(0):
            client.post(reverse("accounts:sign_in"), {"username": username, "password": PASSWORD})
        return client

    def busy(self, client, hours):
        """Something changes the session, which puts its end off."""
        with self.hour(hours):
            kept = client.session
            kept["proved_at"] = now().timestamp()
            kept.save()

    @pytest.mark.parametrize(("username", "hours"), [("clerk", 12), ("citizen", 5)])
    def test_it_ends_however_busy(self, username, hours):
        client = self.sign_in(username)
        for hour in range(1, hours):
            self.busy(client, hour)
        with self.hour(hours, -1):
            assert client.get(reverse("accounts:account")).status_code == 200
        with self.hour(hours, 1):
            assert client.get(reverse("accounts:account")).status_code == 302

    def test_without_the_limit_it_would_go_on(self, monkeypatch):
        """The control: the end that Django reckons is moved by every change."""
        monkeypatch.setattr(SessionStore, "get_expiry_date", db.SessionStore.get_expiry_date)
        client = self.sign_in("clerk")
        self.busy(client, 7)
        self.busy(client, 11)
        with self.hour(13):
            assert client.get(reverse("accounts:account")).status_code == 200

    def test_who_does_nothing_is_out_as_before(self):
        client = self.sign_in("clerk")
        with self.hour(8, 1):
            assert client.get(reverse("accounts:account")).status_code == 302

    def test_one_from_before_there_were_ends_gets_one(self, world):
        client = Client()
        with self.hour(0):
            client.force_login(world.clerk)
            assert client.session[ENDS] == (self.begun + timedelta(hours=12)).timestamp()

    def test_a_visitor_who_did_not_sign_in_gets_none(self):
        kept = SessionStore()
        kept["filed"] = ["1"]
        kept.save()
        assert ENDS not in kept


class TestWhereNobodyMoves:
    """ASVS 7.3.1: a session ends an hour after the last page behind the sign-in, or soon after."""

    def opened(self, world, at, *minutes):
        """What the pages say that somebody opens so many minutes after the sign-in."""
        client, said = Client(), []
        with time_machine.travel(at, tick=False):
            client.force_login(world.clerk)
        for minute in minutes:
            with time_machine.travel(at + timedelta(minutes=minute), tick=False):
                said.append(_desk(client))
        return said

    def test_it_ends(self, world, at):
        assert self.opened(world, at, 59) == [200]
        assert self.opened(world, at, 66) == [302]

    def test_each_page_carries_it_on(self, world, at):
        assert self.opened(world, at, 50, 100, 150, 214) == [200] * 4
        assert self.opened(world, at, 50, 100, 150, 216) == [200, 200, 200, 302]

    def test_pages_within_five_minutes_write_nothing(self, world, at):
        client = Client()
        with time_machine.travel(at, tick=False):
            client.force_login(world.clerk)
        with time_machine.travel(at + timedelta(minutes=4), tick=False):
            _desk(client)
            assert client.session["moved_at"] == at.timestamp()

    def test_were_it_not_looked_at_it_would_go_on(self, world, at, settings):
        """The control."""
        settings.MINGTANG_IDLE_MINUTES = 720
        assert self.opened(world, at, 66) == [200]


class TestWhatWasTyped:
    """A form that comes after the end of the session, or with the token of the one before."""

    SENT: ClassVar = {"title": "“引水”<b>", "command_id": "7" * 32, "password": "geheim"}

    def fields(self, answer):
        return re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode())

    def test_it_stays_on_the_page_that_asks_to_sign_in(self, client, world):
        answer = client.post(reverse("cases:desk") + "?tab=all", self.SENT)
        page = answer.content.decode()
        assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store, private")
        assert 'action="/desk/?tab=all"' in page
        assert ("title", "“引水”&lt;b&gt;") in self.fields(answer)
        assert "geheim" not in page
        assert "密码、验证码和查询码没有保留" in page

    def test_and_is_sent_again_after_another_sign_in(self, world):
        """The token of before is void then: one page more, with a token that holds."""
        browser = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
        browser.get(reverse("accounts:sign_in"))
        url = reverse("letters:new")
        token = browser.cookies["csrftoken"].value
        told = {"username": "clerk", "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert browser.post(reverse("accounts:sign_in"), told).status_code == 302
        late = browser.post(url, {"title": "引水", "csrfmiddlewaretoken": token})
        fields = dict(self.fields(late))
        assert (late.status_code, fields["title"]) == (403, "引水")
        assert "请再提交一次" in late.content.decode()
        assert browser.post(url, fields).status_code == 422  # the form itself, and its faults

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://["])
    def test_the_form_of_another_site_is_not_offered_again(self, world, origin):
        browser = Client(enforce_csrf_checks=True, headers={"Origin": origin})
        answer = browser.post(reverse("letters:new"), {"title": "引水"})
        assert answer.status_code == 403
        assert "引水" not in answer.content.decode()

    def test_nothing_typed_leads_to_the_sign_in_as_before(self, client, world):
        answer = client.post(reverse("cases:desk"), {"password": "geheim"})
        assert answer.url.startswith(reverse("accounts:sign_in"))
