"""Pages of a case, each seen by the one who may, the colleague who may not, the stranger."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.cases.rules import State, Verb
from mingtang.files.models import Upload
from mingtang.files.services import path_of
from mingtang.ledger import queries as ledger
from tests.world import NUMBERS, new_command_id

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5)


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


def _filing(**changes):
    return {
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "address": "",
        "summary": "在峡口镇取水灌溉。",
        "command_id": new_command_id(),
        **changes,
    }


class TestFiling:
    def _post(self, client, item, **changes):
        return client.post(reverse("cases:file", args=[item]), _filing(**changes))

    def test_a_guest_files_and_gets_number_and_code(self, client, item):
        answer = self._post(client, item)
        page = client.get(answer.url).content.decode()
        case = Case.objects.get()
        assert case.number in page
        assert services.tracking_code(case) in page
        assert case.applicant_person_id is None

    def test_a_citizen_who_signed_in_finds_it_under_my_cases(self, client, world, item):
        client.force_login(world.citizen)
        form = client.get(reverse("cases:file", args=[item])).content.decode()
        assert NUMBERS[0] in form  # prefilled
        self._post(client, item)
        assert Case.objects.get().number in client.get(reverse("cases:mine")).content.decode()

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("identity_number", "330881190001010016", "校验码"),
            ("identity_number", "330881190002290012", "日"),
            ("phone", "123", "电话号码不对"),
            ("summary", "", "要办什么"),
            ("applicant_name", "", "请填写申请人"),
            ("command_id", "x", ""),
        ],
    )
    def test_bad_input_gets_a_sentence_and_loses_nothing(
        self, client, item, field, value, sentence
    ):
        answer = self._post(client, item, **{field: value, "address": "峡口镇三卿口村1号"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert "峡口镇三卿口村1号" in page
        assert Case.objects.count() == 0

    def test_an_enterprise_files_with_its_credit_code(self, client, item):
        self._post(client, item, applicant_kind="legal", identity_number="113325000026455663")
        assert Case.objects.get().identity_number == "113325000026455663"

    def test_a_second_click_makes_no_second_case(self, client, item):
        once = _filing()
        url = reverse("cases:file", args=[item])
        first, second = client.post(url, once), client.post(url, once)
        assert first.url == second.url
        assert Case.objects.count() == 1

    def test_the_same_id_with_other_content_is_a_409(self, client, item):
        one = new_command_id()
        self._post(client, item, command_id=one)
        answer = self._post(client, item, command_id=one, summary="另一件事")
        assert answer.status_code == 409
        assert "另一件事" in answer.content.decode()

    def test_a_file_is_kept_and_a_second_click_keeps_one(self, client, item):
        url = reverse("cases:file", args=[item])
        once = _filing()
        for _ in range(2):
            client.post(url, {**once, "attachment": SimpleUploadedFile("身份证.png", PNG)})
        upload = Upload.objects.get()
        assert path_of(upload.storage_key).read_bytes() == PNG
        assert upload.original_name == "身份证.png"

    @pytest.mark.parametrize(
        ("name", "content"),
        [("病毒.exe", PNG), ("网页.png", b"<html>"), ("空.png", b""), ("无扩展名", PNG)],
    )
    def test_a_file_of_another_kind_is_refused_and_nothing_is_filed(
        self, client, item, name, content
    ):
        file = SimpleUploadedFile(name, content)
        answer = self._post(client, item, attachment=file)
        assert answer.status_code == 422
        assert "在峡口镇取水灌溉" in answer.content.decode()
        assert Case.objects.count() == 0

    def test_an_item_that_is_not_there_is_a_404_with_a_sentence(self, client, db):
        answer = client.get(reverse("cases:file", args=["nothing"]))
        assert answer.status_code == 404
        assert "没有找到" in answer.content.decode()


@pytest.mark.parametrize("page", ["items/%00/file", "progress/%00", "filed/%0a", "cases/%00"])
def test_control_characters_in_an_address_are_a_404(client, world, page):
    client.force_login(world.clerk)
    assert client.get(f"/{page}/").status_code == 404


class TestReceipt:
    def test_only_the_browser_that_filed_sees_it(self, client, case, world):
        url = reverse("cases:filed", args=[case.number])
        assert client.get(url).status_code == 404
        client.force_login(world.colleague)
        assert client.get(url).status_code == 404

    def test_the_next_person_at_the_browser_does_not_see_it(self, client, item, world):
        receipt = client.post(reverse("cases:file", args=[item]), _filing()).url
        assert client.get(receipt).status_code == 200
        data = {"username": "stranger", "password": world.people.password}
        client.post(reverse("accounts:sign_in"), data)
        assert client.get(receipt).status_code == 404

    def test_pages_with_personal_data_are_not_kept_by_the_browser(self, client, item, world):
        client.force_login(world.citizen)
        for answer in (
            client.get(reverse("cases:file", args=[item])),
            client.post(reverse("cases:file", args=[item]), _filing(phone="1")),
        ):
            assert "no-store" in answer["Cache-Control"]


class TestProgress:
    def _look(self, client, case, code=None):
        code = code or services.tracking_code(case)
        data = {"number": case.number, "code": code}
        return client.post(reverse("cases:progress"), data, follow=True)

    def test_number_and_code_show_the_way_and_no_name(self, client, case):
        page = self._look(client, case).content.decode()
        assert "材料核对期限" in page or "收件" in page
        assert "毛*明" in page
        assert "毛小明" not in page
        assert NUMBERS[0] not in page

    def test_a_wrong_code_shows_nothing(self, client, case):
        answer = self._look(client, case, "22222-22222")
        assert answer.status_code == 404
        assert "毛*明" not in answer.content.decode()

    def test_without_the_code_the_address_alone_opens_nothing(self, client, case, world):
        url = reverse("cases:progress_case", args=[case.number])
        assert client.get(url).status_code == 404
        client.force_login(world.stranger)
        assert client.get(url).status_code == 404
        client.force_login(world.citizen)
        assert client.get(url).status_code == 200

    def test_a_refusal_shows_reason_and_remedies(self, client, world, case, at):
        world.bring(case, "examined", at)
        refuse = {"reason": "没有取水指标", "legal_basis": "《水法》", "verb": Verb.REFUSE}
        world.act(world.approver, services.decide, case, at, **refuse)
        page = self._look(client, case).content.decode()
        assert "没有取水指标" in page
        assert "行政复议" in page


class TestMine:
    def test_a_citizen_sees_their_own_and_no_other(self, client, case, world):
        url = reverse("cases:mine")
        assert client.get(url).status_code == 302
        client.force_login(world.citizen)
        assert case.number in client.get(url).content.decode()
        client.force_login(world.stranger)
        assert case.number not in client.get(url).content.decode()


class TestDesk:
    def test_the_clerk_the_colleague_and_the_stranger(self, client, case, world):
        url = reverse("cases:desk")
        assert client.get(url).status_code == 302
        client.force_login(world.clerk)
        assert case.number in client.get(url).content.decode()
        client.force_login(world.colleague)
        assert case.number not in client.get(url).content.decode()
        client.force_login(world.citizen)
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize(
        "query", ["tab=nothing", "after=garbage", "q=%00", "q='--", "after=_9" * 40]
    )
    def test_a_garbled_address_is_still_a_page(self, client, world, query):
        client.force_login(world.clerk)
        assert client.get(f"{reverse('cases:desk')}?{query}").status_code == 200

    def test_the_page_costs_the_same_with_more_rows(
        self, client, world, item, at, django_assert_max_num_queries
    ):
        client.force_login(world.clerk)
        counts = []
        for rows in (1, 20):
            for _ in range(rows):
                world.file(item, at)
            client.get(reverse("cases:desk"))  # the session and the calendar are warm
            with django_assert_max_num_queries(13) as captured:
                client.get(reverse("cases:desk"))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestDetailAndActs:
    def _act(self, client, case, verb, **data):
        url = reverse("cases:act", args=[case.number, verb])
        return client.post(url, {"command_id": new_command_id(), **data})

    def _page(self, client, case):
        return client.get(reverse("cases:detail", args=[case.number]))

    def test_the_three_people(self, client, case, world):
        assert self._page(client, case).status_code == 302
        client.force_login(world.clerk)
        page = self._page(client, case).content.decode()
        assert "毛小明" in page
        assert NUMBERS[0] not in page  # masked
        client.force_login(world.colleague)
        assert self._page(client, case).status_code == 404
        client.force_login(world.citizen)
        assert self._page(client, case).status_code == 404

    def test_buttons_are_those_of_the_table_and_of_the_persons_post(self, client, case, world):
        def buttons(person):
            client.force_login(person)
            page = self._page(client, case).content.decode()
            return set(re.findall(rf"/cases/{case.number}/([a-z-]+)/\"", page)) - {"files"}

        assert buttons(world.clerk) == {"receive", "transfer", "withdraw"}
        assert buttons(world.handler) == set()

    def test_a_whole_life_by_hand(self, client, case, world, at):
        way = [
            (world.clerk, "receive", {}),
            (world.clerk, "accept", {}),
            (world.handler, "claim", {"step_key": "review"}),
            (
                world.handler,
                "examine",
                {"step_key": "review", "opinion": "符合条件", "finding": "fit"},
            ),
            (world.approver, "grant", {"reason": "符合条件"}),
            (world.clerk, "hand-over", {"way": "window", "note": "本人"}),
        ]
        for person, verb, data in way:
            if verb == "hand-over":
                world.seal(case, at)
            client.force_login(person)
            answer = self._act(client, case, verb, **data)
            assert answer.status_code == 302, (verb, answer.content.decode()[-2000:])
        case.refresh_from_db()
        assert State(case.state) is State.DELIVERED
        assert ledger.verify().is_ok

    def test_a_colleague_cannot_act_and_cannot_tell_that_the_case_exists(self, client, case, world):
        client.force_login(world.colleague)
        assert self._act(client, case, "receive").status_code == 404

    def test_a_wrong_role_is_refused_with_a_sentence(self, client, case, world):
        client.force_login(world.handler)
        answer = self._act(client, case, "receive")
        assert answer.status_code == 403
        assert "您的岗位不能" in answer.content.decode()
        case.refresh_from_db()
        assert State(case.state) is State.SUBMITTED

    def test_who_comes_second_is_told(self, client, case, world, at):
        world.bring(case, "received", at)
        client.force_login(world.clerk)
        answer = self._act(client, case, "receive")
        assert answer.status_code == 409
        assert "已收件" in answer.content.decode()

    def test_a_refused_decision_keeps_what_was_typed(self, client, case, world, at):
        world.bring(case, "examined", at)
        client.force_login(world.approver)
        answer = self._act(client, case, "refuse", reason="没有取水指标", legal_basis="")
        assert answer.status_code == 422
        assert "没有取水指标" in answer.content.decode()

    def test_acts_are_not_done_by_opening_an_address(self, client, case, world):
        client.force_login(world.clerk)
        assert client.get(reverse("cases:act", args=[case.number, "receive"])).status_code == 405


def _close(answer):
    """Close the file without the end of the request, which would close the test's database."""
    for close in answer._resource_closers:
        close()


class TestAttachment:
    @pytest.fixture
    def url(self, client, item, world):
        client.force_login(world.citizen)
        file = SimpleUploadedFile("身份证.png", PNG)
        client.post(reverse("cases:file", args=[item]), _filing(attachment=file))
        return reverse(
            "cases:attachment", args=[Case.objects.get().number, Upload.objects.get().id]
        )

    def test_it_leaves_as_an_attachment_that_runs_nothing(self, client, url, world):
        client.force_login(world.clerk)
        answer = client.get(url)
        assert b"".join(answer.streaming_content) == PNG
        _close(answer)
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_the_three_people(self, client, url, world):
        for person, status in ((world.citizen, 200), (world.colleague, 404), (world.stranger, 404)):
            client.force_login(person)
            answer = client.get(url)
            assert answer.status_code == status
            _close(answer)
        client.logout()
        assert client.get(url).status_code == 302
