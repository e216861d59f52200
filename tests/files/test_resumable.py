"""Uploads in pieces: cut anywhere and gone on with, the file is the same; only with a ticket."""

import os
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from mingtang.base.clock import now
from mingtang.base.errors import Conflict, NotFound
from mingtang.files.rules import RefusedFile
from mingtang.files.rules.tickets import (
    LARGEST_CHUNK,
    MOST_OPEN,
    BadTicket,
    Ticket,
    TooManyOpen,
    WrongOffset,
)
from mingtang.files.services import (
    append,
    attach,
    begin,
    files_folder,
    finish,
    forget,
    half,
    handed_file,
    path_of,
    read_ticket,
    store,
    sweep_halves,
    upload_ticket,
)
from tests import papers
from tests.files.corpus import honest
from tests.files.corpus.pictures import encoded, picture

pytestmark = pytest.mark.django_db
FILING = "filing:7"
PDF = papers.pdf(3)


class Line:
    """A line that carries so many bytes and then breaks."""

    def __init__(self, content: bytes, until: int | None = None) -> None:
        self.rest = content if until is None else content[:until]
        self.breaks = until is not None

    def read(self, size: int) -> bytes:
        piece, self.rest = self.rest[:size], self.rest[size:]
        if not piece and self.breaks:
            raise OSError("the line broke")
        return piece


@pytest.fixture
def ticket(at) -> Ticket:
    return read_ticket(upload_ticket(FILING, at=at), at=at)


def sent(ticket, content, name="申请书.pdf", cuts=()):
    """A file sent whole, or broken off at the places named and gone on with."""
    token = begin(ticket, name, len(content)).token
    for cut in cuts:
        offset = half(ticket, token).offset
        append(ticket, token, offset=offset, source=Line(content[offset:], cut - offset))
        assert half(ticket, token).offset == cut
    while (offset := half(ticket, token).offset) < len(content):
        append(ticket, token, offset=offset, source=Line(content[offset:]))
    return token


def kept(ticket, token, at):
    return handed_file(finish(ticket, token, at=at).handed, FILING, at=at)


class TestPieces:
    @pytest.mark.slow
    def test_broken_off_at_every_byte_it_is_the_same_file(self, ticket, at):
        content = papers.png()
        whole = kept(ticket, sent(ticket, content, "图.png"), at)
        assert path_of(whole.storage_key).read_bytes() == content
        token = sent(ticket, content, "图.png", cuts=range(1, len(content)))
        assert kept(ticket, token, at).sha256 == whole.sha256

    @pytest.mark.once
    @pytest.mark.slow
    @pytest.mark.parametrize("cut", [1, 15, 65535, 65536, 65537, 600_000, LARGEST_CHUNK, 2_000_000])
    def test_a_large_file_broken_off_once(self, ticket, at, cut):
        content = encoded(picture(size=(1200, 900)), "PNG") + os.urandom(2_500_000)
        token = sent(ticket, content, "图.png", cuts=[cut] if cut <= LARGEST_CHUNK else [])
        [data] = files_folder().glob(f"halves/*/{token}.part")
        assert data.read_bytes() == content
        assert kept(ticket, token, at).media_type == "image/png"

    @pytest.mark.slow
    def test_it_is_taken_in_as_any_other(self, ticket, at):
        sample = next(one for one in honest() if one.name == "方向6.webp")
        stored = kept(ticket, sent(ticket, sample.content, sample.name), at)
        from django.core.files.uploadedfile import SimpleUploadedFile

        plain = store(SimpleUploadedFile(sample.name, sample.content), command_id="0" * 32)
        assert (stored.sha256, stored.original_name) == (plain.sha256, "方向6.jpg")
        assert attach(stored, subject=FILING, at=at).subject == FILING

    def test_the_same_file_twice_is_two(self, ticket, at):
        one, two = (kept(ticket, sent(ticket, PDF), at) for _ in range(2))
        assert one.sha256 == two.sha256
        assert one.storage_key != two.storage_key

    def test_a_piece_that_does_not_fit_is_told_where_to_go_on(self, ticket):
        token = sent(ticket, PDF[:0] + PDF)
        with pytest.raises(WrongOffset) as refused:
            append(ticket, token, offset=3, source=Line(PDF))
        assert refused.value.offset == len(PDF)

    def test_no_more_is_taken_than_was_announced(self, ticket):
        token = begin(ticket, "a.pdf", 10).token
        assert append(ticket, token, offset=0, source=Line(b"x" * 4000)).offset == 10

    def test_two_at_once_one_waits(self, ticket):
        token = begin(ticket, "a.pdf", 100).token

        class Second:
            def read(self, size):
                append(ticket, token, offset=0, source=Line(b"y" * 10))
                return b""

        with pytest.raises(Conflict, match="稍候"):
            append(ticket, token, offset=0, source=Second())


class TestFinish:
    def test_twice_is_one_answer(self, ticket, at):
        token = sent(ticket, PDF)
        first, second = (finish(ticket, token, at=at) for _ in range(2))
        assert first == second
        assert half(ticket, token).handed == first.handed
        assert append(ticket, token, offset=0, source=Line(b"x")).handed == first.handed

    def test_an_answer_that_was_lost_is_given_again_also_before_it_was_noted(
        self, ticket, at, monkeypatch
    ):
        from mingtang.files.services import halves

        token, note = sent(ticket, PDF), halves._note
        monkeypatch.setattr(halves, "_note", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            finish(ticket, token, at=at)
        monkeypatch.setattr(halves, "_note", note)
        before = set(files_folder().glob("??/*"))
        stored = kept(ticket, token, at)
        assert set(files_folder().glob("??/*")) == before  # the file that was put there then
        assert path_of(stored.storage_key) in before

    def test_not_before_it_is_whole(self, ticket, at):
        token = begin(ticket, "a.pdf", len(PDF)).token
        append(ticket, token, offset=0, source=Line(PDF[:100]))
        with pytest.raises(WrongOffset):
            finish(ticket, token, at=at)

    def test_what_is_refused_is_forgotten(self, ticket, at):
        token = sent(ticket, b"%PDF-1.4 nothing")
        with pytest.raises(RefusedFile, match="打不开"):
            finish(ticket, token, at=at)
        with pytest.raises(NotFound):
            half(ticket, token)


class TestBegin:
    @pytest.mark.parametrize(
        ("name", "size", "why"),
        [
            ("a.exe", 10, "不收"),
            ("a.pdf", 0, "空文件"),
            ("a.pdf", -1, "空文件"),
            ("a.pdf", 11 * 1024 * 1024, "上限"),
        ],
    )
    def test_what_could_only_be_refused_is_not_sent(self, ticket, name, size, why):
        with pytest.raises(RefusedFile, match=why):
            begin(ticket, name, size)

    def test_only_so_many_at_once_and_none_the_less_after_some_are_whole(self, ticket, at):
        tokens = [begin(ticket, "a.pdf", len(PDF)).token for _ in range(MOST_OPEN)]
        with pytest.raises(TooManyOpen, match="20 个"):
            begin(ticket, "a.pdf", 5)
        append(ticket, tokens[0], offset=0, source=Line(PDF))
        finish(ticket, tokens[0], at=at)
        forget(ticket, tokens[1])
        for _ in range(2):
            begin(ticket, "a.pdf", 5)
        with pytest.raises(TooManyOpen):
            begin(ticket, "a.pdf", 5)

    def test_one_ticket_does_not_see_the_halves_of_another(self, ticket, at):
        token = sent(ticket, PDF)
        other = read_ticket(upload_ticket(FILING, at=at), at=at)
        for act in (half, forget):
            with pytest.raises(NotFound):
                act(other, token)

    @pytest.mark.parametrize("token", ["../../keys", "", "x" * 32, "0" * 31, "0" * 32])
    def test_a_token_is_no_path(self, ticket, token):
        with pytest.raises(NotFound):
            half(ticket, token)


class TestSigned:
    @pytest.mark.parametrize("text", ["", "x", "a:b", "é:ü", "\x00"])
    def test_a_ticket_that_is_none(self, at, text):
        with pytest.raises(BadTicket, match="刷新"):
            read_ticket(text, at=at)

    def test_a_ticket_ends_after_some_hours(self, at):
        text = upload_ticket(FILING, at=at)
        assert read_ticket(text, at=at + timedelta(hours=12)).subject == FILING
        for late in (timedelta(hours=12, seconds=1), timedelta(hours=-1)):
            with pytest.raises(BadTicket):
                read_ticket(text, at=at + late)

    def test_a_ticket_altered(self, at):
        text = upload_ticket(FILING, at=at)
        for place in range(0, len(text), 7):
            other = "A" if text[place] != "A" else "B"
            with pytest.raises(BadTicket):
                read_ticket(text[:place] + other + text[place + 1 :], at=at)

    def test_a_ticket_is_not_a_file(self, at):
        with pytest.raises(RefusedFile, match="过期"):
            handed_file(upload_ticket(FILING, at=at), FILING, at=at)

    def test_what_is_handed_over_fits_its_subject_and_its_day(self, ticket, at):
        handed = finish(ticket, sent(ticket, PDF), at=at).handed
        assert handed_file(handed, FILING, at=at).size_bytes == len(PDF)
        late = at + timedelta(hours=13)
        for text, subject, moment in ((handed, "filing:8", at), (handed, FILING, late)):
            with pytest.raises(RefusedFile, match="重新选择"):
                handed_file(text, subject, at=moment)
        with pytest.raises(RefusedFile):
            handed_file(handed[:-1] + ("A" if handed[-1] != "A" else "B"), FILING, at=at)

    def test_what_is_handed_over_and_gone_is_told(self, ticket, at):
        handed = finish(ticket, sent(ticket, PDF), at=at).handed
        path_of(handed_file(handed, FILING, at=at).storage_key).unlink()
        with pytest.raises(RefusedFile, match=r"申请书\.pdf"):
            handed_file(handed, FILING, at=at)


def test_what_was_left_lying_for_a_day_is_swept(ticket, at):
    old, young = sent(ticket, PDF), begin(ticket, "a.pdf", 9).token
    folder = next(files_folder().glob(f"halves/*/{old}.part")).parent
    moment = (at - timedelta(days=2)).timestamp()
    for path in folder.glob(f"{old}*"):
        os.utime(path, (moment, moment))
    assert sweep_halves(at) == 2
    assert sweep_halves(at) == 0
    with pytest.raises(NotFound):
        half(ticket, old)
    assert half(ticket, young).offset == 0


class TestPages:
    @pytest.fixture
    def browser(self, db):
        return Client(enforce_csrf_checks=False, headers=self.headers(FILING))

    @staticmethod
    def headers(subject):
        return {"Upload-Ticket": upload_ticket(subject, at=now())}

    @staticmethod
    def patch(browser, url, offset, content):
        return browser.patch(
            url,
            content,
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    def test_a_file_in_three_pieces(self, browser):
        said = browser.post("/uploads/", {"name": "申请书.pdf", "size": len(PDF)}).json()
        url = said["url"]
        assert (said["offset"], said["chunk"]) == (0, LARGEST_CHUNK)
        for begin_at in (0, 100, 200):
            end = begin_at + 100 if begin_at < 200 else len(PDF)
            answer = self.patch(browser, url, begin_at, PDF[begin_at:end])
            assert answer.json()["offset"] == int(answer["Upload-Offset"]) == end
        assert browser.head(url)["Upload-Offset"] == str(len(PDF))
        done = browser.post(f"{url}finish/")
        stored = handed_file(done.json()["handed"], FILING, at=now())
        assert path_of(stored.storage_key).read_bytes() == PDF
        assert done["Cache-Control"] == "no-store, private"
        assert browser.get(url).json()["handed"] == done.json()["handed"]

    def test_a_wrong_place_is_a_409_that_says_the_right_one(self, browser):
        url = browser.post("/uploads/", {"name": "a.pdf", "size": 90}).json()["url"]
        for offset in ("7", "", "-1", "x", "9" * 40, "²"):
            answer = self.patch(browser, url, urlencode({"": offset})[1:], b"x")
            assert (answer.status_code, answer.json()["offset"]) == (409, 0)
            assert answer["Upload-Offset"] == "0"
        assert browser.post(f"{url}finish/").status_code == 409

    def test_refusals_are_sentences(self, browser):
        for data in ({"name": "a.exe", "size": 9}, {"name": "a.pdf", "size": "x"}, {}):
            answer = browser.post("/uploads/", data)
            assert answer.status_code == 422
            assert "请" in answer.json()["error"]

    def test_no_ticket_no_door(self, browser, client):
        url = browser.post("/uploads/", {"name": "a.pdf", "size": 90}).json()["url"]
        for headers in ({}, {"Upload-Ticket": "x"}):
            for method, page in (
                ("post", "/uploads/"),
                ("get", url),
                ("head", url),
                ("patch", url),
                ("delete", url),
                ("post", f"{url}finish/"),
            ):
                answer = getattr(client, method)(page, headers=headers)
                assert answer.status_code == 403, (method, page)
        other = Client(headers=self.headers("filing:8"))
        assert other.get(url).status_code == 404
        assert self.patch(other, url, 0, b"x").status_code == 404

    def test_the_person_chose_another_file(self, browser):
        url = browser.post("/uploads/", {"name": "a.pdf", "size": 90}).json()["url"]
        assert browser.delete(url).status_code == 200
        assert browser.get(url).status_code == 404

    def test_a_form_of_elsewhere_does_not_upload(self, db):
        strict = Client(enforce_csrf_checks=True, headers=self.headers(FILING))
        assert strict.post("/uploads/", {"name": "a.pdf", "size": 9}).status_code == 403

    @pytest.mark.parametrize("method", ["put", "delete", "get"])
    def test_other_methods_are_405(self, browser, method):
        assert getattr(browser, method)("/uploads/").status_code == 405
