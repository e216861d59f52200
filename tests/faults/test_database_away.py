"""The database cannot be reached: every page says so with 503 and comes again, none with 500."""

from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.access.routes import routes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


# Pages by their address, and what the API reads, where nothing has to be filled in.
PAGES = sorted(
    {f"/{one.path.lstrip('/')}" for one in routes() if not one.names and one.method in {"", "GET"}}
)


@pytest.fixture
def away(world, monkeypatch):
    """Somebody who has signed in; then the database goes where nothing answers."""
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk)
    connection.close()
    nowhere = {"NAME": "/nowhere/at/all", "HOST": "127.0.0.1", "PORT": "1"}
    for key, value in nowhere.items():
        monkeypatch.setitem(connection.settings_dict, key, value)
    yield client
    connection.close()


def _asked(client):
    """How many pages answered how; and those that neither came nor asked to come again."""
    found, wrong = Counter(), []
    for path in PAGES:
        answer = client.get(path)
        found[answer.status_code] += 1
        asks_again = answer.status_code == 503 and "Retry-After" in answer.headers
        if answer.status_code >= 500 and not asks_again:
            wrong.append(f"{path}: {answer.status_code}")
    return found, wrong


def test_every_page_says_so_and_asks_to_come_again(away):
    found, wrong = _asked(away)
    assert wrong == []
    assert found[503] > len(PAGES) * 0.8, found


def test_what_needs_no_database_is_there_all_the_same(away):
    visitor = Client(raise_request_exception=False)
    for name in ("site:help", "site:accessibility"):
        assert visitor.get(reverse(name)).status_code == 200, name


@pytest.mark.once
def test_without_the_last_resort_what_fails_outside_a_view_is_a_500(away, monkeypatch):
    """The positive control: sessions are read before any view."""
    monkeypatch.setattr("mingtang.site.views.errors.is_away", lambda _error: False)
    monkeypatch.setattr("mingtang.site.middleware.is_away", lambda _error: False)
    _found, wrong = _asked(away)
    assert wrong


def test_what_was_typed_comes_back(away):
    said = {"command_id": "7" * 32, "applicant_name": "毛小明", "phone": "13800000001"}
    answer = away.post(reverse("cases:file", args=["330881-qs"]), said)
    page = answer.content.decode()
    assert answer.status_code == 503
    for value in said.values():
        assert f'value="{value}"' in page
