"""Files: kept once, orphans go after a month, others' files never; turned, removed, handed on."""

import io
import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from mingtang.base.errors import Conflict, NotFound
from mingtang.base.marks import installation
from mingtang.base.models import Marker
from mingtang.files import apart
from mingtang.files.download import as_attachment, as_thumbnail
from mingtang.files.models import Upload
from mingtang.files.queries import upload_of, uploads_of
from mingtang.files.rules import RefusedFile, kind_of, safe_name
from mingtang.files.rules.uploads import LONGEST_NAME
from mingtang.files.services import (
    adopt,
    attach,
    path_of,
    remove,
    rotate,
    store,
    sweep_orphans,
    thumbnail,
)
from tests import papers
from tests.files.corpus import encoded, picture
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
PDF = papers.pdf()
FILING, CASE = "filing:7", "case:1"


def _store(name="申请书.pdf", content=PDF, command_id=""):
    return store(SimpleUploadedFile(name, content), command_id=command_id or new_command_id())


def _photo(at, subject=FILING):
    return attach(_store("照片.jpg", encoded(picture(), "JPEG")), subject=subject, at=at)


def _seen(upload):
    return Image.open(io.BytesIO(path_of(upload.storage_key).read_bytes()))


def _age(stored, at, days):
    moment = (at - timedelta(days=days)).timestamp()
    for path in path_of(stored.storage_key).parent.glob(f"{stored.storage_key}*"):
        os.utime(path, (moment, moment))


@pytest.mark.slow
def test_an_old_file_that_no_row_knows_is_swept_and_a_known_one_stays(at):
    orphan, known, young = _store(), _store(), _store()
    attach(known, subject=CASE, at=at)
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
    upload = attach(_store(), subject=CASE, at=at)
    path_of(upload.storage_key).unlink()
    with pytest.raises(NotFound, match="备份"):
        as_attachment(upload)


def test_names_lose_paths_and_control_characters():
    assert safe_name("../../etc/pass\x00wd.pdf") == "passwd.pdf"
    assert safe_name("C:\\桌面\\申请书.pdf") == "申请书.pdf"
    assert len(safe_name("长" * 300 + ".pdf")) == LONGEST_NAME
    assert len(safe_name("a." + "长" * 300)) == LONGEST_NAME
    assert safe_name(" .. ") == "未命名"


def test_name_and_bytes_must_agree():
    assert kind_of("申请书.PDF", PDF).media_type == "application/pdf"
    with pytest.raises(RefusedFile, match="不符"):
        kind_of("照片.jpg", PDF)


class TestAttach:
    def test_twice_is_one_row(self, at):
        stored = _store()
        first, second = (attach(stored, subject=FILING, at=at) for _ in range(2))
        assert first.id == second.id

    def test_a_file_belongs_to_one_thing(self, at):
        stored = _store()
        attach(stored, subject=FILING, at=at)
        with pytest.raises(Conflict, match=r"申请书\.pdf"):
            attach(stored, subject="filing:8", at=at)

    def test_the_database_knows_the_states_of_a_scan(self, at):
        upload = attach(_store(), subject=FILING, at=at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Upload.objects.filter(id=upload.id).update(scan_state="fine")


class TestRotate:
    @pytest.mark.parametrize("turns", [1, 2, 3])
    def test_a_photo_is_turned_clockwise_under_a_new_key(self, at, turns):
        lying = Image.new("RGB", (64, 40), "white")
        lying.paste("red", (0, 0, 20, 20))
        upload = attach(_store("照片.jpg", encoded(lying, "JPEG")), subject=FILING, at=at)
        before = path_of(upload.storage_key)
        turned = rotate(upload.id, subject=FILING, quarter_turns=turns)
        after = _seen(turned)
        width, height = after.size
        assert (width, height) == ((64, 40) if turns == 2 else (40, 64))
        corner = {1: (width - 8, 8), 2: (width - 8, height - 8), 3: (8, height - 8)}[turns]
        red, green, _ = after.getpixel(corner)
        assert red > 200 > 90 > green
        row = Upload.objects.get()
        content = path_of(row.storage_key).read_bytes()
        assert (row.id, row.size_bytes) == (upload.id, len(content))
        assert path_of(row.storage_key) != before
        assert before.exists()

    @pytest.mark.slow
    def test_what_was_there_before_goes_a_month_after_the_turn(self, at):
        upload = _photo(at)
        _age(upload, at, 400)
        before = path_of(upload.storage_key)
        rotate(upload.id, subject=FILING, quarter_turns=1)
        assert sweep_orphans(at) == 0
        moment = (at - timedelta(days=40)).timestamp()
        os.utime(before, (moment, moment))
        assert sweep_orphans(at) == 1
        assert not before.exists()

    @pytest.mark.slow
    def test_only_images_turn_by_right_angles_and_only_for_their_subject(self, at):
        paper, photo = attach(_store(), subject=FILING, at=at), _photo(at)
        for upload, turns in ((paper, 1), (photo, 4), (photo, 0)):
            with pytest.raises(RefusedFile, match="只有图片"):
                rotate(upload.id, subject=FILING, quarter_turns=turns)
        with pytest.raises(NotFound):
            rotate(photo.id, subject="filing:8", quarter_turns=1)

    @pytest.mark.slow
    def test_two_who_turn_at_once_turn_once(self, at, monkeypatch):
        photo = _photo(at)
        inspect = apart.inspect

        def meanwhile(*arguments):
            monkeypatch.setattr(apart, "inspect", inspect)
            rotate(photo.id, subject=FILING, quarter_turns=1)
            inspect(*arguments)

        monkeypatch.setattr(apart, "inspect", meanwhile)
        with pytest.raises(Conflict, match="刷新"):
            rotate(photo.id, subject=FILING, quarter_turns=1)
        assert _seen(Upload.objects.get()).size == (40, 64)


class TestRemove:
    def test_the_row_goes_at_once_and_the_file_a_month_later(self, at):
        upload = _photo(at)
        thumbnail(upload)
        path = path_of(upload.storage_key)
        _age(upload, at, 400)
        remove(upload.id, subject=FILING)
        assert upload_of(FILING, upload.id) is None
        assert sweep_orphans(at) == 0
        assert path.exists()
        _age(upload, at, 40)
        assert sweep_orphans(at) == 2  # the picture and its preview
        assert not path.exists()

    def test_only_for_its_subject_and_only_once(self, at):
        upload = _photo(at)
        with pytest.raises(NotFound):
            remove(upload.id, subject=CASE)
        remove(upload.id, subject=FILING)
        with pytest.raises(NotFound, match="刷新"):
            remove(upload.id, subject=FILING)


class TestAdopt:
    @pytest.mark.slow
    def test_uploads_of_a_draft_become_those_of_a_case(self, at):
        first, second, third = (_photo(at + timedelta(minutes=n)) for n in range(3))
        with transaction.atomic():
            found = adopt([third.id, first.id], from_subject=FILING, to_subject=CASE)
        assert [one.id for one in found] == [first.id, third.id]
        assert [one.id for one in uploads_of(CASE)] == [first.id, third.id]
        assert [one.id for one in uploads_of(FILING)] == [second.id]

    @pytest.mark.slow
    def test_all_or_none(self, at):
        mine, other = _photo(at), _photo(at, "filing:8")
        with pytest.raises(NotFound, match="刷新"), transaction.atomic():
            adopt([mine.id, other.id], from_subject=FILING, to_subject=CASE)
        assert uploads_of(CASE) == []

    @pytest.mark.django_db(transaction=True)
    def test_only_inside_a_transaction(self):
        with pytest.raises(transaction.TransactionManagementError):
            adopt([], from_subject=FILING, to_subject=CASE)


class TestThumbnail:
    @pytest.mark.slow
    def test_a_small_jpeg_made_once(self, at, monkeypatch):
        large = encoded(picture(size=(900, 600)), "PNG")
        upload = attach(_store("图.png", large), subject=FILING, at=at)
        small = Image.open(io.BytesIO(thumbnail(upload)))
        assert (small.format, small.size) == ("JPEG", (320, 213))
        monkeypatch.setattr(apart, "inspect", None)
        assert thumbnail(upload)

    def test_none_of_a_paper(self, at):
        with pytest.raises(NotFound):
            thumbnail(attach(_store(), subject=FILING, at=at))

    @pytest.mark.slow
    def test_it_is_shown_and_still_runs_nothing(self, at):
        answer = as_thumbnail(_photo(at))
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store, private"


def test_a_download_is_an_attachment_that_runs_nothing(at):
    upload = attach(_store("证明 “副本”.pdf"), subject=CASE, at=at)
    answer = as_attachment(upload)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.file_to_stream.close()
