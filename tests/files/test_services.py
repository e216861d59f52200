"""Files: orphans go after a month, others' files never, a lost file is told."""

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.base.errors import NotFound
from mingtang.base.marks import installation
from mingtang.base.models import Marker
from mingtang.files.download import as_attachment
from mingtang.files.rules import RefusedFile, media_type_of, safe_name
from mingtang.files.services import attach, path_of, store, sweep_orphans
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 something"


def _store():
    return store(SimpleUploadedFile("申请书.pdf", PDF), command_id=new_command_id())


def _age(stored, at, days):
    moment = (at - timedelta(days=days)).timestamp()
    os.utime(path_of(stored.storage_key), (moment, moment))


def test_an_old_file_that_no_row_knows_is_swept_and_a_known_one_stays(at):
    orphan, known, young = _store(), _store(), _store()
    attach(known, subject="case:1", at=at)
    for stored, days in ((orphan, 40), (known, 40), (young, 2)):
        _age(stored, at, days)
    assert sweep_orphans(at) == 1
    assert sweep_orphans(at) == 0
    assert not path_of(orphan.storage_key).exists()
    assert path_of(known.storage_key).exists()
    assert path_of(young.storage_key).exists()


def test_the_sweep_of_another_database_in_the_same_home_leaves_our_files_alone(at):
    ours = _store()
    _age(ours, at, 400)
    kept = path_of(ours.storage_key)
    Marker.objects.filter(name="installation").update(value="another")
    assert installation() == "another"
    assert sweep_orphans(at) == 0
    assert kept.exists()


def test_a_file_that_is_gone_is_told_in_a_sentence(at):
    upload = attach(_store(), subject="case:1", at=at)
    path_of(upload.storage_key).unlink()
    with pytest.raises(NotFound, match="备份"):
        as_attachment(upload)


def test_names_lose_paths_and_control_characters():
    assert safe_name("../../etc/pass\x00wd.pdf") == "passwd.pdf"
    assert safe_name("C:\\桌面\\申请书.pdf") == "申请书.pdf"
    assert len(safe_name("长" * 300 + ".pdf")) == 120


def test_name_and_bytes_must_agree():
    assert media_type_of("申请书.PDF", PDF) == "application/pdf"
    with pytest.raises(RefusedFile, match="不符"):
        media_type_of("照片.jpg", PDF)
