"""Documents: numbered in the open transaction, unreadable at rest, sealed once, never changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Role
from mingtang.base.db import guards_lifted
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.sealed import seal as seal_at_rest
from mingtang.files import queries
from mingtang.files.models import Document
from mingtang.files.rules.documents import (
    AlteredDocument,
    NeedsNoSeal,
    NoSealName,
    SealedAlready,
    SealState,
)
from mingtang.files.services import draw_up
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM, canonical
from tests.files.conftest import DAY, NOTICE, SEAL
from tests.world import new_command_id

pytestmark = pytest.mark.django_db


class TestNumbers:
    def test_serials_run_per_mark_and_year(self, draw):
        drawn = [
            draw(),
            draw(),
            draw(mark="水利局受"),
            draw(on=date(2014, 1, 2)),
            draw(),
        ]
        assert [one.number for one in drawn] == [
            "水利局补正〔2013〕1号",
            "水利局补正〔2013〕2号",
            "水利局受〔2013〕1号",
            "水利局补正〔2014〕1号",
            "水利局补正〔2013〕3号",
        ]

    def test_a_paper_without_a_mark_has_no_number(self, draw):
        first, second = draw(mark=""), draw(mark="")
        assert (first.number, second.number) == (None, None)
        assert (str(first), first.facts()["number"]) == ("《补正通知书》", "")
        assert first.paper() == second.paper()

    def test_what_is_rolled_back_leaves_no_document_and_gives_its_number_back(self, draw):
        def fail():
            with transaction.atomic():
                assert draw().number == "水利局补正〔2013〕1号"
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert not Document.objects.exists()
        assert draw().number == "水利局补正〔2013〕1号"

    def test_the_database_refuses_a_number_twice(self, draw):
        copy = draw()
        copy.id, copy.code_index = copy.id + 1, "0" * 64
        with pytest.raises(DatabaseError, match="number"), transaction.atomic():
            copy.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mark", [NOTICE.mark, ""])  # a number needs a transaction by itself
def test_a_document_is_drawn_up_in_a_transaction_only(world, at, mark):
    paper = replace(NOTICE, mark=mark)
    with pytest.raises(transaction.TransactionManagementError):
        draw_up(paper, subject="case:1", organisation_id=world.water.id, on=DAY, at=at)
    assert not Document.objects.exists()


class TestContent:
    def test_nothing_of_it_can_be_read_in_the_database(self, draw):
        document = draw()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM files_document")
            (row,) = cursor.fetchall()
        stored = b"".join(
            bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
            for cell in row
        )
        assert "水利局补正".encode() in stored  # the number may be read
        for secret in ("毛小明", "取水口位置图", "材料不齐全"):
            assert secret.encode() not in stored
            assert secret in str(document.paper())

    def test_the_same_paper_twice_has_two_commitments(self, draw):
        first, second = draw(mark=""), draw(mark="")
        assert first.commitment != second.commitment

    def test_an_event_hears_nothing_personal(self, draw):
        document = draw()
        assert document.facts() == {
            "id": str(document.id),
            "kind": "correction",
            "number": "水利局补正〔2013〕1号",
            "commitment": document.commitment,
        }

    def test_letters_that_have_two_spellings_do_no_harm(self, draw):
        document = draw(title="Cafe\u0301 许可", addressee="e\u0301")
        document.refresh_from_db()
        assert document.paper().addressee == "\u00e9"

    def _rewrite(self, document, column, value):
        """What someone with the database's own rights could do."""
        with guards_lifted(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE files_document SET {column} = %s WHERE id = %s", [value, document.id]
            )
        return queries.document_of(document.subject, document.id)

    def test_a_changed_byte_of_the_sealed_content_is_detected(self, draw):
        document = draw()
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM files_document")
            box = bytearray(cursor.fetchone()[0])
        box[len(box) // 2] ^= 1
        found = self._rewrite(document, "content", bytes(box))
        with pytest.raises(AlteredDocument, match=r"《补正通知书》（水利局补正〔2013〕1号）的内容"):
            found.paper()
        assert queries.documents_of("case:42") == [document]  # lists still work

    def test_content_that_was_sealed_anew_with_the_key_is_detected(self, draw):
        document = draw()
        forged = canonical(NOTICE).decode().replace("毛小明", "毛小朋")
        box = seal_at_rest(forged, "files.document.content")
        with pytest.raises(AlteredDocument):
            self._rewrite(document, "content", box).paper()
        honest = seal_at_rest(canonical(NOTICE).decode(), "files.document.content")
        assert self._rewrite(document, "content", honest).paper() == NOTICE

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("number", "水利局补正〔2013〕2号"),
            ("issued_date", "2013-09-16"),
            ("title", "受理通知书"),
            ("kind", "accepted"),
            ("needs_seal", False),
            ("salt", "00" * 16),
            ("commitment", "0" * 64),
        ],
    )
    def test_a_changed_column_is_detected(self, draw, column, value):
        with pytest.raises(AlteredDocument):
            self._rewrite(draw(), column, value).paper()

    def test_a_document_under_another_unit_is_detected(self, draw, world):
        with pytest.raises(AlteredDocument):
            self._rewrite(draw(), "organisation_id", world.planning.id).paper()


class TestGuards:
    FIXED = (
        *("id", "number", "kind", "subject", "organisation_id", "title", "content", "salt"),
        *("commitment", "code_index", "drawn_at", "issued_date", "needs_seal"),
    )

    def _refused(self, statement, *values):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement, values)

    def test_the_list_of_fixed_columns_is_whole(self):
        columns = {field.column for field in Document._meta.concrete_fields}
        assert columns == {*self.FIXED, *Document.fills_once}

    @pytest.mark.parametrize("column", FIXED)
    def test_the_database_refuses_to_change_a_column(self, draw, column):
        draw()
        self._refused(f"UPDATE files_document SET {column} = {column}")

    def test_it_refuses_to_lose_a_document(self, draw):
        draw()
        self._refused("DELETE FROM files_document")

    def test_it_refuses_to_empty_the_table(self, db):
        if connection.vendor == "postgresql":  # SQLite has no TRUNCATE
            self._refused("TRUNCATE files_document CASCADE")

    def test_a_seal_comes_once_and_stays(self, draw, seal, world):
        document = draw()
        seal(document)
        self._refused("UPDATE files_document SET seal_name = 'x'")
        self._refused("UPDATE files_document SET sealed_by_id = %s", world.clerk.id)
        self._refused(
            "UPDATE files_document SET sealed_at = NULL, sealed_by_id = NULL, seal_name = ''"
        )

    def test_a_seal_is_whole_or_absent(self, draw, world, at):
        document = draw()
        rows = Document.objects.filter(id=document.id)
        seal = {"sealed_at": at, "sealed_by": world.clerk, "seal_name": "x"}
        electronic = seal | {"seal_method": "electronic"}
        for part in (
            {"seal_method": "physical"},
            seal,
            seal | {"seal_method": "wax"},
            {"sealed_at": at},
            {"sealed_by": world.clerk},
            {"seal_name": "x"},
            {"sealed_for": world.clerk},
            {"sealed_at": at, "sealed_by": world.clerk},
        ):
            with pytest.raises(DatabaseError, match="document_sealed_whole"), transaction.atomic():
                rows.update(**part)
        for part in (
            electronic,
            electronic | {"seal_provider": "local"},
            electronic | {"seal_signature": "x"},
            seal | {"seal_method": "physical", "seal_signature": "x"},
            {"seal_provider": "local"},
        ):
            with (
                pytest.raises(DatabaseError, match="document_signed_if_electronic"),
                transaction.atomic(),
            ):
                rows.update(**part)
        unneeded = Document.objects.filter(id=draw(needs_seal=False).id)
        with pytest.raises(DatabaseError, match="document_sealed_whole"), transaction.atomic():
            unneeded.update(**seal, seal_method="physical")


class TestSealing:
    def test_a_seal_is_entered_with_one_event_on_the_documents_subject(self, draw, seal, world, at):
        document = draw()
        assert document.seal_state is SealState.DRAFT
        assert seal(document) == {"document_id": str(document.id), "number": document.number}
        document.refresh_from_db()
        assert document.seal_state is SealState.SEALED
        assert (document.sealed_at, document.sealed_by) == (at, world.approver)
        assert (document.sealed_for, document.seal_name) == (None, SEAL)
        (event,) = ledger.history("case:42")
        assert (event.kind, event.actor_id) == ("document.sealed", str(world.approver.id))
        assert event.facts == {
            "document": document.facts(),
            "seal_name": SEAL,
            "method": "physical",
            "signature": "",
        }
        assert document.paper() == NOTICE

    def test_twice_is_refused_and_says_when_it_was_done(self, draw, seal, at):
        document = draw()
        seal(document)
        with pytest.raises(SealedAlready, match="已于 2013年9月17日 登记用印") as refused:
            seal(document, at=at + timedelta(days=1))
        assert refused.value.status == 409
        document.refresh_from_db()
        assert document.sealed_at == at
        assert Event.objects.count() == 1

    def test_the_same_command_again_answers_as_before(self, draw, seal):
        document, one = draw(), new_command_id()
        assert seal(document, command_id=one) == seal(document, command_id=one)
        assert Event.objects.count() == 1

    def test_a_paper_that_needs_no_seal_gets_none(self, draw, seal):
        document = draw(needs_seal=False, title="收件凭证")
        assert document.seal_state is SealState.NOT_NEEDED
        with pytest.raises(NeedsNoSeal, match="《收件凭证》（水利局补正〔2013〕1号）不需要盖章"):
            seal(document)
        assert not Event.objects.exists()

    @pytest.mark.parametrize("name", ["", "  ", "章" * 61])
    def test_a_seal_has_a_name(self, draw, seal, name):
        with pytest.raises(NoSealName, match="请填写印章名称"):
            seal(draw(), seal_name=name)

    def test_no_seal_on_an_unknown_paper_or_by_nobody(self, draw, seal):
        document = draw()
        with pytest.raises(NotFound, match="没有这份文书"):
            seal(document, document_id=1)
        with pytest.raises(DomainError, match="请先登录"):
            seal(document, actor=SYSTEM)
        document.refresh_from_db()
        assert document.sealed_at is None

    def test_no_seal_on_a_text_that_is_not_the_one_drawn_up(self, draw, seal):
        document = draw()
        with guards_lifted():
            Document.objects.filter(id=document.id).update(content="{}")
        with pytest.raises(AlteredDocument, match="盖章"):
            seal(document)
        with guards_lifted(), connection.cursor() as cursor:
            cursor.execute("UPDATE files_document SET content = %s", [b"\x01" * 60])
        with pytest.raises(AlteredDocument, match="盖章"):
            seal(document)

    def test_who_stands_in_seals_for_the_absent(self, draw, seal, world):
        substitute = world.people.post("sub", Role.CLERK, world.planning)
        world.people.substitution(world.approver, substitute)
        scope = world.scope(substitute)
        grant = next(one for one in scope.grants if one.acting_for_id)
        document = draw()
        seal(document, actor=actor_of(scope, grant))
        document.refresh_from_db()
        assert (document.sealed_by, document.sealed_for) == (substitute, world.approver)


class TestReads:
    def test_papers_of_a_subject_oldest_first_and_of_no_other(self, draw):
        first, second, other = draw(), draw(kind="accepted"), draw(subject="case:43")
        assert queries.documents_of("case:42") == [first, second]
        assert queries.document_of("case:42", second.id) == second
        assert queries.document_of("case:42", other.id) is None
        assert queries.document_of("case:42", 1 << 70) is None

    def test_the_latest_of_a_kind(self, draw):
        draw()
        newest = draw()
        draw(kind="accepted")
        draw(subject="case:43")
        assert queries.latest_document("case:42", "correction") == newest
        assert queries.latest_document("case:42", "granted") is None

    def test_a_list_opens_no_content_and_costs_one_question(self, draw, django_assert_num_queries):
        for _ in range(3):
            draw()
        with django_assert_num_queries(1) as asked:
            assert len([str(one) + one.seal_state.label for one in queries.documents_of("case:42")])
        assert '"content"' not in asked.captured_queries[0]["sql"]
