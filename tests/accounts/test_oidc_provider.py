"""A whole provider of identities, in a process of its own: signing in, and a code that was used."""

import json
import subprocess
import sys
from dataclasses import replace
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

import pytest
from django.test import Client
from django.urls import reverse

import requests
from mingtang.accounts import oidc
from mingtang.accounts.identity import Side
from mingtang.accounts.models import Person
from tests.accounts.provider import CITIZENS, NUMBER, STAFF

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db]
SAID = {"name": "毛建国", "id_number": NUMBER, "grade": "L3", "phone_number": "13800000000"}
RUN = """
import socket, sys
from werkzeug.serving import make_server
from oidc_provider_mock import app
server = make_server("127.0.0.1", 0, app(require_nonce=True), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(scope="module")
def provider():
    """Its address; it ends with the tests of this module."""
    command = [sys.executable, "-W", "ignore", "-c", RUN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


@pytest.fixture(autouse=True)
def _set(settings, provider, monkeypatch):
    settings.MINGTANG_OUTGOING_NETS = ("127.0.0.0/8",)
    settings.ALLOWED_HOSTS = ["testserver"]
    monkeypatch.setattr(oidc, "_known", {})
    scope = {"issuer": provider, "scope": "openid profile phone"}
    settings.MINGTANG_OIDC = {
        "citizens": replace(CITIZENS, **scope),
        "staff": replace(STAFF, **scope),
    }


def agree(provider, client, side, subject, said):
    """What a person does over there. The address that their browser is sent back to."""
    body = json.dumps(said).encode()
    headers = {"Content-Type": "application/json"}
    put = Request(f"{provider}/users/{subject}", body, headers, method="PUT")
    build_opener().open(put, timeout=10).close()
    gone = client.get(reverse("accounts:sign_in_with", args=[side]))["Location"]
    agreed = requests.post(gone, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert agreed.status_code == 302, agreed.text
    back = urlsplit(agreed.headers["Location"])
    assert back.path == reverse("accounts:with_back", args=[side])
    return f"{back.path}?{back.query}"


def test_a_citizen_signs_in_and_out(provider):
    client = Client()
    back = agree(provider, client, Side.CITIZENS.value, "mao", SAID)
    assert client.get(back)["Location"] == reverse("cases:mine")
    person = Person.objects.get(id=client.session["_auth_user_id"])
    assert (person.name, person.phone, person.real_name_level) == ("毛建国", "13800000000", 3)
    page = client.post(reverse("accounts:sign_out")).content.decode()
    assert f"{provider}/oauth2/end_session?client_id=hall" in page


def test_a_code_that_was_used_is_refused_by_both_sides(provider):
    client = Client()
    back = agree(provider, client, Side.CITIZENS.value, "mao", SAID)
    client.get(reverse("accounts:sign_in_with", args=["citizens"]))  # another begun since
    assert client.get(back).status_code == 422
    back = agree(provider, client, Side.CITIZENS.value, "mao", SAID)
    kept = client.session["sign_in_begun"]
    assert client.get(back).status_code == 302
    session = client.session
    session["sign_in_begun"] = kept  # as if this side had forgotten that it was used
    session.save()
    assert "已经用过" in client.get(back).content.decode()


def test_staff_come_to_their_desk(provider, world):
    client = Client()
    back = agree(provider, client, "staff", "w", {"preferred_username": world.clerk.username})
    assert client.get(back)["Location"] == reverse("site:today")
