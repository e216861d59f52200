"""The package of an archived case: made once, and each changed byte of it is found, by property."""

import random
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from mingtang.base.errors import Conflict
from mingtang.cases import services
from mingtang.cases.packaging import make_package
from mingtang.cases.rules import NotNow
from mingtang.cases.rules.package import Property, check_package, manifest_of
from mingtang.files.models import Upload
from mingtang.files.services import attach, store
from mingtang.ledger import heads, verify_ledger
from mingtang.ledger.rules import SYSTEM
from tests import papers
from tests.world import NUMBERS, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]


@pytest.fixture
def case(world, at):
    """Delivered, sealed, with a file: archived."""
    case = world.file(world.item(), at, world.citizen)
    kept = store(SimpleUploadedFile("申请表.png", papers.png()), command_id=new_command_id())
    attach(kept, subject=case.stream, at=at)
    world.bring(case, "delivered", at)
    world.seal(case, at)
    world.act(world.clerk, services.archive, case, at)
    case.refresh_from_db()
    return case


def _make(case, out, at):
    return make_package(case, out, actor=SYSTEM, at=at, command_id=new_command_id())


@pytest.fixture
def package(case, at, tmp_path):
    made = _make(case, tmp_path / "out", at)
    for path in (made, *made.rglob("*")):
        assert not path.stat().st_mode & 0o277
        path.chmod(0o700)
    return made


def _names(folder):
    return sorted(one.name for one in folder.iterdir() if one.name != ".lock")


def _properties(folder, **more):
    return {flaw.of for flaw in check_package(folder, **more)}


def test_it_holds_everything_and_is_read_without_the_house(package, case):
    assert check_package(package, heads.public_key()) == []
    page = (package / "index.html").read_text("utf-8")
    for told in (case.number, case.applicant_name, NUMBERS[0], "受理通知书", "申请表.png"):
        assert told in page
    assert "http" not in page
    assert "<script" not in page
    assert len(list((package / "files").iterdir())) == 1
    assert list((package / "papers").iterdir())


def test_the_stand_alone_verifier_in_it_checks_its_record(package):
    asked = ["--receipt", str(package / "receipt.json")]
    asked += ["--record", str(package / "package.jsonl")]
    assert verify_ledger.main([*asked, "--key", heads.public_key()]) == 0
    assert (package / "verify_ledger.py").read_text() == Path(verify_ledger.__file__).read_text()


def test_any_changed_byte_of_any_file_is_found(package):
    dice = random.Random(12)
    for path in sorted(package.rglob("*.*")):
        content = path.read_bytes()
        for _ in range(2):
            turned = bytearray(content)
            turned[dice.randrange(len(turned))] ^= 1 << dice.randrange(8)
            path.write_bytes(turned)
            assert check_package(package), path.name
        path.write_bytes(content)
    assert check_package(package) == []


def test_a_file_that_is_gone_is_found(package):
    for path in sorted(package.rglob("*.*")):
        content = path.read_bytes()
        path.unlink()
        assert check_package(package), path.name
        path.write_bytes(content)
    assert check_package(package) == []


def test_a_manifest_written_anew_is_not_the_one_that_the_ledger_knows(package):
    """Control: without the ledger's record of it nothing would be seen."""
    (package / "case.json").write_text('{"files": []}\n', "utf-8")
    names = [str(one.relative_to(package)) for one in package.rglob("*") if one.is_file()]
    listed = set(names) - {"manifest.sha256", "package.jsonl", "receipt.json"}
    (package / "manifest.sha256").write_bytes(manifest_of(package, listed))
    assert _properties(package) == {Property.AUTHENTIC}


def test_each_property_is_looked_at_by_itself(package, tmp_path):
    assert _properties(package, key="0" * 64) == {Property.AUTHENTIC}
    (package / "files" / "02.exe").write_bytes(b"MZ")
    assert _properties(package) == {Property.COMPLETE, Property.SAFE}
    (package / "files" / "02.exe").unlink()
    (package / "files" / "01.png").write_bytes(b"GIF89a")
    assert _properties(package) == {Property.COMPLETE, Property.USABLE}
    (package / "files" / "01.png").unlink()
    (package / "files" / "01.png").symlink_to(tmp_path)
    assert _properties(package) == {Property.SAFE}


def test_it_is_made_of_an_archived_case_and_never_written_over(case, package, world, at):
    with pytest.raises(Conflict, match="不会覆盖"):
        _make(case, package.parent, at)
    with pytest.raises(NotNow, match="还没有归档"):
        _make(world.file(world.item("330881-2"), at), package.parent, at)
    assert _names(package.parent) == [case.number]


def test_a_file_that_was_not_let_through_stops_it_and_leaves_nothing(case, at, tmp_path, capsys):
    Upload.objects.filter(subject=case.stream).update(scan_state="quarantined")
    days = ("--since", "2013-09-01", "--until", "2013-12-31")
    with pytest.raises(SystemExit):
        call_command("archive", "make", *days, "--out", str(tmp_path / "out"))
    assert _names(tmp_path / "out") == []
    Upload.objects.filter(subject=case.stream).update(scan_state="clean")
    call_command("archive", "make", *days, "--out", str(tmp_path / "out"))
    call_command("archive", "check", str(tmp_path / "out" / case.number))
    assert "真实：符合" in capsys.readouterr().out
