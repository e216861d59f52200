"""The worker packages what was archived: once each, whatever kills it, and nobody waits for one."""

import fcntl
import shutil
import sys
from datetime import timedelta
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from mingtang.base.clock import legal_date
from mingtang.cases import packaging, services
from mingtang.cases.models import ArchiveFile
from mingtang.cases.packaging import sweep_packages
from mingtang.cases.rules.package import check_package
from mingtang.cases.services.archiving import package_stream
from mingtang.files.models import Upload
from mingtang.files.services import attach, store
from mingtang.ledger import heads
from mingtang.ledger import queries as ledger
from mingtang.site import doctor
from mingtang.site.work import SWEEPS
from tests import papers
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]
STEPS = {"sweep_packages", "_settle", "make_package", "_filled", "_finish", "_close"}


@pytest.fixture
def folder(settings, tmp_path):
    settings.MINGTANG_PACKAGES = tmp_path / "archive" / "packages"
    return settings.MINGTANG_PACKAGES


@pytest.fixture
def archived(world, at):
    """Archives another case of the same item."""
    item = world.item()

    def make():
        case = world.file(item, at, world.citizen)
        world.bring(case, "delivered", at)
        world.act(world.clerk, services.archive, case, at)
        case.refresh_from_db()
        return case

    return make


def _names(folder):
    return sorted(one.name for one in folder.iterdir() if one.name != ".lock")


def _owed():
    return ArchiveFile.objects.filter(packaged_at=None).count()


def _told(case):
    return ledger.kinds_of(package_stream(case.id))


def test_each_is_made_once_and_holds(archived, folder, at):
    cases = [archived() for _ in range(2)]
    assert sweep_packages(at) == 2
    assert sweep_packages(at) == 0
    assert _names(folder) == sorted(case.number for case in cases)
    for case in cases:
        assert check_package(folder / case.number, heads.public_key()) == []
        assert _told(case) == [(1, "archive.packaged")]
    for path in folder.rglob("*/**"):
        assert not path.stat().st_mode & 0o277


def test_without_the_setting_nothing_is_made(archived, at, settings):
    archived()
    assert settings.MINGTANG_PACKAGES is None
    assert sweep_packages(at) == 0
    assert _owed() == 1


class Killed(BaseException):
    """Nothing after it is done: what would be cleaned up stays."""


def _killed_at(place, at, monkeypatch, steps):
    """Run the sweep up to one of the lines of these steps, counted as they are run; without steps
    of all, each time; with steps, a line once. Whether there was one."""
    left, seen = [place], set()

    def line(frame, event, _):
        here = frame.f_code.co_name, frame.f_lineno
        if event == "line" and not (steps and here in seen):
            seen.add(here)
            left[0] -= 1
            if left[0] == 0:
                monkeypatch.setattr(packaging.shutil, "rmtree", lambda *_, **__: None)
                raise Killed
        return line

    def call(frame, *_):
        is_step = frame.f_code.co_filename == packaging.__file__
        return line if is_step and frame.f_code.co_name in (steps or STEPS) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        sweep_packages(at)
    except Killed:
        return True
    finally:
        sys.settrace(before)
        monkeypatch.undo()
    return False


def _kills(case, folder, at, steps=()):
    """What was wrong after the round that came after each kill."""
    for place in count(1):
        with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
            if not _killed_at(place, at, patch, steps):
                return
            sweep_packages(at)
            found = [*check_package(folder / case.number), *_told(case)[1:], *_names(folder)[1:]]
            yield [*found, *["owed"] * _owed()]
            transaction.set_rollback(True)
        shutil.rmtree(folder)


def test_killed_between_any_two_steps_it_is_finished_and_never_made_again(archived, folder, at):
    found = list(_kills(archived(), folder, at, {"make_package"}))
    assert len(found) > 12
    assert not any(found)


@pytest.mark.soak
def test_killed_at_every_line_that_is_run(archived, folder, at):
    found = list(_kills(archived(), folder, at))
    assert len(found) > 100
    assert not any(found)


def test_control_what_begins_anew_is_seen(archived, folder, at, monkeypatch):
    """A half that was told is thrown away here: the ledger hears of two packages."""
    monkeypatch.setattr(packaging, "_told_of", lambda case, half: None)
    monkeypatch.setattr(packaging, "_finish", lambda *_: None)
    kills = _kills(archived(), folder, at, {"make_package"})
    assert any((2, "archive.packaged") in found for found in kills)


def test_one_that_is_held_back_stops_no_other_and_doctor_tells_it(archived, folder, at):
    held, other = archived(), archived()
    kept = store(SimpleUploadedFile("申请表.png", papers.png()), command_id=new_command_id())
    attach(kept, subject=held.stream, at=at)
    Upload.objects.filter(subject=held.stream).update(scan_state="quarantined")
    assert sweep_packages(at) == 1
    assert _names(folder) == [other.number]
    assert _packages(at) == []
    [said] = _packages(at + timedelta(days=1))
    assert f"有 1 件（{held.number}：“申请表.png”还没有通过病毒检查" in said
    Upload.objects.filter(subject=held.stream).update(scan_state="clean")
    assert sweep_packages(at) == 1
    assert _packages(at + timedelta(days=1)) == []


def _packages(at):
    return [one.text for one in doctor.findings(legal_date(at)) if "归档包" in one.text]


def test_a_foreign_folder_in_its_place_is_left_alone_and_told(archived, folder, at):
    case = archived()
    (folder / case.number).mkdir(parents=True)
    assert sweep_packages(at) == 0
    assert list((folder / case.number).iterdir()) == []
    assert _told(case) == []
    assert _packages(at + timedelta(days=1)) != []


def test_one_process_at_a_time(archived, folder, at):
    archived()
    folder.mkdir(parents=True)
    with (folder / ".lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert sweep_packages(at) == 0
    assert sweep_packages(at) == 1


def test_a_few_a_round_and_none_while_a_disk_is_short(archived, folder, at, monkeypatch):
    for _ in range(2):
        archived()
    monkeypatch.setattr(packaging, "A_ROUND", 1)
    assert (sweep_packages(at), _owed()) == (1, 1)
    asked = []
    monkeypatch.setattr(packaging, "is_short", lambda folder: not asked.append(folder))
    assert (sweep_packages(at), _owed(), asked) == (0, 1, [folder])
    [sweep] = [one for one in SWEEPS if one.name == "packages"]
    assert sweep.needs_room
