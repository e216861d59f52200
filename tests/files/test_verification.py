"""Verification: whose code is printed on a paper finds out whether it is ours and unaltered."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE, TooManyAttempts
from mingtang.base.codes import CODE_ALPHABET
from mingtang.base.db import guards_lifted
from mingtang.base.errors import NotFound
from mingtang.base.ids import next_id
from mingtang.base.masking import mask_addressee
from mingtang.base.profile import digest
from mingtang.base.sealed import blind_index
from mingtang.base.sealed import seal as seal_at_rest
from mingtang.files import seals, standing
from mingtang.files.codes import INDEX, code_of
from mingtang.files.models import Document
from mingtang.files.rules.documents import (
    AlteredDocument,
    Fault,
    NoElectronicSeal,
    SealMethod,
    SealState,
    commitment,
)
from mingtang.files.services import document_by_code, document_by_number, faults_of
from mingtang.files.services.verifying import plain_number
from mingtang.ledger.models import Event, Untold
from mingtang.ledger.rules import canonical
from mingtang.ledger.services import record
from tests.files.conftest import NOTICE, SEAL
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
GOOD, BAD = "这份文书是真的", "核验没有通过"


@pytest.fixture
def known(draw, world, at):
    """Draws a document up as an act does: with an event that tells of it."""

    def make(**changed):
        with transaction.atomic():
            document = draw(**changed)
            record(
                stream=document.subject,
                kind="case.correction_asked",
                facts={"round": 1, "document": document.facts()},
                actor=world.actor(world.clerk),
                at=at,
                command_id=new_command_id(),
            )
        return document

    return make


def code(document) -> str:
    return code_of(document.id, document.salt)


def page_of(client, document):
    return client.get(reverse("files:verified", args=[code(document)]))


def rewrite(document, column, value, table="files_document"):
    """What someone with the database's own rights could do."""
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, document.id])


class TestCodes:
    def test_a_code_can_be_copied_by_hand_and_differs_from_paper_to_paper(self, draw):
        codes = [code(draw()) for _ in range(20)]
        assert len(set(codes)) == 20
        for one in codes:
            assert re.fullmatch(rf"[{CODE_ALPHABET}]{{5}}-[{CODE_ALPHABET}]{{5}}", one)

    def test_no_copy_of_the_database_shows_one(self, known):
        document = known()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM files_document")
            row = str(cursor.fetchone())
            cursor.execute("SELECT facts FROM ledger_event")
            row += str(cursor.fetchone())
        for part in (code(document), *code(document).split("-")):
            assert part not in row.upper().replace("〔", "")

    def test_it_finds_its_document_alone(self, known, at):
        first, second = known(), known()
        for document in (first, second):
            found = document_by_code(code=code(document), source="1", at=at)
            assert found == document

    def test_an_index_that_was_moved_to_another_row_finds_nothing(self, known, at):
        first, second = known(), known()
        rewrite(second, "code_index", "0" * 64)
        rewrite(first, "code_index", blind_index(INDEX, code(second)))
        for one in (first, second):
            with pytest.raises(NotFound):
                document_by_code(code=code(one), source="1", at=at)

    def test_a_number_is_compared_without_its_brackets(self, known, at):
        document = known()
        for typed in (document.number, "水利局补正20131号", " 水利局补正[2013] 1 号 "):
            by = {"code": code(document), "source": "1", "at": at}
            assert document_by_number(number=typed, **by) == document
        for wrong in ("", "水利局补正〔2013〕2号"):
            with pytest.raises(NotFound, match="没有查到"):
                document_by_number(number=wrong, **by)
        assert plain_number("江水〔2013〕1号") == "江水20131号"

    def test_guesses_are_counted_by_source_and_by_number(self, known, at):
        document = known()
        for _ in range(LOOKUP_PER_CASE.most):
            with pytest.raises(NotFound):
                document_by_number(number="甲1号", code="22222-22222", source="1", at=at)
        with pytest.raises(TooManyAttempts):
            document_by_number(number="甲1号", code="22222-22222", source="1", at=at)
        for _ in range(LOOKUP_PER_SOURCE.most):
            with pytest.raises(NotFound):
                document_by_code(code="22222-22222", source="2", at=at)
        with pytest.raises(TooManyAttempts):
            document_by_code(code=code(document), source="2", at=at)
        assert document_by_code(code=code(document), source="3", at=at) == document
        later = at + timedelta(minutes=16)
        assert document_by_code(code=code(document), source="2", at=later) == document

    def test_right_answers_never_count(self, known, at):
        document = known()
        for _ in range(LOOKUP_PER_SOURCE.most + 5):
            document_by_code(code=code(document), source="1", at=at)


def _other(document, column, world):
    """Another value for each column of a document, that the database itself would take."""
    forged = canonical(replace(NOTICE, addressee="毛小朋")).decode()
    return {
        "number": "水利局补正〔2013〕9号",
        "kind": "accepted",
        "subject": "case:43",
        "organisation_id": world.planning.id,
        "title": "受理通知书",
        "content": seal_at_rest(forged, "files.document.content"),
        "salt": "00" * 16,
        "commitment": "0" * 64,
        "drawn_at": "2013-09-16 02:00:00+00:00",
        "issued_date": "2013-09-16",
        "needs_seal": not document.needs_seal,
        "sealed_at": "2013-09-16 02:00:00+00:00",
        "sealed_by_id": world.manager.id,
        "sealed_for_id": world.manager.id,
        "seal_name": "规划局行政审批专用章",
        "seal_signature": "YWJj",
        "seal_provider": "nowhere.Seal",
        "code_index": "0" * 64,
        "id": next_id(),
    }[column]


COLUMNS = sorted(
    field.column for field in Document._meta.concrete_fields if field.column != "seal_method"
)


@pytest.fixture
def electronic(settings):
    settings.MINGTANG_SEAL_PROVIDER = "local"


class TestFaults:
    def test_a_good_paper_has_none_before_and_after_its_seal(self, known, seal):
        document = known()
        assert faults_of(document) == []
        seal(document)
        document.refresh_from_db()
        assert faults_of(document) == []

    @pytest.mark.parametrize("column", COLUMNS)
    def test_whatever_column_is_changed_it_fails(
        self, client, known, seal, world, electronic, column
    ):
        document = known()
        if column != "needs_seal":  # of a sealed one the database itself refuses that
            seal(document, method=SealMethod.ELECTRONIC)
        document.refresh_from_db()
        assert GOOD in page_of(client, document).content.decode()
        rewrite(document, column, _other(document, column, world))
        answer = page_of(client, document).content.decode()
        assert GOOD not in answer
        assert BAD in answer or "没有查到这份文书" in answer

    def test_the_way_it_was_sealed_is_checked_too(self, client, known, seal):
        document = known()
        seal(document)
        columns = "seal_method = 'electronic', seal_provider = 'local', seal_signature"
        rewrite(document, columns, "YWJj")
        document.refresh_from_db()
        assert set(faults_of(document)) == {Fault.SEAL, Fault.SIGNATURE}

    @pytest.mark.slow
    def test_a_changed_byte_of_the_stored_content_fails(self, known):
        document = known()
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM files_document")
            box = bytes(cursor.fetchone()[0])
        for place in range(0, len(box), 29):
            changed = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
            rewrite(document, "content", changed)
            found = Document.objects.defer("content").get(id=document.id)
            assert Fault.CONTENT in faults_of(found), place
        rewrite(document, "content", box)
        assert faults_of(Document.objects.get(id=document.id)) == []

    def test_content_and_commitment_forged_together_differ_from_the_ledger(self, known):
        document = known()
        forged = replace(NOTICE, addressee="毛小朋")
        day, issuer = document.issued_date, str(document.organisation_id)
        made = commitment(forged, document.number, day, document.salt, issuer=issuer, digest=digest)
        rewrite(document, "content", seal_at_rest(canonical(forged).decode(), CONTENT))
        rewrite(document, "commitment", made)
        found = Document.objects.get(id=document.id)
        assert found.paper() == forged  # by itself it looks well
        assert faults_of(found) == [Fault.UNRECORDED]

    def test_and_an_event_forged_as_well_breaks_the_chain(self, known):
        document = known()
        event = Event.objects.get()
        rewrite(document, "commitment", "0" * 64)
        facts = event.facts | {"document": document.facts() | {"commitment": "0" * 64}}
        with guards_lifted():
            Event.objects.filter(id=event.id).update(facts=facts)
        found = Document.objects.get(id=document.id)
        assert faults_of(found) == [Fault.CONTENT, Fault.LEDGER]

    def test_a_paper_that_no_act_told_of_fails(self, draw):
        assert faults_of(draw()) == [Fault.UNRECORDED, Fault.LEDGER]

    def test_a_seal_that_was_wiped_or_never_entered_fails(self, known, seal, world, at):
        document, other = known(), known()
        seal(document)
        wiped = "sealed_at = NULL, sealed_by_id = NULL, seal_name = '', seal_method"
        rewrite(document, wiped, "")
        sealed = {"sealed_at": at, "sealed_by": world.clerk, "seal_name": "章"}
        Document.objects.filter(id=other.id).update(**sealed, seal_method="physical")
        for one in (document, other):
            one.refresh_from_db()
            assert faults_of(one) == [Fault.SEAL]

    def test_an_event_lost_from_the_end_fails(self, known, seal):
        document = known()
        seal(document)
        with guards_lifted():
            Event.objects.filter(kind="document.sealed").delete()
        document.refresh_from_db()
        assert faults_of(document) == [Fault.SEAL]

    def test_an_event_lost_from_the_front_fails(self, known, seal):
        document = known()
        seal(document)
        Untold.objects.all().delete()
        with guards_lifted():
            Event.objects.filter(stream=document.subject, seq=1).delete()
        document.refresh_from_db()
        assert Fault.LEDGER in faults_of(document)
        with guards_lifted():
            Event.objects.all().delete()
        assert Fault.LEDGER in faults_of(document)


CONTENT = "files.document.content"


class TestElectronicSeals:
    def test_without_a_provider_there_is_none(self, known, seal):
        document = known()
        with pytest.raises(NoElectronicSeal, match="没有接入电子印章"):
            seal(document, method=SealMethod.ELECTRONIC)
        document.refresh_from_db()
        assert document.seal_state is SealState.DRAFT
        assert (document.seal_method, document.seal_provider) == ("", "")

    def test_the_local_one_signs_and_says_that_it_means_nothing(
        self, client, known, seal, electronic
    ):
        document = known()
        seal(document, method=SealMethod.ELECTRONIC)
        document.refresh_from_db()
        assert document.seal_state is SealState.ELECTRONIC
        assert faults_of(document) == []
        page = page_of(client, document).content.decode()
        for said in (GOOD, "已电子签章", SEAL, seals.LOCAL_NOTICE):
            assert said in page

    def test_a_signature_is_for_one_document_one_seal_one_moment(self, known, seal, electronic):
        first, second = known(), known()
        seal(first, method=SealMethod.ELECTRONIC)
        seal(second, method=SealMethod.ELECTRONIC)
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.seal_signature != second.seal_signature
        rewrite(first, "seal_signature", second.seal_signature)
        first.refresh_from_db()
        assert set(faults_of(first)) == {Fault.SEAL, Fault.SIGNATURE}

    def test_it_can_be_checked_when_the_city_has_another_provider(
        self, known, seal, settings, electronic
    ):
        document = known()
        seal(document, method=SealMethod.ELECTRONIC)
        document.refresh_from_db()
        settings.MINGTANG_SEAL_PROVIDER = "none"
        assert faults_of(document) == []

    def test_another_key_does_not_pass(self, known, seal, settings, electronic, tmp_path):
        document = known()
        seal(document, method=SealMethod.ELECTRONIC)
        document.refresh_from_db()
        own = seals.LocalSeal().public_key()
        settings.MINGTANG_SEAL_KEY_FILE = tmp_path / "seal.key"
        assert seals.LocalSeal().public_key() != own
        assert faults_of(document) == [Fault.SIGNATURE]


class TestPage:
    def test_everybody_reads_what_is_registered_and_nothing_personal(self, client, known, seal):
        document = known()
        page = page_of(client, document)
        text = page.content.decode()
        for said in (GOOD, "补正通知书", document.number, "江山市水利局", "2013年9月17日"):
            assert said in text
        for said in ("毛**", "待盖章", "只是草稿", code(document)):
            assert said in text
        for hidden in ("毛小明", "取水口位置图", "材料不齐全", "case:42"):
            assert hidden not in text
        assert page.headers["Cache-Control"] == "no-store"
        seal(document)
        text = page_of(client, document).content.decode()
        assert "已盖章" in text
        assert SEAL in text
        assert "只是草稿" not in text
        for person in ("approver先生", "clerk先生"):
            assert person not in text

    def test_who_was_addressed_is_masked_whatever_the_name(self):
        names = ("毛小明", "江山市演示木业有限公司", "买买提·阿卜杜拉", "")
        assert [mask_addressee(name) for name in names] == ["毛**", "江**", "买**", ""]

    def test_an_altered_one_says_why_and_shows_nothing_of_its_content(self, client, known, world):
        document = known()
        rewrite(document, "organisation_id", world.planning.id)
        text = page_of(client, document).content.decode()
        assert BAD in text
        assert Fault.CONTENT.label in text
        for hidden in ("规划局", "毛**"):
            assert hidden not in text

    def test_a_forged_seal_is_not_shown_as_one(self, client, known, seal):
        document = known()
        seal(document)
        rewrite(document, "seal_name", "伪造章")
        text = page_of(client, document).content.decode()
        assert Fault.SEAL.label in text
        for hidden in ("伪造章", "已盖章", "毛**"):
            assert hidden not in text

    def test_an_unknown_code_is_told_and_may_be_typed_again(self, client):
        answer = client.get("/verify/22222-33333/")
        assert answer.status_code == 404
        text = answer.content.decode()
        assert "请不要采信" in text
        assert 'value="22222-33333"' in text

    @pytest.mark.parametrize("spelling", [str, str.lower, lambda one: one.replace("-", "")])
    def test_an_address_may_be_typed_in_any_way(self, client, known, spelling):
        document = known()
        assert GOOD in client.get(f"/verify/{spelling(code(document))}/").content.decode()

    def test_by_hand_number_and_code_lead_to_the_same_page(self, client, known):
        document = known()
        assert "核验文书" in client.get("/verify/").content.decode()
        typed = {"number": document.number, "code": code(document).lower().replace("-", " ")}
        answer = client.post("/verify/", typed, follow=True)
        assert answer.redirect_chain == [(f"/verify/{code(document)}/", 302)]
        assert GOOD in answer.content.decode()
        wrong = client.post("/verify/", typed | {"number": "水利局补正〔2013〕2号"})
        assert wrong.status_code == 404
        assert "没有查到这份文书" in wrong.content.decode()
        assert client.post("/verify/", {"number": "x"}).status_code == 422
        for _ in range(LOOKUP_PER_CASE.most):
            client.post("/verify/", {"number": "甲〔2013〕1号", "code": "2222222222"})
        many = client.post("/verify/", {"number": "甲〔2013〕1号", "code": "2222222222"})
        assert many.status_code == 429

    def test_a_paper_without_a_number_is_found_by_its_code_alone(self, client, known):
        document = known(mark="", needs_seal=False)
        answer = client.post("/verify/", {"number": "", "code": code(document)}, follow=True)
        assert "没有文号" in answer.content.decode()

    def test_the_picture_leads_to_the_page_and_tells_nothing(self, client, settings, monkeypatch):
        said = []
        settings.MINGTANG_PUBLIC_URL = "https://hall.example"
        monkeypatch.setattr(
            "mingtang.files.views.documents.qr_svg", lambda text: said.append(text) or b"<svg/>"
        )
        for one in ("22222-33333", "2222233333"):
            answer = client.get(f"/verify/{one}/qr/")
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
        assert said == ["https://hall.example/verify/22222-33333/"] * 2
        assert client.get("/verify/22222-0000O/qr/").status_code == 404

    def test_it_costs_the_same_for_a_long_history(self, client, known):
        document = known()
        asked = []
        for more in (0, 30):
            for _ in range(more):
                known(mark="")
            with CaptureQueriesContext(connection) as queries:
                page_of(client, document)
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_the_way_to_it_stands_on_every_page(self, client):
        assert 'href="/verify/"' in client.get("/").content.decode()


def test_what_became_of_the_matter_is_told_by_the_app_that_knows(client, known, monkeypatch):
    told = [lambda key, one, on: None, lambda key, one, on: f"{key}：已撤回。"]
    monkeypatch.setitem(standing._tellers, "case", told)
    assert "42：已撤回。" in page_of(client, known()).content.decode()
    assert "已撤回" not in page_of(client, known(subject="letter:42")).content.decode()


def test_the_page_of_an_altered_paper_has_a_heading_of_its_own(client, world, draw, at):
    case = world.file(world.item(), at, world.citizen)
    document = draw(subject=case.stream)
    rewrite(document, "title", "受理通知书")
    client.force_login(world.clerk)
    answer = client.get(reverse("cases:document", args=[case.number, document.id]))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"<h1>{AlteredDocument.heading}</h1>" in text
    assert "办件已有变化" not in text
