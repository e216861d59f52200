"""An application written page by page: kept, found again, filed once, mended afterwards."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from mingtang.base.clock import now
from mingtang.cases import services
from mingtang.cases.models import Case, FilingDraft, GivenMaterial, Submission
from mingtang.catalogue.models import Item
from mingtang.files.models import Upload
from mingtang.files.services import path_of, store
from tests import papers
from tests.cases.writing import Writer, applying
from tests.catalogue.factories import publish
from tests.world import NUMBERS, new_command_id

PNG = papers.png()


def _question(title, **more):
    return {"type": "string", "title": title, "x-purpose": "核对。", **more}


ON_A_FARM = {"question": "place.is_farm", "is": True}
FORM = {
    "type": "object",
    "title": "取水申请表",
    "properties": {
        "place": {
            "type": "object",
            "title": "取水地点",
            "properties": {
                "river": _question("取水的河流", **{"x-known-as": "river"}),
                "is_farm": {"type": "boolean", "title": "是不是灌溉", "x-purpose": "定用途。"},
                "crop": _question(
                    "种什么", **{"x-when": {"question": "place.is_farm", "is": True}}
                ),
            },
            "required": ["river", "is_farm", "crop"],
        },
        "pumps": {
            "type": "object",
            "title": "水泵",
            "properties": {
                "list": {
                    "type": "array",
                    "title": "水泵",
                    "x-purpose": "算取水量。",
                    "items": {
                        "type": "object",
                        "properties": {"power": _question("功率")},
                        "required": ["power"],
                    },
                }
            },
        },
    },
}


@pytest.fixture
def item(world):
    return world.item(materials="身份证", form=json.dumps(FORM))


@pytest.fixture
def plain_item(world):
    return world.item("330881-plain")


@pytest.fixture
def writer(client, item):
    return Writer(client, item)


class TestTheFirstPage:
    def test_leads_to_the_first_section_of_the_form(self, writer):
        assert writer.first.url == writer.url("s-place")

    def test_is_prefilled_for_a_citizen_who_signed_in(self, client, world, item):
        client.force_login(world.citizen)
        assert NUMBERS[0] in client.get(reverse("cases:file", args=[item])).content.decode()

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("identity_number", "330881190001010016", "校验码"),
            ("identity_number", "330881190002290012", "日"),
            ("phone", "123", "电话号码不对"),
            ("applicant_name", "", "请填写申请人"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_loses_nothing(
        self, client, item, field, value, sentence
    ):
        fields = applying(**{field: value, "address": "峡口镇三卿口村1号"})
        answer = client.post(reverse("cases:file", args=[item]), fields)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert "峡口镇三卿口村1号" in page
        assert not FilingDraft.objects.exists()

    def test_an_item_that_is_not_there_is_a_404_with_a_sentence(self, client, db):
        answer = client.get(reverse("cases:file", args=["nothing"]))
        assert answer.status_code == 404
        assert "没有找到" in answer.content.decode()

    def test_asks_for_the_business_variant_where_there_are_some(self, client, world):
        item = world.item("330881-v", variants="01|新办\n02|变更")
        answer = client.post(reverse("cases:file", args=[item]), applying())
        assert "请选择办哪一种" in answer.content.decode()
        writer = Writer(client, item, variant="02")
        assert writer.draft.content["applicant"]["variant"] == "02"

    def test_what_was_begun_is_offered_again(self, writer, item):
        page = writer.client.get(reverse("cases:file", args=[item])).content.decode()
        assert reverse("cases:filing_on", args=[writer.draft.id]) in page


class TestASection:
    def test_refuses_with_sentences_and_keeps_what_was_typed(self, writer):
        answer = writer.send("s-place", **{"place-river": "江" * 201})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "最多 200 个字" in page
        assert "请选择“是不是灌溉”" in page
        assert "江" * 201 in page
        assert "江" * 201 in writer.page("s-place")  # another day too

    def test_asks_what_follows_from_an_answer(self, writer):
        answer = writer.send("s-place", **{"place-river": "江山港", "place-is_farm": "yes"})
        assert "请填写“种什么”" in answer.content.decode()
        answer = writer.send(
            "s-place", **{"place-river": "江山港", "place-is_farm": "yes", "place-crop": "水稻"}
        )
        assert answer.url == writer.url("s-pumps")

    def test_says_when_a_question_is_meant_for_who_has_no_script(self, writer):
        assert "“是不是灌溉”选“是”时填写" in writer.page("s-place")

    def test_rows_come_and_go_and_what_was_typed_stays(self, writer):
        answer = writer.send("s-pumps", row="add pumps-list", **{"pumps-list-count": "0"})
        assert answer.url == writer.url("s-pumps") + "#id_pumps-list-count"
        assert 'name="pumps-list-0-power"' in writer.page("s-pumps")
        rows = {"pumps-list-count": "2", "pumps-list-0-power": "3 千瓦", "pumps-list-1-power": "5"}
        writer.send("s-pumps", row="remove pumps-list 0", **rows)
        page = writer.page("s-pumps")
        assert 'value="5"' in page
        assert "3 千瓦" not in page

    def test_going_back_and_leaving_need_nothing_to_be_right(self, writer):
        assert writer.send("s-place", go="back").url == writer.url("applicant")
        later = writer.send("s-place", go="later", **{"place-river": "江山港"})
        assert later.url == reverse("cases:filing_later", args=[writer.draft.id])
        assert "江山港" in writer.page("s-place")

    def test_is_saved_while_one_types(self, writer):
        fields = {"place-river": "江山"}
        answer = writer.client.post(writer.url("s-place"), fields, headers={"X-Mingtang-Save": "1"})
        assert answer.status_code == 204
        assert "江山" in writer.page("s-place")

    def test_brings_what_was_answered_before_to_the_same_question(self, client, world, item, at):
        answers = {"place": {"river": "乌溪江", "is_farm": False}}
        world.file(item, at, world.citizen, answers=answers)
        client.force_login(world.citizen)
        page = Writer(client, item).page("s-place")
        assert "乌溪江" in page
        assert "照您以前申请时填的" in page

    def test_nothing_is_brought_from_anybody_elses_cases(self, client, world, item, at):
        answers = {"place": {"river": "乌溪江", "is_farm": False}}
        world.file(item, at, world.citizen, answers=answers)
        assert "乌溪江" not in Writer(client, item).page("s-place")


class TestMaterials:
    def test_each_wants_a_way(self, writer):
        answer = writer.send("materials")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "请选择这份材料怎么交" in page
        named = {found.split("：")[0] for found in re.findall(r"#id_way-[^>]*>([^<]+)<", page)}
        assert named == {"身份证"}  # each line names its material

    @pytest.mark.slow
    def test_pages_are_kept_in_order_and_one_is_taken_out(self, writer):
        for name in ("一.png", "二.png"):
            writer.send(
                "materials",
                go="stay",
                **{f"files-{writer.material}": SimpleUploadedFile(name, PNG)},
            )
        one, two = Upload.objects.order_by("id")
        writer.send("materials", page=f"forward {writer.material} {two.id}")
        page = writer.page("materials")
        assert page.index("二.png") < page.index("一.png")
        writer.send("materials", page=f"remove {writer.material} {two.id}")
        assert [upload.original_name for upload in Upload.objects.all()] == ["一.png"]
        assert one.subject == f"filing:{writer.draft.id}"

    @pytest.mark.parametrize(
        ("name", "content"),
        [("病毒.exe", PNG), ("网页.png", b"<html>"), ("空.png", b""), ("无扩展名", PNG)],
    )
    def test_a_file_of_another_kind_is_refused_with_its_name(self, writer, name, content):
        file = SimpleUploadedFile(name, content)
        fields = {f"way-{writer.material}": "uploaded", f"files-{writer.material}": file}
        answer = writer.send("materials", **fields)
        assert answer.status_code == 422
        assert not Upload.objects.exists()

    def _give(self, writer, name="一.png", content=PNG):
        file = SimpleUploadedFile(name, content)
        return writer.send("materials", go="stay", **{f"files-{writer.material}": file})

    def test_a_refused_file_is_told_even_where_one_only_uploads(self, writer):
        answer = self._give(writer, "网页.png", b"<html>")
        assert answer.status_code == 422
        assert "网页.png" in answer.content.decode()

    @pytest.mark.slow
    def test_a_picture_is_turned_and_shown_small(self, writer):
        self._give(writer, content=papers.png(size=(12, 8)))
        upload = Upload.objects.get()
        writer.send("materials", page=f"turn {writer.material} {upload.id}")
        before, upload = upload.sha256, Upload.objects.get()
        assert upload.sha256 != before
        url = reverse("cases:filing_file", args=[writer.draft.id, upload.id])
        assert writer.client.get(url, {"small": ""})["Content-Type"] == "image/jpeg"
        assert Client().get(url).status_code == 404

    def test_what_was_sent_in_pieces_is_one_page_however_often_it_is_posted(self, writer):
        stored = store(SimpleUploadedFile("一.png", PNG), command_id=new_command_id())
        for _ in range(2):
            services.add_pages(writer.draft.id, writer.material, [stored], at=now())
        writer.draft.refresh_from_db()
        assert len(writer.draft.content["materials"][writer.material]["uploads"]) == 1

    @pytest.mark.slow
    def test_what_was_given_for_an_earlier_case_is_given_again(self, client, world, item):
        client.force_login(world.citizen)
        first = Writer(client, item)
        first.fill()
        self._give(first)
        first.send("materials", **{f"way-{first.material}": "uploaded"})
        first.file()
        second = Writer(client, item)
        earlier = Upload.objects.get()
        assert "再用" in second.page("materials")
        second.send("materials", page=f"again {second.material} {earlier.id}")
        copied = Upload.objects.exclude(id=earlier.id).get()
        assert (copied.subject, copied.sha256) == (f"filing:{second.draft.id}", earlier.sha256)

    @pytest.mark.slow
    def test_nobody_elses_file_is_given_again(self, client, world, item):
        client.force_login(world.citizen)
        first = Writer(client, item)
        first.fill()
        self._give(first)
        first.file()
        upload = Upload.objects.get()
        other = Writer(Client(), item)
        answer = other.send("materials", page=f"again {other.material} {upload.id}")
        assert answer.status_code == 422
        assert Upload.objects.count() == 1

    def test_what_comes_later_wants_a_promise(self, writer):
        fields = {f"way-{writer.material}": "deferred"}
        assert "请写明什么时候能交来" in writer.send("materials", **fields).content.decode()
        fields[f"promise-{writer.material}"] = "十月底"
        assert writer.send("materials", **fields).url == writer.url("check")


class TestFilingIt:
    def test_a_guest_files_and_gets_number_code_and_picture(self, writer):
        assert writer.fill().url == writer.url("check")
        answer = writer.file()
        page = writer.client.get(answer.url).content.decode()
        case = Case.objects.get()
        assert case.number in page
        assert services.tracking_code(case) in page
        picture = writer.client.get(reverse("cases:filed_qr", args=[case.number]))
        assert picture["Content-Type"] == "image/svg+xml"
        assert Client().get(picture.wsgi_request.path).status_code == 404
        assert "身份证" in page  # to be brought
        assert case.applicant_person_id is None
        submission = Submission.objects.get()
        assert submission.answers == {"form": {"place": {"river": "江山港", "is_farm": False}}}
        assert GivenMaterial.objects.get().way == "to_bring"

    def test_what_is_not_asked_of_this_applicant_is_not_kept(self, writer):
        writer.send(
            "s-place", **{"place-river": "江", "place-is_farm": "yes", "place-crop": "水稻"}
        )
        writer.fill()
        writer.file()
        assert "水稻" not in json.dumps(Submission.objects.get().answers, ensure_ascii=False)

    def test_what_lacks_is_listed_and_nothing_is_filed(self, writer):
        answer = writer.file()
        page = writer.client.get(writer.url("check")).content.decode()
        assert answer.status_code == 422
        assert "请填写“取水的河流”" in page
        assert "请选择这份材料怎么交" in page
        assert not Case.objects.exists()

    def test_a_second_click_makes_no_second_case(self, writer):
        writer.fill()
        check = writer.client.get(writer.url("check")).context
        once = {"edition": check["writing"].edition.id, "command_id": check["command_id"]}
        first, second = (writer.client.post(writer.url("check"), once) for _ in range(2))
        assert first.url == second.url
        assert Case.objects.count() == 1

    @pytest.mark.parametrize("forged", ["", "x" * 90, "\x00"])
    def test_a_forged_id_of_the_command_files_nothing(self, writer, forged):
        writer.fill()
        answer = writer.file(command_id=forged)
        assert answer.status_code == 422
        assert "再按一次" in answer.content.decode()
        assert writer.file().status_code == 302

    @pytest.mark.slow
    def test_nonsense_in_any_field_is_no_crash(self, writer):
        way = f"way-{writer.material}"
        for part, fields in (
            ("s-pumps", {"row": "x"}),
            ("s-pumps", {"row": "add", "pumps-list-count": "-9"}),
            ("s-pumps", {"row": "remove pumps-list x", "pumps-list-count": "9" * 30}),
            ("s-place", {"place-is_farm": "perhaps", "place-river": "\x00"}),
            ("materials", {way: "magic", "page": "turn"}),
            ("materials", {way: "magic", "page": "again x y"}),
            ("materials", {way: "magic", f"files-{writer.material}_handed": "forged"}),
            ("nowhere", {}),
        ):
            assert writer.send(part, **fields).status_code in {302, 422}, (part, fields)
            assert writer.client.get(writer.url("check")).status_code == 200

    def test_saving_by_itself_files_nothing(self, writer):
        writer.fill()
        writer.client.post(writer.url("check"), {}, headers={"X-Mingtang-Save": "1"})
        assert not Case.objects.exists()

    def test_uploads_become_the_cases(self, writer):
        writer.fill()
        file = SimpleUploadedFile("身份证.png", PNG)
        writer.send(
            "materials", **{f"way-{writer.material}": "uploaded", f"files-{writer.material}": file}
        )
        writer.file()
        upload, case = Upload.objects.get(), Case.objects.get()
        assert upload.subject == case.stream
        assert GivenMaterial.objects.get().upload_ids == [str(upload.id)]
        assert path_of(upload.storage_key).exists()

    def test_what_was_typed_is_gone_from_the_draft_afterwards(self, writer):
        writer.fill()
        writer.file()
        writer.draft.refresh_from_db()
        assert writer.draft.content == {}

    def test_an_enterprise_files_with_its_credit_code(self, client, plain_item):
        writer = Writer(
            client, plain_item, applicant_kind="legal", identity_number="113325000026455663"
        )
        writer.send("s-matter", **{"matter-summary": "取水灌溉"})
        writer.file()
        assert Case.objects.get().identity_number == "113325000026455663"

    def test_nothing_of_it_stands_readable_in_the_database(self, writer):
        writer.send("s-place", **{"place-river": "江山港", "place-is_farm": "no"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM cases_filingdraft")
            assert "江山港".encode() not in bytes(cursor.fetchone()[0])


def _new_edition(item, form, **more):
    department = Item.objects.get(code=item).department
    return publish(
        code=item, department=department, materials="身份证", form=json.dumps(form), **more
    )


class TestAFormThatChangesMeanwhile:
    def test_what_was_filled_in_stays_and_what_is_new_is_asked(self, writer, item):
        writer.fill()
        new = json.loads(json.dumps(FORM))
        new["properties"]["place"]["properties"]["depth"] = _question("井深")
        new["properties"]["place"]["required"].append("depth")
        _new_edition(item, new)
        page = writer.page("s-place")
        assert "办事指南更新了" in page
        assert "江山港" in page
        assert writer.file().status_code == 422
        writer.send(
            "s-place", **{"place-river": "江山港", "place-is_farm": "no", "place-depth": "三米"}
        )
        assert writer.file().status_code == 302

    def test_a_check_page_of_the_old_edition_files_nothing(self, writer, item):
        writer.fill()
        check = writer.client.get(writer.url("check")).context
        _new_edition(item, {**FORM, "title": "取水许可申请表"})
        answer = writer.file(edition=check["writing"].edition.id)
        assert answer.status_code == 409
        assert not Case.objects.exists()
        assert writer.file().status_code == 302

    def test_a_question_that_went_is_left_out(self, writer, item):
        writer.fill()
        new = json.loads(json.dumps(FORM))
        place = new["properties"]["place"]
        del place["properties"]["river"]
        place["required"].remove("river")
        _new_edition(item, new)
        assert writer.file().status_code == 302
        assert Submission.objects.get().answers == {"form": {"place": {"is_farm": False}}}


class TestWhoHasIt:
    def test_another_browser_does_not(self, writer):
        answer = Client().get(writer.url("s-place"))
        assert answer.status_code == 404
        assert "续填码" in answer.content.decode()

    def test_the_resume_code_opens_it_elsewhere(self, writer):
        writer.send("s-place", go="later", **{"place-river": "江山港"})
        other = Client()
        code = services.resume_code(writer.draft)
        answer = other.post(reverse("cases:filing_resume"), {"code": code.lower()})
        assert other.get(answer.url).url == writer.url("s-place")
        assert "江山港" in other.get(writer.url("s-place")).content.decode()

    @pytest.mark.slow
    def test_a_wrong_code_opens_nothing_and_guessing_is_slowed(self, client, db):
        url = reverse("cases:filing_resume")
        answers = [client.post(url, {"code": "22222-22222"}) for _ in range(61)]
        assert answers[0].status_code == 404
        assert answers[-1].status_code != 404

    def test_its_person_has_it_everywhere(self, client, world, item):
        client.force_login(world.citizen)
        writer = Writer(client, item)
        other = Client()
        other.force_login(world.citizen)
        assert other.get(writer.url("s-place")).status_code == 200
        other.force_login(world.clerk)
        assert other.get(writer.url("s-place")).status_code == 404

    def test_a_page_that_was_open_when_the_session_ended_still_saves(self, writer):
        shown = writer.client.get(writer.url("s-place")).context["filing_pass"]
        other = Client()
        fields = {"place-river": "江山港", "filing_pass": shown}
        other.post(writer.url("s-place"), fields)
        assert "江山港" in writer.page("s-place")
        fields["filing_pass"] = shown[:-2] + "xx"
        assert Client().post(writer.url("s-place"), fields).status_code == 404

    def test_it_is_given_up_at_once_and_swept_after_its_time(self, writer, client, item):
        writer.client.post(reverse("cases:filing_discard", args=[writer.draft.id]))
        assert not FilingDraft.objects.exists()
        Writer(client, item)
        assert services.sweep_drafts(now()) == 0
        assert services.sweep_drafts(now() + timedelta(days=services.KEPT_DAYS + 1)) == 1
        assert not FilingDraft.objects.exists()


class TestMendingIt:
    @pytest.fixture
    def case(self, world, item, at):
        answers = {"place": {"river": "江山港", "is_farm": False}}
        case = world.file(item, at, world.citizen, answers=answers)
        world.act(world.clerk, services.receive, case, at)
        world.act(world.clerk, services.ask_correction, case, at, note="河流写得不对")
        return case

    def _post(self, client, case, **changes):
        fields = {
            "note": "",
            "command_id": new_command_id(),
            "place-river": "乌溪江",
            "place-is_farm": "no",
            "pumps-list-count": "0",
        }
        return client.post(reverse("cases:correct", args=[case.number]), fields | changes)

    def test_makes_a_new_submission_and_staff_see_what_changed(self, client, world, case):
        client.force_login(world.citizen)
        assert self._post(client, case).status_code == 302
        first, second = case.submissions.order_by("number")
        assert first.answers["form"]["place"]["river"] == "江山港"
        assert second.answers["form"]["place"]["river"] == "乌溪江"
        client.force_login(world.clerk)
        page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
        assert "<del>江山港</del>" in page
        assert "<ins>乌溪江</ins>" in page

    def test_without_a_change_and_without_anything_else_it_is_refused(self, client, world, case):
        client.force_login(world.citizen)
        answer = self._post(client, case, **{"place-river": "江山港"})
        assert answer.status_code == 422
        assert "修改申请表" in answer.content.decode()

    def test_a_wrong_answer_comes_back_with_all_that_was_typed(self, client, world, case):
        client.force_login(world.citizen)
        answer = self._post(client, case, **{"place-river": "江" * 201, "note": "改好了"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "最多 200 个字" in page
        assert "改好了" in page
        assert "江" * 201 in page

    def test_a_page_without_the_form_changes_nothing_in_it(self, client, world, case):
        client.force_login(world.citizen)
        url = reverse("cases:correct", args=[case.number])
        client.post(url, {"note": "材料已补", "command_id": new_command_id()})
        assert case.submissions.get(number=2).answers == {"supplied": "材料已补"}


class TestTheCounter:
    def _post(self, client, item, **changes):
        fields = {**applying(), "originals": "", "place-river": "江山港", "place-is_farm": "no"}
        fields["pumps-list-count"] = "0"
        return client.post(reverse("cases:take_in", args=[item]), fields | changes)

    def test_takes_the_whole_form_in_on_one_page(self, client, world, item):
        client.force_login(world.clerk)
        assert self._post(client, item).status_code == 302
        assert Submission.objects.get().answers["form"]["place"]["river"] == "江山港"

    def test_takes_in_what_is_not_complete_when_the_clerk_says_so(self, client, world, item):
        client.force_login(world.clerk)
        answer = self._post(client, item, **{"place-is_farm": ""})
        assert answer.status_code == 422
        assert "先收件" in answer.content.decode()
        assert self._post(client, item, **{"place-is_farm": "", "lacking": "1"}).status_code == 302

    def test_never_takes_in_what_cannot_be_read(self, client, world, item):
        client.force_login(world.clerk)
        answer = self._post(client, item, **{"place-is_farm": "perhaps", "lacking": "1"})
        assert answer.status_code == 422
        assert not Case.objects.exists()
