"""Where somebody is signed in: they see it, and sign out elsewhere, themselves alone; at the
sign-out the browser forgets."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from mingtang.accounts.browsers import in_words
from mingtang.accounts.sessions import mark_of
from mingtang.base.clock import now
from mingtang.ledger.models import Event
from tests.world import PASSWORD, new_command_id

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
PAGE, END = "/account/sessions/", "/account/sessions/end/"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/131.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 MicroMessenger/8.0", "微信 · 安卓"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0", "Firefox · Linux"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_browser_in_plain_words(said, words):
    assert in_words(said) == words


def _signed_in(username, agent=CHROME):
    client = Client(headers={"User-Agent": agent})
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client


def _marks(client):
    page = client.get(PAGE).content.decode()
    return re.findall(r'name="mark" value="([0-9a-f]{16})"', page)


def _end(client, mark="", **more):
    return client.post(END, {"mark": mark, "command_id": new_command_id(), **more})


def _is_in(client):
    return client.get("/account/").status_code == 200


@pytest.mark.django_db
@pytest.mark.once
class TestThePage:
    @pytest.fixture(autouse=True)
    def _asked(self, world, settings):
        settings.MINGTANG_PROOF_MINUTES = 10

    @pytest.mark.parametrize("username", ["clerk", "citizen"])
    def test_it_tells_each_place_the_own_one_first(self, username):
        with time_machine.travel(now() - timedelta(hours=1) + timedelta(minutes=10)):
            phone = _signed_in(username, "Mozilla/5.0 (iPhone) Safari/604.1")
        here = _signed_in(username)
        page = here.get(PAGE).content.decode()
        assert page.index("Chrome · Windows") < page.index("您现在用的这个")
        assert page.index("您现在用的这个") < page.index("Safari · iPhone")
        assert page.count("退出这一处") == 1
        for one in (phone, here):
            assert one.session.session_key not in page
            assert mark_of(one.session.session_key) in page

    def test_those_of_others_and_those_that_are_over_are_not_told(self):
        _signed_in("handler")
        with time_machine.travel(now() - timedelta(days=2)):
            _signed_in("clerk")
        assert len(_marks(_signed_in("clerk"))) == 1

    def test_one_is_ended_and_the_others_go_on(self):
        here, there, third = (_signed_in("clerk") for _ in range(3))
        assert _end(here, mark_of(there.session.session_key)).url == PAGE
        assert [_is_in(one) for one in (here, there, third)] == [True, False, True]
        told = Event.objects.get(kind="session.ended")
        assert told.facts == {"count": 1}

    def test_all_others_are_ended(self):
        here, there, third = (_signed_in("citizen") for _ in range(3))
        _end(here)
        assert [_is_in(one) for one in (here, there, third)] == [True, False, False]

    def test_nobody_ends_the_session_of_another_or_the_own_here(self):
        """The own one is left by signing out, which clears the browser too."""
        here, other = _signed_in("clerk"), _signed_in("handler")
        for client in (here, other):
            page = _end(here, mark_of(client.session.session_key)).url
            assert "已经退出" in here.get(page).content.decode()
        assert _is_in(here)
        assert _is_in(other)

    def test_a_mark_that_is_none_ends_nothing(self):
        here, there = _signed_in("clerk"), _signed_in("clerk")
        _end(here, "x" * 16)
        assert _is_in(there)

    @pytest.mark.parametrize("minutes", [10, 0])
    def test_who_it_is_is_asked_first(self, settings, minutes):
        """Control: where the setting asks nobody, what was typed is taken at once."""
        there, here = _signed_in("clerk"), _signed_in("clerk")
        settings.MINGTANG_PROOF_MINUTES = minutes
        kept = here.session
        kept["proved_at"] = 0
        kept.save()
        asked = _end(here, mark_of(there.session.session_key))
        assert (asked.status_code, _is_in(there)) == ((403, True) if minutes else (302, False))
        if minutes:
            _end(here, mark_of(there.session.session_key), proof_of_self=PASSWORD)
            assert not _is_in(there)

    def test_were_any_mark_taken_a_stranger_would_be_out(self, monkeypatch):
        """The control: sessions that are looked for without their person."""
        from django.contrib.sessions.models import Session

        from mingtang.accounts import sessions

        here, other = _signed_in("clerk"), _signed_in("handler")
        monkeypatch.setattr(sessions, "_of_person", lambda _person: Session.objects.iterator())
        _end(here, mark_of(other.session.session_key))
        assert not _is_in(other)


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.parametrize("cleared", ["", "1"])
def test_where_no_script_did_it_the_browser_is_told_to_forget(world, cleared):
    """Control: a script that says it did spares what belongs to the device."""
    page = _signed_in("clerk").post("/sign-out/", {"cleared": cleared})
    assert page.headers.get("Clear-Site-Data") == (None if cleared else '"storage"')
