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
from mingtang.base.marks import MARK as KEY_MARK
from mingtang.base.marks import PLACE, TRAINING, WrongPlace, check_place, mark, note_place
from mingtang.base.models import Marker
from mingtang.base.outgoing import OnlyTraining
from mingtang.exchange import services as exchange
from mingtang.exchange.rules.writing import Span
from mingtang.ledger.rules import SYSTEM
from mingtang.site.doctor import at_once
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


@pytest.fixture
def place(db, settings, tmp_path):
    """A real place that was migrated once."""
    settings.MINGTANG_HOME = tmp_path
    Marker.objects.filter(name=PLACE).delete()
    note_place(morning(2013, 9, 17))
    return tmp_path


def test_a_real_place_does_not_start_as_a_training_nor_the_other_way_round(place, settings):
    check_place()
    settings.MINGTANG_IS_TRAINING = True
    with pytest.raises(WrongPlace, match="正式环境的数据"):
        check_place()
    with pytest.raises(WrongPlace):
        note_place(morning(2013, 9, 18))
    told = [one.text for one in at_once(morning(2013, 9, 18))]
    assert any("正式环境的数据" in one for one in told)
    mark(PLACE, TRAINING, morning(2013, 9, 18))
    (place / PLACE).write_text(TRAINING)
    check_place()
    settings.MINGTANG_IS_TRAINING = False
    with pytest.raises(WrongPlace, match="演练环境的数据"):
        check_place()


@pytest.mark.parametrize("lost", ["mark", "file"])
def test_the_database_and_the_folder_each_keep_it_by_themselves(place, settings, lost):
    if lost == "mark":
        Marker.objects.filter(name=PLACE).delete()
    else:
        (place / PLACE).unlink()
    settings.MINGTANG_IS_TRAINING = True
    with pytest.raises(WrongPlace):
        check_place()
    (place / PLACE).unlink(missing_ok=True)  # control: with both gone nothing says so
    Marker.objects.filter(name=PLACE).delete()
    check_place()


def test_a_database_from_before_it_was_noted_is_no_training_elsewhere(place, settings):
    Marker.objects.filter(name=PLACE).delete()
    (place / PLACE).unlink()
    mark(KEY_MARK, "of a key", morning(2013, 9, 17))
    settings.MINGTANG_IS_TRAINING = True
    with pytest.raises(WrongPlace):
        note_place(morning(2013, 9, 18))
    settings.MINGTANG_HOME = place / TRAINING
    settings.MINGTANG_HOME.mkdir()
    note_place(morning(2013, 9, 18))
    assert (place / TRAINING / PLACE).read_text() == TRAINING


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.once
def test_serve_work_and_doctor_refuse_a_real_place_with_the_flag_set_by_hand(tmp_path):
    assert run(tmp_path, "migrate").returncode == 0
    for words in (("serve", "--no-worker"), ("work",), ("doctor",), ("migrate",)):
        told = run(tmp_path, *words, MINGTANG_TRAINING="1")
        assert told.returncode == 1
        assert "这里是正式环境的数据" in told.stdout + told.stderr


# ── what is seen ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.once
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
