"""The database is away, or the disk nearly full: nothing is done, nothing typed is lost."""

import errno
import shutil
import subprocess

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver, reverse

from mingtang.accounts.proof import FIELD
from mingtang.base import space
from mingtang.base.space import NoRoom
from mingtang.files import apart, inspectors
from mingtang.files.inspectors import __main__ as inspecting
from mingtang.site.views.errors import SECRETS
from tests.world import PASSWORD

SENT = {"type": "large", "next": '/?q="><b>', "row": ["一", "二"]}


@pytest.fixture
def away(monkeypatch):
    """The database goes away as soon as a session is looked for."""

    def gone(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", gone)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    return client


@pytest.fixture
def short(monkeypatch):
    usage = type(shutil.disk_usage("."))
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: usage(1000, 951, 49))


def _hidden(answer) -> str:
    return answer.content.decode()


def test_what_was_typed_comes_back_to_be_sent_again(away, db):
    answer = away.post(reverse("cases:desk") + "?tab=all", SENT)
    page = _hidden(answer)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Cache-Control"] == "no-store, private"
    assert '<form method="post" action="/desk/?tab=all">' in page
    assert "不会重复办理" not in page
    for value in ("large", "一", "二", "/?q=&quot;&gt;&lt;b&gt;"):
        assert f'value="{value}"' in page


def test_what_has_the_id_of_a_command_counts_once_and_says_so(away, db):
    away.cookies["mt_type"] = "large"
    page = _hidden(away.post(reverse("cases:desk"), {**SENT, "command_id": "7" * 32}))
    assert "不会重复办理" in page
    assert f'name="command_id" value="{"7" * 32}"' in page
    assert 'data-type="large"' in page


def test_a_page_says_so_too_and_has_nothing_to_send(away, db):
    answer = away.get(reverse("cases:desk"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "<form" not in _hidden(answer)
    assert answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "more",
    [{"password": "geheim"}, {"code": "geheim"}, {"file": SimpleUploadedFile("a.pdf", b"x")}],
)
def test_a_password_and_a_file_are_not_sent_around(away, db, more):
    page = _hidden(away.post(reverse("cases:desk"), {**SENT, **more}))
    assert "<form" not in page
    assert "geheim" not in page
    assert "返回" in page


def test_any_other_fault_is_a_500(db, monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError("ours")

    monkeypatch.setattr("mingtang.site.views.front._figures", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()


class TestNearlyFull:
    def test_nothing_is_begun_and_the_sentence_says_why(self, client, world, short):
        client.force_login(world.clerk)
        answer = client.post(reverse("cases:file", args=[world.item()]), SENT)
        assert (answer.status_code, answer["Retry-After"]) == (503, "300")
        assert "磁盘快满了" in _hidden(answer)
        assert "再次提交" in _hidden(answer)

    def test_reading_goes_on_for_who_has_to_sign_in_first_too(self, client, world, short):
        assert client.get("/").status_code == 200
        said = {"username": "clerk", "password": PASSWORD, "next": ""}
        assert client.post(reverse("accounts:sign_in"), said).status_code == 302
        assert client.get(reverse("cases:desk")).status_code == 200

    def test_the_api_answers_in_its_own_manner(self, client, db, short):
        answer = client.post("/api/v1/letters", {}, content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert "磁盘快满了" in answer.json()["detail"]

    def test_at_five_per_cent_work_goes_on(self, client, world, monkeypatch):
        """The control: one block more and the same is done."""
        usage = type(shutil.disk_usage("."))
        monkeypatch.setattr(space.shutil, "disk_usage", lambda _: usage(1000, 950, 50))
        client.force_login(world.clerk)
        assert client.post(reverse("cases:file", args=[world.item()]), SENT).status_code == 422


def _half(path):
    path.write_text("half")
    raise FileNotFoundError


def test_of_a_large_disk_ten_gigabytes_are_enough(monkeypatch, settings):
    usage, whole = type(shutil.disk_usage(".")), 2000 * 1024**3
    for free, is_short in ((10 * 1024**3, False), (10 * 1024**3 - 1, True)):
        found = usage(whole, whole - free, free)
        monkeypatch.setattr(space.shutil, "disk_usage", lambda _, found=found: found)
        assert space.is_short() is is_short


class TestWholeFile:
    def test_what_fails_leaves_what_was_there(self, tmp_path):
        path = tmp_path / "out.csv"
        path.write_text("old")
        with pytest.raises(FileNotFoundError), space.whole_file(path) as fresh:
            _half(fresh)
        assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]

    def test_a_full_disk_is_a_sentence(self, tmp_path):
        with pytest.raises(NoRoom, match=r"out\.csv"), space.whole_file(tmp_path / "out.csv"):
            raise OSError(28, "No space left on device")

    def test_what_is_no_plain_file_is_written_to(self):
        with space.whole_file(space.Path("/dev/null")) as fresh:
            fresh.write_text("x")
        assert space.Path("/dev/null").is_char_device()


def test_an_inspector_on_a_full_disk_finds_no_flaw_in_the_file(monkeypatch, tmp_path):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(inspectors, "inspect", full)
    code = inspecting.main("pdf", tmp_path / "a", tmp_path / "b")
    done = subprocess.CompletedProcess([], code, b"", b"")
    monkeypatch.setattr(apart.subprocess, "run", lambda *_args, **_more: done)
    with pytest.raises(NoRoom):
        apart.inspect("pdf", tmp_path / "a", tmp_path / "b")


def test_the_ballast_is_kept_while_there_is_room_and_given_up_on_demand(
    settings, tmp_path, monkeypatch
):
    settings.MINGTANG_HOME = tmp_path
    monkeypatch.setattr(space, "BALLAST_BYTES", 4096)
    assert space.keep_ballast()
    assert space.ballast().stat().st_size == 4096
    assert space.free_ballast() == 4096
    assert space.free_ballast() == 0
    usage = type(shutil.disk_usage("."))
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: usage(100_000, 85_000, 14_000))
    assert not space.keep_ballast()


def test_no_field_for_a_secret_is_forgotten():
    """Each that a browser hides while it is typed."""
    assert get_resolver().url_patterns  # every form of ours is known now
    found = {
        name
        for form in _forms(django_forms.Form)
        if form.__module__.startswith("mingtang.")
        for name, field in form.base_fields.items()
        if isinstance(field.widget, django_forms.PasswordInput)
    }
    assert {"password", FIELD} <= found <= SECRETS | {FIELD}


def _forms(base):
    for one in base.__subclasses__():
        yield one
        yield from _forms(one)
