"""Sessions are read by a statement of our own: one that is over lets nobody in."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from mingtang.accounts.sessions import end_sessions
from mingtang.base.clock import now

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
