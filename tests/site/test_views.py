"""The front door, sign-in, preferences, errors, headers."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from whitenoise.middleware import WhiteNoiseMiddleware

from mingtang.accounts.rules import Role
from mingtang.api.interface import PROBLEM
from tests.world import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_home_page_counts_what_is_there(client, world):
    world.item("330881-a")
    page = client.get("/").content.decode()
    assert "想办什么事" in page
    assert "取水许可" in page


def test_every_answer_forbids_foreign_and_inline_scripts(client, db):
    answer = client.get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    headers = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    assert {name: answer.headers.get(name) for name in headers} == headers


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [("type", "large", 'data-type="large"'), ("contrast", "high", 'data-contrast="high"')],
)
def test_preferences_are_kept_without_scripts(client, db, name, value, wanted):
    answer = client.post(reverse("site:preference"), {name: value, "next": "/items/"})
    assert answer.url == "/items/"
    assert wanted in client.get("/").content.decode()


def test_a_preference_needs_no_token_and_takes_none_from_another_site(db, settings):
    """Its form stands on pages that are kept for everybody."""
    settings.CSRF_TRUSTED_ORIGINS = ["https://city.example"]
    browser = Client(enforce_csrf_checks=True)
    said = {"type": "large", "next": "/help/"}
    for origin, status, kept in (
        ("http://testserver", 302, True),
        ("https://city.example", 302, True),
        ("https://elsewhere.example", 403, False),
        ("null", 403, False),
    ):
        answer = browser.post(reverse("site:preference"), said, headers={"Origin": origin})
        assert (answer.status_code, "mt_type" in answer.cookies) == (status, kept)


def test_a_preference_sends_nobody_to_another_site(client, db):
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = client.post(reverse("site:preference"), {"type": "large", "next": target})
        assert answer.url == "/"


def test_what_is_not_there_is_a_page_with_a_sentence(client, db):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_files_of_the_look_are_served_and_neither_folders_nor_what_lies_beside(
    rf, settings, tmp_path
):
    settings.STATIC_ROOT = str(tmp_path / "static")
    for name in ("static/base/app.css", "keys/sealed.key", "static-other/app.css"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x")
    serving = WhiteNoiseMiddleware(lambda _request: HttpResponse(status=404))

    def status(path):
        answer = serving(rf.get(f"/static/{path}"))
        if answer.streaming:
            answer.file_to_stream.close()  # not the answer: that closes the database with it
        return answer.status_code

    assert status("base/app.css") == 200
    for path in ("", "base", "base/", "../keys/sealed.key", "%2e%2e/keys/sealed.key", "../../"):
        assert status(path) == 404, path


def test_a_database_that_is_away_is_a_503_that_asks_to_come_again(client, db, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("away")

    monkeypatch.setattr("mingtang.site.views.front._figures", away)
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer["Retry-After"]


class TestSignIn:
    def _post(self, client, **changes):
        data = {"username": "clerk", "password": PASSWORD, "next": "", **changes}
        return client.post(reverse("accounts:sign_in"), data)

    def test_staff_come_to_their_day_and_citizens_to_their_cases(self, client, world):
        assert self._post(client).url == reverse("site:today")
        assert self._post(client, username="citizen").url == reverse("cases:mine")

    def test_an_administrator_who_reads_no_cases_lands_on_a_page_that_is_there(self, client, world):
        world.people.post("admin", Role.SYSTEM_ADMIN, world.centre)
        answer = self._post(client, username="admin")
        assert answer.url == reverse("site:today")
        page = client.get(answer.url)
        assert page.status_code == 200
        assert reverse("cases:desk") not in page.content.decode()

    def test_a_wrong_password_says_so_without_saying_which(self, client, world):
        answer = self._post(client, password="wrong password")
        assert answer.status_code == 422
        assert "用户名或密码不正确" in answer.content.decode()
        assert 'value="clerk"' in answer.content.decode()

    def test_next_leads_back_but_never_away(self, client, world):
        assert self._post(client, next="/desk/?tab=done").url == "/desk/?tab=done"
        assert self._post(client, next="https://evil.example/").url == reverse("site:today")

    def test_the_session_changes_at_sign_in_and_ends_at_sign_out(self, client, world):
        client.post(reverse("site:preference"), {"type": "large"})
        self._post(client)
        key = client.session.session_key
        client.post(reverse("accounts:sign_out"))
        client.cookies["sessionid"] = key
        assert client.get(reverse("cases:desk")).status_code == 302

    def test_closing_an_account_ends_its_sessions_at_once(self, client, world):
        self._post(client)
        world.people.close(world.clerk.id)
        assert client.get(reverse("cases:desk")).status_code == 302

    @pytest.mark.both
    def test_demo_accounts_are_shown_on_a_demo_and_never_in_production(
        self, client, world, settings
    ):
        world.clerk.is_demo = True
        world.clerk.save(update_fields=["is_demo"])
        assert (
            settings.MINGTANG_DEMO_PASSWORD
            in client.get(reverse("accounts:sign_in")).content.decode()
        )
        settings.MINGTANG_IS_PRODUCTION = True
        page = client.get(reverse("accounts:sign_in")).content.decode()
        assert settings.MINGTANG_DEMO_PASSWORD not in page

    def test_a_session_from_before_is_left_behind(self, client, world):
        """Whoever put it into this browser is not signed in with its owner."""
        session = client.session
        session["planted"] = True
        session.save()
        assert self._post(client).status_code == 302
        assert client.session.session_key != session.session_key
        assert "planted" not in client.session
        assert not session.exists(session.session_key)

    def test_cookies_say_who_may_have_them(self, client, world):
        answer = self._post(client)
        told = answer.cookies["sessionid"]
        assert (told["httponly"], told["samesite"], told["path"]) == (True, "Lax", "/")
        client.get(reverse("accounts:account"))
        assert client.cookies["csrftoken"]["samesite"] == "Lax"

    def test_each_page_of_who_signed_in_has_the_way_out(self, client, world):
        self._post(client)
        for path in ("/", "/today/", "/account/", "/items/", "/nothing/here/"):
            page = client.get(path).content.decode()
            assert f'action="{reverse("accounts:sign_out")}"' in page, path


@pytest.mark.parametrize("path", ["/", "/api/v1/items", "/open-data/", "/none/such/"])
def test_no_other_site_is_let_read_an_answer(client, db, path):
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


def test_an_address_that_is_none_breaks_no_form(client):
    answer = client.post("/office/reveals/", headers={"Referer": "http://["})
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/sign-in/")


def test_a_length_that_is_no_number_is_none(client):
    said = {"CONTENT_LENGTH": "a", "HTTP_IDEMPOTENCY_KEY": "0" * 32}
    assert client.post("/api/v1/letters", {}, "application/json", **said).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("get", "/api/v1/none/such", "testserver", 404),
        ("put", "/api/v1/items", "testserver", 405),
        ("get", "/api/v1/items", "[", 400),
    ],
)
def test_machines_are_refused_in_one_manner(client, method, path, host, status):
    """Also where no operation was reached. The headers of every answer stay."""
    answer = getattr(client, method)(path, headers={"Host": host})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status
    assert int(answer.headers.get("Content-Length", len(answer.content))) == len(answer.content)
