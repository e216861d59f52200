"""The file of a case: contents, retention, what is missing; the list that is handed over."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.db import guards_lifted
from mingtang.cases import services
from mingtang.cases.models import ArchiveFile, Case
from mingtang.cases.queries import archive as queries
from mingtang.cases.queries.archive import missing_from
from mingtang.cases.rules.archive import (
    LEAVES,
    Act,
    Retention,
    missing_materials,
    missing_papers,
    retention_of,
    told_missing,
)
from mingtang.cases.rules.papers import FORMS
from mingtang.files.codes import code_of
from mingtang.files.models import Document, Upload
from mingtang.files.queries import documents_of
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
LIST = "/desk/archive/"


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5, materials="申请表\n身份证明")


@pytest.fixture
def filed(world, item, at):
    """Files, withdraws and archives cases of an item at a moment."""

    def make(count: int = 1, on=at, code=item, **more) -> list[Case]:
        made = []
        for _ in range(count):
            case = world.file(code, on, world.citizen, **more)
            world.act(world.citizen, services.withdraw, case, on, reason="")
            world.act(world.manager, services.archive, case, on)
            case.refresh_from_db()
            made.append(case)
        return made

    return make


def upload(case: Case, name: str, at) -> None:
    Upload.objects.create(
        storage_key=new_command_id(),
        subject=case.stream,
        original_name=name,
        media_type="application/pdf",
        size_bytes=1,
        sha256="0" * 64,
        uploaded_at=at,
    )


class TestRules:
    def test_every_paper_that_an_event_leaves_is_a_form(self):
        assert set(LEAVES.values()) <= set(FORMS)

    def test_a_procedure_may_be_kept_longer_than_others(self):
        assert retention_of("permit", {"permit": "permanent"}, "10") is Retention.PERMANENT
        assert retention_of("benefit", {"permit": "permanent"}, "10") is Retention.TEN
        assert [one.label for one in Retention] == ["10年", "30年", "永久"]

    def test_an_act_without_its_paper_is_named_with_its_day(self):
        day = date(2013, 9, 17)
        acts = [
            Act("case.accepted", day, ("1",)),
            Act("case.granted", day, ("2", "3")),
            Act("case.delivered", day),
            Act("case.claimed", day),
        ]
        assert missing_papers(acts, {"1", "2", "3"}) == [
            "送达回证（2013年9月17日）没有存档",
        ]
        assert missing_papers(acts[:2], {"1", "2"}) == ["准予决定书（2013年9月17日）没有存档"]

    def test_a_material_has_come_when_something_bears_its_name(self):
        wanted = ["申请表", "身份证明", "取水口位置图（1:500）"]
        arrived = ["毛小明-申请表.pdf", "取水口位置图.JPG", "a.png"]
        assert missing_materials(wanted, arrived) == ["材料“身份证明”没有单独登记"]
        assert missing_materials(wanted, []) == [f"材料“{one}”没有单独登记" for one in wanted]

    def test_the_sentence_that_stays(self):
        assert told_missing([]).startswith("应有的文书齐全")
        assert told_missing(["甲", "乙"]) == "归档时缺少：甲；乙。"


class TestArchiving:
    def test_a_material_that_came_under_its_name_or_does_not_apply_is_not_missed(
        self, world, item, at
    ):
        from mingtang.cases.models import Case

        plain = world.file(item, at, world.citizen)
        lines = Case.objects.get(id=plain.id).edition.materials
        given = [
            services.Given(line["id"], line["name"], services.GivenWay.NOT_NEEDED) for line in lines
        ]
        case = world.file(item, at, world.citizen, given=given)
        assert any("没有单独登记" in line for line in missing_from(plain, []))
        assert not any("没有单独登记" in line for line in missing_from(case, []))

    def test_the_list_of_contents_has_papers_uploads_and_what_is_missing(
        self, world, item, at, settings
    ):
        settings.MINGTANG_RETENTION_OF = {"permit": "30"}
        case = world.file(item, at, world.citizen)
        world.bring(case, "delivered", at)
        upload(case, "申请表.pdf", at)
        world.seal(case, at)
        before = documents_of(case.stream)
        told = missing_from(case, before)
        world.act(world.clerk, services.archive, case, at)
        made = ArchiveFile.objects.get(case=case)
        assert (made.retention, made.missing) == ("30", ["材料“身份证明”没有单独登记"])
        assert told == made.missing
        assert made.piece_count == len(before) + 1
        paper = made.document.paper()
        assert [row[1] for row in paper.rows] == [*(one.title for one in before), "申请表.pdf"]
        assert [row[0] for row in paper.rows] == [str(n) for n in range(1, len(paper.rows) + 1)]
        said = "".join(paper.paragraphs)
        for words in (
            f"卷内文件 {made.piece_count} 件",
            "保管期限：30年",
            "申请人：毛小明",
            "归档时缺少：材料“身份证明”没有单独登记。",
        ):
            assert words in said
        assert paper.addressee == ""

    def test_a_paper_that_is_gone_is_missed(self, world, item, at):
        case = world.file(item, at)
        world.bring(case, "accepted", at)
        with guards_lifted():
            Document.objects.filter(subject=case.stream).delete()
        found = missing_from(case, documents_of(case.stream))
        assert "受理通知书（2013年9月17日）没有存档" in found

    def test_an_unsealed_paper_is_missed_before_and_closes_no_file(self, world, item, at):
        case = world.file(item, at)
        world.bring(case, "accepted", at)
        assert any("没有盖章登记" in one for one in missing_from(case, documents_of(case.stream)))

    def test_the_page_shows_it_before_and_after(self, client, world, item, at):
        case = world.file(item, at, world.citizen)
        page = reverse("cases:detail", args=[case.number])
        client.force_login(world.clerk)
        assert "归档前核对" not in client.get(page).content.decode()
        world.act(world.citizen, services.withdraw, case, at, reason="")
        before = client.get(page).content.decode()
        for words in ("归档前核对", "材料“申请表”没有单独登记", "写进卷内目录"):
            assert words in before
        world.act(world.clerk, services.archive, case, at)
        after = client.get(page).content.decode()
        for words in ("归档时缺少", "10年", "材料“申请表”没有单独登记"):
            assert words in after
        assert "归档前核对" not in after

    def test_the_database_knows_the_three_periods(self, filed):
        (case,) = filed()
        for wrong in ({"retention": "15"}, {"piece_count": -1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ArchiveFile.objects.filter(case=case).update(**wrong)


class TestList:
    def test_the_three_people(self, client, world, filed, at):
        (case,) = filed()
        span = {"since": "2013-09-01", "until": "2013-09-30"}
        for url in (LIST, f"{LIST}list.csv"):
            client.logout()
            assert client.get(url).status_code == 302
            for person in (world.stranger, world.clerk, world.approver):
                client.force_login(person)
                assert client.get(url).status_code == 404
            client.force_login(
                world.people.post(f"far{len(url)}", Role.WINDOW_LEAD, world.planning)
            )
            assert case.number not in client.get(url, span).content.decode()
            client.force_login(world.people.post(f"lead{len(url)}", Role.WINDOW_LEAD, world.water))
            assert case.number in client.get(url, span).content.decode()
            client.force_login(world.manager)
            page = client.get(url, span).content.decode()
            assert case.number in page
            assert "毛小明" not in page

    def test_span_and_unit_choose_and_a_wrong_one_says_why(self, client, world, filed, at):
        (early,) = filed()
        later = morning(2013, 10, 9)
        other = world.item("330881-gh", department=world.planning)
        (late,) = filed(on=later, code=other)
        client.force_login(world.manager)

        def numbers(**asked):
            page = client.get(LIST, {"since": "2013-09-01", "until": "2013-12-31", **asked})
            text = page.content.decode()
            return [case for case in (early, late) if case.number in text]

        assert numbers() == [early, late]
        assert numbers(since="2013-09-18") == [late]
        assert numbers(until="2013-10-08") == [early]
        assert numbers(unit=world.planning.id) == [late]
        assert numbers(unit="x") == [early, late]
        wrong = client.get(LIST, {"since": "2013-12-31", "until": "2013-01-01"})
        assert wrong.status_code == 422
        assert "截止日期早于开始日期" in wrong.content.decode()

    def test_the_file_has_the_same_lines_and_no_formula(self, client, world, filed, item):
        filed(2)
        (odd,) = filed(code=world.item("330881-zz", name="=取水许可"))
        client.force_login(world.manager)
        span = {"since": "2013-09-01", "until": "2013-09-30"}
        text = client.get(f"{LIST}list.csv", span).content.decode("utf-8-sig")
        heads, *rows = csv.reader(io.StringIO(text))
        assert heads[:3] == ["序号", "办件编号", "案卷题名"]
        assert [row[0] for row in rows] == ["1", "2", "3"]
        assert rows[2][1] == odd.number
        assert not rows[2][2].startswith("=")
        assert {row[7] for row in rows} == {"10年"}
        assert {row[6] for row in rows} == {"1"}

    def test_in_order_and_cut_with_a_word(self, world, filed, at, monkeypatch, client):
        monkeypatch.setattr(queries, "MOST_FILES", 3)
        made = filed(2, at + timedelta(minutes=1)) + filed(2)
        scope, day = world.scope(world.manager), date(2013, 9, 17)
        found = queries.archived(scope, day, day)
        assert [row.number for row in found.rows] == [
            case.number for case in sorted(made, key=lambda one: (one.archived_at, one.id))
        ][:3]
        assert found.is_cut
        client.force_login(world.manager)
        page = client.get(LIST, {"since": day, "until": day}).content.decode()
        assert "一次最多列 3 卷" in page

    def test_a_day_is_the_legal_one(self, world, filed):
        late = datetime(2013, 9, 17, 23, 59, tzinfo=LEGAL_ZONE)
        filed(on=late)
        scope = world.scope(world.manager)
        for day, count in ((date(2013, 9, 17), 1), (date(2013, 9, 18), 0)):
            assert len(queries.archived(scope, day, day).rows) == count

    def test_more_files_cost_no_more_questions(self, client, world, filed):
        client.force_login(world.manager)
        asked = []
        for more in (1, 9):
            filed(more)
            with CaptureQueriesContext(connection) as found:
                client.get(LIST, {"since": "2013-09-01", "until": "2013-09-30"})
            asked.append(len(found))
        assert asked[0] == asked[1]

    def test_one_archived_before_there_were_files_is_listed_too(self, client, world, filed):
        (case,) = filed()
        ArchiveFile.objects.all().delete()
        client.force_login(world.manager)
        page = client.get(LIST, {"since": "2013-09-01", "until": "2013-09-30"}).content.decode()
        assert case.number in page
        assert "未定" in page


class TestStanding:
    """What the page of verification says of papers whose case went another way."""

    @pytest.fixture
    def told(self, client):
        def read(document: Document) -> str:
            url = reverse("files:verified", args=[code_of(document.id, document.salt)])
            return client.get(url).content.decode()

        return read

    def _paper(self, case, kind):
        return Document.objects.filter(subject=case.stream, kind=kind).order_by("id").first()

    def test_every_paper_of_a_life_verifies(self, world, item, at, told):
        case = world.file(item, at, world.citizen)
        world.bring(case, "delivered", at)
        world.seal(case, at)
        world.act(world.clerk, services.archive, case, at)
        papers = documents_of(case.stream)
        assert len(papers) == 5
        for one in papers:
            page = told(one)
            assert "这份文书是真的" in page, one
            assert "已经结束" not in page
            assert "毛小明" not in page

    def test_an_acceptance_of_what_was_withdrawn_and_a_withdrawal_of_what_goes_on(
        self, world, item, at, told
    ):
        case = world.file(item, at, world.citizen)
        world.bring(case, "accepted", at)
        accepted = self._paper(case, "accepted")
        assert "已经结束" not in told(accepted)
        world.act(world.citizen, services.withdraw, case, at, reason="")
        assert "本件后来“已撤回”" in told(accepted)
        withdrawn = self._paper(case, "withdrawn")
        assert "不再作数" not in told(withdrawn)
        world.act(world.approver, services.reopen, case, at, reason="申请人要求")
        assert "已恢复办理，这份文书不再作数" in told(withdrawn)
        assert "已经结束" not in told(accepted)
        assert "这份文书是真的" in told(accepted)

    def test_a_second_notice_takes_the_place_of_the_first(self, world, item, at, told):
        case = world.file(item, at, world.citizen)
        world.bring(case, "received", at)
        first = {"id": case.edition.materials[0]["id"], "name": "申请表"}
        lead = world.people.post("lead", Role.WINDOW_LEAD, world.water)
        world.act(world.clerk, services.ask_correction, case, at, missing=[first], note="")
        world.act(world.citizen, services.supply, case, at, note="已补签名", files=[])
        world.act(
            *(lead, services.ask_correction, case, at),
            missing=[first],
            note="",
            override_reason="负责人批准",
        )
        papers = Document.objects.filter(subject=case.stream, kind="correction").order_by("id")
        older, newer = papers
        assert f"另发了补正通知书（{newer.number}）" in told(older)
        assert "另发了" not in told(newer)

    def test_a_licence_that_has_expired(self, world, at, told):
        item = world.item("330881-zz", result_type="证照")
        case = world.bring(world.file(item, at), "granted", at)
        until = {"licence_number": "一号", "expires_on": date(2014, 9, 16)}
        world.act(world.clerk, services.issue, case, at, **until)
        assert "有效期到 2014年9月16日 为止，已经届满" in told(self._paper(case, "granted"))
