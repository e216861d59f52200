"""Training beside the real thing: nothing that is done there reaches it, or anybody outside."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from pypdf import PdfReader

from mingtang.base import outgoing, pdf
from mingtang.base.outgoing import OnlyTraining
from mingtang.exchange import services as exchange
from mingtang.exchange.rules.writing import Span
from mingtang.ledger.rules import SYSTEM
from mingtang.site.training import FLAG, environment
from tests import migrated
from tests.world import morning, new_command_id

MARK = "mingtang.base.middleware.say_it_is_training"
OUTWARD = {
    "DATABASE_URL": "postgresql://one/real",
    "MINGTANG_PRODUCTION": "1",
    "MINGTANG_MAIL_PROVIDER": "smtp",
    "MINGTANG_SMTP_HOST": "mail.example",
    "MINGTANG_SMS_PROVIDER": "city.Sms",
    "MINGTANG_WEBHOOK_URL": "https://one.example",
    "MINGTANG_IMAP_HOST": "mail.example",
    "MINGTANG_KEY_FILE": "/keys/sealed.key",
    "MINGTANG_SOMETHING_NEW": "that nobody has thought about here",
}


# ── the environment ───────────────────────────────────────────────────────────────────────────


def test_a_training_takes_names_along_and_nothing_that_leads_outside():
    around = OUTWARD | {"MINGTANG_SITE_NAME": "某市", "PATH": "/bin", "MINGTANG_HOME": "/var/hall"}
    made = environment(around, Path("/var/hall"))
    assert made == {
        "PATH": "/bin",
        "MINGTANG_SITE_NAME": "某市",
        "MINGTANG_BEHIND_TLS": "1",
        "MINGTANG_HOME": "/var/hall/training",
        "MINGTANG_SMS_PROVIDER": "none",
        "MINGTANG_MAIL_PROVIDER": "none",
        FLAG: "1",
    }


def run(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    left_out = {*OUTWARD, "DJANGO_SETTINGS_MODULE", "MINGTANG_NODE"}
    around = {name: value for name, value in os.environ.items() if name not in left_out}
    return subprocess.run(
        [sys.executable, "-m", "mingtang.site.cli", *words],
        env=around | {"MINGTANG_HOME": str(home), **more},
        capture_output=True,
        text=True,
        check=False,
    )


def content_of(home: Path) -> str:
    """All rows of all tables, in one digest."""
    with sqlite3.connect(home / "mingtang.sqlite3") as database:
        lines = "\n".join(database.iterdump())
    return hashlib.sha256(lines.encode()).hexdigest()


def events_of(home: Path) -> int:
    with sqlite3.connect(home / "mingtang.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM ledger_event").fetchone()[0])


@pytest.mark.slow
@pytest.mark.once
def test_an_act_in_the_training_leaves_the_real_database_as_it_was(tmp_path):
    training = tmp_path / "training"
    for home in (tmp_path, training):
        if not migrated.lay(home / "mingtang.sqlite3"):
            assert run(home, "migrate").returncode == 0
    before, count = content_of(tmp_path), events_of(training)
    done = run(tmp_path, "training", "load-channels")
    assert (done.returncode, done.stderr) == (0, "")
    assert events_of(training) > count
    assert content_of(tmp_path) == before
    assert run(tmp_path, "load-channels").returncode == 0
    assert content_of(tmp_path) != before  # control: the same act in the real place is seen


@pytest.mark.slow
@pytest.mark.once
def test_a_training_that_could_reach_outside_does_not_start(tmp_path):
    told = run(tmp_path, "doctor", MINGTANG_TRAINING="1", MINGTANG_WEBHOOK_URL="https://a.example")
    assert told.returncode != 0
    assert "演练环境" in told.stdout + told.stderr


# ── what is seen ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_every_page_says_that_it_is_a_training_and_none_else_does(settings):
    paths = ("/", "/items/", "/no-such-page/", "/accounts/sign-in/")
    for path in paths:
        assert "演练环境" not in Client().get(path).content.decode()
    at = configured.MIDDLEWARE.index("mingtang.base.middleware.keep_pages") + 1
    settings.MIDDLEWARE = [*configured.MIDDLEWARE[:at], MARK, *configured.MIDDLEWARE[at:]]
    for path in paths:
        page = Client().get(path).content.decode()
        assert page.count("演练环境") == 1
        assert page.index("演练环境") < page.index("<main")
    assert "演练环境" not in Client().get("/api/v1/openapi.json").content.decode()


@pytest.mark.slow
@pytest.mark.once
def test_every_sheet_of_a_paper_is_marked(settings):
    text = "<p style='break-after: page'>准予。</p>" * 2 + "<p>完</p>"
    paper = f"<!doctype html><html lang='zh'><head><title>证</title></head><body>{text}</body>"

    def sheets():
        made = pdf.whole_pdf_of(paper, base_url="https://hall.example/")
        return [one.extract_text() for one in PdfReader(BytesIO(made)).pages]

    assert not any("演练" in one for one in sheets())
    settings.MINGTANG_IS_TRAINING = True
    assert ["演练" in one for one in sheets()] == [True, True, True]


# ── what goes out ─────────────────────────────────────────────────────────────────────────────


def test_nothing_is_called_and_nothing_goes_up(db, settings, tmp_path):
    span = Span(date(2013, 9, 1), date(2013, 9, 2))

    def export():
        by = {"actor": SYSTEM, "at": morning(2013, 9, 3), "command_id": new_command_id()}
        return exchange.export(name="national", span=span, folder=tmp_path / "out", **by)

    settings.MINGTANG_IS_TRAINING = True
    with pytest.raises(OnlyTraining):
        export()
    assert not (tmp_path / "out").exists()
    with pytest.raises(OnlyTraining):
        outgoing.pinned("hall.example", 443)
    settings.MINGTANG_IS_TRAINING = False  # control
    export()
    assert (tmp_path / "out").exists()
