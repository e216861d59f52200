"""The ledger's life under the profile gm: what is asked of it under the other is asked once more,
on both databases; here SM3, SM2 and SM4 are what is found."""

import shutil

import pytest
from django.core.management import call_command

from mingtang.accounts.models import Person
from mingtang.base import profile, resealing, sealed
from mingtang.base.keys import ensure_key
from mingtang.base.marks import MARK, note_key
from mingtang.base.models import Marker
from mingtang.base.openssl import NoSM2
from mingtang.cases.rules.package import check_package
from mingtang.ledger import heads, queries
from mingtang.ledger.models import TreeHead
from mingtang.ledger.services import grow_tree
from mingtang.ledger.verify_ledger import GM, main, read_head, sm3
from mingtang.site import backup, restoring
from mingtang.site.doctor import at_once
from tests.cases.test_package import case, package  # noqa: F401
from tests.ledger.exports import root_of
from tests.ledger.test_proofs import write  # noqa: F401
from tests.ledger.test_rotating import (  # noqa: F401
    test_a_receipt_of_before_and_one_of_after_hold,
    test_heads_of_each_key_hold_with_the_first_and_its_certificates,
)
from tests.ledger.test_sealing_keys import _forget, _rotate
from tests.ledger.test_witness import (  # noqa: F401
    test_a_history_written_anew_is_refused_and_kept_as_evidence,
    test_it_signs_each_head_that_goes_on_from_the_last_and_once,
    told,
    witness,
)
from tests.site.test_backup import _elsewhere

NUMBER = "330881190001010015"
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _gm(settings, tmp_path):
    settings.MINGTANG_PROFILE = profile.GM
    settings.MINGTANG_KEY_FILE = tmp_path / "keys" / "sealed.key"
    settings.MINGTANG_LEDGER_KEY_FILE = tmp_path / "keys" / "ledger.key"
    settings.MINGTANG_ANCHORS = tmp_path / "anchors"
    ensure_key(settings.MINGTANG_KEY_FILE)


def test_an_export_is_checked_by_the_stand_alone_verifier(write, tmp_path, capsys):  # noqa: F811
    write(5)
    head = TreeHead.objects.get()
    assert (head.algorithm, len(head.public_key), len(head.signature)) == (GM, 128, 128)
    files = [str(tmp_path / name) for name in ("ledger.jsonl", "head.json")]
    call_command("ledger", "export", "--out", files[0], "--head", files[1])
    asked = [files[0], "--head", files[1], "--key", heads.public_key()]
    assert main(asked) == 0
    with open(files[0], "rb") as export:
        leaves = [sm3(b"\x00" + line[:-1]) for line in export]
    assert root_of(leaves, sm3).hex() == read_head((tmp_path / "head.json").read_bytes())["root"]
    assert queries.verify().is_ok
    (tmp_path / "ledger.jsonl").write_bytes((tmp_path / "ledger.jsonl").read_bytes() + b"\n")
    assert main(asked) == 1


@pytest.mark.once
def test_without_openssl_acts_go_on_and_heads_are_owed(write, at, monkeypatch, tmp_path):  # noqa: F811
    write(2)
    path = tmp_path / "bin"
    with monkeypatch.context() as without:
        without.setenv("PATH", str(path))
        with pytest.raises(NoSM2):
            write(1)
        assert (queries.event_count(), queries.latest_head().size) == (3, 2)
        assert any("SM2" in one.text for one in at_once(at))
    assert grow_tree(at) == 1
    assert not any("SM2" in one.text for one in at_once(at))


@pytest.fixture
def noted(at, db):
    """The database of tests was begun under the other."""
    Marker.objects.filter(name=MARK).delete()
    note_key(at)


@pytest.mark.once
def test_a_key_of_the_other_profile_in_its_place_signs_nothing(write, tmp_path):  # noqa: F811
    write(1)
    (tmp_path / "keys" / "ledger.key").write_bytes(bytes(32))
    with pytest.raises(heads.OtherLedgerKey):
        write(1)


def test_another_key_seals_and_what_may_change_is_sealed_anew(noted, at, settings):
    settings.LEDGER_FOLLOWERS = []
    index = sealed.blind_index("identity", NUMBER)
    person = Person.objects.create(
        id=7, joined_at=at, username="one", identity_number=NUMBER, identity_index=index
    )
    assert resealing.count_by_key() == {1: 1}
    _rotate(at)
    _forget()
    assert resealing.reseal()[0] == 1
    assert resealing.count_by_key() == {2: 1}
    assert Person.objects.get(id=person.id).identity_number == NUMBER
    assert sealed.header(2) == b"\x03\x00\x02"


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_restored_where_the_profile_is_the_same(noted, write, at, settings, tmp_path):  # noqa: F811
    settings.MINGTANG_HOME = tmp_path
    write(9)
    backup.make(tmp_path / "copy", at)
    with _elsewhere("mingtang_gm", settings, tmp_path / "new"):
        settings.MINGTANG_PROFILE = profile.INTL
        with pytest.raises(backup.BackupTrouble, match="MINGTANG_PROFILE=gm"):
            restoring.restore(tmp_path / "copy")
        settings.MINGTANG_PROFILE = profile.GM
        assert restoring.restore(tmp_path / "copy").events == 9
        assert queries.verify().is_ok


@pytest.mark.once
def test_a_case_is_archived_and_its_package_holds(package):  # noqa: F811
    """Its papers and what was handed in are committed to with SM3."""
    assert check_package(package, heads.public_key()) == []
    paper = next((package / "papers").glob("*.json"))
    paper.chmod(0o600)
    shutil.copyfile(package / "case.json", paper)
    assert check_package(package, heads.public_key())
