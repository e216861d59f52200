"""Wrong settings are sentences; TLS settings go together; test homes are removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import global_settings
from django.test import Client
from django.utils.module_loading import import_string

import mingtang
from mingtang.site import doctor
from mingtang.site.settings import installation
from mingtang.site.settings.database import database, replica
from mingtang.site.settings.env import WrongSetting, log_level, provider, words
from mingtang.site.settings.identity import providers

SOURCE = str(Path(mingtang.__file__).parents[1])
KNOWN = ("name", "basis", "fee")


def _python(code, module="installation", **environment):
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    code = f"from mingtang.site.settings import {module} as s\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "PYTHONPATH": SOURCE, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_unknown_log_level_is_a_sentence(monkeypatch):
    monkeypatch.setenv("MINGTANG_LOG", "foo")
    with pytest.raises(WrongSetting, match=r"MINGTANG_LOG.*FOO"):
        log_level("MINGTANG_LOG", "WARNING")
    monkeypatch.setenv("MINGTANG_LOG", "info")
    assert log_level("MINGTANG_LOG", "WARNING") == "INFO"


@pytest.mark.parametrize("place", ["db:port", "db:70000", "[::1"])
def test_a_wrong_address_is_a_sentence_without_the_password(place, tmp_path):
    with pytest.raises(WrongSetting, match="DATABASE_URL") as refused:
        database(f"postgresql://city:secret@{place}/city", tmp_path)
    assert "secret" not in str(refused.value)


def test_a_right_address_keeps_its_port(tmp_path):
    assert database("postgresql://city@db:5433/city", tmp_path)["PORT"] == "5433"
    assert database("postgresql://city@db/city", tmp_path)["PORT"] == ""


def test_of_several_machines_the_one_that_is_written_to_is_asked(tmp_path):
    found = database("postgresql://city:a%40b@one:5432,[::1],two:5433/city", tmp_path)
    assert (found["HOST"], found["PORT"]) == ("one,::1,two", "5432,,5433")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("city", "a@b", "city")
    assert found["OPTIONS"]["target_session_attrs"] == "read-write"
    assert "target_session_attrs" not in database("postgresql://one/city", tmp_path)["OPTIONS"]


def test_what_stands_behind_the_question_mark_counts_or_is_refused(tmp_path):
    address = "postgresql://city@one/city?sslmode=verify-full"
    assert database(address, tmp_path)["OPTIONS"]["sslmode"] == "verify-full"
    with pytest.raises(WrongSetting, match=r"DATABASE_URL.*sslmod "):
        database("postgresql://city@one/city?sslmod=require", tmp_path)


def test_a_replica_refuses_to_be_written_to_and_may_be_any_machine():
    found = replica("postgresql://city@three,two/city")["OPTIONS"]
    assert found["options"] == "-c default_transaction_read_only=on"
    assert found["target_session_attrs"] == "prefer-standby"
    with pytest.raises(WrongSetting, match=r"MINGTANG_REPLICA_URL.*SQLite"):
        replica("sqlite:///copy.sqlite3")


def test_sqlite_has_no_replica(tmp_path):
    said = _python(
        "", MINGTANG_HOME=str(tmp_path), MINGTANG_REPLICA_URL="postgresql://city@two/city"
    )
    assert said.stderr.startswith("环境变量 MINGTANG_REPLICA_URL")


def test_a_key_file_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    key = str(tmp_path / "file" / "sealed.key")
    said = _python("", MINGTANG_HOME=str(tmp_path / "home"), MINGTANG_KEY_FILE=key)
    assert said.returncode == 1
    assert said.stderr.startswith("环境变量 MINGTANG_KEY_FILE")
    assert "Traceback" not in said.stderr


def test_what_was_refused_is_kept_for_half_a_year_at_least(tmp_path):
    said = _python("", MINGTANG_HOME=str(tmp_path), MINGTANG_KEEP_DAYS="refusals=179")
    assert "MINGTANG_KEEP_DAYS" in said.stderr


def test_a_new_data_folder_is_its_owners_alone(tmp_path):
    assert _python("", MINGTANG_HOME=str(tmp_path / "home")).returncode == 0
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (
            "1",
            "('HTTP_X_FORWARDED_PROTO', 'https') 31536000 True __Host-sessionid __Host-csrftoken",
        ),
        ("0", "None 0 False sessionid csrftoken"),
    ],
)
def test_behind_tls_the_proxys_word_is_believed_and_else_not(behind, said, tmp_path):
    names = "SECURE_PROXY_SSL_HEADER SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE SESSION_COOKIE_NAME"
    code = f"print(*(getattr(s, name) for name in {[*names.split(), 'CSRF_COOKIE_NAME']}))"
    home = str(tmp_path / "home")
    assert _python(code, MINGTANG_HOME=home, MINGTANG_BEHIND_TLS=behind).stdout.strip() == said


def test_passwords_cost_much_to_guess_and_nothing_is_debugged():
    assert not hasattr(installation, "PASSWORD_HASHERS")  # Django's own: the first is taken
    taken = import_string(global_settings.PASSWORD_HASHERS[0])
    assert taken.algorithm == "pbkdf2_sha256"
    assert taken.iterations >= 600_000
    assert installation.DEBUG is False


def test_a_browser_is_told_to_stay_with_tls_below_this_name_only_where_the_city_says_so(
    client, db, settings
):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    told = []
    for below in (False, True):
        settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = below
        told.append(Client().get("/health/", secure=True)["Strict-Transport-Security"])
    assert told == ["max-age=31536000", "max-age=31536000; includeSubDomains"]
    assert "Strict-Transport-Security" not in client.get("/health/")


def test_the_doctor_says_that_names_below_are_left_out(settings):
    settings.MINGTANG_BEHIND_TLS = True
    assert "MINGTANG_HSTS_SUBDOMAINS" in doctor._names_below()[0].text
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    assert not doctor._names_below()


class TestTheHomeOfTests:
    def test_it_is_removed_at_the_end(self, tmp_path):
        done = _python("print(s.HOME.is_dir())", module="test", TMPDIR=str(tmp_path))
        assert done.stdout.strip() == "True", done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_a_home_made_by_somebody_else_stays(self, tmp_path):
        done = _python("", module="test", TMPDIR=str(tmp_path), MINGTANG_HOME=str(tmp_path / "h"))
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "h").is_dir()


def test_an_ordered_set_of_words_is_read_in_its_order(monkeypatch):
    assert words("MINGTANG_X", "name,fee", allowed=KNOWN) == ("name", "fee")
    monkeypatch.setenv("MINGTANG_X", "fee, basis,fee")
    assert words("MINGTANG_X", "name", allowed=KNOWN) == ("fee", "basis")


def test_an_unknown_word_is_told_with_the_known_ones(monkeypatch):
    monkeypatch.setenv("MINGTANG_X", "name,nonsense")
    with pytest.raises(WrongSetting, match=r"nonsense.*name、basis、fee"):
        words("MINGTANG_X", "name", allowed=KNOWN)


def test_citizens_and_staff_come_from_two_issuers(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x" * 32)
    for side, issuer in (("CITIZENS", "https://id.example"), ("STAFF", "https://id.example/")):
        told = {"ISSUER": issuer, "CLIENT": side.lower(), "SECRET_FILE": str(secret)}
        for name, value in told.items():
            monkeypatch.setenv(f"MINGTANG_OIDC_{side}_{name}", value)
    with pytest.raises(WrongSetting, match="同一个认证平台"):
        providers(is_production=True)
    monkeypatch.setenv("MINGTANG_OIDC_STAFF_ISSUER", "https://staff.example")
    assert providers(is_production=True).keys() == {"citizens", "staff"}


@pytest.mark.parametrize("chosen", ["log", "none", "city.gateways.Sms"])
def test_a_provider_is_a_known_word_or_a_class_of_the_citys_own(monkeypatch, chosen):
    monkeypatch.setenv("MINGTANG_X", chosen)
    assert provider("MINGTANG_X", "log", known=("log", "none")) == chosen


@pytest.mark.parametrize("chosen", ["smpt", "city.", "1.2", "a b.c"])
def test_another_provider_is_told_with_the_known_ones(monkeypatch, chosen):
    monkeypatch.setenv("MINGTANG_X", chosen)
    with pytest.raises(WrongSetting, match=r"MINGTANG_X.*log、none"):
        provider("MINGTANG_X", "log", known=("log", "none"))


def _mail(tmp_path, **environment):
    code = "print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL)"
    return _python(code, MINGTANG_HOME=str(tmp_path / "home"), **environment)


@pytest.mark.slow
def test_mail_by_smtp_needs_a_server_and_a_sender(tmp_path):
    smtp = {"MINGTANG_MAIL_PROVIDER": "smtp", "MINGTANG_SMTP_HOST": "mail.example.cn"}
    sender = {"MINGTANG_MAIL_FROM": "hall@example.cn"}
    assert "MINGTANG_SMTP_HOST" in _mail(tmp_path, MINGTANG_MAIL_PROVIDER="smtp").stderr
    assert "MINGTANG_MAIL_FROM" in _mail(tmp_path, **smtp).stderr
    assert _mail(tmp_path, **smtp, **sender).stdout.split() == [
        *("mail.example.cn", "587", "True", "False")
    ]
    tls = {"MINGTANG_SMTP_SECURITY": "tls"}
    assert _mail(tmp_path, **smtp, **sender, **tls).stdout.split()[1:] == ["465", "False", "True"]
    assert "starttls" in _mail(tmp_path, MINGTANG_SMTP_SECURITY="ssl").stderr


@pytest.mark.parametrize(("production", "chosen"), [("0", "log log"), ("1", "none none")])
def test_in_production_nothing_passes_for_sent_that_was_only_logged(production, chosen, tmp_path):
    code = "print(s.MINGTANG_SMS_PROVIDER, s.MINGTANG_MAIL_PROVIDER)"
    home = str(tmp_path / "home")
    said = _python(code, MINGTANG_HOME=home, MINGTANG_PRODUCTION=production)
    assert said.stdout.strip() == chosen
