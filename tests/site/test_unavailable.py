"""The database is away, or the disk nearly full: nothing is done, nothing typed is lost."""

import errno
import inspect
import shutil
import subprocess

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from mingtang.accounts.again import FIELD, SECRETS
from mingtang.base import space
from mingtang.base.space import NoRoom
from mingtang.files import apart, inspectors
from mingtang.files.inspectors import __main__ as inspecting
from tests.access.routes import pages
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


def test_a_file_cannot_be_sent_again_from_the_page(away, db):
    page = _hidden(away.post(reverse("cases:desk"), {**SENT, "file": _file()}))
    assert "<form" not in page
    assert "返回" in page


def _file():
    return SimpleUploadedFile("a.pdf", b"x")


@pytest.mark.parametrize(
    ("route", "secret"),
    [
        ("accounts:sign_in", "password"),
        ("accounts:second", "code"),
        ("cases:progress", "code"),
        ("letters:progress", "code"),
        ("cases:desk", "password"),  # a password is none of anybody's, whoever asks for it
        ("cases:desk", FIELD),
    ],
)
def test_a_secret_is_left_out_and_the_rest_of_the_form_is_not(away, db, route, secret):
    page = _hidden(away.post(reverse(route), {"number": "123", secret: "geheim"}))
    assert "geheim" not in page
    assert 'name="number" value="123"' in page
    assert ("请在下一页重新填写" in page) is (secret != FIELD)


def test_an_ordinary_code_comes_back_with_its_form(away, db):
    """Of an item, a project, a route: `code` is no secret there."""
    for route in ("catalogue:item_new", "projects:new", "routes:new"):
        page = _hidden(away.post(reverse(route), {"code": "330881-qs", "name": "起水"}))
        assert 'name="code" value="330881-qs"' in page, route
        assert "重新填写" not in page


def test_nothing_is_left_to_send_where_all_was_secret(away, db):
    sent = {"csrfmiddlewaretoken": "t", "code": "geheim"}
    assert "<form" not in _hidden(away.post(reverse("screens:pair"), sent))


NOTHING_DONE, NO_RESULT = "这一次没有办理", "可能已经办成"


@pytest.fixture
def after(client, world, monkeypatch):
    """A city in which the database goes away after a command was acknowledged."""

    def gone(*args, **kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", gone)
    client.raise_request_exception = False
    return client


def test_what_may_have_been_done_is_not_said_to_be_undone(after, world):
    said = {"username": "clerk", "password": PASSWORD, "next": ""}
    page = _hidden(after.post(reverse("accounts:sign_in"), said))
    assert NO_RESULT in page
    assert "请先查看是否已经办成" in page
    assert NOTHING_DONE not in page
    page = _hidden(after.post(reverse("accounts:sign_in"), {**said, "command_id": "7" * 32}))
    assert "请稍后再次提交（不会重复办理），或先查询" in page


def test_of_what_was_only_read_or_not_begun_it_is_said_plainly(away, db, short):
    desk = reverse("cases:desk")
    for page in (_hidden(away.get(desk)), _hidden(away.post(desk, SENT))):
        assert NOTHING_DONE in page
        assert NO_RESULT not in page


def test_any_other_fault_is_a_500(db, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ValueError("ours")

    monkeypatch.setattr("mingtang.site.views.front._figures", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()
    assert "ours" not in answer.content.decode()
    (told,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert str(told.exc_info[1]) == "ours"  # the log has the trace, the page has none


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

    def test_every_lookup_goes_on(self, client, world, short):
        client.force_login(world.clerk)
        for route in READING - {"api:token"}:
            said = {"number": "1", "code": "x", "username": "x", "password": "x"}
            status = client.post(reverse(route), said).status_code
            assert status in {200, 302, 403, 404, 422}, route  # 403: where it came after sign_out

    def test_without_its_mark_a_lookup_is_refused(self, client, db, short, monkeypatch):
        """The control."""
        view = resolve(reverse("cases:progress")).func
        monkeypatch.setattr(view, "is_for_reading", False)
        assert client.post(reverse("cases:progress"), {"number": "1"}).status_code == 503

    def test_a_system_gets_its_token_to_read_with(self, client, db, short):
        said = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
        assert client.post("/api/v1/token", said).status_code != 503

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


READING = {
    "licences:verify",
    *("cases:progress", "cases:filing_resume", "letters:progress", "requests:progress"),
    *("joint:progress", "villages:lookup", "files:verify", "licences:verify"),
    *("site:preference", "api:token"),
    *("accounts:sign_in", "accounts:second", "accounts:factor", "accounts:prove"),
    *("accounts:sign_out", "accounts:key_question"),
}
BY_CODE = {"queues:appointment", "screens:pair"}  # something is done with the code
ORDINARY = {
    *("catalogue:item_new", "routes:new", "projects:new"),
    *("assessment:scheme", "exchange:set_code"),
}
ONLY_SHOWN = {"queues:appointments", "files:verified", "licences:verified"}


def _reads_code(view) -> bool:
    """Whether a view names a form with a field `code`."""
    inner = inspect.unwrap(view)
    if not inspect.isfunction(inner):
        return False
    named = (inner.__globals__.get(name) for name in inner.__code__.co_names)
    forms = [one for one in named if isinstance(one, type) and issubclass(one, django_forms.Form)]
    return any("code" in one.base_fields for one in forms)


def test_each_view_that_takes_a_code_says_whether_it_is_a_secret_and_whether_it_only_reads():
    """A view that takes a code is in one of the lists: a new one has to choose."""
    views = {one.name: one.view for one in pages(get_resolver().url_patterns)}
    found = {name for name, view in views.items() if _reads_code(view)}
    secret = {name for name in found if "code" in getattr(views[name], "secret_fields", ())}
    reading = {name for name, view in views.items() if getattr(view, "is_for_reading", False)}
    assert reading == READING
    assert found - secret == ORDINARY | ONLY_SHOWN
    assert secret - reading == BY_CODE


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
    assert {"password", FIELD} <= found <= SECRETS


def _forms(base):
    for one in base.__subclasses__():
        yield one
        yield from _forms(one)
