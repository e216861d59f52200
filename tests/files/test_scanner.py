"""The virus scanner: what it finds is refused; while it is down nothing passes for clean."""

import itertools
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from mingtang.files import scanner
from mingtang.files.download import as_attachment
from mingtang.files.models import Upload
from mingtang.files.rules import HeldBack, RefusedFile, ScanState
from mingtang.files.services import (
    attach,
    kept,
    path_of,
    rescan,
    rotate,
    store,
    sweep_orphans,
    thumbnail,
)
from mingtang.site import doctor
from mingtang.site.settings.env import WrongSetting, socket_address
from mingtang.site.work import SWEEPS
from tests import papers
from tests.files.clamd import EICAR, MOST, REAL, FakeClamd, RealClamd
from tests.files.corpus.pictures import encoded, picture
from tests.world import new_command_id

FILING = "filing:7"
NOWHERE = "127.0.0.1:9"
shades = itertools.count(1)


@pytest.fixture
def clamd(settings):
    server = FakeClamd()
    settings.MINGTANG_CLAMAV = server.address
    yield server
    server.stop()


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.slow)])
def either(request, settings):
    """The small scanner, and the real one to show that the small one speaks as it does."""
    if request.param == "real" and REAL is None:
        pytest.skip("clamd is not installed")
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))  # short: the path of a socket may not be long
    server = RealClamd(folder) if request.param == "real" else FakeClamd()
    settings.MINGTANG_CLAMAV = server.address
    yield server
    server.stop()
    shutil.rmtree(folder)


def kept_upload(at, name="图.png"):
    content = papers.png(next(shades)) if name.endswith("png") else encoded(picture(), "JPEG")
    stored = store(SimpleUploadedFile(name, content), command_id=new_command_id())
    return attach(stored, subject=FILING, at=at)


def opens(upload):
    """Closing the answer itself would end the request, and with it the test's transaction."""
    as_attachment(upload).file_to_stream.close()


def state(upload):
    return ScanState(Upload.objects.get(id=upload.id).scan_state)


class TestTalk:
    def test_it_answers(self, either):
        assert scanner.why_down() == ""

    @pytest.mark.parametrize("size", [1, 65536, 65537, MOST])
    def test_a_clean_file(self, either, size, tmp_path):
        path = tmp_path / "a"
        path.write_bytes(b"x" * size)
        scanner.scan(path)
        if not either.real:
            assert either.scanned == [b"x" * size]

    def test_an_infected_file(self, either, tmp_path):
        path = tmp_path / "a"
        path.write_bytes(EICAR)
        with pytest.raises(scanner.Infected, match="Eicar"):
            scanner.scan(path)

    def test_a_file_too_large_for_it_has_no_verdict(self, either, tmp_path):
        path = tmp_path / "a"
        path.write_bytes(b"x" * 4 * MOST)
        with pytest.raises(scanner.NoVerdict) as refused:
            scanner.scan(path)
        assert refused.type in {scanner.NoVerdict, scanner.ScannerDown}

    @pytest.mark.parametrize("address", [NOWHERE, "/nowhere/clamd.sock"])
    def test_nobody_there(self, settings, address, tmp_path):
        settings.MINGTANG_CLAMAV = address
        (tmp_path / "a").write_bytes(b"x")
        with pytest.raises(scanner.ScannerDown):
            scanner.scan(tmp_path / "a")
        assert scanner.why_down()

    @pytest.mark.parametrize("answer", [b"", b"stream: OK FOUND?\0", b"\xff\0", b"OK\0"])
    def test_an_answer_that_is_none_is_no_verdict(self, clamd, monkeypatch, answer, tmp_path):
        monkeypatch.setattr("tests.files.clamd.Talk.verdict", lambda self: answer)
        (tmp_path / "a").write_bytes(b"x")
        with pytest.raises(scanner.NoVerdict):
            scanner.scan(tmp_path / "a")


@pytest.mark.django_db
class TestStore:
    def test_without_a_scanner_nothing_is_called_clean(self, at):
        upload = kept_upload(at)
        assert state(upload) is ScanState.NOT_SCANNED
        opens(upload)
        assert rescan(at) == 0

    def test_a_clean_file_is_clean(self, clamd, at):
        upload = kept_upload(at)
        assert state(upload) is ScanState.CLEAN
        opens(upload)

    def test_an_infected_file_is_refused_with_a_sentence(self, clamd, monkeypatch):
        monkeypatch.setattr("tests.files.clamd.EICAR", papers.pdf(7))
        with pytest.raises(RefusedFile, match=r"“表\.pdf”：查出病毒。请先给自己的电脑"):
            store(SimpleUploadedFile("表.pdf", papers.pdf(7)), command_id=new_command_id())

    def test_what_came_in_is_scanned_not_what_was_made_of_it(self, clamd):
        content = encoded(picture(), "JPEG") + b"tail"
        store(SimpleUploadedFile("a.jpg", content), command_id=new_command_id())
        assert clamd.scanned == [content]

    def test_the_same_request_again_while_the_scanner_is_down_is_the_same_file(self, clamd):
        file, command = papers.pdf(), new_command_id()
        once, twice = (
            store(SimpleUploadedFile("a.pdf", file), command_id=command)
            for _ in (1, clamd.stop() or 2)
        )
        assert once == twice


@pytest.mark.django_db
class TestQuarantine:
    @pytest.fixture
    def held(self, settings, at):
        settings.MINGTANG_CLAMAV = NOWHERE
        upload = kept_upload(at, "照片.jpg")
        assert state(upload) is ScanState.QUARANTINED
        return upload

    def test_nobody_opens_it(self, held):
        for act in (
            lambda: as_attachment(held),
            lambda: thumbnail(held),
            lambda: rotate(held.id, subject=FILING, quarter_turns=1),
        ):
            with pytest.raises(HeldBack, match="还没有通过病毒检查"):
                act()
        assert not held.may_leave

    def test_not_even_when_the_scanner_is_taken_away(self, held, settings, at):
        settings.MINGTANG_CLAMAV = ""
        assert rescan(at) == 0
        with pytest.raises(HeldBack):
            as_attachment(Upload.objects.get())

    def test_it_is_looked_at_again_and_let_go(self, held, settings, at):
        assert rescan(at) == 0
        server = FakeClamd()
        settings.MINGTANG_CLAMAV = server.address
        assert rescan(at) == 1
        assert rescan(at) == 0
        server.stop()
        assert state(held) is ScanState.CLEAN
        opens(Upload.objects.get())
        turned = rotate(held.id, subject=FILING, quarter_turns=1)  # the scanner is down again
        assert turned.scan_state == ScanState.QUARANTINED

    def test_or_found_infected_and_never_opened(self, held, clamd, monkeypatch, at):
        monkeypatch.setattr("tests.files.clamd.EICAR", path_of(held.storage_key).read_bytes())
        assert rescan(at) == 1
        assert state(held) is ScanState.INFECTED
        with pytest.raises(HeldBack, match="查出病毒"):
            as_attachment(Upload.objects.get())
        assert rescan(at) == 0

    @pytest.mark.slow
    def test_a_file_that_is_gone_or_too_large_does_not_stop_the_others(
        self, held, settings, at, monkeypatch
    ):
        gone, large, other = (kept_upload(at) for _ in range(3))
        path_of(gone.storage_key).unlink()
        path_of(large.storage_key).write_bytes(b"x" * 2 * MOST)
        server = FakeClamd()
        settings.MINGTANG_CLAMAV = server.address
        rescan(at)
        server.stop()
        assert state(other) is state(held) is ScanState.CLEAN
        assert state(gone) is state(large) is ScanState.QUARANTINED

    @pytest.mark.slow
    def test_what_waits_comes_before_what_was_never_scanned(self, held, settings, at, monkeypatch):
        settings.MINGTANG_CLAMAV = ""
        older = kept_upload(at - timedelta(days=1))
        server = FakeClamd()
        settings.MINGTANG_CLAMAV = server.address
        monkeypatch.setattr(kept, "SCANS_A_ROUND", 1)
        assert rescan(at) == 1
        assert (state(held), state(older)) == (ScanState.CLEAN, ScanState.NOT_SCANNED)
        assert rescan(at) == 1
        server.stop()
        assert state(older) is ScanState.CLEAN

    def test_the_mark_of_a_clean_file_lives_as_long_as_the_file(self, clamd, at):
        upload = kept_upload(at)
        mark = path_of(upload.storage_key).with_suffix(".clean")
        assert mark.exists()
        assert sweep_orphans(at + timedelta(days=9999)) == 0
        upload.delete()
        assert sweep_orphans(at + timedelta(days=9999)) >= 2
        assert not mark.exists()


@pytest.mark.django_db
class TestDoctor:
    def said(self, at):
        found = doctor.findings(at.date())
        return [(one.is_serious, one.text) for one in found if "毒" in one.text]

    def test_it_says_nothing_without_a_scanner(self, at):
        kept_upload(at)
        assert self.said(at) == []

    def test_it_tells_of_a_scanner_that_is_down_and_of_what_waits(self, at):
        with override_settings(MINGTANG_CLAMAV=NOWHERE):
            kept_upload(at)
            (serious, down), (_, waiting) = self.said(at)
        assert serious
        assert "MINGTANG_CLAMAV" in down
        assert waiting.startswith("1 个")
        ((serious, text),) = self.said(at)
        assert serious
        assert "没有设置 MINGTANG_CLAMAV" in text
        Upload.objects.update(scan_state=ScanState.INFECTED)
        ((_, text),) = self.said(at)
        assert "查出病毒" in text


def test_the_worker_looks_again_every_minute():
    (sweep,) = [one for one in SWEEPS if one.run is rescan]
    assert sweep.every == timedelta(minutes=1)


@pytest.mark.parametrize("value", ["localhost", "host:", ":3310", "host:x", "host:70000", "clamd"])
def test_a_wrong_address_stops_the_start_with_a_sentence(monkeypatch, value):
    monkeypatch.setenv("MINGTANG_CLAMAV", value)
    with pytest.raises(WrongSetting, match=r"MINGTANG_CLAMAV.*主机:端口"):
        socket_address("MINGTANG_CLAMAV")


@pytest.mark.parametrize(
    "value", ["", "clamd:3310", "[::1]:3310", "unix:/run/clamd.sock", "/run/c"]
)
def test_a_right_address(monkeypatch, value):
    monkeypatch.setenv("MINGTANG_CLAMAV", value)
    assert socket_address("MINGTANG_CLAMAV") == value.removeprefix("unix:")
